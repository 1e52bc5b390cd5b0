/// Bits being gathered for a page: booleans, or which rows of it are not null.
struct BitBuffer: ~Copyable {
  private var bytes = EncodingBuffer()
  private(set) var count = 0

  init() {}

  mutating func removeAll() {
    bytes.removeAll()
    count = 0
  }

  mutating func append(repeating bit: Bool, count added: Int) {
    guard added > 0 else { return }
    BitmapKernel.fill(reserve(added), from: count, count: added, with: bit)
    count += added
  }

  /// Appends bits `start ..< start + added`, which the bytes hold.
  mutating func append(_ source: UnsafeRawBufferPointer, from start: Int, count added: Int) {
    guard added > 0 else { return }
    precondition(start >= 0 && (start + added + 7) >> 3 <= source.count, "bits outside of their bytes")
    _ = BitmapKernel.copy(source, from: start, to: reserve(added), at: count, count: added)
    count += added
  }

  /// The bits, those behind the last one cleared up to a whole byte.
  mutating func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    if count & 7 != 0 {
      let last = bytes.base + count >> 3
      last.storeBytes(of: last.load(as: UInt8.self) & (1 << UInt8(count & 7) &- 1), as: UInt8.self)
    }
    return bytes.withUnsafeBytes { body($0) }
  }

  /// The bits as the hybrid of run lengths and bit packing, width 1.
  mutating func encodeRuns(into target: inout EncodingBuffer) {
    let count = count
    withBytes { bytes in
      guard let base = bytes.baseAddress, count > 0 else { return }
      RunLengthBitPackedEncoder.encode(bits: base, count: count, into: &target)
    }
  }

  private mutating func reserve(_ added: Int) -> UnsafeMutablePointer<UInt8> {
    let needed = (count + added + 7) >> 3 - bytes.count
    bytes.reserve(needed)
    bytes.fill(needed)
    return bytes.base.assumingMemoryBound(to: UInt8.self)
  }
}
