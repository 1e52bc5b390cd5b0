import ObjectStorage
import Testing
import _TestSupport

@Suite("Tables on a disk that fails at any step")
struct TableFaultTests {
  private static let writers: [TableOperation] = [
    .append(7), .overwrite(8), .overwriteWhere(9, "a"), .overwritePartition(10, "a"), .addColumn("more"), .setNote("x"),
    .restore(to: 1),
  ]
  /// The same with other values, to go with them.
  private static let others: [TableOperation] = [
    .append(17), .overwrite(18), .overwriteWhere(19, "a"), .overwritePartition(20, "a"), .addColumn("other"),
    .setNote("y"), .restore(to: 0),
  ]

  @Test("Whatever fails of one operation, and whenever the power does, it has happened wholly or not at all")
  func alone() async throws {
    var operations: [(TableBase, TableOperation)] = [(.nothing, .create()), (.nothing, .append(9))]
    operations += (Self.writers + [.appendOnce(9), .read]).map { (.plain, $0) }
    operations += [
      (.old, .append(9)), (.old, .restore(to: 2)), (.old, .checkpoint), (.old, .cleanUp), (.oldV2, .append(9)),
      (.oldV2, .checkpoint), (.oldV2, .cleanUp), (.oldCommits, .checkpoint.then(.cleanUp)),
      (.oldV2, .checkpoint.then(.cleanUp)),
    ]
    var scenarios: [TableScenario] = []
    for (base, operation) in operations {
      var scenario = TableScenario(on: base, [operation])
      scenario.faults.faults = Set(SimulatedFault.allCases)
      scenario.faults.faultLimit = FaultRuns.areExhaustive ? 2 : 1
      scenarios.append(scenario)
      guard FaultRuns.areExhaustive else { continue }
      scenario.faults.hasExclusiveRename = false
      scenarios.append(scenario)
    }
    let report = try await FaultRuns.explore("one operation", scenarios)
    #expect(report.isExhaustive)
  }

  @Test("Of two operations each has happened before the other, or has lost, in every order of their steps")
  func pairs() async throws {
    let scenarios = FaultRuns.pairs(Self.writers, Self.others).map { pair in
      var scenario = TableScenario(on: .plain, pair)
      if !FaultRuns.areExhaustive { scenario.faults.interruptionLimit = 1 }
      return scenario
    }
    let report = try await FaultRuns.explore("two writers", scenarios)
    #expect(report.isExhaustive)
  }
}
