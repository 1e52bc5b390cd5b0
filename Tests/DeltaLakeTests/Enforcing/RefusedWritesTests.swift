import DeltaLake
import DeltaLog
import Foundation
import Testing
import _TestSupport

/// A table in a folder of its own, which is removed at the end.
final class TableFolder {
  let path: String
  var table: DeltaTable { get throws { try DeltaTable(path) } }

  /// An empty folder.
  init() throws {
    path = NSTemporaryDirectory() + "/deltalake-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A table whose first commit says what it is, as some other writer might have made it.
  convenience init(_ definition: TableDefinition) throws {
    try self.init()
    let metadata = try definition.writtenMetadata()
    var request = FeatureRequest()
    if definition.clusteringColumns != nil { request.features.insert("clustering") }
    let versions = try ProtocolUpgrade.forNewTable(metadata, definition.schema, request)
    var actions: [Action] = [.protocol(versions), .metadata(metadata)]
    if let domain = try definition.clusteringDomain() { actions.append(.domainMetadata(domain)) }
    try FileManager.default.createDirectory(atPath: path + "/_delta_log", withIntermediateDirectories: true)
    let commit = CommitText.bytes(of: actions)
    try Data(commit).write(to: URL(fileURLWithPath: path + "/_delta_log/" + LogFile.commitName(0)))
  }

  /// Every file below the folder, with its bytes.
  var contents: [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
      contents[name] = (try? Files.bytes(path + "/" + name)) ?? []
    }
    return contents
  }
}

/// Each thing that a table does not take, brought to a real table the way users do.
@Suite("Refused writes leave nothing behind")
struct RefusedWritesTests {
  /// Expects the error, and the folder to be as it was: no file of a version, no data file, nothing half.
  private func expectRefusal(
    of folder: TableFolder, _ code: DeltaError.Code, _ words: String, _ body: (DeltaTable) async throws -> Void
  ) async throws {
    let before = folder.contents
    let error = await #expect(throws: DeltaError.self) { try await body(try folder.table) }
    #expect(error?.code == code, "\(error?.code.name ?? "")")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(folder.contents == before)
  }

  /// A row of nulls: what is wrong is told from the columns.
  private func nulls(_ sql: String) throws -> RowSource {
    let schema = try StructType(sql: sql)
    let columns = schema.fields.map { Column(nulls: 1, of: $0.type) }
    return RowSource([RecordBatch(schema: schema, columns: columns, rowCount: 1)])
  }

  @Test("What does not fit the table's schema, and changes that can't be", arguments: SchemaRefusal.all)
  func schemas(_ test: SchemaRefusal) async throws {
    let words = test.wordsOnProperties ?? test.words
    if case .create = test.wish {
      var create = CreateTable(try StructType(sql: test.sql).with(test.metadata))
      create.partitionColumns = test.partitions
      create.clusteringColumns = test.clustering
      create.properties = test.properties
      let wanted = create
      return try await expectRefusal(of: TableFolder(), test.code, words) { try await $0.create(wanted) }
    }
    try await expectRefusal(of: TableFolder(test.table()), test.code, words) { table in
      var write = WriteOptions()
      switch test.wish {
      case .write(let sql): try await table.append(nulls(sql))
      case .merge(let sql):
        write.schemaMode = .merge
        try await table.write(nulls(sql), write)
      case .overwrite(let sql, let partitions):
        (write.mode, write.schemaMode, write.partitionColumns) = (.overwrite, .overwrite, partitions)
        try await table.write(nulls(sql), write)
      case .change(let change): try await table.alter([change])
      case .create: break
      }
    }
  }

  private static let refusedRows = [
    RowRefusalTests.nulls, RowRefusalTests.checks, RowRefusalTests.values, RowRefusalTests.rules,
  ].flatMap { $0 }

  @Test(
    "Rows that break a rule, or have no place in their column, added and in place of all others", arguments: refusedRows
  )
  func rows(_ test: RowRefusal) async throws {
    let table = try TableDefinition(sql: test.sql, properties: test.properties, metadata: test.metadata)
    let schema = StructType(test.columns.map { StructField($0.0, $0.1.type) })
    let batch = RecordBatch(
      schema: schema, columns: test.columns.map(\.1), rowCount: test.columns.first?.1.count ?? 0)
    let folder = try TableFolder(table)
    try await expectRefusal(of: folder, test.code, test.words) { try await $0.append(RowSource([batch])) }
    try await expectRefusal(of: folder, test.code, test.words) { try await $0.overwrite(RowSource([batch])) }
  }

  @Test("The row, the rule and the value are told, wherever in the data it is", arguments: [0, 1, 40_000, 99_999])
  func rowNumbers(_ bad: Int) async throws {
    let table = try TableDefinition(
      sql: "id BIGINT NOT NULL, v INT", properties: ["delta.constraints.small": "v < 10"])
    var values = [Int32?](repeating: 1, count: 100_000)
    values[bad] = 77
    let ids = Column(longs: (0..<100_000).map(Int64.init))
    let schema = StructType([StructField("id", .long), StructField("v", .integer)])
    let whole = RecordBatch(schema: schema, columns: [ids, Column(integers: values)], rowCount: 100_000)
    let batches = stride(from: 0, to: 100_000, by: 30_000).map { whole.slice($0..<min($0 + 30_000, 100_000)) }
    try await expectRefusal(
      of: TableFolder(table), .constraintViolation,
      "Row \(bad + 1): the CHECK constraint `small` (v < 10) is not true for v = 77"
    ) { try await $0.append(RowSource(batches)) }
  }

  @Test("Of a text file the name, the row and the text are told, too")
  func textFiles() async throws {
    let source = try TableFolder()
    let file = source.path + "/rides.csv"
    for (text, words) in [
      ("id,v\n1,2\n2,x\n", "rides.csv: Row 2: the STRING 'x' of column `v` is no value of the table's INT"),
      ("id,v\n1,2\n,3\n", "rides.csv: Row 2: column `id` is NOT NULL"),
      ("id,v\n1,2\n2,3\n3,400\n", "rides.csv: Row 3: the CHECK constraint `small` (v < 10) is not true for v = 400"),
    ] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      let table = try TableDefinition(
        sql: "id BIGINT NOT NULL, v INT", properties: ["delta.constraints.small": "v < 10"])
      let code: DeltaError.Code = words.contains("no value") ? .schemaMismatch : .constraintViolation
      try await expectRefusal(of: TableFolder(table), code, words) { target in
        try await target.append(try await .csv([file], schema: try await target.snapshot().schema))
      }
    }
  }
}
