package import Columnar

/// Which types the columns of a table can have, and what values of others are kept as.
///
/// Spec: Delta § Primitive Types
package enum StorableType {
  /// Whether a table's column can be of a type that is not nested.
  package static func isStorable(_ type: DataType) -> Bool {
    switch type {
    case .decimal(let precision, let scale): 1...38 ~= precision && 0...precision ~= scale
    case .timestamp(let unit), .timestampNtz(let unit): unit == .microseconds
    default: SchemaJSON.name(of: type) != nil
    }
  }

  /// The type that a new column gets for values of any type: the type itself, or for one that only a Parquet file can
  /// have the narrowest that holds all of its values. Fields nested in it keep their names, may all be null, and lose
  /// their metadata.
  ///
  /// - Throws: `schemaMismatch` naming the place for times of day, intervals and decimals of more than 38 digits.
  package static func storing(_ type: DataType, at place: ColumnPath) throws(DeltaError) -> DataType {
    try storing(type, at: SchemaPlace(path: place.names, depth: place.names.count))
  }

  static func storing(_ type: DataType, at place: SchemaPlace) throws(DeltaError) -> DataType {
    guard place.depth <= SchemaJSON.maximumDepth else { throw .nestedTooDeeply(place) }
    switch type {
    case .struct(let type):
      var fields: [StructField] = []
      for field in type.fields {
        fields.append(
          StructField(
            field.name, try storing(field.type, at: place.inside(field.name)),
            metadata: field.metadata.filter { FieldMetadata.describing.contains($0.key) }))
      }
      return .struct(StructType(fields))
    case .array(let type): return .array(ArrayType(try storing(type.element, at: place.inside("element"))))
    case .map(let type):
      return .map(
        MapType(
          key: try storing(type.key, at: place.inside("key")), value: try storing(type.value, at: place.inside("value"))
        ))
    case .unsignedByte: return .short
    case .unsignedShort: return .integer
    case .unsignedInteger: return .long
    case .unsignedLong: return .decimal(precision: 20, scale: 0)
    case .float16: return .float
    case .int96, .timestamp: return .timestamp(.microseconds)
    case .timestampNtz: return .timestampNtz(.microseconds)
    case .uuid: return .string
    case .fixedBinary: return .binary
    default:
      guard isStorable(type) else { throw .notStorable(type, at: place) }
      return type
    }
  }
}
