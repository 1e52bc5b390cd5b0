internal import Columnar

/// A schema as a file stores it: the footer's elements, and for each leaf where its values come from.
///
/// Spec: Parquet LogicalTypes § Nested Types; Delta § Delta Data Type to Parquet Type Mappings
struct WriteSchema: Sendable {
  let schema: Schema
  /// Depth first, the root first.
  let elements: [SchemaElement]
  /// In schema order.
  let leaves: [WriteLeaf]

  /// - Throws: ``ParquetError`` with code `unsupported` for types that no file can have: structs without fields,
  ///   decimals and binaries of impossible sizes, more than 200 levels of nesting.
  init(_ schema: Schema) throws(ParquetError) {
    var builder = WriteSchemaBuilder()
    try builder.addRoot(schema)
    self.schema = schema
    elements = builder.elements
    leaves = builder.leaves
  }
}

/// A stored column, and the way to it from a column of a batch.
struct WriteLeaf: Sendable {
  let index: Int
  /// The column of the schema that it is a part of.
  let column: Int
  /// The names from below the root.
  let path: [String]
  /// The type of its values as they are stored: that of the schema, but for INT96, whose time is written as such.
  let type: DataType
  let form: ValueForm
  /// From the column of the batch down to the leaf itself.
  let steps: [Step]
  let maximumDefinition: Int
  let maximumRepetition: Int

  /// The path with dots, for messages.
  var name: String { path.joined(separator: ".") }

  /// One column on the way, the leaf's being the last.
  struct Step: Hashable, Sendable {
    /// Whether the column may have nulls, each of which ends at a definition level of its own.
    var isNullable: Bool
    /// What leads to the next column.
    var next: Next

    enum Next: Hashable, Sendable {
      /// Nothing: this is the leaf.
      case values
      case field(Int)
      case elements, keys, mapValues
      case variantMetadata, variantValue
    }
  }
}

/// Walks a schema and lists what it meets.
private struct WriteSchemaBuilder {
  /// Levels are kept in bytes, and readers have limits of their own.
  static let maximumDepth = 200
  /// As far as our own reader goes.
  static let maximumPrecision = 1 << 12

  private(set) var elements: [SchemaElement] = []
  private(set) var leaves: [WriteLeaf] = []
  private var path: [String] = []
  private var steps: [WriteLeaf.Step] = []
  private var definition = 0
  private var repetition = 0
  private var column = 0

  mutating func addRoot(_ schema: Schema) throws(ParquetError) {
    var root = SchemaElement(name: "schema")
    root.childCount = Int32(clamping: schema.fields.count)
    elements.append(root)
    for (index, field) in schema.fields.enumerated() {
      column = index
      try add(field, ids: FieldIDs(of: field))
    }
  }

  private mutating func add(_ field: StructField, ids: FieldIDs) throws(ParquetError) {
    try add(field.name, field.type, isNullable: field.isNullable, ids: ids)
  }

  private mutating func add(
    _ name: String, _ type: DataType, isNullable: Bool, ids: FieldIDs
  ) throws(ParquetError) {
    path.append(name)
    let outer = (definition, repetition)
    // A column of nothing but nulls can't be required.
    let isNullable = isNullable || type == .null
    if isNullable { definition += 1 }
    guard path.count <= Self.maximumDepth else { throw .unstorable("nesting deeper than \(Self.maximumDepth)") }
    var element = SchemaElement(name: name)
    element.repetition = isNullable ? .optional : .required
    element.fieldID = ids.own
    try located(column: path.joined(separator: ".")) { () throws(ParquetError) -> Void in
      try add(type, isNullable: isNullable, element, ids: ids)
    }
    (definition, repetition) = outer
    path.removeLast()
  }

