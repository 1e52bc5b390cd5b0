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

  @Test("a block that alone is too large is not kept, and displaces nothing of its own size")
  func tooLarge() {
    let pool = BufferPool(keptBytes: 1 << 20)
    let small = pool.take(100_000)
    let base = small.base
    pool.give(small)
    pool.give(pool.take(3 << 20))
    let full = pool.take(1 << 20)
    let other = pool.take(1 << 20)
    pool.give(full)
    pool.give(other)
    let again = pool.take(1 << 20)
    #expect(again.base == full.base)
    pool.give(again)
    _ = base
  }
}
