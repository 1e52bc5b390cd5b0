internal import Columnar

/// Bits being gathered.
struct BitSink {
  private var buffer: Buffer
  private(set) var count = 0

  /// Bits for which there is no room yet.
  init() { buffer = .empty }

  init(capacity: Int) { buffer = Buffer(uninitialized: (capacity + 7) / 8 + 8) }

  /// The bits, of which those from `count` on may be written once reserved.
  var pointer: UnsafeMutablePointer<UInt8> { buffer.mutablePointer.assumingMemoryBound(to: UInt8.self) }

  mutating func reserve(_ additional: Int) {
    let needed = (count + additional + 7) / 8 + 8
    guard needed > buffer.count else { return }
    let larger = Buffer(uninitialized: max(needed, buffer.count + buffer.count / 2))
    larger.mutablePointer.copyMemory(from: buffer.pointer, byteCount: (count + 7) / 8)
    buffer = larger
  }

  mutating func fill(_ additional: Int) { count += additional }

  mutating func append(repeating bit: Bool, count additional: Int) {
    reserve(additional)
    BitmapKernel.fill(pointer, from: count, count: additional, with: bit)
    count += additional
  }

  func finished() -> Bitmap { Bitmap(buffer: buffer.slice(0..<(count + 7) / 8), count: count) }
}
