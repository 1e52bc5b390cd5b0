import Columnar
import Testing

@testable import Parquet

/// A schema in few words: a leaf or group, its repetition and annotation, and its children.
struct Tree {
  var element: SchemaElement
  var children: [Tree]

  static func leaf(
    _ name: String, _ type: PhysicalType, _ repetition: Repetition = .optional, logical: LogicalType? = nil,
    converted: ConvertedType? = nil, length: Int32? = nil
  ) -> Tree {
    var element = SchemaElement(name: name)
    element.physicalType = type
    element.repetition = repetition
    element.logicalType = logical
    element.convertedType = converted
    element.typeLength = length
    return Tree(element: element, children: [])
  }

  static func group(
    _ name: String, _ repetition: Repetition = .optional, logical: LogicalType? = nil, converted: ConvertedType? = nil,
    _ children: Tree...
  ) -> Tree {
    var element = SchemaElement(name: name)
    element.repetition = repetition
    element.logicalType = logical
    element.convertedType = converted
    element.childCount = Int32(children.count)
    return Tree(element: element, children: children)
  }

  var elements: [SchemaElement] { [element] + children.flatMap(\.elements) }

  static func schema(_ columns: Tree...) throws(ParquetError) -> ParquetSchema {
    var root = SchemaElement(name: "root")
    root.childCount = Int32(columns.count)
    return try ParquetSchema([root] + columns.flatMap(\.elements))
  }
}

@Suite("Schemas")
struct ParquetSchemaTests {
  private func type(_ column: Tree) throws -> DataType { try Tree.schema(column).fields[0].type }

  private let number = Tree.leaf("n", .int32, .required)
  private let text = Tree.leaf("s", .byteArray, .required, logical: .string)

