import Columnar
import DeltaLog

/// A schema as an indented tree, one line a field:
///
///     root
///      |-- id: long (nullable = true)
///      |-- tags: array (nullable = true)
///      |    |-- element: string (containsNull = true)
struct SchemaTree: CustomStringConvertible {
  var schema: Schema

  init(_ schema: Schema) { self.schema = schema }

  var description: String {
    var lines = ["root"]
    Self.append(schema, indent: " ", to: &lines)
    return lines.joined(separator: "\n")
  }

  private static func append(_ type: StructType, indent: String, to lines: inout [String]) {
    for field in type.fields {
      append(field.name, field.type, note: "nullable = \(field.isNullable)", indent: indent, to: &lines)
    }
  }

  private static func append(
    _ name: String, _ type: DataType, note: String?, indent: String, to lines: inout [String]
  ) {
    let name = TableRowWriter.printable(name)
    lines.append("\(indent)|-- \(name): \(type.name)" + (note.map { " (\($0))" } ?? ""))
    let deeper = indent + "|    "
    switch type {
    case .struct(let type): append(type, indent: deeper, to: &lines)
    case .array(let type):
      append("element", type.element, note: "containsNull = \(type.containsNull)", indent: deeper, to: &lines)
    case .map(let type):
      append("key", type.key, note: nil, indent: deeper, to: &lines)
      append("value", type.value, note: "valueContainsNull = \(type.valueContainsNull)", indent: deeper, to: &lines)
    default: break
    }
  }
}

extension DataType {
  /// The name of the type: Delta's own where there is one, without what is inside of nested types.
  var name: String {
    switch self {
    case .unsignedByte: "unsigned byte"
    case .unsignedShort: "unsigned short"
    case .unsignedInteger: "unsigned integer"
    case .unsignedLong: "unsigned long"
    case .float16: "float16"
    case .fixedBinary(let length): "fixed binary(\(length))"
    case .time(let unit): "time(\(unit.name))"
    case .timestamp(let unit) where unit != .microseconds: "timestamp(\(unit.name))"
    case .timestampNtz(let unit) where unit != .microseconds: "timestamp_ntz(\(unit.name))"
    case .int96: "int96"
    case .interval: "interval"
    case .uuid: "uuid"
    case .struct: "struct"
    case .array: "array"
    case .map: "map"
    default: SchemaJSON.name(of: self) ?? "\(self)"
    }
  }
}

extension TimeUnit {
  var name: String {
    switch self {
    case .milliseconds: "milliseconds"
    case .microseconds: "microseconds"
    case .nanoseconds: "nanoseconds"
    }
  }
}
