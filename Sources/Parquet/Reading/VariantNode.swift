internal import Columnar

/// How a variant column is stored: as it is, or with parts of its values in columns of their own.
///
/// Spec: Parquet VariantShredding § Value Shredding
struct VariantNode: Sendable {
  let metadata: ReadNode
  let value: ReadNode?
  /// The shredded parts, read as what they look like: a primitive, a struct of shredded fields, an array of them.
  let typedValue: ReadNode?

  func collectLeaves(_ result: inout [Int]) {
    metadata.collectLeaves(&result)
    value?.collectLeaves(&result)
    typedValue?.collectLeaves(&result)
  }

  func column(
    _ assembly: NestedAssembly, slots: Int, validity: Bitmap?, nulls: Int, around: Surroundings
  ) throws(ParquetError) -> Column {
    let metadata = try assembly.column(self.metadata, slots: slots, around: around)
    let value = try self.value.map { (node) throws(ParquetError) in
      try assembly.column(node, slots: slots, around: around)
    }
    if typedValue == nil, let value, value.nullCount == nulls {
      return Column(
        .variant, count: slots, validity: validity, nullCount: nulls,
        storage: .variant(metadata: metadata, value: value))
    }
    let typed = try typedValue.map { (node) throws(ParquetError) in
      try assembly.column(node, slots: slots, around: around)
    }
    do throws(VariantError) {
      var rebuilding = VariantRebuilding(metadata: metadata, validity: validity)
      return try rebuilding.column(value: value, typedValue: typed, count: slots)
    } catch {
      let code: ParquetError.Code = error.code == .unsupported ? .unsupported : .corrupt
      throw ParquetError(code, "A shredded variant cannot be put together.", cause: error)
    }
  }
}

extension ReadPlanBuilder {
  mutating func variant(_ field: ParquetField, around: Surroundings) throws(ParquetError) -> ReadNode {
    func child(_ name: String) -> SchemaNode? { field.node.children.first { $0.name == name } }
    func binary(_ node: SchemaNode) throws(ParquetError) -> ReadNode {
      guard node.isLeaf else {
        throw ParquetError(.corrupt, "Damaged file: a variant's \(node.name) is not binary.", column: field.name)
      }
      return ReadNode(
        type: .binary, kind: .leaf(try leaf(node.leaves.lowerBound, as: .binary, around: around.nested)))
    }
    guard let metadataNode = child("metadata") else {
      throw ParquetError(.corrupt, "Damaged file: a variant has no metadata.", column: field.name)
    }
    let metadata = try binary(metadataNode)
    let value = try child("value").map { (node) throws(ParquetError) in try binary(node) }
    let typedValue = try child("typed_value").map { (node) throws(ParquetError) in
      let typed = FieldBuilder(leaves: file.leaves).field(node)
      return try self.node(typed, as: typed.type, around: around.nested)
    }
    let levels = try levelsLeaf(of: [metadata], field, around)
    return ReadNode(
      type: .variant,
      kind: .variant(
        VariantNode(metadata: metadata, value: value, typedValue: typedValue), definition: field.definitionLevel,
        levels: levels))
  }
}