  @Test("The rules for the shapes of lists apply in their order")
  func lists() throws {
    func list(_ repeated: Tree) -> Tree { .group("my_list", logical: .list, repeated) }
    let pair = DataType.struct(
      StructType([StructField("s", .string, isNullable: false), StructField("n", .integer, isNullable: false)]))
    let single = DataType.struct(StructType([StructField("s", .string, isNullable: false)]))
    func array(_ element: DataType, _ containsNull: Bool = false) -> DataType {
      .array(ArrayType(element, containsNull: containsNull))
    }
    #expect(try type(list(.leaf("element", .int32, .repeated))) == array(.integer))
    #expect(try type(list(.group("element", .repeated, text, number))) == array(pair))
    #expect(
      try type(list(.group("array", .repeated, logical: .list, .leaf("array", .int32, .repeated))))
        == array(array(.integer)))
    #expect(
      try type(list(.group("x", .repeated, .leaf("y", .int32, .repeated))))
        == array(
          .struct(StructType([StructField("y", array(.integer), isNullable: false)]))))
    #expect(try type(list(.group("array", .repeated, text))) == array(single))
    #expect(try type(list(.group("my_list_tuple", .repeated, text))) == array(single))
    #expect(
      try type(list(.group("element", .repeated, .leaf("s", .byteArray, logical: .string)))) == array(.string, true))
    #expect(try type(.group("l", converted: .list, .group("list", .repeated, number))) == array(.integer))
  }

  @Test("A repeated field that no list claims is a list without nulls")
  func repeatedFields() throws {
    let schema = try Tree.schema(.leaf("n", .int32, .repeated), .group("g", .repeated, text))
    #expect(schema.fields.map(\.isNullable) == [false, false])
    #expect(schema.fields[0].type == .array(ArrayType(.integer, containsNull: false)))
    guard case .list(let levels, let element) = schema.fields[1].shape else { throw Unexpected() }
    #expect(levels.definitionLevel == 1 && levels.repetitionLevel == 1)
    #expect(schema.fields[1].definitionLevel == 0 && schema.fields[1].repetitionLevel == 0)
    #expect(element.definitionLevel == 1 && element.repetitionLevel == 1)
  }

  @Test("Levels of a list of maps")
  func levels() throws {
    let map = Tree.group(
      "element", logical: .map, .group("key_value", .repeated, .leaf("key", .int32, .required), .leaf("value", .double))
    )
    let schema = try Tree.schema(.group("l", logical: .list, .group("list", .repeated, map)))
    guard case .list(let listLevels, let element) = schema.fields[0].shape,
      case .map(let mapLevels, let key, let value?) = element.shape
    else { throw Unexpected() }
    #expect(schema.fields[0].definitionLevel == 1 && schema.fields[0].isNullable)
    #expect(listLevels.definitionLevel == 2 && listLevels.repetitionLevel == 1)
    #expect(element.definitionLevel == 3 && element.isNullable && element.repetitionLevel == 1)
    #expect(mapLevels.definitionLevel == 4 && mapLevels.repetitionLevel == 2)
    #expect(key.definitionLevel == 4 && !key.isNullable)
    #expect(value.definitionLevel == 5 && value.isNullable && value.repetitionLevel == 2)
    #expect(schema.leaves.map(\.maxDefinitionLevel) == [4, 5] && schema.leaves.map(\.maxRepetitionLevel) == [2, 2])
  }

  @Test("Maps without values, maps in the older way, and groups of the wrong shape")
  func maps() throws {
    let keysOnly = Tree.group("m", logical: .map, .group("key_value", .repeated, number))
    #expect(try type(keysOnly) == .map(MapType(key: .integer, value: .null)))
    let older = Tree.group("m", converted: .mapKeyValue, .group("map", .repeated, text, number))
    #expect(try type(older) == .map(MapType(key: .string, value: .integer, valueContainsNull: false)))
    for wrong in [
      Tree.group("g", logical: .map, number), .group("g", logical: .list, number),
      .group("g", logical: .list, .leaf("x", .int32, .repeated), number), .group("g", logical: .string, number),
      .group("g", logical: .variant(specificationVersion: 1), number),
    ] {
      guard case .struct = try type(wrong) else { throw Unexpected() }
    }
  }

  @Test("A variant is a group of metadata and value, or what is shredded of it")
  func variants() throws {
    let metadata = Tree.leaf("metadata", .byteArray, .required)
    let variant = LogicalType.variant(specificationVersion: 1)
    #expect(try type(.group("v", logical: variant, metadata, .leaf("value", .byteArray))) == .variant)
    #expect(try type(.group("v", logical: variant, .leaf("typed_value", .int32), metadata)) == .variant)
    #expect(try type(.group("v", .optional, metadata, .leaf("value", .byteArray))).isNested)
  }

  @Test(
    "What annotations make of physical types",
    arguments: [
      (.leaf("x", .int32, logical: .integer(bitWidth: 8, isSigned: true)), .byte),
      (.leaf("x", .int32, converted: .uint32), .unsignedInteger),
      (.leaf("x", .int64, converted: .uint64), .unsignedLong),
      (.leaf("x", .int32, logical: .time(isAdjustedToUTC: true, unit: .milliseconds)), .time(.milliseconds)),
      (
        .leaf("x", .int64, logical: .timestamp(isAdjustedToUTC: false, unit: .nanoseconds)), .timestampNtz(.nanoseconds)
      ),
      (.leaf("x", .int64, converted: .timestampMillis), .timestamp(.milliseconds)),
      (
        .leaf(
          "x", .int64, logical: .timestamp(isAdjustedToUTC: false, unit: .microseconds), converted: .timestampMicros),
        .timestampNtz()
      ),
      (.leaf("x", .int96), .int96), (.leaf("x", .int96, logical: .unknown), .null),
      (.leaf("x", .byteArray, logical: .decimal(precision: 50, scale: 10)), .decimal(precision: 50, scale: 10)),
      (.leaf("x", .byteArray, logical: .enumeration), .string), (.leaf("x", .byteArray, converted: .bson), .binary),
      (.leaf("x", .byteArray, logical: .geometry(crs: nil)), .binary),
      (.leaf("x", .fixedLengthByteArray, logical: .uuid, length: 16), .uuid),
      (.leaf("x", .fixedLengthByteArray, converted: .interval, length: 12), .interval),
      (.leaf("x", .fixedLengthByteArray, logical: .float16, length: 2), .float16),
      (.leaf("x", .fixedLengthByteArray, length: 5), .fixedBinary(length: 5)),
      (.leaf("x", .byteArray, logical: .unrecognized(id: 99), converted: .utf8), .binary),
    ] as [(Tree, DataType)])
  func annotations(_ leaf: Tree, _ expected: DataType) throws {
    #expect(try type(leaf) == expected)
  }

  @Test(
    "An annotation on the wrong physical type is refused",
    arguments: [
      .leaf("x", .int32, logical: .string), .leaf("x", .int32, converted: .int64),
      .leaf("x", .int64, logical: .date), .leaf("x", .int32, converted: .timestampMillis),
      .leaf("x", .double, logical: .decimal(precision: 3, scale: 1)),
      .leaf("x", .int64, logical: .decimal(precision: 3, scale: 4)), .leaf("x", .int64, converted: .decimal),
      .leaf("x", .fixedLengthByteArray, logical: .uuid, length: 15), .leaf("x", .fixedLengthByteArray, length: 0),
      .leaf("x", .int32, logical: .integer(bitWidth: 24, isSigned: true)),
    ] as [Tree])
  func wrongAnnotations(_ leaf: Tree) {
    let error = #expect(throws: ParquetError.self) { try Tree.schema(leaf) }
    #expect(error?.code == .corrupt && error?.column == "x")
  }

  @Test("Schemas that are no tree throw")
  func damaged() {
    var root = SchemaElement(name: "root")
    for count in [-1, 1, 3, Int32.max] {
      root.childCount = count
      #expect(throws: ParquetError.self) { try ParquetSchema([root, number.element, number.element]) }
    }
    #expect(throws: ParquetError.self) { try ParquetSchema([]) }
    #expect(throws: ParquetError.self) { try ParquetSchema([number.element]) }
    root.childCount = 1
    let chain = [SchemaElement](repeating: root, count: 20_000) + [number.element]
    #expect(throws: ParquetError.self) { try ParquetSchema(chain) }
    let neither = SchemaElement(name: "x")
    #expect(throws: ParquetError.self) { try ParquetSchema([root, neither]) }
  }
}

private struct Unexpected: Error {}
