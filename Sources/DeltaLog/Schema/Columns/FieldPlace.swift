package import Columnar

/// A field of a schema, or the element, key or value of an array or map, and the way to it.
///
/// Spec: Delta § Field Path
package struct FieldPlace: Hashable, Sendable {
  package enum Step: Hashable, Sendable {
    /// The field of a struct at that position.
    case field(Int)
    case element, key, value
  }

  /// Names as the schema has them.
  package var path: ColumnPath
  package var steps: [Step]
  package var type: DataType
  package var isNullable: Bool
  /// The nearest field, this one or around it, and its metadata.
  package var field: StructField
  /// From that field to this place: `element`, `key`, `value`; empty when it is the field itself.
  package var pathInField: [String]
  /// Whether an array or map is on the way.
  package var isRepeated: Bool { steps.dropLast().contains { $0.isRepeating } || steps.last?.isRepeating ?? false }
  package var isField: Bool { pathInField.isEmpty }
  package var isTopLevel: Bool { steps.count == 1 }
}

extension FieldPlace.Step {
  var isRepeating: Bool { if case .field = self { false } else { true } }
}

extension StructType {
  /// The place that a path leads to; `element`, `key` and `value` lead into arrays and maps.
  ///
  /// - Throws: `invalidArgument` when there is no such place, with what was probably meant.
  package func place(of path: ColumnPath) throws(DeltaError) -> FieldPlace {
    var steps: [FieldPlace.Step] = []
    var names: [String] = []
    var type = DataType.struct(self)
    var isNullable = false
    var nearest: StructField?
    var inField: [String] = []
    for name in path.names {
      switch type {
      case .struct(let structure):
        let fields = FieldNames(structure.fields)
        guard case .one(let index) = fields.find(name) else {
          throw .noSuchColumn(name, in: names, suggestion: fields.suggestion(for: name))
        }
        let field = structure.fields[index]
        steps.append(.field(index))
        names.append(field.name)
        (type, isNullable, nearest, inField) = (field.type, field.isNullable, field, [])
      case .array(let array) where name.lowercased() == "element":
        steps.append(.element)
        names.append("element")
        inField.append("element")
        (type, isNullable) = (array.element, array.containsNull)
      case .map(let map) where name.lowercased() == "key":
        steps.append(.key)
        names.append("key")
        inField.append("key")
        (type, isNullable) = (map.key, false)
      case .map(let map) where name.lowercased() == "value":
        steps.append(.value)
        names.append("value")
        inField.append("value")
        (type, isNullable) = (map.value, map.valueContainsNull)
      default: throw .noSuchField(name, in: names, of: type)
      }
    }
    guard let nearest else { throw .noSuchColumn("", in: [], suggestion: nil) }
    return FieldPlace(
      path: ColumnPath(names), steps: steps, type: type, isNullable: isNullable, field: nearest, pathInField: inField)
  }

  /// The schema with the type at the end of some steps replaced.
  package func replacingType(
    at steps: some Collection<FieldPlace.Step>, _ change: (DataType) throws(DeltaError) -> DataType
  ) throws(DeltaError) -> StructType {
    guard case .struct(let result) = try DataType.struct(self).replaced(at: Array(steps)[...], change) else {
      return self
    }
    return result
  }

  /// The schema with one field replaced; the steps end in a field.
  package func replacingField(
    at steps: [FieldPlace.Step], _ change: (StructField) throws(DeltaError) -> StructField
  ) throws(DeltaError) -> StructType {
    guard case .field(let index)? = steps.last else { return self }
    return try replacingStruct(at: steps.dropLast()) { (structure) throws(DeltaError) in
      var structure = structure
      structure.fields[index] = try change(structure.fields[index])
      return structure
    }
  }

  /// The schema with one struct replaced; no steps lead to the schema itself.
  package func replacingStruct(
    at steps: some Collection<FieldPlace.Step>, _ change: (StructType) throws(DeltaError) -> StructType
  ) throws(DeltaError) -> StructType {
    try replacingType(at: steps) { (type) throws(DeltaError) in
      guard case .struct(let structure) = type else { return type }
      return .struct(try change(structure))
    }
  }
}

extension DataType {
  fileprivate func replaced(
    at steps: ArraySlice<FieldPlace.Step>, _ change: (DataType) throws(DeltaError) -> DataType
  ) throws(DeltaError) -> DataType {
    guard let step = steps.first else { return try change(self) }
    let rest = steps.dropFirst()
    switch (self, step) {
    case (.struct(var structure), .field(let index)) where structure.fields.indices.contains(index):
      structure.fields[index].type = try structure.fields[index].type.replaced(at: rest, change)
      return .struct(structure)
    case (.array(var array), .element):
      array.element = try array.element.replaced(at: rest, change)
      return .array(array)
    case (.map(var map), .key):
      map.key = try map.key.replaced(at: rest, change)
      return .map(map)
    case (.map(var map), .value):
      map.value = try map.value.replaced(at: rest, change)
      return .map(map)
    default: return self
    }
  }
}

extension StructType {
  /// Calls `body` with every field at any depth and its path, fields before what is nested in them.
  package func forEachField(_ body: (StructField, ColumnPath) throws(DeltaError) -> Void) throws(DeltaError) {
    try DataType.struct(self).visit([], body)
  }
}

extension DataType {
  fileprivate func visit(
    _ path: [String], _ body: (StructField, ColumnPath) throws(DeltaError) -> Void
  ) throws(DeltaError) {
    guard path.count <= 2 * SchemaJSON.maximumDepth else {
      throw .nestedTooDeeply(SchemaPlace(path: path, depth: path.count))
    }
    switch self {
    case .struct(let structure):
      for field in structure.fields {
        let path = path + [field.name]
        try body(field, ColumnPath(path))
        try field.type.visit(path, body)
      }
    case .array(let array): try array.element.visit(path + ["element"], body)
    case .map(let map):
      try map.key.visit(path + ["key"], body)
      try map.value.visit(path + ["value"], body)
    default: break
    }
  }
}
