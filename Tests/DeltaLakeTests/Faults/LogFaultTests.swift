import DeltaLake
import ObjectStorage
import Testing
import _TestSupport

@Suite("Tables on a disk that fails at any step")
struct LogFaultTests {
  /// The table `appends` before its last commits, and these as operations that append the same to the version that is free.
  private func appends() throws -> (table: TableCopy, operations: [TableOperation]) {
    var table = try TableCopy("appends")
    var operations: [TableOperation] = []
    for version in [3, 4] as [Int64] {
      let path = try #require(table.added(version).first)
      let commit = try #require(table[log: TableCopy.name(version)])
      let data = try #require(table.files[path])
      table[commit: version] = nil
      table.files[path] = nil
      let ids = Set(try Fixtures.table("appends").expectedRows(version: version).ids)
        .subtracting(try Fixtures.table("appends").expectedRows(version: version - 1).ids)
      operations.append(
        TableOperation(added: ids) { store in
          _ = try await store.write(data, to: path, .ifAbsent, durability: .full)
          var version = try await DeltaTable(store: store).snapshot().version + 1
          while try await store.write(
            commit, to: "_delta_log/" + TableCopy.name(version), .ifAbsent, durability: .full) == .alreadyExists
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
