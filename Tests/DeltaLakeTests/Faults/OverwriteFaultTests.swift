import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Overwriting rows on a disk that fails at any step")
struct OverwriteFaultTests {
  @Test(
    "Of two overwrites of rows of one file each is there whole or not at all, after a crash at any step",
    // Vectors of one row are in the commit, those of sixty in files.
    arguments: [([:], 3), (["delta.enableDeletionVectors": "true"], 3), (["delta.enableDeletionVectors": "true"], 180)]
      as [([String: String], Int64)])
  func overwriting(_ properties: [String: String], count: Int64) async throws {
    let base = TableBase(
      description: "a file of \(count) rows", operations: [.create(properties), .append(ids: 1...count)])
    let operations = [Int64(1), 2].map { rest in
      TableOperation.overwriteEveryThird(of: count, from: rest, by: 1000 + rest)
    }
    var scenario = TableScenario("two overwrites of rows", on: base, operations)
    scenario.options.maintainsLog = false
    scenario.faults.interruptionLimit = 1
    scenario.faults.crashLimit = 8
    let report = try await scenario.explore()
    #expect(report.completedCount > 1)
  }
}
