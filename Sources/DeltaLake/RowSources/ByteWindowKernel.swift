internal import DeltaLog

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
    line += Int64(LineKernel.lineCount(bytes, upTo: count))
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
