/// Definition or repetition levels of one page, in whichever of their two encodings.
///
/// Spec: Parquet README § Nested Encoding
enum LevelDecoder {
  /// The field can't be null, or can't repeat: no levels are stored, each is 0.
  case none
  case hybrid(RunLengthBitPackedDecoder)
  case bitPacked(BitPackedLevelDecoder)

  /// The bits that hold levels up to `maximum`.
  static func width(maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

  /// Levels of a version 1 page, taken from the front of its body.
  init(
    _ body: inout ByteCursor, encoding: Encoding, maximum: Int, count: Int
  ) throws(DecodingFailure) {
    guard maximum > 0 else {
      self = .none
      return
    }
    let width = Self.width(maximum: maximum)
    switch encoding {
    case .runLength:
      let length = Int(try body.littleEndian32("the levels"))
      self = .hybrid(try RunLengthBitPackedDecoder(try body.take(length, "the levels"), width: width))
    case .bitPacked:
      let bytes = try body.take((count * width + 7) / 8, "the levels")
      self = .bitPacked(BitPackedLevelDecoder(bytes, width: width))
    default:
      throw .unsupported("levels in the encoding \(encoding) are not supported")
    }
  }

  /// Levels of a version 2 page: always hybrid, their length in the header.
  init(_ bytes: UnsafeRawBufferPointer, maximum: Int) throws(DecodingFailure) {
    guard maximum > 0 else {
      self = .none
      return
    }
    self = .hybrid(try RunLengthBitPackedDecoder(bytes, width: Self.width(maximum: maximum)))
  }

  mutating func decode(_ count: Int, into target: UnsafeMutablePointer<UInt8>) throws(DecodingFailure) {
    switch self {
    case .none:
      target.update(repeating: 0, count: count)
    case .hybrid(var decoder):
      try decoder.decode(count, into: target)
      self = .hybrid(decoder)
    case .bitPacked(var decoder):
      try decoder.decode(count, into: target)
      self = .bitPacked(decoder)
    }
  }

  /// How many of the next levels are `level`, as far as that is known without unpacking: a run, or 0.
  mutating func runLength(of level: Int) throws(DecodingFailure) -> Int {
    guard case .hybrid(var decoder) = self else { return 0 }
    try decoder.prepareRun()
    self = .hybrid(decoder)
    return !decoder.isPacked && Int(decoder.value) == level ? decoder.left : 0
  }

  /// Passes over levels without looking at them.
  mutating func skip(_ count: Int) throws(DecodingFailure) {
    switch self {
    case .none: break
    case .hybrid(var decoder):
      try decoder.skip(count)
      self = .hybrid(decoder)
    case .bitPacked(var decoder):
      try decoder.skip(count)
      self = .bitPacked(decoder)
    }
  }

  /// Levels 0 and 1 as bits; returns how many are set.
  mutating func decodeBits(
    _ count: Int, into target: UnsafeMutablePointer<UInt8>, at start: Int
  ) throws(DecodingFailure) -> Int {
    switch self {
    case .none:
      BitmapKernel.fill(target, from: start, count: count, with: false)
      return 0
    case .hybrid(var decoder):
      let set = try decoder.decodeBits(count, into: target, at: start)
      self = .hybrid(decoder)
      return set
    case .bitPacked(var decoder):
      let set = try decoder.decodeBits(count, into: target, at: start)
      self = .bitPacked(decoder)
      return set
    }
  }
}

/// The deprecated packing of levels, from the most significant bit of each byte.
///
/// Spec: Parquet Encodings § Bit-packed (Deprecated)
struct BitPackedLevelDecoder {
  private let bytes: UnsafeRawBufferPointer
  private let width: Int
  private var bit = 0

  init(_ bytes: UnsafeRawBufferPointer, width: Int) {
    self.bytes = bytes
    self.width = width
  }

  mutating func skip(_ count: Int) throws(DecodingFailure) {
    guard count <= (bytes.count * 8 - bit) / width else { throw .damaged("the levels end early") }
    bit += count * width
  }

  mutating func decode(_ count: Int, into target: UnsafeMutablePointer<UInt8>) throws(DecodingFailure) {
    let start = bit
    try skip(count)
    for index in 0..<count { target[index] = level(at: start + index * width) }
  }

  mutating func decodeBits(
    _ count: Int, into target: UnsafeMutablePointer<UInt8>, at position: Int
  ) throws(DecodingFailure) -> Int {
    let start = bit
    try skip(count)
    var set = 0
    for index in 0..<count {
      let isSet = level(at: start + index * width) != 0
      BitmapKernel.fill(target, from: position + index, count: 1, with: isSet)
      set += isSet ? 1 : 0
    }
    return set
  }

  private func level(at start: Int) -> UInt8 {
    var value = 0
    for bit in start..<start + width { value = value << 1 | Int(bytes[bit >> 3] >> UInt8(7 - bit & 7)) & 1 }
    return UInt8(truncatingIfNeeded: value)
  }
}