  private mutating func add(
    _ type: DataType, isNullable: Bool, _ element: SchemaElement, ids: FieldIDs
  ) throws(ParquetError) {
    switch type {
    case .struct(let type):
      guard !type.fields.isEmpty else { throw .unstorable("a struct without fields") }
      addGroup(element, children: type.fields.count, nil)
      for (index, field) in type.fields.enumerated() {
        try step(isNullable, .field(index)) { (builder) throws(ParquetError) in
          try builder.add(field, ids: FieldIDs(of: field))
        }
      }
    case .array(let type):
      addGroup(element, children: 1, Annotation(.array(type)))
      try repeated("list", children: 1) { (builder) throws(ParquetError) in
        try builder.step(isNullable, .elements) { (builder) throws(ParquetError) in
          try builder.add("element", type.element, isNullable: type.containsNull, ids: ids.nested("element"))
        }
      }
    case .map(let type):
      addGroup(element, children: 1, Annotation(.map(type)))
      try repeated("key_value", children: 2) { (builder) throws(ParquetError) in
        try builder.step(isNullable, .keys) { (builder) throws(ParquetError) in
          try builder.add("key", type.key, isNullable: false, ids: ids.nested("key"))
        }
        try builder.step(isNullable, .mapValues) { (builder) throws(ParquetError) in
          try builder.add("value", type.value, isNullable: type.valueContainsNull, ids: ids.nested("value"))
        }
      }
    case .variant:
      addGroup(element, children: 2, Annotation(.variant))
      try step(isNullable, .variantMetadata) { (builder) throws(ParquetError) in
        try builder.add("metadata", .binary, isNullable: false, ids: FieldIDs())
      }
      try step(isNullable, .variantValue) { (builder) throws(ParquetError) in
        try builder.add("value", .binary, isNullable: false, ids: FieldIDs())
      }
    default:
      try addLeaf(type, isNullable: isNullable, element)
    }
  }

  private mutating func step(
    _ isNullable: Bool, _ next: WriteLeaf.Step.Next,
    _ body: (inout WriteSchemaBuilder) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    steps.append(WriteLeaf.Step(isNullable: isNullable, next: next))
    try body(&self)
    steps.removeLast()
  }

  /// The middle of the three levels that a list or map has.
  ///
  /// Spec: Parquet LogicalTypes § Lists; Parquet LogicalTypes § Maps
  private mutating func repeated(
    _ name: String, children: Int, _ body: (inout WriteSchemaBuilder) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    var element = SchemaElement(name: name)
    element.repetition = .repeated
    addGroup(element, children: children, nil)
    path.append(name)
    definition += 1
    repetition += 1
    try body(&self)
    path.removeLast()
  }

  private mutating func addGroup(_ element: SchemaElement, children: Int, _ annotation: Annotation?) {
    var element = element
    element.childCount = Int32(clamping: children)
    element.logicalType = annotation?.logicalType
    element.convertedType = annotation?.convertedType
    elements.append(element)
  }

  private mutating func addLeaf(
    _ type: DataType, isNullable: Bool, _ element: SchemaElement
  ) throws(ParquetError) {
    // INT96 is deprecated: the times that it holds have had a type of their own for years.
    let type = type == .int96 ? .timestampNtz(.nanoseconds) : type
    try check(type)
    guard let form = ValueForm(type) else { throw .unstorable("values of type \(type)") }
    let annotation = Annotation(type)
    var element = element
    element.physicalType = form.physicalType
    if form.typeLength > 0 { element.typeLength = Int32(clamping: form.typeLength) }
    element.logicalType = annotation.logicalType
    element.convertedType = annotation.convertedType
    if case .decimal(let precision, let scale) = type {
      element.precision = Int32(clamping: precision)
      element.scale = Int32(clamping: scale)
    }
    elements.append(element)
    leaves.append(
      WriteLeaf(
        index: leaves.count, column: column, path: path, type: type, form: form,
        steps: steps + [WriteLeaf.Step(isNullable: isNullable, next: .values)], maximumDefinition: definition,
        maximumRepetition: repetition))
  }

  private func check(_ type: DataType) throws(ParquetError) {
    switch type {
    case .decimal(let precision, let scale):
      guard precision > 0, precision <= Self.maximumPrecision, scale >= 0, scale <= precision else {
        throw .unstorable("a decimal of \(precision) digits, \(scale) of them fractional,")
      }
    case .fixedBinary(let length):
      guard length > 0, length <= 1 << 20 else { throw .unstorable("binary of \(length) bytes a value") }
    default: break
    }
  }
}

/// The field ids of a field and of what is nested in it without being a field: elements, keys and values.
private struct FieldIDs {
  var own: Int32?
  /// By path, such as `tags.element`; of the nearest field around.
  private var all: [String: MetadataValue] = [:]
  private var path = ""

  init() {}

  init(of field: StructField) {
    own = Self.number(field.metadata["parquet.field.id"])
    if case .object(let nested) = field.metadata["parquet.field.nested.ids"] { all = nested }
    path = field.name
  }

  func nested(_ name: String) -> FieldIDs {
    var result = self
    result.path += "." + name
    result.own = Self.number(all[result.path])
    return result
  }

  private static func number(_ value: MetadataValue?) -> Int32? {
    guard case .long(let number) = value else { return nil }
    return Int32(exactly: number)
  }
}
