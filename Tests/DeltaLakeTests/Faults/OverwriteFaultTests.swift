import DeltaLake
import ObjectStorage
import Testing
import _TestSupport

@Suite("Overwriting rows on a disk that fails at any step")
struct OverwriteFaultTests {
  @Test(
    "Of two overwrites of one file each is there whole or not at all, after a crash at any step",
    // Vectors of one row are in the commit, those of sixty in files.
    arguments: [(RemovalTable.all[0], 3), (RemovalTable.all[1], 3), (RemovalTable.all[1], 180)]
      as [(RemovalTable, Int64)])
  func overwriting(_ kind: RemovalTable, count: Int64) async throws {
    let written = try await kind.made([(1...count).map(Optional.some)])
    var table = TableCopy()
    for file in try await written.store.list("", recursively: true, startingAt: nil) {
      table.files[file.path] = try await written.store.read(file.path)
    }
    let operations = [Int64(1), 2].map { rest in
      let new = 1000 + rest
      return TableOperation(added: [new], removed: Set((1...count).filter { $0 % 3 == rest })) { store in
        var options = WriteOptions()
        options.mode = .overwriteWhere(
          try ColumnPredicate(parsing: "id <= \(count) AND id % 3 = \(rest) OR id = \(new)"))
        options.commit.maintainsLog = false
        let report = try await DeltaTable(store: store).write(WrittenTable.rows([new]), options)
        return .committed(version: report.commit?.version ?? -1)
      }
    }
    var scenario = try await TableScenario("two overwrites of rows", table, operations)
    scenario.faults.interruptionLimit = 1
    scenario.faults.crashLimit = 8
    let report = try await scenario.explore()
    print(report)
    #expect(report.completedCount > 1)
  }
}
