/// A node of the schema as the footer lists it: depth first, a group followed by its children.
///
/// Spec: Parquet thrift § SchemaElement
public struct SchemaElement: Hashable, Sendable {
  public var name: String
  /// `nil` for a group.
  public var physicalType: PhysicalType?
  /// The bytes of a `fixedLengthByteArray`; of other types a hint that nothing uses.
  public var typeLength: Int32?
  /// `nil` for the root only.
  public var repetition: Repetition?
  /// How many children follow, for a group.
  public var childCount: Int32?
  public var convertedType: ConvertedType?
  public var logicalType: LogicalType?
  /// Of a decimal annotated the older way.
  public var scale: Int32?
  /// Of a decimal annotated the older way.
  public var precision: Int32?
  public var fieldID: Int32?

  public init(name: String) { self.name = name }
}

extension SchemaElement: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init(name: "")
    var isNamed = false
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: physicalType = try reader.enumeration(field, PhysicalType.self)
      case 2: typeLength = try reader.int32(field)
      case 3: repetition = try reader.enumeration(field, Repetition.self)
      case 4:
        name = try reader.string(field)
        isNamed = true
      case 5: childCount = try reader.int32(field)
      case 6: convertedType = ConvertedType(rawValue: try reader.int32(field))
      case 7: scale = try reader.int32(field)
      case 8: precision = try reader.int32(field)
      case 9: fieldID = try reader.int32(field)
      case 10: logicalType = try reader.structure(field, LogicalTypeUnion.self).value
      default: try reader.skip(field)
      }
    }
    guard isNamed else { throw .missingField("name", of: "SchemaElement", reader) }
  }
}
