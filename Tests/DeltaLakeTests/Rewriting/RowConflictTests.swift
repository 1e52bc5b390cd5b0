import DeltaLog
import ObjectStorage
import Testing

@testable import DeltaLake

@Suite("Two commits that take rows out of one file")
struct RowConflictTests {
  private static let marking = RemovalTable(testDescription: "", properties: ["delta.enableDeletionVectors": "true"])

  private func overwrite(
    _ written: WrittenTable, onto base: Snapshot, _ ids: [Int64], day: String, where sql: String
  ) async throws {
    var options = WriteOptions()
    options.mode = .overwriteWhere(try ColumnPredicate(parsing: sql))
    _ = try await WriteExecution(
      location: written.table.location, base: base, source: WrittenTable.rows(ids, day: day), options: options
    ).run()
  }

  @Test("With deletion vectors both are made when they are of different rows", arguments: [4, 400])
  func disjoint(count: Int64) async throws {
    let written = try await Self.marking.made([Array(1...count).map(Optional.some)])
    let stale = try await written.table.snapshot()
    let half = count / 2
    try await overwrite(written, onto: stale, [1], day: "a", where: "id < \(half)")
    try await overwrite(written, onto: stale, [half + 1], day: "b", where: "id > \(half) AND id < \(count)")
    #expect(try await written.rows() == ["1 a", "\(half) even", "\(half + 1) b", "\(count) even"].sorted())
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.warnings.isEmpty)
    #expect(try await snapshot.rowCount() == 4)
    let vectors = snapshot.files.compactMap(\.deletionVector)
    #expect(vectors.map(\.cardinality) == [count - 2])
    // A third from the same version goes behind both.
    try await overwrite(written, onto: stale, [], day: "c", where: "id = \(half)")
    #expect(try await written.rows() == ["1 a", "\(half + 1) b", "\(count) even"].sorted())
  }

  @Test("When nothing of the file is left by both, it goes")
  func emptied() async throws {
    let written = try await Self.marking.made([[1, 2]])
    let stale = try await written.table.snapshot()
    try await overwrite(written, onto: stale, [1], day: "a", where: "id = 1")
    try await overwrite(written, onto: stale, [2], day: "b", where: "id = 2")
    #expect(try await written.rows() == ["1 a", "2 b"])
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.fileCount == 2 && snapshot.warnings.isEmpty)
  }

  @Test("A row that both replace is a conflict, and nothing of the second is left")
  func overlapping() async throws {
    let written = try await Self.marking.made([[1, 2, 3]])
    let stale = try await written.table.snapshot()
    try await overwrite(written, onto: stale, [], day: "a", where: "id <= 2")
    let paths = try await written.paths()
    let error = await #expect(throws: DeltaError.self) {
      try await overwrite(written, onto: stale, [2], day: "b", where: "id = 2")
    }
    #expect(error?.code == .conflict && error?.version == 2)
    #expect(try await written.rows() == ["3 even"])
    #expect(try await written.paths() == paths)
    // Rows that only go may as well go twice.
    try await overwrite(written, onto: stale, [], day: "b", where: "id = 2")
    #expect(try await written.rows() == ["3 even"])
  }

  @Test("Without deletion vectors the second is refused: the file is not there any more")
  func copying() async throws {
    let written = try await RemovalTable.all[0].made([[1, 2, 3]])
    let stale = try await written.table.snapshot()
    try await overwrite(written, onto: stale, [1], day: "a", where: "id = 1")
    let error = await #expect(throws: DeltaError.self) {
      try await overwrite(written, onto: stale, [3], day: "b", where: "id = 3")
    }
    #expect(error?.code == .conflict)
    #expect(try await written.rows() == ["1 a", "2 even", "3 even"])
  }

  @Test("The change feed of both commits tells each row once")
  func changeFeed() async throws {
    var kind = Self.marking
    kind.properties["delta.enableChangeDataFeed"] = "true"
    let written = try await kind.made([[1, 2, 3]])
    let stale = try await written.table.snapshot()
    try await overwrite(written, onto: stale, [1], day: "a", where: "id = 1")
    try await overwrite(written, onto: stale, [3], day: "b", where: "id = 3")
    #expect(try await written.changes(of: 2) == ["delete 1 even", "insert 1 a"])
    #expect(try await written.changes(of: 3) == ["delete 3 even", "insert 3 b"])
  }

  @Test("Many at once over one file all land", arguments: [RemovalTable.all[1], RemovalTable.all[7]])
  func concurrent(_ kind: RemovalTable) async throws {
    let written = try await kind.made([Array(1...64).map(Optional.some)])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for id: Int64 in 1...16 {
        group.addTask {
          _ = try await written.table.overwrite(
            WrittenTable.rows([id * 4], day: "new"),
            where: ColumnPredicate(parsing: "id > \(id * 4 - 4) AND id <= \(id * 4)"))
        }
      }
      try await group.waitForAll()
    }
    #expect(try await written.ids() == (1...16).map { $0 * 4 })
    #expect(try await written.table.snapshot().warnings.isEmpty)
  }
}
