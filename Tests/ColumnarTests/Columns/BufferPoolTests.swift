import Testing

@testable import Columnar

@Suite("The buffer pool")
struct BufferPoolTests {
  @Test("gives freed memory of about the size again")
  func recycles() {
    let pool = BufferPool(keptBytes: 1 << 20)
    let block = pool.take(100_000)
    let base = block.base
    pool.give(block)
    let again = pool.take(99_000)
    #expect(again.base == base)
    pool.give(again)
  }

  @Test("keeps the sizes that are in use rather than those that were")
  func keepsWhatIsUsed() {
    let pool = BufferPool(keptBytes: 1 << 20)
    let old = (0..<4).map { _ in pool.take(256 << 10) }
    let new = pool.take(512 << 10)
    let base = new.base
    for block in old { pool.give(block) }
    pool.give(new)
    let again = pool.take(512 << 10)
    #expect(again.base == base)
    // What was let go of for it: two of the four.
    let kept = Set(old.map(\.base))
    let more = (0..<4).map { _ in pool.take(256 << 10) }
    #expect(more.count { kept.contains($0.base) } >= 2)
    for block in more + [again] { pool.give(block) }
  }

  @Test(
    "memory that was let go of can be asked for again, and nobody else has it", arguments: [5_000, 300_000, 6 << 20])
  func comesBack(_ size: Int) {
    let pool = BufferPool(keptBytes: 0)
    var blocks = (0..<12).map { _ in pool.take(size) }
    for round in 0..<3 {
      for (index, block) in blocks.enumerated() {
        block.base.initializeMemory(as: UInt8.self, repeating: UInt8(index + round), count: size)
      }
      for (index, block) in blocks.enumerated() {
        let bytes = UnsafeRawBufferPointer(start: block.base, count: size)
        #expect(bytes.first == UInt8(index + round) && bytes.last == UInt8(index + round))
        #expect(UInt(bitPattern: block.base) % 64 == 0)
      }
      for block in blocks { pool.give(block) }
      blocks = (0..<12).map { _ in pool.take(size) }
    }
    for block in blocks { pool.give(block) }
  }

  @Test("a block beyond the limit is not kept in place of another of its size")
  func tooLarge() {
    let pool = BufferPool(keptBytes: 1 << 20)
    pool.give(pool.take(3 << 20))
    let (first, second) = (pool.take(1 << 20), pool.take(1 << 20))
    pool.give(first)
    pool.give(second)
    let again = pool.take(1 << 20)
    #expect(again.base == first.base)
    pool.give(again)
  }
}
