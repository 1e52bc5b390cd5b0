import DeltaLake
import ObjectStorage
import Testing
import _TestSupport

@Suite("Tables on a disk that fails at any step")
struct LogFaultTests {
  /// The table `appends` before its last commits, and these as operations that append the same to the version that is free.
  private func appends(
    durability: Durability = .full
  ) throws -> (table: TableCopy, operations: [TableOperation]) {
    var table = try TableCopy("appends")
    var operations: [TableOperation] = []
    let first: Int64 = 3
    for version in [first, 4] {
      let path = try #require(table.added(version).first)
      let commit = try #require(table[log: TableCopy.name(version)])
      let data = try #require(table.files[path])
      table[commit: version] = nil
      table.files[path] = nil
      let ids = Set(try Fixtures.table("appends").expectedRows(version: version).ids)
        .subtracting(try Fixtures.table("appends").expectedRows(version: version - 1).ids)
      operations.append(
        TableOperation(added: ids) { store in
          _ = try await store.write(data, to: path, .ifAbsent, durability: durability)
          var version = first
          while try await store.write(
            commit, to: "_delta_log/" + TableCopy.name(version), .ifAbsent, durability: durability) == .alreadyExists
          {
            version += 1
          }
          return .committed(version: version)
        })
    }
    return (table, operations)
  }

  @Test("A reader sees whole versions while others commit")
  func reading() async throws {
    let (table, operations) = try appends()
    var scenario = try await TableScenario("an append and a reader", table, [operations[0], .reads])
    scenario.faults.crashLimit = 0
    let report = try await scenario.explore()
    print(report)
    #expect(report.isExhaustive)
    #expect(report.completedCount > 1)
  }

  @Test("A reader whose listing misses a version that comes meanwhile sees whole versions all the same")
  func slowListing() async throws {
    let (table, operations) = try appends(durability: .relaxed)
    // While the reader lists, two versions may come: it may be shown the second alone.
    var scenario = try await TableScenario("two appends and a slow reader", table, operations + [.reads])
    scenario.faults.listingIsAtOnce = false
    scenario.faults.crashLimit = 0
    let report = try await scenario.explore { state in
      for case .threw(let error) in state.operations { throw error }
    }
    print(report)
  }

  @Test("Of two commits each is there once it was reported, whole, after a crash at any step")
  func committing() async throws {
    let (table, operations) = try appends()
    var scenario = try await TableScenario("two appends", table, operations)
    scenario.faults.interruptionLimit = 1
    let report = try await scenario.explore()
    print(report)
    #expect(report.isExhaustive)
  }

  @Test("A data file that was not waited for is found missing or torn after a crash")
  func plantedBug() async throws {
    let (table, operations) = try appends()
    for bug in [PlantedBug.skipsFileSynchronization, .skipsDirectorySynchronization] {
      var scenario = try await TableScenario("an append", table, [operations[0]])
      scenario.faults.bug = bug
      await #expect(throws: ScenarioFailure.self) { try await scenario.explore() }
    }
  }
}
