import Columnar
import DeltaLog
import Foundation
import ObjectStorage
import Parquet
import Testing

@testable import DeltaLake

@Suite("Writing tables that are compatible with Iceberg")
struct IcebergWritingTests {
  private struct Row: Encodable {
    var id: Int64
    var day: String
    var at = Date(timeIntervalSince1970: 1_700_000_000)
    var tags: [[Int32]] = [[1, 2], []]
    var places = ["home": Place(x: [1])]
    struct Place: Encodable { var x: [Int64] }
  }

  private static let columns =
    "day STRING, id BIGINT, at TIMESTAMP, tags ARRAY<ARRAY<INT>>, places MAP<STRING, STRUCT<x: ARRAY<BIGINT>>>"
  private static let plainColumns = "day STRING, id BIGINT, at TIMESTAMP"

  private static func properties(_ version: Int, mode: String = "name") -> [String: String] {
    var properties = ["delta.enableIcebergCompatV\(version)": "true", "delta.columnMapping.mode": mode]
    if version == 3 { properties["delta.enableRowTracking"] = "true" }
    return properties
  }

  private func created(
    _ columns: String, _ properties: [String: String], partitionedBy partitions: [String] = ["day"]
  ) async throws -> WrittenTable {
    let written = WrittenTable()
    var create = CreateTable(try Self.schema(columns))
    create.properties = properties
    create.partitionColumns = partitions
    _ = try await written.table.create(create)
    return written
  }

  private static func schema(_ columns: String) throws -> Schema {
    StructType(try ColumnDefinition.parse(columns).map(StructField.init))
  }

  private func source(_ ids: Range<Int64>, _ columns: String = columns) throws -> RowSource {
    let rows = ids.map { Row(id: $0, day: $0 % 2 == 0 ? "even" : "odd") }
    guard columns == Self.columns else {
      struct Plain: Encodable { var id: Int64; var day: String; var at: Date }
      return try RowSource(
        rows: rows.map { Plain(id: $0.id, day: $0.day, at: $0.at) }, schema: Self.schema(columns))
    }
    return try RowSource(rows: rows, schema: Self.schema(columns))
  }

  /// The ids of the fields that the schema says to have, by name or path; of hidden columns, too.
  private func wantedIds(_ snapshot: Snapshot) throws -> Set<Int64> {
    var ids: Set<Int64> = []
    try snapshot.schema.forEachField { field, _ in
      if let id = field.metadata[ColumnMapping.idKey]?.longValue { ids.insert(id) }
      for id in (field.metadata[ColumnMapping.nestedIdsKey]?.objectValue ?? [:]).values {
        if let id = id.longValue { ids.insert(id) }
      }
    }
    return ids
  }

  private func footers(_ written: WrittenTable) async throws -> [ParquetSchema] {
    var found: [ParquetSchema] = []
    for file in try await written.table.snapshot().files {
      let reference = try FileReference(decoding: file.path, in: written.table.location)
      found.append(try await ParquetFile.open(ObjectByteSource(file: reference, knownSize: nil)).schema)
    }
    return found
  }

  private static func ids(_ node: SchemaNode) -> Set<Int64> {
    node.children.reduce(into: Set(node.element.fieldID.map { [Int64($0)] } ?? [])) { $0.formUnion(ids($1)) }
  }

