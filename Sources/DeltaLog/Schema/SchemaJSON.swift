public import Columnar

/// A table's schema as the text that the log keeps it in, `metaData.schemaString`.
///
/// Spec: Delta § Schema Serialization Format
public enum SchemaJSON {
  /// Structs, arrays and maps nested deeper than this are refused.
  package static let maximumDepth = 100

  /// The schema that `schemaString` spells.
  ///
  /// - Throws: ``DeltaError`` `corruptLog` when the text is no schema, `unsupportedFeatures` naming a type that this
  ///   library does not know.
  public static func parse(_ schemaString: String) throws(DeltaError) -> StructType {
    let tree: MetadataValue
    do throws(JSONSyntaxError) {
      tree = try MetadataJSON.parse(schemaString)
    } catch {
      throw .invalidSchema("it is not JSON (\(error.message), at byte \(error.offset))")
    }
    guard case .struct(let schema) = try SchemaReader().type(tree, at: SchemaPlace()) else {
      throw .invalidSchema("it is not a struct")
    }
    return schema
  }

  /// The type that a type's own text spells, for example `"decimal(10,2)"` or a struct's object.
  package static func parseType(_ tree: MetadataValue) throws(DeltaError) -> DataType {
    try SchemaReader().type(tree, at: SchemaPlace())
  }

  /// The text of a schema, with keys in the order Spark writes them: `type`, `fields`; `name`, `type`, `nullable`,
  /// `metadata`.
  ///
  /// - Throws: ``DeltaError`` `schemaMismatch` naming the column whose type a table can't have, or that is nested too
  ///   deeply to be read again.
  public static func string(for schema: StructType) throws(DeltaError) -> String {
    var text = ""
    try SchemaWriter.append(.struct(schema), at: SchemaPlace(), to: &text)
    return text
  }

  /// The name of a primitive type, or `nil` for nested types and those that a Delta table can't have.
  public static func name(of type: DataType) -> String? {
    switch type {
    case .null: "void"
    case .boolean: "boolean"
    case .byte: "byte"
    case .short: "short"
    case .integer: "integer"
    case .long: "long"
    case .float: "float"
    case .double: "double"
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .string: "string"
    case .binary: "binary"
    case .date: "date"
    case .timestamp: "timestamp"
    case .timestampNtz: "timestamp_ntz"
    case .variant: "variant"
    case .unsignedByte, .unsignedShort, .unsignedInteger, .unsignedLong, .float16, .fixedBinary, .time, .int96,
      .interval, .uuid, .struct, .array, .map:
      nil
    }
  }
}

/// Where in a schema we are, for error messages and the depth limit.
struct SchemaPlace {
  var path: [String] = []
  var depth = 0

  func inside(_ name: String) -> SchemaPlace {
    SchemaPlace(path: path + [name], depth: depth + 1)
  }

  var text: String { path.isEmpty ? "the schema" : "column `\(path.joined(separator: "."))`" }
}
