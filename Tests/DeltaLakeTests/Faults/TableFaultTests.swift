import DeltaLake
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
    var pairs = FaultRuns.pairs(
      [.append(7), .overwrite(8), .addColumn("more")], [.append(17), .overwrite(18), .setNote("y")])
    pairs += [
      [.append(7), .overwriteWhere(19, "a")], [.append(7), .overwritePartition(20, "a")],
      [.append(7), .restore(to: 0)],
      [.setNote("x"), .restore(to: 0)],
    ]
    if FaultRuns.areExhaustive { pairs = FaultRuns.pairs(Self.writers, Self.others) }
    let scenarios = pairs.map { pair in
      var scenario = TableScenario(on: .plain, pair)
      if !FaultRuns.areExhaustive { scenario.faults.interruptionLimit = 1 }
      return scenario
    }
    let report = try await FaultRuns.explore("two writers", scenarios)
    #expect(report.isExhaustive)
  }

  @Test("Checkpoints, compactions and clean-ups change nothing for those who write and read meanwhile")
  func maintenance() async throws {
    var scenarios: [TableScenario] = []
    func add(_ base: TableBase, _ operations: [TableOperation]) {
      var scenario = TableScenario(on: base, operations)
      if !FaultRuns.areExhaustive { scenario.faults.interruptionLimit = 1 }
      scenarios.append(scenario)
    }
    for other: TableOperation in [.append(17), .overwrite(18), .restore(to: 2), .read, .checkpoint] {
      add(.old, [.checkpoint.then(.cleanUp), other])
      guard FaultRuns.areExhaustive else { continue }
      add(.old, [.checkpoint, other])
      add(.old, [.cleanUp, other])
      for base in [TableBase.oldV2, .oldCommits] {
        add(base, [.checkpoint, other])
        add(base, [.checkpoint.then(.cleanUp), other])
      }
    }
    if !FaultRuns.areExhaustive {
      add(.oldV2, [.checkpoint.then(.cleanUp), .append(17)])
      add(.oldCommits, [.checkpoint.then(.cleanUp), .read])
    }
    for other: TableOperation in [.append(17), .checkpoint.then(.cleanUp)] { add(.oldCommits, [.compact, other]) }
    add(.old, [.cleanUp, .cleanUp])
    add(.due, [.append(7).withMaintenance, .append(17).withMaintenance])
    let report = try await FaultRuns.explore("maintenance and another", scenarios)
    #expect(report.isExhaustive)
  }

  @Test("Of those who make one table at once one makes it")
  func making() async throws {
    let scenarios = FaultRuns.pairs([.create(), .append(7)], [.create(name: "create, too"), .append(17)]).map { pair in
      var scenario = TableScenario(on: .nothing, pair)
      if !FaultRuns.areExhaustive { scenario.faults.interruptionLimit = 1 }
      return scenario
    }
    let report = try await FaultRuns.explore("two makers", scenarios)
    #expect(report.isExhaustive)
  }

  @Test("Of three operations each has happened before or after every other, or has lost, in the orders that are tried")
  func triples() async throws {
    var triples: [(TableBase, [TableOperation])] = [
      (.plain, [.append(7), .append(17), .append(27)]), (.oldCommits, [.checkpoint.then(.cleanUp), .append(7), .read]),
    ]
    if FaultRuns.areExhaustive {
      triples += [
        (.plain, [.append(7), .overwrite(18), .read]),
        (.plain, [.append(7), .overwritePartition(20, "a"), .restore(to: 1)]),
        (.plain, [.addColumn("more"), .setNote("x"), .append(7)]),
        (.old, [.checkpoint, .cleanUp, .append(7)]),
        (.due, [.append(7).withMaintenance, .append(17).withMaintenance, .read]),
      ]
    }
    let scenarios = triples.map { base, operations in
      var scenario = TableScenario(on: base, operations)
      if !FaultRuns.areExhaustive {
        scenario.faults.interruptionLimit = 1
        scenario.faults.crashLimit = 0
      }
      return scenario
    }
    let report = try await FaultRuns.explore("three operations", scenarios)
    #expect(report.completedCount > 3 * scenarios.count)
  }

  @Test("Failing calls of one of two writers do the other no harm")
  func failingPairs() async throws {
    var pairs: [[TableOperation]] = [[.appendOnce(7), .overwrite(18)]]
    if FaultRuns.areExhaustive { pairs = FaultRuns.pairs(Self.writers + [.appendOnce(9)], Self.others) }
    let scenarios = pairs.map { pair in
      var scenario = TableScenario(on: .plain, pair)
      scenario.faults.faults = FaultRuns.areExhaustive ? Set(SimulatedFault.allCases) : [.lostAnswer]
      scenario.faults.interruptionLimit = 1
      return scenario
    }
    let report = try await FaultRuns.explore("two writers whose calls fail", scenarios)
    #expect(report.isExhaustive)
  }

  @Test("Without waiting for the disk everything holds as long as power does not fail")
  func relaxed() async throws {
    let scenarios = FaultRuns.pairs(
      [.append(7), .overwrite(8), .setNote("x")], [.append(17), .overwrite(18), .setNote("y")]
    )
    .map { pair in
      var scenario = TableScenario(on: .plain, pair)
      scenario.options.durability = .relaxed
      scenario.faults.crashLimit = 0
      if !FaultRuns.areExhaustive { scenario.faults.interruptionLimit = 1 }
      return scenario
    }
    let report = try await FaultRuns.explore("two writers that do not wait", scenarios)
    #expect(report.isExhaustive)
  }

  @Test("In a store where what is visible stays, an answer that got lost is looked up")
  func lostAnswers() async throws {
    let scenarios = [[.append(7), .append(17)], [.overwrite(8), .setNote("y")]].map { (pair: [TableOperation]) in
      var scenario = TableScenario(on: .plain, pair.map { $0.through { KeepingStore(base: $0) } })
      scenario.faults.faults = [.lostAnswer, .inputOutput]
      scenario.faults.crashLimit = 0
      scenario.faults.interruptionLimit = FaultRuns.areExhaustive ? 1 : 0
      return scenario
    }
    let report = try await FaultRuns.explore("two writers whose answers get lost", scenarios)
    #expect(report.isExhaustive)
  }

  @Test("A reader whose listing misses versions that come meanwhile sees whole versions all the same")
  func slowListing() async throws {
    var scenario = TableScenario(on: .plain, [.append(7).then(.append(17)), .read])
    scenario.faults.listingIsAtOnce = false
    scenario.faults.crashLimit = 0
    if !FaultRuns.areExhaustive { scenario.faults.interruptionLimit = 2 }
    let report = try await FaultRuns.explore("a slow reader", [scenario])
    #expect(report.isExhaustive)
  }
}