  @Test(
    "Copied rows keep their ids in hidden columns with Iceberg's ids; all that is nested has its own",
    arguments: ["name", "id"])
  func version3(mode: String) async throws {
    let properties = Self.properties(3, mode: mode).merging(["delta.dataSkippingNumIndexedCols": "0"]) { $1 }
    let written = try await created(Self.columns, properties)
    _ = try await written.table.append(source(0..<10))
    let before = try await written.tracking()
    _ = try await written.table.overwrite(source(0..<2), where: ColumnPredicate(parsing: "id IN (0, 1)"))
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.protocol.supports("icebergCompatV3"))
    let configuration = snapshot.metadata.configuration
    let rowId = try #require(configuration[RowTracking.rowIdProperty])
    let commitVersion = try #require(configuration[RowTracking.rowCommitVersionProperty])
    let day = try #require(try snapshot.columnMapping().physicalName(of: "day"))
    let at = try #require(try snapshot.columnMapping().physicalName(of: "at"))
    let wanted = try wantedIds(snapshot)
    // Five columns, x in the map, and tags.element(.element), places.key and .value, x.element.
    #expect(wanted.count == 11)
    var hiddenCount = 0
    for schema in try await footers(written) {
      let top = Dictionary(uniqueKeysWithValues: schema.fields.map { ($0.name, $0) })
      #expect(top[day] != nil)
      #expect(top[at]?.type == .timestamp() && schema.leaves.allSatisfy { $0.physicalType != .int96 })
      var ids = Self.ids(schema.root)
      if top[rowId] != nil {
        hiddenCount += 1
        #expect(top[rowId]?.fieldID == 2_147_483_540 && top[commitVersion]?.fieldID == 2_147_483_539)
        #expect(schema.fields.last?.name == day, "hidden columns, too, stand before partition columns")
        ids.subtract([2_147_483_540, 2_147_483_539])
      }
      #expect(ids == wanted)
    }
    #expect(hiddenCount == 2, "of each partition the rows that stayed")
    let counts = try await snapshot.statistics(of: snapshot.files).map(\.numRecords)
    #expect(counts.count == 4 && !counts.contains(nil))
    let after = try await written.tracking()
    #expect(after.intersection(before).count == 8, "rows that stayed have their ids and versions")
    #expect(try await written.ids() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  }

  @Test("Without version 3 hidden columns have no ids, and partition columns stay last")
  func version1() async throws {
    let properties = Self.properties(1).merging(["delta.enableRowTracking": "true"]) { $1 }
    let written = try await created(Self.plainColumns, properties)
    _ = try await written.table.append(source(0..<4, Self.plainColumns))
    _ = try await written.table.overwrite(
      source(4..<4, Self.plainColumns), where: ColumnPredicate(parsing: "id IN (0, 1)"))
    let snapshot = try await written.table.snapshot()
    let rowId = try #require(snapshot.metadata.configuration[RowTracking.rowIdProperty])
    let day = try #require(try snapshot.columnMapping().physicalName(of: "day"))
    let schemas = try await footers(written)
    #expect(schemas.count == 2)
    for schema in schemas {
      #expect(schema.fields.last?.name == day)
      #expect(schema.fields.contains { $0.name == rowId && $0.fieldID == nil })
    }
    #expect(try await written.ids() == [2, 3])
  }

  // MARK: What is refused

