internal import Columnar

/// From JSON trees to types.
struct SchemaReader {
  func type(_ tree: MetadataValue, at place: SchemaPlace) throws(DeltaError) -> DataType {
    switch tree {
    case .string(let name): return try primitive(name, at: place)
    case .object(let members):
      guard place.depth <= SchemaJSON.maximumDepth else { throw .invalidSchema("\(place.text) is nested too deeply") }
      guard let kind = members["type"]?.stringValue else { throw .invalidSchema("\(place.text) has no type") }
      switch kind {
      case "struct": return .struct(try structure(members, at: place))
      case "array":
        guard let element = members["elementType"] else { throw .invalidSchema("\(place.text) has no elementType") }
        return .array(
          ArrayType(
            try type(element, at: place.inside("element")),
            containsNull: try flag("containsNull", of: members, at: place)))
      case "map":
        guard let key = members["keyType"], let value = members["valueType"] else {
          throw .invalidSchema("\(place.text) has no keyType or valueType")
        }
        return .map(
          MapType(
            key: try type(key, at: place.inside("key")), value: try type(value, at: place.inside("value")),
            valueContainsNull: try flag("valueContainsNull", of: members, at: place)))
      default: return try primitive(kind, at: place)
      }
    default: throw .invalidSchema("the type of \(place.text) is neither a name nor an object")
    }
  }

  private func structure(_ members: [String: MetadataValue], at place: SchemaPlace) throws(DeltaError) -> StructType {
    guard let trees = members["fields"]?.arrayValue else { throw .invalidSchema("\(place.text) has no fields") }
    var fields: [StructField] = []
    var names: Set<String> = []
    fields.reserveCapacity(trees.count)
    for tree in trees {
      let field = try self.field(tree, at: place)
      guard names.insert(field.name).inserted else {
        throw .invalidSchema("\(place.text) has two fields named `\(field.name)`")
      }
      fields.append(field)
    }
    return StructType(fields)
  }

  private func field(_ tree: MetadataValue, at place: SchemaPlace) throws(DeltaError) -> StructField {
    guard let members = tree.objectValue, let name = members["name"]?.stringValue, let typeTree = members["type"] else {
      throw .invalidSchema("a field of \(place.text) has no name or type")
    }
    let place = place.inside(name)
    var metadata: [String: MetadataValue] = [:]
    switch members["metadata"] {
    case nil, .null: break
    case .object(let members): metadata = members
    default: throw .invalidSchema("the metadata of \(place.text) is not an object")
    }
    // Old writers kept a length-limited string's type where everybody else has `string` and metadata.
    if let name = typeTree.stringValue, isLimitedString(name), metadata[Self.limitedStringKey] == nil {
      metadata[Self.limitedStringKey] = .string(name)
    }
    return StructField(
      name, try type(typeTree, at: place), isNullable: try flag("nullable", of: members, at: place),
      metadata: metadata)
  }

  /// Where Spark keeps `char(n)` and `varchar(n)` of a column whose type it writes as `string`.
  static let limitedStringKey = "__CHAR_VARCHAR_TYPE_STRING"

  /// Absent means true: the protocol's own examples leave these flags out.
  private func flag(
    _ name: String, of members: [String: MetadataValue], at place: SchemaPlace
  ) throws(DeltaError) -> Bool {
    switch members[name] {
    case nil, .null: true
    case .boolean(let flag): flag
    default: throw .invalidSchema("\(name) of \(place.text) is neither true nor false")
    }
  }

  private func primitive(_ name: String, at place: SchemaPlace) throws(DeltaError) -> DataType {
    switch name {
    case "string": return .string
    case "long": return .long
    case "integer": return .integer
    case "short": return .short
    case "byte": return .byte
    case "float": return .float
    case "double": return .double
    case "boolean": return .boolean
    case "binary": return .binary
    case "date": return .date
    case "timestamp", "timestamp_ltz": return .timestamp()
    case "timestamp_ntz": return .timestampNtz()
    case "variant": return .variant
    case "void", "null": return .null
    case "decimal": return .decimal(precision: 10, scale: 0)
    default: break
    }
    if isLimitedString(name) { return .string }
    if let (precision, scale) = Self.arguments(of: name, named: "decimal") {
      guard 1...38 ~= precision, 0...precision ~= scale else {
        throw .invalidSchema("\(place.text) is `\(name)`: precision is 1 to 38, and scale at most the precision")
      }
      return .decimal(precision: precision, scale: scale)
    }
    throw .unsupportedType(name, of: place.text)
  }

  private func isLimitedString(_ name: String) -> Bool {
    guard name.hasSuffix(")") else { return false }
    for prefix in ["char(", "varchar("] where name.hasPrefix(prefix) {
      return Int(name.dropFirst(prefix.count).dropLast()) != nil
    }
    return false
  }

  /// `p` and `s` of `name(p,s)`, with spaces allowed around the numbers.
  private static func arguments(of text: String, named name: String) -> (Int, Int)? {
    guard text.hasPrefix(name + "("), text.hasSuffix(")") else { return nil }
    let parts = text.dropFirst(name.count + 1).dropLast().split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = number(parts[0]), let second = number(parts[1]) else { return nil }
    return (first, second)
  }

  private static func number(_ text: Substring) -> Int? {
    Int(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed().map(String.init).joined())
  }
}
