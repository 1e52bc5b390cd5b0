internal import Columnar

/// Turns the values of one page after the other into bytes, by one encoding. Not for dictionary codes.
///
/// Spec: Parquet Encodings § Supported Encodings
struct ValueEncoder: ~Copyable {
  let encoding: Encoding
  let form: ValueForm
  /// Values of the page so far.
  private(set) var count = 0
  private let way: Way
  private var bytes = EncodingBuffer()
  private var bits = BitBuffer()
  private var integers = DeltaBinaryPackedEncoder()
  private var lengths = DeltaLengthEncoder()
  private var strings = DeltaByteArrayEncoder()

  private enum Way { case plain, bits, runs, integers, lengths, strings, streams }

  /// - Throws: `unsupported` when the encoding is not one for values of the form.
  init(_ encoding: Encoding, form: ValueForm) throws(ParquetError) {
    self.encoding = encoding
    self.form = form
    switch (encoding, form.physicalType) {
    case (.plain, .boolean): way = .bits
    case (.plain, _): way = .plain
    case (.runLength, .boolean): way = .runs
    case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64): way = .integers
    case (.deltaLengthByteArray, .byteArray): way = .lengths
    case (.deltaByteArray, .byteArray), (.deltaByteArray, .fixedLengthByteArray): way = .strings
    case (.byteStreamSplit, .int32), (.byteStreamSplit, .int64), (.byteStreamSplit, .float),
      (.byteStreamSplit, .double):
      way = .streams
    case (.byteStreamSplit, .fixedLengthByteArray) where form.typeLength > 0: way = .streams
    default:
      throw ParquetError(.unsupported, "Columns of \(form.physicalType) cannot be written by the encoding \(encoding).")
    }
  }

  /// About how many bytes `finish` would append now.
  var byteCount: Int {
    switch way {
    case .plain, .streams: bytes.count
    case .bits, .runs: (bits.count + 7) / 8
    case .integers: integers.byteCount
    case .lengths: lengths.byteCount
    case .strings: strings.byteCount
    }
  }

  /// Appends values to the page.
  ///
  /// - Throws: `unsupported` when decoding dictionary-coded values makes more than 2 GiB of strings.
  mutating func append(_ values: DenseValues) throws(ParquetError) {
    precondition(values.form == form, "values of the encoder's form")
    guard values.count > 0 else { return }
    count += values.count
    switch way {
    case .plain, .streams:
      PlainEncodeKernel.append(values, to: &bytes)
    case .bits, .runs:
      guard case .bits(let source, let start) = values.storage else { preconditionFailure("booleans are bits") }
      source.buffer.withUnsafeBytes { bits.append($0, from: start, count: values.count) }
    case .integers:
      appendIntegers(try values.decoded())
    case .lengths:
      guard case .bytes(let offsets, let data) = try values.decoded().storage else {
        preconditionFailure("byte arrays are bytes")
      }
      offsets.withValues(of: Int32.self) { offsets in
        guard let offsets = offsets.baseAddress else { return }
        lengths.append(offsets: offsets, data.pointer, count: values.count)
      }
      withExtendedLifetime(data) {}
    case .strings:
      appendStrings(try values.decoded())
    }
  }

  /// Appends the page's encoded values to the buffer and starts the next page.
  mutating func finish(into target: inout EncodingBuffer) {
    switch way {
    case .plain:
      target.append(bytes)
    case .streams:
      bytes.withUnsafeBytes { ByteStreamSplitEncoder.append($0, width: form.physicalWidth, to: &target) }
    case .bits:
      bits.withBytes { target.append($0) }
    case .runs:
      let start = target.count
      target.append(littleEndian: 0)
      bits.encodeRuns(into: &target)
      target.replace(littleEndian: UInt32(truncatingIfNeeded: target.count - start - 4), at: start)
    case .integers:
      integers.finish(into: &target)
    case .lengths:
      lengths.finish(into: &target)
    case .strings:
      strings.finish(into: &target)
    }
    bytes.removeAll()
    bits.removeAll()
    count = 0
  }

  private mutating func appendIntegers(_ values: DenseValues) {
    guard case .fixed(let buffer) = values.storage else { preconditionFailure("integers are fixed values") }
    if form.physicalType == .int32 {
      buffer.withValues(of: Int32.self) { source in
        if let base = source.baseAddress { integers.append(base, count: values.count) }
      }
    } else {
      buffer.withValues(of: Int64.self) { source in
        if let base = source.baseAddress { integers.append(base, count: values.count) }
      }
    }
  }

  private mutating func appendStrings(_ values: DenseValues) {
    if case .bytes(let offsets, let data) = values.storage {
      offsets.withValues(of: Int32.self) { offsets in
        guard let offsets = offsets.baseAddress else { return }
        data.withUnsafeBytes { strings.append(offsets: offsets, $0, count: values.count) }
      }
      return
    }
    PlainEncodeKernel.append(values, to: &bytes)
    bytes.withUnsafeBytes { strings.append($0, length: form.typeLength, count: values.count) }
    bytes.removeAll()
  }
}
