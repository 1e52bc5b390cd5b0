import DeltaLog
import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

/// How a table keeps rows that are taken out of its files.
struct RemovalTable: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var properties: [String: String] = [:]

  static let all: [RemovalTable] = [
    .init(testDescription: "plain"),
    .init(testDescription: "deletion vectors", properties: ["delta.enableDeletionVectors": "true"]),
    .init(testDescription: "row tracking", properties: ["delta.enableRowTracking": "true"]),
    .init(testDescription: "change data feed", properties: ["delta.enableChangeDataFeed": "true"]),
    .init(testDescription: "column mapping", properties: ["delta.columnMapping.mode": "name"]),
    .init(testDescription: "column ids", properties: ["delta.columnMapping.mode": "id"]),
    .init(
      testDescription: "everything, copying",
      properties: [
        "delta.enableRowTracking": "true", "delta.enableChangeDataFeed": "true", "delta.columnMapping.mode": "id",
      ]),
    .init(
      testDescription: "everything, with deletion vectors",
      properties: [
        "delta.enableRowTracking": "true", "delta.enableChangeDataFeed": "true", "delta.columnMapping.mode": "name",
        "delta.enableDeletionVectors": "true", "delta.enableInCommitTimestamps": "true",
      ]),
  ]

  var marksRows: Bool { properties["delta.enableDeletionVectors"] != nil }
  var tracksRows: Bool { properties["delta.enableRowTracking"] != nil }
  var recordsChanges: Bool { properties["delta.enableChangeDataFeed"] != nil }

  /// A table with rows of one file for each list of ids.
  func made(_ files: [[Int64?]], partitioned: Bool = false) async throws -> WrittenTable {
    let written = WrittenTable()
    var create = CreateTable(StructType([StructField("id", .long), StructField("day", .string)]))
    create.properties = properties
    if partitioned { create.partitionColumns = ["day"] }
    _ = try await written.table.create(create)
    for (index, ids) in files.enumerated() {
      try await written.table.append(WrittenTable.rows(ids, day: index % 2 == 0 ? "even" : "odd"))
    }
    return written
  }
}

extension WrittenTable {
  /// As `id day`, sorted.
  func rows(asOf moment: Moment = .latest) async throws -> [String] {
    var rows: [String] = []
    for try await batch in try await table.snapshot(asOf: moment).scan().batches() {
      rows += Self.texts(batch, ["id", "day"])
    }
    return rows.sorted()
  }

  static func texts(_ batch: RecordBatch, _ columns: [String]) -> [String] {
    (0..<batch.rowCount).map { row in
      columns.map { name in
        switch batch[name]?.scalar(at: row) {
        case .long(let value): String(value)
        case .string(let value): value
        default: "-"
        }
      }.joined(separator: " ")
    }
  }

  /// As `change id day`, sorted.
  func changes(of version: Version) async throws -> [String] {
    var rows: [String] = []
    for try await batch in try await table.changes(from: .version(version), to: .version(version)).batches() {
      rows += Self.texts(batch, ["_change_type", "id", "day"])
    }
    return rows.sorted()
  }

  /// Each row's id of the column and its row id and commit version, `id row version`.
  func tracking() async throws -> Set<String> {
    var rows: Set<String> = []
    for try await batch in try await table.snapshot().scan().includingRowTracking().batches() {
      rows.formUnion(Self.texts(batch, ["id", "_row_id", "_row_commit_version"]))
    }
    return rows
  }

  func actions(of version: Version) async throws -> [Action] {
    let name = "_delta_log/" + LogFile.commitName(version)
    return try CommitScanner.actions(in: try await store.read(name), file: name, version: version)
  }

  func paths() async throws -> [String] {
    try await store.list("", recursively: true, startingAt: nil).map(\.path).sorted()
  }
}

@Suite("Overwriting rows by a condition")
struct OverwritingRowsTests {
  private func predicate(_ sql: String) throws -> ColumnPredicate { try ColumnPredicate(parsing: sql) }

