internal import Columnar

/// How a variant column is stored: as it is, or with parts of its values in columns of their own.
///
/// Spec: Parquet VariantShredding § Value Shredding
struct VariantNode: Sendable {
  let metadata: ReadNode
  let value: ReadNode?

  func collectLeaves(_ result: inout [Int]) {
    metadata.collectLeaves(&result)
    value?.collectLeaves(&result)
  }

  func column(
    _ assembly: NestedAssembly, slots: Int, validity: Bitmap?, nulls: Int, around: Surroundings
  ) throws(ParquetError) -> Column {
    let metadata = try assembly.column(self.metadata, slots: slots, around: around)
    let value = try self.value.map { (node) throws(ParquetError) in
      try assembly.column(node, slots: slots, around: around)
    }
    return Column(
      .variant, count: slots, validity: validity, nullCount: nulls,
      storage: .variant(metadata: metadata, value: value ?? Column(nulls: slots, of: .binary)))
  }
}

extension ReadPlanBuilder {
  mutating func variant(_ field: ParquetField, around: Surroundings) throws(ParquetError) -> ReadNode {
    func leafIndex(_ name: String) -> Int? {
      field.node.children.first { $0.name == name && $0.isLeaf }.map { $0.leaves.lowerBound }
    }
    guard let metadataIndex = leafIndex("metadata") else {
      throw ParquetError(.corrupt, "Damaged file: a variant has no metadata.", column: field.name)
    }
    let metadata = ReadNode(type: .binary, kind: .leaf(try leaf(metadataIndex, as: .binary, around: around.nested)))
    var value: ReadNode?
    if let index = leafIndex("value") {
      value = ReadNode(type: .binary, kind: .leaf(try leaf(index, as: .binary, around: around.nested)))
    }
    if field.node.children.contains(where: { $0.name == "typed_value" }) {
      throw ParquetError(.unsupported, "Shredded variants are not supported yet.", column: field.name)
    }
    let node = VariantNode(metadata: metadata, value: value)
    let levels = try levelsLeaf(of: [metadata], field, around)
    return ReadNode(type: .variant, kind: .variant(node, definition: field.definitionLevel, levels: levels))
  }
}
