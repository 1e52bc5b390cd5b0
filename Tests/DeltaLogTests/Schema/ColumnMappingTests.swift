import Columnar
import DeltaLog
import Testing

@Suite("Column mapping")
struct ColumnMappingTests {
  static func mapped(_ name: String, _ type: DataType, physical: String, id: Int64?) -> StructField {
    var metadata: [String: MetadataValue] = ["delta.columnMapping.physicalName": .string(physical), "comment": .null]
    metadata["delta.columnMapping.id"] = id.map(MetadataValue.long)
    return StructField(name, type, metadata: metadata)
  }

  static let schema = StructType([
    mapped("a", .long, physical: "col-1", id: 1),
    mapped(
      "b",
      .struct(
        StructType([
          mapped(
            "c",
            .array(
              ArrayType(
                .struct(
                  StructType([
                    mapped("d", .string, physical: "col-4", id: 4)
                  ])))), physical: "col-3", id: 3)
        ])), physical: "col-2", id: 2),
    mapped(
      "m", .map(MapType(key: .string, value: .struct(StructType([mapped("e", .date, physical: "col-6", id: 6)])))),
      physical: "col-5", id: 5),
  ])

  @Test("Names map at every depth, in both modes", arguments: [ColumnMapping.Mode.name, .id])
  func physicalSchema(mode: ColumnMapping.Mode) throws {
    let mapping = try ColumnMapping(schema: Self.schema, mode: mode)
    func field(_ name: String, _ type: DataType, _ id: Int64) -> StructField {
      StructField(name, type, metadata: ["parquet.field.id": .long(id)])
    }
    #expect(
      mapping.physicalSchema
        == StructType([
          field("col-1", .long, 1),
          field(
            "col-2",
            .struct(
              StructType([
                field("col-3", .array(ArrayType(.struct(StructType([field("col-4", .string, 4)])))), 3)
              ])), 2),
          field("col-5", .map(MapType(key: .string, value: .struct(StructType([field("col-6", .date, 6)])))), 5),
        ]))
    #expect(mapping.physicalPath(of: ColumnPath(["b", "c"])) == ColumnPath(["col-2", "col-3"]))
    #expect(mapping.logicalPath(of: ColumnPath(["col-2", "col-3"])) == ColumnPath(["b", "c"]))
    #expect(mapping.physicalPath(of: ColumnPath(["b", "x"])) == nil)
    #expect(mapping.physicalPath(of: ColumnPath(["a", "x"])) == nil)
    #expect(mapping.physicalName(of: "m") == "col-5")
  }

  @Test("Without mapping, names are as they are, whatever the metadata says")
  func none() throws {
    let mapping = try ColumnMapping(schema: Self.schema, mode: .none)
    #expect(mapping.physicalSchema.fields.map(\.name) == ["a", "b", "m"])
    #expect(mapping.physicalPath(of: ColumnPath(["b", "c"])) == ColumnPath(["b", "c"]))
  }

  @Test("The property counts only when the protocol supports the feature")
  func modes() throws {
    var metadata = TableMetadata(id: "x", schemaString: "")
    metadata.configuration["delta.columnMapping.mode"] = "name"
    func mode(_ reader: Int32, _ features: [String]?) throws -> ColumnMapping.Mode {
      try ColumnMapping.mode(
        of: metadata,
        protocol: ProtocolVersions(minReaderVersion: reader, minWriterVersion: 7, readerFeatures: features))
    }
    #expect(try mode(1, nil) == .none)
    #expect(try mode(2, nil) == .name)
    #expect(try mode(3, ["columnMapping"]) == .name)
    #expect(try mode(3, ["deletionVectors"]) == .none)
    metadata.configuration["delta.columnMapping.mode"] = "nonsense"
    #expect(throws: DeltaError.self) { try mode(2, nil) }
    metadata.configuration["delta.columnMapping.mode"] = nil
    #expect(try mode(2, nil) == .none)
  }

  @Test("A missing or shared name or id is a corrupt log")
  func broken() {
    func fails(_ fields: [StructField], _ mode: ColumnMapping.Mode) {
      let error = #expect(throws: DeltaError.self) { try ColumnMapping(schema: StructType(fields), mode: mode) }
      #expect(error?.code == .corruptLog)
    }
    fails([StructField("a", .long)], .name)
    fails([Self.mapped("a", .long, physical: "x", id: nil)], .id)
    fails([Self.mapped("a", .long, physical: "x", id: -1)], .id)
    fails([Self.mapped("a", .long, physical: "x", id: 1), Self.mapped("b", .long, physical: "x", id: 2)], .name)
    fails([Self.mapped("a", .long, physical: "x", id: 1), Self.mapped("b", .long, physical: "y", id: 1)], .id)
  }

  @Test("A batch read under physical names gets the logical ones at every depth")
  func relabeling() throws {
    let mapping = try ColumnMapping(schema: Self.schema, mode: .name)
    let columns = mapping.physicalSchema.fields.map { Column(nulls: 3, of: $0.type) }
    let batch = RecordBatch(schema: mapping.physicalSchema, columns: columns, rowCount: 3)
    let logical = try #require(batch.relabeled(as: mapping.logicalSchema))
    #expect(logical.columns.map(\.type) == Self.schema.fields.map(\.type))
    #expect(logical.columns.map(\.nullCount) == [3, 3, 3])
    #expect(batch.relabeled(as: StructType([StructField("a", .long)])) == nil)
    #expect(batch.columns[0].relabeled(as: .string) == nil)
  }
}