  @Test("A table that is partitioned can't be replaced by one with other partition columns", arguments: 1...3)
  func partitioning(_ version: Int) async throws {
    let written = try await created(Self.plainColumns, Self.properties(version))
    _ = try await written.table.append(source(0..<4, Self.plainColumns))
    var options = WriteOptions()
    options.mode = .overwrite
    options.schemaMode = .overwrite
    for columns in [["id"], [], ["day", "id"]] {
      options.partitionColumns = columns
      let error = await #expect(throws: DeltaError.self) {
        try await written.table.write(source(0..<2, Self.plainColumns), options)
      }
      #expect(error?.code == .operationRefused)
      #expect(error?.message.contains("partitioned by day, and Iceberg compatibility V\(version)") == true)
    }
    // Of another type it may be, and under another name once the compatibility is off.
    let other = try RowSource(rows: [["day": 1, "id": 7]], schema: Self.schema("day INT, id BIGINT"))
    options.partitionColumns = ["day"]
    _ = try await written.table.write(other, options)
    #expect(try await written.table.snapshot().schema["day"]?.type == .integer)
    for (type, columns) in [("STRING", ["DAY"]), ("BIGINT", ["Day"]), ("STRING", nil)] {
      options.partitionColumns = columns
      let name = columns?[0] ?? "dAY"
      let source = try RowSource([
        RecordBatch(
          schema: Self.schema("\(name) \(type), id BIGINT"),
          columns: [type == "STRING" ? Column(strings: ["a"]) : Column(longs: [1]), Column(longs: [7])], rowCount: 1)
      ])
      _ = try await written.table.write(source, options)
      #expect(try await written.table.snapshot().metadata.partitionColumns == [name])
    }
    try await written.table.alter([.setProperties(["delta.enableIcebergCompatV\(version)": "false"])])
    options.partitionColumns = ["id"]
    _ = try await written.table.write(other, options)
    #expect(try await written.table.snapshot().metadata.partitionColumns == ["id"])
    #expect(try await written.ids() == [7])
  }

  @Test("Restoring takes a partition column for what it is under another name or of another type", arguments: 1...3)
  func restoringPartitioning(_ version: Int) async throws {
    let written = try await created(Self.plainColumns, Self.properties(version))
    _ = try await written.table.append(source(0..<4, Self.plainColumns))
    try await written.table.alter([.renameColumn(ColumnPath("day"), to: "weekday")])
    #expect(try await written.table.snapshot().metadata.partitionColumns == ["weekday"])
    _ = try await written.table.restore(to: .version(1))
    #expect(try await written.table.snapshot().metadata.partitionColumns == ["day"])
    _ = try await written.table.restore(to: .version(2))
    #expect(try await written.table.snapshot().metadata.partitionColumns == ["weekday"])
    #expect(try await written.ids() == [0, 1, 2, 3])
    // Another column of the same name.
    var options = WriteOptions()
    options.mode = .overwrite
    options.schemaMode = .overwrite
    let other = try RowSource(rows: [["Weekday": 1, "id": 7]], schema: Self.schema("Weekday INT, id BIGINT"))
    _ = try await written.table.write(other, options)
    _ = try await written.table.restore(to: .version(2))
    #expect(try await written.table.snapshot().schema["weekday"]?.type == .string)
    // Another column.
    try await written.table.alter([.setProperties(["delta.enableIcebergCompatV\(version)": "false"])])
    options.partitionColumns = ["id"]
    _ = try await written.table.write(other, options)
    for past: Version in [1, 2] {
      let error = await #expect(throws: DeltaError.self) { try await written.table.restore(to: .version(past)) }
      #expect(error?.code == .operationRefused)
      #expect(error?.message.contains("partitioned by id, and Iceberg compatibility V\(version)") == true)
    }
  }

  @Test("Columns that Iceberg has not are refused when rows bring them", arguments: 1...3)
  func columnsOfRows(_ version: Int) async throws {
    let written = try await created(Self.plainColumns, Self.properties(version))
    _ = try await written.table.append(source(0..<4, Self.plainColumns))
    let variant = ["delta.feature.variantType": "supported"]
    try await written.table.alter([.setProperties(variant)])
    let before = try await written.table.snapshot().version
    let void = DataType.struct(StructType([StructField("y", .null)]))
    let array = DataType.array(ArrayType(.integer))
    let map = DataType.map(MapType(key: .string, value: .long))
    let wanted: [(DataType, String?)] = [
      (.null, "VOID, as 'x' is"), (void, "VOID, as 'x.y' is"), (array, version == 1 ? "ARRAY, as 'x' is" : nil),
      (map, version == 1 ? "MAP, as 'x' is" : nil), (.variant, version == 2 ? "VARIANT, as 'x' is" : nil),
    ]
    for (type, reason) in wanted {
      let rows = RecordBatch(
        schema: StructType([StructField("id", .long), StructField("day", .string), StructField("x", type)]),
        columns: [Column(longs: [7]), Column(strings: ["even"]), Column(nulls: 1, of: type)], rowCount: 1)
      for mode in [WriteOptions.SchemaMode.merge, .overwrite] {
        var options = WriteOptions()
        options.schemaMode = mode
        options.mode = mode == .overwrite ? .overwrite : .append
        let hint: Comment = "\(type), \(mode)"
        if let reason {
          let error = await #expect(throws: DeltaError.self, hint) {
            try await written.table.write(RowSource([rows]), options)
          }
          #expect(error?.code == .operationRefused, hint)
          let told = "Iceberg compatibility V\(version) excludes columns of type \(reason)"
          #expect(error?.message.contains(told) == true, "\(hint): \(error?.message ?? "")")
          #expect(try await written.table.snapshot().schema["x"] == nil, hint)
        } else {
          _ = try await written.table.write(RowSource([rows]), options)
          #expect(try await written.table.snapshot().schema["x"]?.type == type, hint)
          _ = try await written.table.restore(to: .version(before))
        }
      }
    }
    #expect(try await written.ids() == [0, 1, 2, 3])
  }

  @Test("Columns that Iceberg has not are refused when they come, by whatever way")
  func columnsThatCome() async throws {
    let written = try await created(Self.plainColumns, Self.properties(3))
    func refused(_ reason: String, _ body: () async throws -> Void) async {
      let error = await #expect(throws: DeltaError.self) { try await body() }
      #expect(error?.code == .operationRefused && error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }
    await refused("excludes columns of type VOID, as 'nothing' is") {
      _ = try await written.table.alter([.addColumns([AddedColumn(StructField("nothing", .null))])])
    }
    await refused("excludes the default of column 'at', which is no literal: current_timestamp()") {
      _ = try await written.table.alter([
        .setProperties(["delta.feature.allowColumnDefaults": "supported"]),
        .setDefault(ColumnPath("at"), "current_timestamp()"),
      ])
    }
    await refused("excludes the default of column 'at'") {
      _ = try await created(
        "id BIGINT, at TIMESTAMP DEFAULT current_timestamp()", Self.properties(3), partitionedBy: [])
    }
    await refused("V3 needs delta.enableRowTracking = true") {
      _ = try await written.table.alter([.setProperties(["delta.enableRowTracking": "false"])])
    }
    await refused("V1 excludes columns of type ARRAY, as 'tags' is") {
      _ = try await created(Self.columns, Self.properties(1))
    }
    await refused("only one version") {
      _ = try await written.table.alter([.setProperties(["delta.enableIcebergCompatV2": "true"])])
    }
    try await written.table.alter([.setDefault(ColumnPath("id"), "7")])
  }

  // MARK: Turning it on

  private func turnOn(_ version: Int, _ written: WrittenTable) async throws {
    try await written.table.alter([.setProperties(Self.properties(version))])
  }

  private func refusal(_ version: Int, _ written: WrittenTable) async -> String {
    let error = await #expect(throws: DeltaError.self) { try await turnOn(version, written) }
    #expect(error?.code == .operationRefused)
    return error?.message ?? ""
  }

  @Test("It is turned on where the files have the partition columns", arguments: 1...3)
  func enabling(_ version: Int) async throws {
    let mapped = ["delta.columnMapping.mode": "name"]
    let written = try await created(Self.plainColumns, mapped)
    _ = try await written.table.append(source(0..<4, Self.plainColumns))
    #expect(await refusal(version, written).contains("lacks the partition column"))
    _ = try await written.table.overwrite(source(0..<0, Self.plainColumns))
    try await turnOn(version, written)
    _ = try await written.table.append(source(0..<4, Self.plainColumns))
    #expect(try await written.ids() == [0, 1, 2, 3])

    let prepared = try await created(
      Self.plainColumns, mapped.merging(["delta.enableMaterializePartitionColumnsFeature": "true"]) { $1 })
    _ = try await prepared.table.append(source(0..<4, Self.plainColumns))
    try await turnOn(version, prepared)
    #expect(try await prepared.ids() == [0, 1, 2, 3])
    try await prepared.table.alter([.setProperties(["delta.enableIcebergCompatV\(version)": "false"])])
    let commit = try #require(try await prepared.table.alter([.dropFeature("icebergCompatV\(version)")]))
    #expect(!commit.snapshot.protocol.supports("icebergCompatV\(version)"))
    #expect(try await prepared.ids() == [0, 1, 2, 3])
  }

  @Test(
    "Files without ids of elements, keys and values stand in the way; ids that are there do not", arguments: [2, 3])
  func nestedIds(_ version: Int) async throws {
    let mapped = ["delta.columnMapping.mode": "name"]
    let written = try await created(Self.columns, mapped, partitionedBy: [])
    _ = try await written.table.append(source(0..<4))
    let told = await refusal(version, written)
    #expect(told.contains("lacks the field id of") && told.contains(".element'"), "\(told)")
    _ = try await written.table.overwrite(source(0..<0))
    try await turnOn(version, written)
    _ = try await written.table.append(source(0..<4))
    // Off and on again.
    try await written.table.alter([.setProperties(["delta.enableIcebergCompatV\(version)": "false"])])
    try await turnOn(version, written)
    #expect(try await written.ids() == [0, 1, 2, 3])
    // Files from before column mapping have no ids at all.
    let old = try await created(Self.plainColumns, [:], partitionedBy: [])
    _ = try await old.table.append(source(0..<1, Self.plainColumns))
    #expect(await refusal(version, old).contains("lacks the field id of 'day'"))
  }

  @Test("From version 2 to 3 it goes in one step, unless rows have been copied with their ids")
  func upgrading() async throws {
    let change = SchemaChange.setProperties(Self.properties(3).merging(["delta.enableIcebergCompatV2": "false"]) { $1 })
    let written = try await created(Self.columns, Self.properties(2))
    _ = try await written.table.append(source(0..<4))
    try await written.table.alter([change])
    #expect(try await written.table.snapshot().metadata.isTrue("delta.enableIcebergCompatV3"))
    _ = try await written.table.append(source(4..<6))
    #expect(try await written.ids() == [0, 1, 2, 3, 4, 5])

    let properties = Self.properties(2).merging(["delta.enableRowTracking": "true"]) { $1 }
    let tracked = try await created(Self.columns, properties)
    _ = try await tracked.table.append(source(0..<4))
    _ = try await tracked.table.overwrite(source(4..<4), where: ColumnPredicate(parsing: "id = 0"))
    let rowId = try #require(try await tracked.table.snapshot().rowTracking?.materializedRowIdName)
    let error = await #expect(throws: DeltaError.self) { try await tracked.table.alter([change]) }
    #expect(error?.message.contains("lacks the field id of '\(rowId)'") == true)
  }

  @Test("Deletion vectors that there are stand in the way of version 2, not of 3")
  func deletionVectors() async throws {
    let properties = [
      "delta.columnMapping.mode": "name", "delta.enableDeletionVectors": "true",
      "delta.enableMaterializePartitionColumnsFeature": "true",
    ]
    let written = try await created(Self.plainColumns, properties)
    _ = try await written.table.append(source(0..<4, Self.plainColumns))
    _ = try await written.table.overwrite(
      source(0..<0, Self.plainColumns), where: ColumnPredicate(parsing: "id = 0"))
    try await written.table.alter([.setProperties(["delta.enableDeletionVectors": "false"])])
    #expect(await refusal(2, written).contains("has a deletion vector"))
    try await turnOn(3, written)
    #expect(try await written.ids() == [1, 2, 3])
  }

  @Test("Files whose rows were never counted stand in the way")
  func recordCounts() async throws {
    let written = try await created(Self.plainColumns, ["delta.columnMapping.mode": "name"], partitionedBy: [])
    _ = try await written.table.append(source(0..<4, Self.plainColumns))
    let path = "_delta_log/" + LogFile.commitName(1)
    let text = String(decoding: try await written.store.read(path), as: UTF8.self)
    let uncounted = text.replacing(#"\"numRecords\":4,"#, with: "")
    #expect(uncounted != text)
    _ = try await written.store.write(Array(uncounted.utf8), to: path, .always, durability: .relaxed)
    try? await written.store.delete("_delta_log/" + LogFile.digits(1) + ".crc")
    #expect(await refusal(2, written).contains("has no number of records"))
  }

  @Test("A version that was compatible is not restored where the protocol rules it out by now")
  func restoring() async throws {
    let written = try await created(Self.plainColumns, Self.properties(1))
    _ = try await written.table.append(source(0..<4, Self.plainColumns))
    try await written.table.alter([.setProperties(["delta.enableIcebergCompatV1": "false"])])
    _ = try await written.table.append(source(4..<6, Self.plainColumns))
    _ = try await written.table.restore(to: .version(1))
    #expect(try await written.ids() == [0, 1, 2, 3])
    try await written.table.alter([
      .setProperties(["delta.enableIcebergCompatV1": "false", "delta.enableDeletionVectors": "true"])
    ])
    let error = await #expect(throws: DeltaError.self) { try await written.table.restore(to: .version(1)) }
    #expect(error?.code == .operationRefused)
    #expect(error?.message.contains("V1 excludes the feature 'deletionVectors'") == true)
  }
}
