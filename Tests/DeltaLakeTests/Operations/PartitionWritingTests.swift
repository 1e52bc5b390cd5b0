import Columnar
import DeltaLog
import ObjectStorage
import Testing

@testable import DeltaLake

@Suite("Writing partitions")
struct PartitionWritingTests {
  /// An é of one character, and one of two: equal strings, and two values.
  static let composed = "\u{E9}"
  static let decomposed = "e\u{301}"

  @Test("Partition values that differ in their bytes alone are two partitions, and rows keep theirs")
  func bytes() async throws {
    let written = WrittenTable()
    let rows = RowSource([
      RecordBatch(
        schema: StructType([StructField("id", .long), StructField("day", .string)]),
        columns: [Column(longs: [1, 2, 3]), Column(strings: [Self.composed, Self.decomposed, Self.composed])],
        rowCount: 3)
    ])
    #expect(try await written.table.write(rows, WrittenTable.partitioned()).fileCount == 2)
    #expect(
      try await days(of: written) == [
        1: Array(Self.composed.utf8), 2: Array(Self.decomposed.utf8), 3: Array(Self.composed.utf8),
      ])

    let overwrite = WrittenTable.partitioned(.overwritePartitions)
    _ = try await written.table.write(WrittenTable.rows([4], day: Self.decomposed), overwrite)
    #expect(try await written.ids() == [1, 3, 4])
  }

  @Test("Zeros of both signs are two partitions, and all that is not a number is one")
  func floatingPoint() async throws {
    let written = WrittenTable()
    let values: [Double] = [0, -0.0, .nan, -Double.nan, 0]
    let rows = RowSource([
      RecordBatch(
        schema: StructType([StructField("id", .long), StructField("day", .double)]),
        columns: [Column(longs: [1, 2, 3, 4, 5]), Column(doubles: values)], rowCount: 5)
    ])
    #expect(try await written.table.write(rows, WrittenTable.partitioned()).fileCount == 3)
    let files = try await written.table.snapshot().files
    #expect(Set(files.map { $0.partitionValues["day"] ?? nil }) == ["0.0", "-0.0", "NaN"])
  }

  @Test("Dynamic overwriting finds a partition however another writer spells its value")
  func spellings() async throws {
    let written = WrittenTable()
    func rows(_ id: Int64, _ price: Int128?) -> RowSource {
      RowSource([
        RecordBatch(
          schema: StructType([StructField("id", .long), StructField("day", .decimal(precision: 5, scale: 2))]),
          columns: [Column(longs: [id]), Column(decimals: [price], precision: 5, scale: 2)], rowCount: 1)
      ])
    }
    _ = try await written.table.write(rows(1, 150), WrittenTable.partitioned())
    _ = try await written.table.write(rows(2, nil), WrittenTable.partitioned())
    _ = try await written.table.write(rows(3, 175), WrittenTable.partitioned())
    try await replace(#""day":"1.50""#, #""day":"1.5""#, in: 0, of: written)
    try await replace(#""day":null"#, #""day":"""#, in: 1, of: written)
    let overwrite = WrittenTable.partitioned(.overwritePartitions)
    _ = try await written.table.write(rows(4, 150), overwrite)
    #expect(try await written.ids() == [2, 3, 4])
    _ = try await written.table.write(rows(5, nil), overwrite)
    #expect(try await written.ids() == [3, 4, 5])
  }

  @Test("Partition columns that files hold, too, stand behind the others, in the table's order")
  func materialized() async throws {
    let schema = StructType(["p", "a", "q", "b"].map { StructField($0, .long) })
    var metadata = TableMetadata(
      id: "t", schemaString: try SchemaJSON.string(for: schema), partitionColumns: ["q", "p"])
    func names() throws -> [String] {
      let versions = ProtocolVersions(minReaderVersion: 1, minWriterVersion: 7, writerFeatures: [])
      return try DataFileLayout(metadata, versions, schema: schema).fileSchema.fields.map(\.name)
    }
    #expect(try names() == ["a", "b"])
    metadata.configuration = ["delta.enableMaterializePartitionColumnsFeature": "true"]
    #expect(try names() == ["a", "b", "q", "p"])
  }

  /// The bytes of each row's partition value.
  private func days(of written: WrittenTable) async throws -> [Int64: [UInt8]] {
    var found: [Int64: [UInt8]] = [:]
    for try await batch in try await written.table.snapshot().scan().batches() {
      for row in 0..<batch.rowCount {
        guard case .long(let id) = batch["id"]?.scalar(at: row), case .string(let day) = batch["day"]?.scalar(at: row)
        else { continue }
        found[id] = Array(day.utf8)
      }
    }
    return found
  }

  private func replace(_ old: String, _ new: String, in version: Version, of written: WrittenTable) async throws {
    let path = "_delta_log/" + LogFile.digits(version) + ".json"
    let text = String(decoding: try await written.store.read(path), as: UTF8.self)
    #expect(text.contains(old))
    _ = try await written.store.write(
      Array(text.replacing(old, with: new).utf8), to: path, .always, durability: .relaxed)
    try? await written.store.delete("_delta_log/" + LogFile.digits(version) + ".crc")
  }
}
