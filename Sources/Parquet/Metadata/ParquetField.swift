public import Columnar

/// A column, or a field nested in one, as it is meant: lists and maps instead of the groups that make them up.
///
/// The levels say how to assemble it. Where the field around it is there, a definition level of at least
/// ``definitionLevel`` says that this one is not null.
public struct ParquetField: Sendable {
  public let name: String
  /// What the values are, nulls aside.
  public let type: DataType
  public let isNullable: Bool
  public let definitionLevel: Int
  /// The lists and maps around the field.
  public let repetitionLevel: Int
  public let shape: Shape
  /// The stored node: of a list or map the annotated group, or the repeated field that has no such group.
  public let node: SchemaNode

  /// How a field is made up of stored columns.
  public indirect enum Shape: Sendable {
    /// The leaf with that index.
    case leaf(Int)
    case structure([ParquetField])
    case list(RepeatedLevels, element: ParquetField)
    /// `value` is `nil` where the file has keys only: every value is null then.
    case map(RepeatedLevels, key: ParquetField, value: ParquetField?)
    /// The node has the children `metadata` and `value`, `typed_value` or both.
    case variant
  }

  /// The levels of the repeated node of a list or map.
  public struct RepeatedLevels: Hashable, Sendable {
    /// From this definition level on there is an element; below it, and not null, the list is empty.
    public let definitionLevel: Int
    /// A repetition level of this number continues the list with another element; a lower one starts a new list.
    public let repetitionLevel: Int
  }

  /// The stored columns that make up the field.
  public var leaves: Range<Int> { node.leaves }
  public var fieldID: Int32? { node.element.fieldID }

  /// The field as a part of a schema, a field id in its metadata as `parquet.field.id`.
  public var structField: StructField {
    StructField(
      name, type, isNullable: isNullable, metadata: fieldID.map { ["parquet.field.id": .long(Int64($0))] } ?? [:])
  }
}

/// Finds the meaning of stored trees, by the rules for the shapes that writers have given lists and maps.
///
/// Spec: Parquet LogicalTypes § Nested Types
struct FieldBuilder {
  let leaves: [ParquetLeaf]

  func fields(of group: SchemaNode) -> [ParquetField] { group.children.map { field($0) } }

  /// The field of a node. A repeated node that no list claims is a list of its own, never null.
  ///
  /// Spec: Parquet LogicalTypes § Nested Types
  func field(_ node: SchemaNode) -> ParquetField {
    guard node.repetition == .repeated else { return single(node, isNullable: node.repetition == .optional) }
    return list(of: single(node, isNullable: false), repeated: node, in: node, isNullable: false)
  }

  /// The field of a node without regard to its being repeated.
  private func single(_ node: SchemaNode, isNullable: Bool) -> ParquetField {
    if node.isLeaf {
      let leaf = leaves[node.leaves.lowerBound]
      return ParquetField(
        name: node.name, type: leaf.type, isNullable: isNullable, definitionLevel: node.definitionLevel,
        repetitionLevel: node.repetitionLevel, shape: .leaf(leaf.index), node: node)
    }
    if case .variant = node.element.logicalType, isVariant(node) {
      return ParquetField(
        name: node.name, type: .variant, isNullable: isNullable, definitionLevel: node.definitionLevel,
        repetitionLevel: node.repetitionLevel, shape: .variant, node: node)
    }
    // A group that has an annotation but not its shape is a plain group.
    if node.children.count == 1, let repeated = node.children.first, repeated.repetition == .repeated {
      if isList(node) {
        return list(of: element(of: repeated, in: node), repeated: repeated, in: node, isNullable: isNullable)
      }
      if isMap(node), let map = map(repeated, in: node, isNullable: isNullable) { return map }
    }
    let children = fields(of: node)
    return ParquetField(
      name: node.name, type: .struct(StructType(children.map(\.structField))), isNullable: isNullable,
      definitionLevel: node.definitionLevel, repetitionLevel: node.repetitionLevel, shape: .structure(children),
      node: node)
  }

  /// Whether the repeated node is the element itself or only wraps it, by the five rules in their order.
  ///
  /// Spec: Parquet LogicalTypes § Lists § Backward-compatibility rules
  private func element(of repeated: SchemaNode, in list: SchemaNode) -> ParquetField {
    let isElement =
      repeated.isLeaf || repeated.children.count != 1 || repeated.children[0].repetition == .repeated
      || repeated.name == "array" || repeated.name == list.name + "_tuple" || isList(repeated) || isMap(repeated)
    return isElement ? single(repeated, isNullable: false) : field(repeated.children[0])
  }

  private func list(
    of element: ParquetField, repeated: SchemaNode, in node: SchemaNode, isNullable: Bool
  ) -> ParquetField {
    let isWrapped = repeated.definitionLevel != node.definitionLevel
    return ParquetField(
      name: node.name, type: .array(ArrayType(element.type, containsNull: element.isNullable)), isNullable: isNullable,
      definitionLevel: isWrapped ? node.definitionLevel : node.definitionLevel - 1,
      repetitionLevel: repeated.repetitionLevel - 1, shape: .list(levels(of: repeated), element: element), node: node)
  }

  /// Spec: Parquet LogicalTypes § Maps
  private func map(_ repeated: SchemaNode, in node: SchemaNode, isNullable: Bool) -> ParquetField? {
    guard !repeated.isLeaf, repeated.children.count == 1 || repeated.children.count == 2 else { return nil }
    let key = field(repeated.children[0])
    let value = repeated.children.count == 2 ? field(repeated.children[1]) : nil
    let type = MapType(key: key.type, value: value?.type ?? .null, valueContainsNull: value?.isNullable ?? true)
    return ParquetField(
      name: node.name, type: .map(type), isNullable: isNullable, definitionLevel: node.definitionLevel,
      repetitionLevel: repeated.repetitionLevel - 1, shape: .map(levels(of: repeated), key: key, value: value),
      node: node)
  }

  private func levels(of repeated: SchemaNode) -> ParquetField.RepeatedLevels {
    ParquetField.RepeatedLevels(
      definitionLevel: repeated.definitionLevel, repetitionLevel: repeated.repetitionLevel)
  }

  private func isList(_ node: SchemaNode) -> Bool {
    guard !node.isLeaf else { return false }
    return node.element.logicalType.map { $0 == .list } ?? (node.element.convertedType == .list)
  }

  private func isMap(_ node: SchemaNode) -> Bool {
    guard !node.isLeaf else { return false }
    let convertedType = node.element.convertedType
    return node.element.logicalType.map { $0 == .map } ?? (convertedType == .map || convertedType == .mapKeyValue)
  }

  /// Spec: Parquet LogicalTypes § VARIANT
  private func isVariant(_ node: SchemaNode) -> Bool {
    func isBinary(_ child: SchemaNode) -> Bool {
      child.element.physicalType == .byteArray && child.repetition != .repeated
    }
    guard let metadata = node.children.first(where: { $0.name == "metadata" }), isBinary(metadata) else { return false }
    let value = node.children.first { $0.name == "value" }
    if let value, !isBinary(value) { return false }
    return value != nil || node.children.contains { $0.name == "typed_value" }
  }
}
