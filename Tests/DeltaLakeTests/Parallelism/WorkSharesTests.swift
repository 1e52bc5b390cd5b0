import Testing

@testable import DeltaLake

@Suite("Shares of work")
struct WorkSharesTests {
  /// The parts of each of some pieces that are handed out in order.
  private func parts(_ weights: [Double], workers: Int) -> [Int] {
    var shares = WorkShares(total: weights.reduce(0, +), workerCount: workers)
    return weights.map { shares.parts(of: $0) }
  }

  @Test("Pieces stay whole while there is enough for every worker; the last one is divided among all")
  func equalPieces() {
    #expect(parts([1, 1, 1, 1, 1, 1, 1, 1], workers: 2) == [1, 1, 1, 1, 1, 1, 1, 2])
    #expect(parts([1], workers: 4) == [4])
    #expect(parts([1, 1, 1], workers: 1) == [1, 1, 1])
  }

  @Test("A piece that outweighs the rest is divided, wherever it comes")
  func unequalPieces() {
    #expect(parts([9, 1, 0.2], workers: 2) == [2, 2, 2])
    #expect(parts([1, 1, 1, 9], workers: 4) == [1, 1, 1, 4])
    #expect(parts([5.1, 4.9], workers: 2) == [1, 2])
  }

  @Test("Weights that say nothing divide nothing")
  func unknown() {
    #expect(parts([0, 0], workers: 8) == [1, 1])
    var shares = WorkShares(total: 2, workerCount: 2)
    #expect([5, 5, -1].map { shares.parts(of: $0) } == [2, 1, 1])
    var none = WorkShares(total: -3, workerCount: 0)
    #expect(none.parts(of: .infinity) == 1)
  }
}
