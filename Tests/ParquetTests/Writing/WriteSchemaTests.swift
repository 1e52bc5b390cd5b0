import Columnar
import Testing

@testable import Parquet

@Suite("Schemas as files store them")
struct WriteSchemaTests {
  private func elements(_ type: DataType, isNullable: Bool = true) throws -> [SchemaElement] {
    try WriteSchema(StructType([StructField("a", type, isNullable: isNullable)])).elements
  }

  static let flat: [(DataType, PhysicalType, Int32?, LogicalType?, ConvertedType?)] = [
    (.boolean, .boolean, nil, nil, nil),
    (.byte, .int32, nil, .integer(bitWidth: 8, isSigned: true), .int8),
    (.short, .int32, nil, .integer(bitWidth: 16, isSigned: true), .int16),
    (.integer, .int32, nil, nil, nil), (.long, .int64, nil, nil, nil),
    (.unsignedByte, .int32, nil, .integer(bitWidth: 8, isSigned: false), .uint8),
    (.unsignedShort, .int32, nil, .integer(bitWidth: 16, isSigned: false), .uint16),
    (.unsignedInteger, .int32, nil, .integer(bitWidth: 32, isSigned: false), .uint32),
    (.unsignedLong, .int64, nil, .integer(bitWidth: 64, isSigned: false), .uint64),
    (.float16, .fixedLengthByteArray, 2, .float16, nil), (.float, .float, nil, nil, nil),
    (.double, .double, nil, nil, nil),
    (.decimal(precision: 9, scale: 2), .int32, nil, .decimal(precision: 9, scale: 2), .decimal),
    (.decimal(precision: 10, scale: 0), .int64, nil, .decimal(precision: 10, scale: 0), .decimal),
    (.decimal(precision: 18, scale: 18), .int64, nil, .decimal(precision: 18, scale: 18), .decimal),
    (.decimal(precision: 19, scale: 2), .fixedLengthByteArray, 9, .decimal(precision: 19, scale: 2), .decimal),
    (.decimal(precision: 38, scale: 2), .fixedLengthByteArray, 16, .decimal(precision: 38, scale: 2), .decimal),
    (.decimal(precision: 50, scale: 2), .byteArray, nil, .decimal(precision: 50, scale: 2), .decimal),
    (.string, .byteArray, nil, .string, .utf8), (.binary, .byteArray, nil, nil, nil),
    (.fixedBinary(length: 5), .fixedLengthByteArray, 5, nil, nil), (.date, .int32, nil, .date, .date),
    (.time(.milliseconds), .int32, nil, .time(isAdjustedToUTC: false, unit: .milliseconds), .timeMillis),
    (.time(.microseconds), .int64, nil, .time(isAdjustedToUTC: false, unit: .microseconds), .timeMicros),
    (.time(.nanoseconds), .int64, nil, .time(isAdjustedToUTC: false, unit: .nanoseconds), nil),
    (
      .timestamp(.milliseconds), .int64, nil, .timestamp(isAdjustedToUTC: true, unit: .milliseconds), .timestampMillis
    ),
    (
      .timestamp(.microseconds), .int64, nil, .timestamp(isAdjustedToUTC: true, unit: .microseconds), .timestampMicros
    ),
    (.timestamp(.nanoseconds), .int64, nil, .timestamp(isAdjustedToUTC: true, unit: .nanoseconds), nil),
    (
      .timestampNtz(.microseconds), .int64, nil, .timestamp(isAdjustedToUTC: false, unit: .microseconds),
      .timestampMicros
    ),
    (.int96, .int64, nil, .timestamp(isAdjustedToUTC: false, unit: .nanoseconds), nil),
    (.interval, .fixedLengthByteArray, 12, nil, .interval), (.uuid, .fixedLengthByteArray, 16, .uuid, nil),
    (.null, .int32, nil, .unknown, nil),
  ]

  @Test("Each type has a physical type and annotations, old ones where there are", arguments: flat.indices)
  func leaves(_ index: Int) throws {
    let (type, physicalType, length, logicalType, convertedType) = Self.flat[index]
    let elements = try elements(type)
    #expect(elements.count == 2 && elements[0].childCount == 1)
    let leaf = elements[1]
    #expect(leaf.physicalType == physicalType && leaf.typeLength == length)
    #expect(leaf.logicalType == logicalType && leaf.convertedType == convertedType)
    #expect(leaf.repetition == .optional)
    if case .decimal(let precision, let scale) = type {
      #expect(leaf.precision == Int32(precision) && leaf.scale == Int32(scale))
    }
  }