  @Test("Rows that meet it go, all others stay, those for which it is null among them", arguments: RemovalTable.all)
  func rows(_ kind: RemovalTable) async throws {
    let written = try await kind.made([[1, 2, nil, 4], [5, 6], [10, 11, nil], [20, 21]])
    let before = try await written.table.snapshot().files.map(\.path)
    let report = try await written.table.overwrite(
      WrittenTable.rows([5, 12], day: "new"), where: predicate("id BETWEEN 4 AND 12"))
    #expect(
      try await written.rows()
        == ["- even", "- even", "1 even", "12 new", "2 even", "20 odd", "21 odd", "5 new"])
    #expect(report.removedRowCount == 5)
    #expect(report.copiedRowCount == (kind.marksRows ? 0 : 4))
    #expect(report.removedFileCount == (kind.marksRows ? 1 : 3))
    let commit = try #require(report.commit)
    #expect(commit.snapshot.warnings.isEmpty)
    #expect(try await commit.snapshot.rowCount() == 8)
    // The file of 20 and 21 is as it was: its statistics say that nothing in it is concerned.
    #expect(commit.snapshot.files.contains { $0.path == before[3] && $0.deletionVector == nil })
    #expect(commit.snapshot.files.contains { $0.deletionVector != nil } == kind.marksRows)
    #expect(try await written.rows(asOf: .version(commit.version - 1)).count == 11)
    // Once more over what the first left.
    try await written.table.overwrite(WrittenTable.rows([2], day: "again"), where: predicate("id <= 2 OR id = 20"))
    #expect(
      try await written.rows() == ["- even", "- even", "12 new", "2 again", "21 odd", "5 new"])
    let read = try await written.table.snapshot()
    #expect(read.warnings.isEmpty)
    #expect(try await read.rowCount() == 6)
  }

  @Test(
    "The change feed tells each row that went and each that came, once",
    arguments: RemovalTable.all.filter(\.recordsChanges))
  func changeFeed(_ kind: RemovalTable) async throws {
    let written = try await kind.made([[1, 2, nil], [4, 5], [6, 7]])
    try await written.table.overwrite(WrittenTable.rows([4], day: "new"), where: predicate("id BETWEEN 2 AND 6"))
    #expect(
      try await written.changes(of: 4)
        == ["delete 2 even", "delete 4 odd", "delete 5 odd", "delete 6 even", "insert 4 new"])
    let recorded = try await written.actions(of: 4).contains { if case .change = $0 { true } else { false } }
    #expect(recorded != kind.marksRows)
    // A whole file tells it without files of the change feed's own.
    try await written.table.overwrite(WrittenTable.rows([], day: ""), where: predicate("day = 'new'"))
    #expect(try await written.changes(of: 5) == ["delete 4 new"])
  }

  @Test("Rows that stay keep their ids and commit versions", arguments: RemovalTable.all.filter(\.tracksRows))
  func rowTracking(_ kind: RemovalTable) async throws {
    let written = try await kind.made([[1, 2, 3], [4, 5]])
    let before = try await written.tracking()
    try await written.table.overwrite(WrittenTable.rows([2, 5]), where: predicate("id IN (2, 5)"))
    try await written.table.overwrite(WrittenTable.rows([1]), where: predicate("id = 1"))
    let after = try await written.tracking()
    #expect(before == ["1 0 1", "2 1 1", "3 2 1", "4 3 2", "5 4 2"])
    #expect(after.contains("3 2 1") && after.contains("4 3 2"))
    #expect(Set(after.map { $0.split(separator: " ")[1] }).count == 5, "ids are unique: \(after)")
    for version: Version in [3, 4] {
      let info = try await written.actions(of: version).compactMap {
        if case .commitInfo(let info) = $0 { info } else { nil }
      }.first
      #expect(info?.fields["tags"] == .object(["delta.rowTracking.preserved": .string("true")]))
    }
  }

  @Test("Rows that are written again without ids are said to be", arguments: [true, false])
  func unpreserved(_ copies: Bool) async throws {
    var kind = RemovalTable(testDescription: "", properties: ["delta.feature.rowTracking": "supported"])
    kind.properties["delta.enableDeletionVectors"] = copies ? nil : "true"
    let written = try await kind.made([[1, 2, 3]])
    try await written.table.overwrite(WrittenTable.rows([2]), where: predicate("id = 2"))
    let info = try await written.actions(of: 2).compactMap {
      if case .commitInfo(let info) = $0 { info } else { nil }
    }.first
    #expect(info?.fields["tags"] == .object(["delta.rowTracking.preserved": .string(String(!copies))]))
  }

  @Test("Partitions that don't matter are not looked at, whole ones go as they are", arguments: RemovalTable.all)
  func partitions(_ kind: RemovalTable) async throws {
    let written = try await kind.made([[1, 2], [3, 4], [5, 6], [7]], partitioned: true)
    let before = try await written.table.snapshot().files.map(\.path)
    try await written.table.overwrite(
      WrittenTable.rows([4], day: "odd"), where: predicate("day = 'odd' AND id >= 4"))
    #expect(try await written.rows() == ["1 even", "2 even", "3 odd", "4 odd", "5 even", "6 even"])
    let after = try await written.table.snapshot().files.map(\.path)
    #expect(Set(after).isSuperset(of: [before[0], before[2]]))
    try await written.table.overwrite(WrittenTable.rows([9], day: "even"), where: predicate("day = 'even' OR id = 3"))
    #expect(try await written.rows() == ["4 odd", "9 even"])
  }

  @Test(
    "A row outside of the condition is refused by row, condition and value, and leaves no file",
    arguments: RemovalTable.all)
  func outside(_ kind: RemovalTable) async throws {
    let written = try await kind.made([[1, 2], [3, 4]])
    let before = try await written.paths()
    for ids: [Int64?] in [[2, 3, 5], [2, 3, nil]] {
      let error = await #expect(throws: DeltaError.self) {
        try await written.table.overwrite(WrittenTable.rows(ids), where: predicate("id > 1 AND id < 4"))
      }
      #expect(error?.code == .constraintViolation)
      let value = ids[2].map(String.init) ?? "NULL"
      #expect(
        error?.message.contains(
          "Row 3: the condition of what is overwritten (id > 1 AND id < 4) is not true for id = \(value)") == true,
        "\(error?.message ?? "")")
    }
    #expect(try await written.paths() == before)
    var options = WriteOptions()
    options.mode = .overwriteWhere(try predicate("id > 1 AND id < 4"))
    options.onViolation = .skip
    let report = try await written.table.write(WrittenTable.rows([2, 5], day: "new"), options)
    #expect(report.refusedRowCount == 1)
    #expect(try await written.rows() == ["1 even", "2 new", "4 odd"])
  }

  @Test("Conditions of every shape take the rows that a scan with them gives", arguments: RemovalTable.all)
  func conditions(_ kind: RemovalTable) async throws {
    for sql in [
      "id = 3", "ID > 3", "id IS NULL", "id IS NOT NULL", "id <> 3", "NOT id = 3", "id % 2 = 0", "id IN (1, 100)",
      "day LIKE 'e%' AND id > 1", "day IS NULL OR id = 5", "id = 100", "TRUE", "id > 2 AND day = 'odd'",
      "CASE WHEN id > 3 THEN day = 'odd' ELSE id IS NULL END", "current_date() > date'2020-01-01' AND id < 3",
    ] {
      let written = try await kind.made(
        [[1, 2, 3, nil], [3, 4, 5, nil], [nil], [100]], partitioned: sql.count % 2 == 0)
      let all = try await written.rows()
      var gone: [String] = []
      for try await batch in try await written.table.snapshot().scan().where(sql: sql).batches() {
        gone += WrittenTable.texts(batch, ["id", "day"])
      }
      let report = try await written.table.overwrite(WrittenTable.rows([]), where: predicate(sql))
      var expected = all
      for row in gone { expected.remove(at: try #require(expected.firstIndex(of: row))) }
      #expect(try await written.rows() == expected, "\(sql)")
      #expect(report.removedRowCount == Int64(gone.count), "\(sql)")
    }
  }

  @Test("A column that has the name of a row's id keeps its values")
  func namedLikeTracking() async throws {
    let written = WrittenTable()
    var create = CreateTable(StructType([StructField("id", .long), StructField("_row_id", .long)]))
    create.properties = ["delta.enableRowTracking": "true"]
    _ = try await written.table.create(create)
    func source(_ ids: [Int64]) -> RowSource {
      RowSource([
        RecordBatch(
          schema: create.schema, columns: [Column(longs: ids), Column(longs: ids.map { $0 * 100 })], rowCount: ids.count
        )
      ])
    }
    try await written.table.append(source([1, 2, 3]))
    try await written.table.overwrite(source([2]), where: predicate("id = 2"))
    var rows: [String] = []
    for try await batch in try await written.table.snapshot().scan().batches() {
      rows += WrittenTable.texts(batch, ["id", "_row_id"])
    }
    #expect(rows.sorted() == ["1 100", "2 200", "3 300"])
  }

  @Test("Columns of any type come through a rewrite as they were")
  func types() async throws {
    let inner = Column(
      fields: [("a", Column(integers: [1, nil, 3])), ("b", Column(strings: ["x", "y", nil]))], count: 3)
    let columns: [(String, Column)] = [
      ("id", Column(longs: [1, 2, 3])), ("s", inner),
      ("l", Column(lists: [2, 0, nil], of: Column(doubles: [1.5, .nan]))),
      ("m", Column(maps: [1, nil, 0], keys: Column(strings: ["k"]), values: Column(integers: [9]))),
      ("d", Column(decimals: [125, nil, -7], precision: 20, scale: 2)), ("t", Column(timestamps: [1, nil, -1])),
      ("e", Column(dates: [0, 19_000, nil])), ("z", Column(binaries: [[1, 2], nil, []])),
    ]
    let batch = RecordBatch(
      schema: StructType(columns.map { StructField($0.0, $0.1.type) }), columns: columns.map(\.1), rowCount: 3)
    let written = WrittenTable()
    try await written.table.append(RowSource([batch]))
    try await written.table.overwrite(RowSource(schema: batch.schema, batches: []), where: predicate("id = 2"))
    var left: [RecordBatch] = []
    for try await batch in try await written.table.snapshot().scan().batches() { left.append(batch) }
    let rows = try RecordBatch.concatenating(left)
    let expected = batch.filtered(by: Bitmap([true, false, true]))
    #expect(rows.columns == expected.columns)
  }

  @Test("What older files lack and what is new since is written for rows that stay", arguments: RemovalTable.all)
  func evolved(_ kind: RemovalTable) async throws {
    let written = try await kind.made([[1, 2, 3]])
    let wider = RowSource([
      RecordBatch(
        schema: StructType([StructField("id", .long), StructField("note", .string)]),
        columns: [Column(longs: [2]), Column(strings: ["new"])], rowCount: 1)
    ])
    var options = WriteOptions()
    options.schemaMode = .merge
    options.mode = .overwriteWhere(try predicate("id = 2"))
    _ = try await written.table.write(wider, options)
    #expect(try await written.rows() == ["1 even", "2 -", "3 even"])
    try await written.table.overwrite(WrittenTable.rows([1], day: "later"), where: predicate("note IS NULL AND id = 1"))
    var rows: [String] = []
    for try await batch in try await written.table.snapshot().scan().batches() {
      rows += WrittenTable.texts(batch, ["id", "day", "note"])
    }
    #expect(rows.sorted() == ["1 later -", "2 - new", "3 even -"])
  }

  @Test("A column that the table doesn't have is refused before anything is written")
  func unknownColumn() async throws {
    let written = try await RemovalTable.all[0].made([[1]])
    let before = try await written.paths()
    let error = await #expect(throws: DeltaError.self) {
      try await written.table.overwrite(WrittenTable.rows([1]), where: predicate("idd = 1"))
    }
    #expect(error?.code == .invalidArgument && error?.message.contains("idd") == true)
    #expect(try await written.paths() == before)
  }

  @Test("A store that fails at any call leaves all rows as they were, or replaced", arguments: [0, 1, 6, 7])
  func failures(_ kind: Int) async throws {
    let ids: [[Int64?]] = [Array(1...100), [200, 201]]
    func overwrite(_ table: DeltaTable) async throws {
      try await table.overwrite(WrittenTable.rows([50], day: "new"), where: predicate("id BETWEEN 40 AND 200"))
    }
    let counted = try await RemovalTable.all[kind].made(ids)
    let store = FaultInjectingStore(counted.store)
    try await overwrite(DeltaTable(store: store))
    let after = try await counted.rows()
    for call in 1...store.callCount {
      let written = try await RemovalTable.all[kind].made(ids)
      let before = try await written.rows()
      let paths = try await written.paths()
      do {
        try await overwrite(DeltaTable(store: FaultInjectingStore(written.store, faults: [.failure(at: call)])))
        #expect(try await written.rows() == after, "call \(call)")
      } catch {
        #expect(try await written.rows() == before, "call \(call)")
        let left = try await written.paths().filter { !$0.hasPrefix("_delta_log/") }
        #expect(left == paths.filter { !$0.hasPrefix("_delta_log/") }, "call \(call)")
      }
    }
  }
}
