/// An ordered list of named fields: the type of a table's rows, or of one nested column.
///
/// Spec: Delta § Struct Type
public struct StructType: Hashable, Sendable {
  /// In schema order. Names are unique but for case; looking up is by exact name.
  public var fields: [StructField]

  public init(_ fields: [StructField]) {
    self.fields = fields
  }

  /// The field of that exact name; O(fields).
  public subscript(name: String) -> StructField? {
    fields.first { $0.name == name }
  }

  /// The position of the field of that exact name; O(fields).
  public func index(of name: String) -> Int? {
    fields.firstIndex { $0.name == name }
  }
}

/// A table's or batch's schema.
public typealias Schema = StructType

/// A column or nested field: name, type, nullability and the metadata that table features keep with it.
///
/// Spec: Delta § Struct Field
public struct StructField: Hashable, Sendable {
  public var name: String
  public var type: DataType
  public var isNullable: Bool
  /// Free-form JSON, for example `delta.columnMapping.physicalName`.
  public var metadata: [String: MetadataValue]

  public init(_ name: String, _ type: DataType, isNullable: Bool = true, metadata: [String: MetadataValue] = [:]) {
    self.name = name
    self.type = type
    self.isNullable = isNullable
    self.metadata = metadata
  }
}

/// Spec: Delta § Array Type
public struct ArrayType: Hashable, Sendable {
  public var element: DataType
  public var containsNull: Bool

  public init(_ element: DataType, containsNull: Bool = true) {
    self.element = element
    self.containsNull = containsNull
  }
}

/// Spec: Delta § Map Type
public struct MapType: Hashable, Sendable {
  public var key: DataType
  public var value: DataType
  public var valueContainsNull: Bool

  public init(key: DataType, value: DataType, valueContainsNull: Bool = true) {
    self.key = key
    self.value = value
    self.valueContainsNull = valueContainsNull
  }
}

/// A JSON value in a field's metadata.
public indirect enum MetadataValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case long(Int64)
  case double(Double)
  case string(String)
  case array([MetadataValue])
  case object([String: MetadataValue])
}
