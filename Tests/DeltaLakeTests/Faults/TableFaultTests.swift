import DeltaLake
import ObjectStorage
import Testing
import _TestSupport

@Suite("Tables on a disk that fails at any step")
struct TableFaultTests {
  static let writers: [TableOperation] = [.append(7), .overwrite(8), .overwriteWhere(9, "a"), .overwritePartition(10, "a"), .addColumn("more"), .setNote("x"), .restore(to: 1)]
  static let others: [TableOperation] = [.append(17), .overwrite(18), .overwriteWhere(19, "a"), .overwritePartition(20, "a"), .addColumn("other"), .setNote("y"), .restore(to: 0)]
  static let allPairs = writers.indices.flatMap { i in others.indices.filter { $0 >= i }.map { (writers[i], others[$0]) } }

  @Test("Pairs")
  func pairs() async throws {
    for (first, second) in Self.allPairs.prefix(3) + Self.allPairs.suffix(2) {
    let scenario = TableScenario(on: .plain, [first, second])
    let clock = ContinuousClock()
    var report: ExplorationReport?
    let time = try await clock.measure { report = try await scenario.explore() }
    print(report!, time)
    }
  }
  @Test("Cleaning")
  func cleaning() async throws {
    for operations in [
    [TableOperation.cleanUp, .read],
    [TableOperation.checkpoint, .cleanUp],
    [TableOperation.checkpoint, .append(9)],
    [TableOperation.checkpoint.then(.cleanUp), .read],
    [.checkpoint.then(.cleanUp), .append(7)],
    [.append(7).then(.checkpoint).then(.cleanUp), .read],
    [.checkpoint.then(.cleanUp), .append(7), .read],
    ] {
    let scenario = TableScenario(on: .old, operations)
    let clock = ContinuousClock()
    var report: ExplorationReport?
    do {
    let time = try await clock.measure { report = try await scenario.explore() }
    print(report!, time)
    } catch { Issue.record(error) }
    }
  }
}
