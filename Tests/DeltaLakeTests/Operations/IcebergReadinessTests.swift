import Columnar
import DeltaLog
import Foundation
import ObjectStorage
import Parquet
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Turning Iceberg compatibility on over files that are there")
struct IcebergReadinessTests {
  private struct Row: Encodable {
    var id: Int64
    var day = "monday"
    var at = Date(timeIntervalSince1970: 1_700_000_000)
    var seen = [Seen()]
    struct Seen: Encodable { var at = Date(timeIntervalSince1970: 1_600_000_000) }
  }

  private static let plainColumns = "id BIGINT, day STRING, at TIMESTAMP"
  private static let columns = plainColumns + ", seen ARRAY<STRUCT<at: TIMESTAMP>>"

  private static func schema(_ columns: String) throws -> Schema {
    StructType(try ColumnDefinition.parse(columns).map(StructField.init))
  }

  private static func source(_ ids: Range<Int64>, _ columns: String) throws -> RowSource {
    struct Plain: Encodable { var id: Int64; var day: String; var at: Date }
    let rows = ids.map { Row(id: $0) }
    let schema = try schema(columns)
    if columns == Self.columns { return try RowSource(rows: rows, schema: schema) }
    return try RowSource(rows: rows.map { Plain(id: $0.id, day: $0.day, at: $0.at) }, schema: schema)
  }

  private static func on(_ version: Int) -> SchemaChange {
    var properties = ["delta.columnMapping.mode": "name", "delta.enableIcebergCompatV\(version)": "true"]
    if version == 3 { properties["delta.enableRowTracking"] = "true" }
    return .setProperties(properties)
  }

  private static func off(_ version: Int) -> SchemaChange {
    .setProperties(["delta.enableIcebergCompatV\(version)": "false"])
  }

  /// A table with four rows that was compatible when they were written, and is not any more.
  private func prepared(
    _ version: Int, mode: String = "name", _ columns: String, partitionedBy partitions: [String] = [],
    rows: Range<Int64> = 0..<4
  ) async throws -> WrittenTable {
    let written = WrittenTable()
    var create = CreateTable(try Self.schema(columns))
    create.partitionColumns = partitions
    create.properties = ["delta.columnMapping.mode": mode, "delta.enableIcebergCompatV\(version)": "true"]
    if version == 3 { create.properties["delta.enableRowTracking"] = "true" }
    _ = try await written.table.create(create)
    if !rows.isEmpty { _ = try await written.table.append(Self.source(rows, columns)) }
    try await written.table.alter([Self.off(version)])
    return written
  }

  /// Puts files in the place of the table's that have no rows, but the same size and the schema as `change` makes it.
  private func rewriteSchemas(of written: WrittenTable, _ change: (inout SchemaElement) -> Void) async throws {
    for file in try await written.table.snapshot().files {
      let reference = try FileReference(decoding: file.path, in: written.table.location)
      let found = try await ParquetFile.open(ObjectByteSource(file: reference, knownSize: nil))
      var metadata = FileMetadata(schema: found.metadata.schema, rowCount: 0, rowGroups: [])
      for index in metadata.schema.indices.dropFirst() { change(&metadata.schema[index]) }
      var footer = ThriftWriter()
      footer.write(metadata)
      let length = withUnsafeBytes(of: UInt32(footer.bytes.count).littleEndian, Array.init)
      let end = footer.bytes + length + Array("PAR1".utf8)
      let start = Array("PAR1".utf8)
      try #require(found.size >= start.count + end.count)
      let bytes = start + Array(repeating: 0, count: found.size - start.count - end.count) + end
      _ = try await written.store.write(bytes, to: reference.path, .always, durability: .relaxed)
    }
  }

  private func refusal(_ change: SchemaChange, _ written: WrittenTable) async throws -> String {
    let error = await #expect(throws: DeltaError.self) { try await written.table.alter([change]) }
    #expect(error?.code == .operationRefused)
    let path = try #require(try await written.table.snapshot().files.first?.path)
    #expect(error?.path == path && error?.message.contains(path) == true)
    #expect(error?.message.contains("Overwrite the table without rows") == true)
    return error?.message ?? ""
  }

  private static func onById(_ version: Int) -> SchemaChange {
    guard case .setProperties(var properties) = on(version) else { return on(version) }
    properties["delta.columnMapping.mode"] = "id"
    return .setProperties(properties)
  }

  // MARK: Columns by id

  @Test("Where columns go by id, files may call them as they like", arguments: 1...3)
  func namesByFieldId(_ version: Int) async throws {
    let columns = version == 1 ? Self.plainColumns : Self.columns
    let written = try await prepared(version, mode: "id", columns, partitionedBy: ["day"])
    try await rewriteSchemas(of: written) { $0.name = "other_" + $0.name }
    try await written.table.alter([Self.onById(version)])
    #expect(try await written.table.snapshot().metadata.isTrue("delta.enableIcebergCompatV\(version)"))
    // By name they are not there.
    let named = try await prepared(version, columns, partitionedBy: ["day"])
    try await rewriteSchemas(of: named) { $0.name = "other_" + $0.name }
    #expect(try await refusal(Self.on(version), named).contains("lacks the partition column"))
  }

