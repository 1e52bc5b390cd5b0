import DeltaLake
import ObjectStorage
import Testing
import _TestSupport

@Suite("Tables on a disk that fails at any step")
struct TableFaultTests {
  @Test("One operation", arguments: [
    (TableBase.nothing, TableOperation.create()),
    (.nothing, .append(9)),
    (.plain, .append(9)), (.plain, .appendOnce(9)), (.plain, .overwrite(9)), (.plain, .overwriteWhere(9, "a")),
    (.plain, .overwritePartition(9, "a")), (.plain, .addColumn("more")), (.plain, .setNote("x")), (.plain, .restore(to: 1)),
    (.old, .append(9)), (.old, .restore(to: 2)), (.old, .checkpoint), (.oldV2, .checkpoint), (.old, .cleanUp), (.oldV2, .cleanUp),
    (.plain, .read), (.old, .read),
  ])
  func alone(base: TableBase, operation: TableOperation) async throws {
    var scenario = TableScenario(on: base, [operation])
    scenario.faults.faults = [.inputOutput, .lostAnswer, .cancellation]
    let clock = ContinuousClock()
    var report: ExplorationReport?
    let time = try await clock.measure { report = try await scenario.explore() }
    print(report!, time)
  }

  @Test("Pairs", arguments: [
    (TableBase.plain, TableOperation.append(8), TableOperation.append(9)),
    (.plain, .append(8), .overwrite(9)),
    (.plain, .append(8), .overwritePartition(9, "a")),
    (.plain, .append(8), .overwriteWhere(9, "a")),
    (.plain, .append(8), .addColumn("more")),
    (.plain, .append(8), .restore(to: 1)),
    (.plain, .append(8), .read),
    (.old, .append(8), .checkpoint),
    (.old, .checkpoint, .cleanUp),
    (.old, .cleanUp, .read),
    (.old, .cleanUp, .restore(to: 1)),
    (.old, .checkpoint, .read),
    (.nothing, .create(), .append(9)),
  ])
  func pairs(base: TableBase, first: TableOperation, second: TableOperation) async throws {
    let scenario = TableScenario(on: base, [first, second])
    let clock = ContinuousClock()
    var report: ExplorationReport?
    let time = try await clock.measure { report = try await scenario.explore() }
    print(report!, time)
  }
}
