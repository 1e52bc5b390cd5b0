internal import Columnar

/// The values of one page, read from front to back in whichever encoding they are.
enum PageValues {
  /// No bytes: there are no values but nulls.
  case none
  case plainFixed(ByteCursor)
  case plainBoolean(PlainBooleanDecoder)
  case plainStrings(PlainStringDecoder)
  /// Indices into the chunk's dictionary.
  case dictionary(RunLengthBitPackedDecoder)
  case runLengthBoolean(RunLengthBitPackedDecoder)
  case delta(DeltaBinaryPackedDecoder)
  case deltaLength(DeltaLengthDecoder)
  case deltaStrings(DeltaByteArrayDecoder)
  case split(ByteStreamSplitDecoder)

  /// - Parameter limit: the most values there can be, nulls included.
  init(_ bytes: UnsafeRawBufferPointer, encoding: Encoding, leaf: LeafPlan, limit: Int) throws(DecodingFailure) {
    if bytes.count == 0 {
      self = .none
      return
    }
    switch (encoding, leaf.physical) {
    case (.plain, .boolean): self = .plainBoolean(PlainBooleanDecoder(bytes))
    case (.plain, .byteArray): self = .plainStrings(PlainStringDecoder(bytes, limit: limit))
    case (.plain, _): self = .plainFixed(ByteCursor(bytes))
    case (.plainDictionary, _), (.runLengthDictionary, _):
      guard leaf.physical != .boolean else { throw Self.unsupported(encoding, leaf) }
      let width = Int(bytes[0])
      let rest = UnsafeRawBufferPointer(rebasing: bytes[1...])
      self = .dictionary(try RunLengthBitPackedDecoder(rest, width: width))
    case (.runLength, .boolean):
      var cursor = ByteCursor(bytes)
      let length = Int(try cursor.littleEndian32("the values"))
      self = .runLengthBoolean(try RunLengthBitPackedDecoder(try cursor.take(length, "the values"), width: 1))
    case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64):
      self = .delta(try DeltaBinaryPackedDecoder(bytes, limit: limit))
    case (.deltaLengthByteArray, .byteArray): self = .deltaLength(try DeltaLengthDecoder(bytes, limit: limit))
    case (.deltaByteArray, .byteArray), (.deltaByteArray, .fixedLengthByteArray):
      self = .deltaStrings(try DeltaByteArrayDecoder(bytes, limit: limit))
    case (.byteStreamSplit, .int32), (.byteStreamSplit, .int64), (.byteStreamSplit, .float),
      (.byteStreamSplit, .double), (.byteStreamSplit, .fixedLengthByteArray):
      self = .split(try ByteStreamSplitDecoder(bytes, width: leaf.physicalWidth))
    default:
      throw Self.unsupported(encoding, leaf)
    }
  }

  private static func unsupported(_ encoding: Encoding, _ leaf: LeafPlan) -> DecodingFailure {
    .unsupported("the encoding \(encoding) is not supported for \(leaf.physical) values")
  }

  static var endsEarly: DecodingFailure { .damaged("the page has fewer values than its levels say") }

  mutating func skip(_ count: Int, leaf: LeafPlan) throws(DecodingFailure) {
    guard count > 0 else { return }
    switch self {
    case .none:
      throw Self.endsEarly
    case .plainFixed(var cursor):
      let (bytes, overflow) = count.multipliedReportingOverflow(by: leaf.physicalWidth)
      guard !overflow else { throw Self.endsEarly }
      _ = try cursor.take(bytes, "PLAIN data")
      self = .plainFixed(cursor)
    case .plainBoolean(var decoder):
      try decoder.skip(count)
      self = .plainBoolean(decoder)
    case .plainStrings(var decoder):
      try decoder.skip(count)
      self = .plainStrings(decoder)
    case .dictionary(var decoder):
      try decoder.skip(count)
      self = .dictionary(decoder)
    case .runLengthBoolean(var decoder):
      try decoder.skip(count)
      self = .runLengthBoolean(decoder)
    case .delta(var decoder):
      try decoder.skip(count)
      self = .delta(decoder)
    case .deltaLength(var decoder):
      try decoder.skip(count)
      self = .deltaLength(decoder)
    case .deltaStrings(var decoder):
      try decoder.skip(count)
      self = .deltaStrings(decoder)
    case .split(var decoder):
      try decoder.skip(count)
      self = .split(decoder)
    }
  }

  /// Decodes physical values of fixed width, not those of a dictionary. There is room for 64 bytes more.
  mutating func decodeFixed(
    _ count: Int, leaf: LeafPlan, into target: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    let width = leaf.physicalWidth
    switch self {
    case .plainFixed(var cursor):
      let (size, overflow) = count.multipliedReportingOverflow(by: width)
      guard !overflow else { throw Self.endsEarly }
      if let bytes = try cursor.take(size, "PLAIN data").baseAddress {
        target.copyMemory(from: bytes, byteCount: size)
      }
      self = .plainFixed(cursor)
    case .delta(var decoder):
      if width == 4 {
        try decoder.decode(count, into: target.assumingMemoryBound(to: Int32.self))
      } else {
        try decoder.decode(count, into: target.assumingMemoryBound(to: Int64.self))
      }
      self = .delta(decoder)
    case .split(var decoder):
      try decoder.decode(count, into: target)
      self = .split(decoder)
    case .deltaStrings(var decoder):
      var sink = StringSink(capacity: count)
      try decoder.decode(count, into: &sink)
      self = .deltaStrings(decoder)
      try Self.pack(sink, count, width, target)
    default:
      throw Self.endsEarly
    }
  }

  /// Strings that must all be of one length.
  private static func pack(
    _ sink: StringSink, _ count: Int, _ width: Int, _ target: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    guard count > 0 else { return }
    let offsets = sink.offsets.buffer
    let isRegular = offsets.withValues(of: Int32.self) { offsets in
      (0...count).allSatisfy { Int(offsets[$0]) == $0 * width }
    }
    guard isRegular else { throw .damaged("a value is not of the column's \(width) bytes") }
    target.copyMemory(from: sink.data.buffer.pointer, byteCount: count * width)
  }

  /// Decodes byte arrays, or fixed-length ones as such; not those of a dictionary.
  mutating func decodeStrings(_ count: Int, leaf: LeafPlan, into sink: inout StringSink) throws(DecodingFailure) {
    switch self {
    case .plainStrings(var decoder):
      try decoder.decode(count, into: &sink)
      self = .plainStrings(decoder)
    case .deltaLength(var decoder):
      try decoder.decode(count, into: &sink)
      self = .deltaLength(decoder)
    case .deltaStrings(var decoder):
      try decoder.decode(count, into: &sink)
      self = .deltaStrings(decoder)
    case .plainFixed, .split:
      let (size, overflow) = count.multipliedReportingOverflow(by: leaf.length)
      guard !overflow else { throw Self.endsEarly }
      let start = sink.byteCount
      let target = try sink.reserveBytes(size)
      try decodeFixed(count, leaf: leaf, into: target)
      let ends = sink.reserveEnds(count)
      for index in 0..<count { ends[index] = Int32(truncatingIfNeeded: start &+ (index &+ 1) &* leaf.length) }
      sink.append(strings: count, bytes: size)
    default:
      throw Self.endsEarly
    }
  }

  /// Decodes booleans as bits.
  mutating func decodeBits(
    _ count: Int, into target: UnsafeMutablePointer<UInt8>, at start: Int
  ) throws(DecodingFailure) {
    switch self {
    case .plainBoolean(var decoder):
      try decoder.decode(count, into: target, at: start)
      self = .plainBoolean(decoder)
    case .runLengthBoolean(var decoder):
      _ = try decoder.decodeBits(count, into: target, at: start)
      self = .runLengthBoolean(decoder)
    default:
      throw Self.endsEarly
    }
  }
}
