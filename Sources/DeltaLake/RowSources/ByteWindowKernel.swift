internal import DeltaLog

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A part of a file in memory, moved over it from first byte to last. A class, since it owns the memory.
final class ByteWindow {
  /// What one row may take.
  static let rowLimit = 64 << 20
  private static let step = 4 << 20

  let input: ByteInput
  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// Whether the last byte of the file is in the window.
  private(set) var isAtEnd = false
  /// Of the first byte in the window, counted from 1.
  private(set) var line: Int64 = 1

  init(_ input: ByteInput) {
    self.input = input
    memory = .allocate(byteCount: Self.step, alignment: 64)
  }

  deinit { memory.deallocate() }

  /// The bytes in the window; valid until it moves.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(rebasing: memory[start..<end]).bindMemory(to: UInt8.self)
  }

  /// Gives up the first bytes.
  func consume(_ count: Int) {
    line += Int64(TextKernel.lineCount(bytes, upTo: count))
    start += count
  }

  /// Reads on, so that there is more than now, unless the file ends.
  ///
  /// - Throws: when a row needs more than ``rowLimit``.
  func extend() throws(DeltaError) {
    guard !isAtEnd else { return }
    let held = end - start
    if held > 0, start > 0, let base = memory.baseAddress { base.copyMemory(from: base + start, byteCount: held) }
    (start, end) = (0, held)
    if held == memory.count {
      guard held < Self.rowLimit else { throw .rowTooLong(in: input.name, line: line, limit: Self.rowLimit) }
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: held * 2, alignment: 64)
      larger.copyMemory(from: UnsafeRawBufferPointer(memory))
      memory.deallocate()
      memory = larger
    }
    while end < memory.count {
      let count = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
      if count == 0 {
        isAtEnd = true
        return
      }
      end += count
    }
  }
}

enum TextKernel {
  /// The line feeds in the first bytes.
  static func lineCount(_ bytes: UnsafeBufferPointer<UInt8>, upTo end: Int) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var count = 0
    var index = 0
    while index &+ 8 <= end {
      let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
      count &+= zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A).nonzeroBitCount
      index &+= 8
    }
    while index < end {
      if base[index] == 0x0A { count &+= 1 }
      index &+= 1
    }
    return count
  }

  /// The first line feed.
  static func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress, let found = memchr(base, 0x0A, bytes.count) else { return nil }
    return UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
  }

  /// The high bit of each byte that is zero, and no other bit.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return ~(((word & low) &+ low) | word | low)
  }

  /// Whether a text starts with the mark that some writers put before UTF-8.
  static func markLength(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
  }
}
