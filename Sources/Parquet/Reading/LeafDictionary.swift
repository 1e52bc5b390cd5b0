internal import Columnar

/// The values of a chunk's dictionary page, converted once to what the column's values become.
///
/// Spec: Parquet Encodings § Dictionary Encoding
struct LeafDictionary {
  let count: Int
  /// Of fixed-width leaves.
  let values: Buffer
  /// Of string leaves.
  let strings: Column?
  /// Of all its strings together.
  var stringByteCount: Int {
    guard case .bytes(_, let data) = strings?.storage else { return 0 }
    return data.count
  }

  /// - Parameter page: the dictionary page, decompressed. The values are kept in it where they are as they should be.
  init(_ page: Buffer, count: Int, leaf: LeafPlan) throws(DecodingFailure) {
    self.count = count
    let bytes = UnsafeRawBufferPointer(start: page.pointer, count: page.count)
    defer { withExtendedLifetime(page) {} }
    var encoded = try PageValues(bytes, encoding: .plain, leaf: leaf, limit: count)
    // A value takes its width, or 4 bytes for the length; 0-byte values are bounded by the bytes too, for want of more.
    let least = leaf.physical == .byteArray ? 4 : max(1, leaf.physicalWidth)
    guard count <= bytes.count / least else {
      throw .damaged("a dictionary of \(count) values does not fit its page of \(bytes.count) bytes")
    }
    switch leaf.storage {
    case .null, .boolean:
      values = .empty
      strings = nil
    case .fixed(let conversion, let width):
      strings = nil
      if case .copy = conversion, leaf.physicalWidth == width, page.isAligned {
        values = page.slice(0..<count * width)
      } else {
        values = Buffer(uninitialized: count * width)
        if count > 0 { try encoded.decodeConverted(count, conversion, leaf: leaf, into: values.mutablePointer) }
      }
    case .strings(let isUTF8):
      var sink = StringSink(capacity: count, byteCapacity: bytes.count - count * least)
      if count > 0 { try encoded.decodeStrings(count, leaf: leaf, into: &sink) }
      if isUTF8, !sink.areUTF8(last: count, from: 0) { throw .damaged("a string is not valid UTF-8") }
      values = .empty
      strings = Column(leaf.type, count: count, storage: sink.storage)
    }
  }
}

extension PageValues {
  /// Decodes values and converts them; not those of a dictionary.
  mutating func decodeConverted(
    _ count: Int, _ conversion: FixedConversion, leaf: LeafPlan, into target: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    if case .copy = conversion { return try decodeFixed(count, leaf: leaf, into: target) }
    if leaf.physical == .byteArray {
      var sink = StringSink(capacity: count, expecting: count)
      try decodeStrings(count, leaf: leaf, into: &sink)
      let offsets = sink.offsets.buffer.pointer.assumingMemoryBound(to: Int32.self)
      try ConversionKernel.convertBytes(
        conversion, ends: offsets + 1, from: 0, data: sink.data.buffer.pointer, count: count, into: target)
      return withExtendedLifetime(sink) {}
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: leaf.physicalWidth)
    guard !overflow else { throw Self.endsEarly }
    // PLAIN values are converted where they are.
    if case .plainFixed(var cursor) = self {
      if let bytes = try cursor.take(size, "PLAIN data").baseAddress {
        try ConversionKernel.convert(conversion, bytes, width: leaf.physicalWidth, count: count, into: target)
      }
      self = .plainFixed(cursor)
      return
    }
    let scratch = Buffer(uninitialized: size)
    try decodeFixed(count, leaf: leaf, into: scratch.mutablePointer)
    try ConversionKernel.convert(
      conversion, scratch.pointer, width: leaf.physicalWidth, count: count, into: target)
    withExtendedLifetime(scratch) {}
  }
}