  @Test("What readers make of it is the schema that was given", arguments: flat.indices)
  func meaning(_ index: Int) throws {
    let type = Self.flat[index].0
    guard type != .int96 else { return }
    let fields = [
      StructField("a", type), StructField("list", .array(ArrayType(type))),
      StructField("required", .array(ArrayType(type, containsNull: type == .null)), isNullable: false),
      StructField("map", .map(MapType(key: .string, value: type, valueContainsNull: type == .null))),
      StructField(
        "struct",
        .struct(
          StructType([
            StructField("x", type), StructField("v", .variant, isNullable: false),
            StructField("y", .array(ArrayType(.array(ArrayType(type))))),
          ]))),
      StructField("variant", .variant),
    ]
    let schema = StructType(fields)
    let stored = try WriteSchema(schema)
    let read = try ParquetSchema(stored.elements)
    #expect(read.rowSchema == schema)
    #expect(read.leaves.map(\.path) == stored.leaves.map(\.path))
    #expect(read.leaves.map(\.maxDefinitionLevel) == stored.leaves.map(\.maximumDefinition))
    #expect(read.leaves.map(\.maxRepetitionLevel) == stored.leaves.map(\.maximumRepetition))
  }

  @Test("Lists and maps have three levels under the names of the specification")
  func nested() throws {
    let list = try elements(.array(ArrayType(.integer, containsNull: false)), isNullable: false)
    #expect(list.map(\.name) == ["schema", "a", "list", "element"])
    #expect(list.map(\.repetition) == [nil, .required, .repeated, .required])
    #expect(list[1].logicalType == .list && list[1].convertedType == .list)
    let map = try elements(.map(MapType(key: .string, value: .long)))
    #expect(map.map(\.name) == ["schema", "a", "key_value", "key", "value"])
    #expect(map.map(\.repetition) == [nil, .optional, .repeated, .required, .optional])
    #expect(map[1].logicalType == .map && map[1].convertedType == .map)
    let variant = try elements(.variant)
    #expect(variant.map(\.name) == ["schema", "a", "metadata", "value"])
    #expect(variant[1].logicalType == .variant(specificationVersion: 1))
  }

  @Test("Field ids are those of the metadata, also of elements, keys and values")
  func fieldIDs() throws {
    let inner = StructField("i", .long, metadata: ["parquet.field.id": .long(3)])
    let field = StructField(
      "a", .map(MapType(key: .string, value: .array(ArrayType(.struct(StructType([inner])))))),
      metadata: [
        "parquet.field.id": .long(1),
        "parquet.field.nested.ids": .object([
          "a.key": .long(10), "a.value": .long(11), "a.value.element": .long(12), "other": .long(13),
        ]),
      ])
    let elements = try WriteSchema(StructType([field, StructField("b", .long)])).elements
    let ids = Dictionary(uniqueKeysWithValues: elements.map { ($0.name, $0.fieldID) })
    #expect(ids["a"] == 1 && ids["key"] == 10 && ids["value"] == 11 && ids["element"] == 12 && ids["i"] == 3)
    #expect(ids["list"] == .some(nil) && ids["b"] == .some(nil))
    let tooLarge = StructField("a", .long, metadata: ["parquet.field.id": .long(1 << 40)])
    #expect(try WriteSchema(StructType([tooLarge])).elements[1].fieldID == nil)
  }

  @Test(
    "Types that no file has are refused by the name of their column",
    arguments: [
      DataType.struct(StructType([])), .fixedBinary(length: 0), .decimal(precision: 0, scale: 0),
      .decimal(precision: 5, scale: 6), .array(ArrayType(.struct(StructType([])))),
      (0..<120).reduce(.long) { type, _ in .array(ArrayType(type)) },
    ])
  func refused(_ type: DataType) {
    #expect {
      _ = try WriteSchema(StructType([StructField("odd", type)]))
    } throws: { error in
      guard let error = error as? ParquetError else { return false }
      return error.code == .unsupported && (error.column?.hasPrefix("odd") ?? false)
    }
  }
}
