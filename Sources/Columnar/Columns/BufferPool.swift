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
    var free: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: BufferPool.classCount)
    /// For each class, which call asked for it last.
    var lastTake = [Int](repeating: 0, count: BufferPool.classCount)
    var takeCount = 0
    var keptBytes = 0

    /// Makes room for a block by letting go of others that were not asked for since one of its class was.
    mutating func makeRoom(for sizeClass: Int, _ size: Int, in limit: Int) -> [UnsafeMutableRawPointer] {
      var freed: [UnsafeMutableRawPointer] = []
      while keptBytes + size > limit {
        var stalest = sizeClass
        for other in free.indices where !free[other].isEmpty && lastTake[other] < lastTake[stalest] { stalest = other }
        guard stalest != sizeClass, let block = free[stalest].popLast() else { break }
        keptBytes -= BufferPool.size(ofClass: stalest)
        freed.append(block)
      }
      return freed
    }
  }
  private struct Shelf: @unchecked Sendable { var state = State() }
  private let shelf = Mutex(Shelf())

  /// Four classes for each power of two from 4 KiB (class 0 to 3) up; smaller requests go to the system.
  private static let smallest = 12
  private static let classCount = 4 * (48 - smallest)

  package func take(_ byteCount: Int) -> Block {
    guard byteCount > 4096 else {
      return Block(base: .allocate(byteCount: byteCount, alignment: 64), sizeClass: -1)
    }
    let (sizeClass, size) = Self.sizeClass(of: byteCount)
    let recycled = shelf.withLock { shelf -> Block? in
      shelf.state.takeCount += 1
      shelf.state.lastTake[sizeClass] = shelf.state.takeCount
      guard let base = shelf.state.free[sizeClass].popLast() else { return nil }
      shelf.state.keptBytes -= size
      return Block(base: base, sizeClass: sizeClass)
    }
    return recycled ?? Block(base: .allocate(byteCount: size, alignment: 64), sizeClass: sizeClass)
  }

  package func give(_ block: Block) {
    guard block.sizeClass >= 0 else { return block.base.deallocate() }
    let size = Self.size(ofClass: block.sizeClass)
    let freed = shelf.withLock { shelf -> [UnsafeMutableRawPointer] in
      let freed = shelf.state.makeRoom(for: block.sizeClass, size, in: keptBytes)
      guard shelf.state.keptBytes + size <= keptBytes else { return freed + [block.base] }
      shelf.state.free[block.sizeClass].append(block.base)
      shelf.state.keptBytes += size
      return freed
    }
    for base in freed { base.deallocate() }
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
