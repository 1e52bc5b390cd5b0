internal import Synchronization

/// Freed buffer memory, kept for the next buffer of its size class.
///
/// A scan makes and drops the same few buffer sizes for each batch. Handing those back to the system costs a page
/// fault for every 4 KiB when they come again, more than decoding them.
package final class BufferPool: Sendable {
  package static let shared = BufferPool()

  /// Aligned memory of a size class.
  package struct Block: @unchecked Sendable {
    package let base: UnsafeMutableRawPointer
    fileprivate let sizeClass: Int
  }

  private let keptBytes: Int

  /// - Parameter keptBytes: at most so many are kept for reuse. Beyond, the size asked for least recently is freed.
  package init(keptBytes: Int = 128 << 20) { self.keptBytes = keptBytes }

  private struct State {
    var region = BufferRegion()
    var free: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: BufferPool.classCount)
    /// Addresses whose memory was given back.
    var empty: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: BufferPool.classCount)
    /// For each class, which call asked for it last.
    var lastTake = [Int](repeating: 0, count: BufferPool.classCount)
    var takeCount = 0
    var keptBytes = 0

    mutating func take(_ sizeClass: Int, _ size: Int) -> UnsafeMutableRawPointer? {
      takeCount += 1
      lastTake[sizeClass] = takeCount
      if let base = free[sizeClass].popLast() {
        keptBytes -= size
        return base
      }
      return empty[sizeClass].popLast() ?? (BufferRegion.cuts(size) ? region.block(size) : nil)
    }

    /// Keeps a block, unless that is too much; answers which blocks to free: those asked for less recently first.
    mutating func give(_ block: Block, _ size: Int, limit: Int) -> [Block] {
      var freed: [Block] = []
      while keptBytes + size > limit {
        var stalest = block.sizeClass
        for other in free.indices where !free[other].isEmpty && lastTake[other] < lastTake[stalest] { stalest = other }
        guard stalest != block.sizeClass, let base = free[stalest].popLast() else { return freed + [block] }
        keptBytes -= BufferPool.size(ofClass: stalest)
        freed.append(Block(base: base, sizeClass: stalest))
      }
      free[block.sizeClass].append(block.base)
      keptBytes += size
      return freed
    }
  }
  private struct Shelf: @unchecked Sendable { var state = State() }
  private let shelf = Mutex(Shelf())

  /// Four classes for each power of two from 4 KiB (class 0 to 3) up; smaller requests go to the system.
  private static let smallest = 12
  private static let classCount = 4 * (48 - smallest)

  #if DELTALAKE_FUZZING
    // Every buffer is a block of its own, so that the address sanitizer sees where it ends.
    private static let smallestPooled = Int.max
  #else
    private static let smallestPooled = 4097
  #endif

  package func take(_ byteCount: Int) -> Block {
    guard byteCount >= Self.smallestPooled else {
      return Block(base: .allocate(byteCount: byteCount, alignment: 64), sizeClass: -1)
    }
    let (sizeClass, size) = Self.sizeClass(of: byteCount)
    let base = shelf.withLock { $0.state.take(sizeClass, size) }
    return Block(base: base ?? BufferRegion.allocate(size), sizeClass: sizeClass)
  }

  package func give(_ block: Block) {
    guard block.sizeClass >= 0 else { return block.base.deallocate() }
    let size = Self.size(ofClass: block.sizeClass)
    for freed in shelf.withLock({ $0.state.give(block, size, limit: keptBytes) }) { free(freed) }
  }

  private func free(_ block: Block) {
    let size = Self.size(ofClass: block.sizeClass)
    guard BufferRegion.cuts(size) else { return block.base.deallocate() }
    // First released, then offered: who takes it next may write at once.
    BufferRegion.release(block.base, size)
    shelf.withLock { $0.state.empty[block.sizeClass].append(block.base) }
  }

  /// The smallest class that holds `byteCount`, and its size: 2^n · (4, 5, 6 or 7) / 4.
  private static func sizeClass(of byteCount: Int) -> (Int, Int) {
    let exponent = Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount
    let quarter = 1 << (exponent - 2)
    let step = (byteCount - 1 - (1 << exponent)) / quarter + 1
    let index = 4 * (exponent - smallest) + step
    return (index, size(ofClass: index))
  }

  private static func size(ofClass index: Int) -> Int {
    let exponent = index / 4 + smallest
    return (1 << exponent) + (index % 4) << (exponent - 2)
  }
}
