import DeltaLake
import ObjectStorage
import Testing
import _TestSupport

@Suite("Tables on a disk that fails at any step")
struct TableFaultTests {
  @Test("Cleaning")
  func cleaning() async throws {
    for (base, operations) in [
      (TableBase.oldCommits, [TableOperation.checkpoint.then(.cleanUp), .read]),
      (.oldCommits, [.carelessCheckpoint.then(.cleanUp)]),
      (.oldV2, [.carelessCheckpoint.then(.cleanUp)]),
      (.oldCommits, [.carelessCheckpoint.then(.cleanUp.through { BrokenStore(base: $0, bug: .forgetsToSynchronize) })]),
      (.oldCommits, [.append(7), .append(8).then(.append(9)).then(.checkpoint).then(.cleanUp)]),
    ] {
      let scenario = TableScenario(on: base, operations)
      let clock = ContinuousClock()
      var report: ExplorationReport?
      do {
        let time = try await clock.measure { report = try await scenario.explore() }
        print(report!, time)
      } catch { Issue.record(error) }
    }
  }
}