  @Test("Where columns go by id, one without an id stands in the way, nested or not", arguments: [2, 3])
  func columnsWithoutFieldId(_ version: Int) async throws {
    let first = try await prepared(version, mode: "id", Self.columns)
    let id = try #require(try await first.table.snapshot().columnMapping().physicalName(of: "id"))
    try await rewriteSchemas(of: first) { if $0.name == id { $0.fieldID = nil } }
    #expect(try await refusal(Self.onById(version), first).contains("lacks the field id of '\(id)'"))
    let nested = try await prepared(version, mode: "id", Self.columns)
    try await rewriteSchemas(of: nested) {
      $0.name = "other_" + $0.name
      if $0.name == "other_element" { $0.fieldID = nil }
    }
    let seen = try #require(try await nested.table.snapshot().columnMapping().physicalName(of: "seen"))
    #expect(try await refusal(Self.onById(version), nested).contains("lacks the field id of '\(seen).element'"))
  }

  @Test("Hidden columns may have the ids that version 3 gave them")
  func hiddenIds() async throws {
    let written = WrittenTable()
    var create = CreateTable(try Self.schema(Self.columns))
    create.properties = [
      "delta.columnMapping.mode": "name", "delta.enableIcebergCompatV3": "true", "delta.enableRowTracking": "true",
    ]
    _ = try await written.table.create(create)
    _ = try await written.table.append(Self.source(0..<4, Self.columns))
    _ = try await written.table.overwrite(
      Self.source(0..<0, Self.columns), where: ColumnPredicate(parsing: "id = 0"))
    let file = try #require(try await written.table.snapshot().files.first)
    let reference = try FileReference(decoding: file.path, in: written.table.location)
    let fields = try await ParquetFile.open(ObjectByteSource(file: reference, knownSize: nil)).schema.fields
    #expect(fields.contains { $0.fieldID == 2_147_483_540 }, "rows have been copied with their ids")
    try await written.table.alter([
      .setProperties(["delta.enableIcebergCompatV3": "false", "delta.enableIcebergCompatV2": "true"])
    ])
    #expect(try await written.table.snapshot().metadata.isTrue("delta.enableIcebergCompatV2"))
    #expect(try await written.ids() == [1, 2, 3])
  }

  // MARK: Timestamps

  private func makeTimestampsLong(_ element: inout SchemaElement) {
    guard case .timestamp? = element.logicalType else { return }
    element.physicalType = .int96
    element.logicalType = nil
    element.convertedType = nil
  }

  @Test("Timestamps of 96 bits stand in the way of versions 2 and 3, at any depth", arguments: [2, 3])
  func longTimestamps(_ version: Int) async throws {
    let plain = try await prepared(version, Self.plainColumns)
    let at = try #require(try await plain.table.snapshot().columnMapping().physicalName(of: "at"))
    try await rewriteSchemas(of: plain, makeTimestampsLong)
    #expect(try await refusal(Self.on(version), plain).contains("has timestamps of 96 bits in '\(at)'"))
    // Columns that the table has not any more are no matter.
    try await plain.table.alter([.dropColumns([ColumnPath("at")])])
    try await plain.table.alter([Self.on(version)])

    let nested = try await prepared(version, Self.columns)
    let mapping = try await nested.table.snapshot().columnMapping()
    let top = try #require(mapping.physicalName(of: "at"))
    let seen = try #require(mapping.physicalName(of: "seen"))
    try await rewriteSchemas(of: nested) { if $0.name != top { makeTimestampsLong(&$0) } }
    #expect(try await refusal(Self.on(version), nested).contains("has timestamps of 96 bits in '\(seen).element."))
  }

  @Test("Version 1 says nothing of how timestamps are stored")
  func longTimestampsOfVersion1() async throws {
    let written = try await prepared(1, Self.plainColumns, partitionedBy: ["day"])
    try await rewriteSchemas(of: written, makeTimestampsLong)
    try await written.table.alter([Self.on(1)])
    #expect(try await written.table.snapshot().metadata.isTrue("delta.enableIcebergCompatV1"))
  }

  // MARK: Races

  @Test("An append that was prepared before is not put behind it", arguments: 1...3, [false, true])
  func losingAppend(_ version: Int, _ hasFiles: Bool) async throws {
    let written = try await prepared(version, Self.plainColumns, rows: hasFiles ? 0..<4 : 0..<0)
    let store = InterruptedStore(written.store) { try await written.table.alter([Self.on(version)]) }
    let error = try await #require(throws: DeltaError.self) {
      try await DeltaTable(store: store).append(Self.source(4..<6, Self.plainColumns))
    }
    #expect(error.code == .conflict && error.message.contains("delta.enableIcebergCompatV\(version)"))
    #expect(try await written.ids() == (hasFiles ? [0, 1, 2, 3] : []))
  }

  @Test("It is not turned on over files that came meanwhile", arguments: 1...3, [false, true])
  func losingChange(_ version: Int, _ hasFiles: Bool) async throws {
    let written = try await prepared(version, Self.plainColumns, rows: hasFiles ? 0..<4 : 0..<0)
    let store = InterruptedStore(written.store) {
      _ = try await written.table.append(Self.source(4..<6, Self.plainColumns))
    }
    let error = try await #require(throws: DeltaError.self) {
      try await DeltaTable(store: store).alter([Self.on(version)])
    }
    #expect(error.code == .conflict && error.message.contains("all files"))
    #expect(try await !written.table.snapshot().metadata.isTrue("delta.enableIcebergCompatV\(version)"))
    #expect(try await written.ids() == (hasFiles ? [0, 1, 2, 3, 4, 5] : [4, 5]))
  }
}
