internal import Columnar

/// What to read of a file, worked out once: the leaves, and how the requested columns are put together from them.
struct ReadPlan: Sendable {
  let schema: Schema
  /// A node a requested column.
  let columns: [ReadNode]
  let leaves: [LeafPlan]

  /// - Throws: ``ParquetError`` with code `schemaMismatch` when a column can't be read as the type asked for.
  init(_ file: ParquetSchema, schema: Schema?, matching: ColumnMatching) throws(ParquetError) {
    let requested = schema ?? file.rowSchema
    var builder = ReadPlanBuilder(file: file, matching: matching)
    var columns: [ReadNode] = []
    if schema == nil {
      for field in file.fields { columns.append(try builder.node(field, as: field.type, around: .top)) }
    } else {
      let found = builder.match(requested.fields, in: file.fields)
      for (index, field) in requested.fields.enumerated() {
        let node = try found[index].map { (source) throws(ParquetError) in
          try builder.node(source, as: field.type, around: .top)
        }
        columns.append(node ?? ReadNode(type: field.type, kind: .missing))
      }
    }
    self.schema = requested
    self.columns = columns
    leaves = builder.leaves
  }

  /// The leaves that some of the requested columns are made of, as positions in ``leaves``.
  func leaves(ofColumns indices: [Int]) -> [Int] {
    var result: [Int] = []
    for index in indices { columns[index].collectLeaves(&result) }
    return result
  }
}

/// One requested column, or a part of it, and how it comes to be.
struct ReadNode: Sendable {
  let type: DataType
  let kind: Kind

  indirect enum Kind: Sendable {
    /// The file doesn't have it: nulls.
    case missing
    /// The leaf at that position of the plan.
    case leaf(Int)
    /// `levels`: a leaf beneath, whose levels say what is null.
    case structure([ReadNode], definition: Int, levels: Int)
    case list(ParquetField.RepeatedLevels, element: ReadNode, definition: Int, levels: Int)
    case map(ParquetField.RepeatedLevels, key: ReadNode, value: ReadNode, definition: Int, levels: Int)
    case variant(VariantNode, definition: Int, levels: Int)
  }

  func collectLeaves(_ result: inout [Int]) {
    switch kind {
    case .missing: break
    case .leaf(let index): result.append(index)
    case .structure(let children, _, let levels):
      result.append(levels)
      for child in children { child.collectLeaves(&result) }
    case .list(_, let element, _, let levels):
      result.append(levels)
      element.collectLeaves(&result)
    case .map(_, let key, let value, _, let levels):
      result.append(levels)
      key.collectLeaves(&result)
      value.collectLeaves(&result)
    case .variant(let variant, _, let levels):
      result.append(levels)
      variant.collectLeaves(&result)
    }
  }
}

/// The enclosing list of a place in the schema: its element exists from a definition level on, and its entries repeat
/// at a level.
struct Surroundings: Sendable {
  var exists: Int
  var repetition: Int
  /// Whether a struct or list above needs the levels of leaves below.
  var isNested: Bool

  static let top = Surroundings(exists: 0, repetition: 0, isNested: false)

  func within(_ levels: ParquetField.RepeatedLevels) -> Surroundings {
    Surroundings(exists: levels.definitionLevel, repetition: levels.repetitionLevel, isNested: true)
  }

  var nested: Surroundings { Surroundings(exists: exists, repetition: repetition, isNested: true) }
}

struct ReadPlanBuilder {
  let file: ParquetSchema
  let matching: ColumnMatching
  private(set) var leaves: [LeafPlan] = []

  init(file: ParquetSchema, matching: ColumnMatching) {
    self.file = file
    self.matching = matching
  }

  /// For each requested field the file's, if it is there.
  func match(_ requested: [StructField], in fields: [ParquetField]) -> [ParquetField?] {
    var byName: [String: Int] = [:]
    var byID: [Int64: Int] = [:]
    for (index, field) in fields.enumerated() {
      if byName[field.name] == nil { byName[field.name] = index }
      if let id = field.fieldID, byID[Int64(id)] == nil { byID[Int64(id)] = index }
    }
    return requested.map { field in
      if matching == .fieldId, case .long(let id) = field.metadata["parquet.field.id"] {
        return byID[id].map { fields[$0] }
      }
      return byName[field.name].map { fields[$0] }
    }
  }

  mutating func node(
    _ field: ParquetField, as type: DataType, around: Surroundings
  ) throws(ParquetError) -> ReadNode {
    switch (field.shape, type) {
    case (.leaf(let index), _):
      return ReadNode(type: type, kind: .leaf(try leaf(index, as: type, around: around)))
    case (.variant, .variant):
      return try variant(field, around: around)
    case (.structure(let children), .variant):
      // Tables of the preview wrote variants without the annotation.
      guard children.contains(where: { $0.name == "metadata" && $0.type == .binary }),
        children.contains(where: { $0.name == "value" || $0.name == "typed_value" })
      else { throw mismatch(field, type) }
      return try variant(field, around: around)
    case (.structure(let children), .struct(let wanted)):
      let found = match(wanted.fields, in: children)
      var nodes: [ReadNode] = []
      for (index, child) in wanted.fields.enumerated() {
        if let source = found[index] {
          nodes.append(try node(source, as: child.type, around: around.nested))
        } else {
          nodes.append(ReadNode(type: child.type, kind: .missing))
        }
      }
      let levels = try levelsLeaf(of: nodes, field, around)
      return ReadNode(type: type, kind: .structure(nodes, definition: field.definitionLevel, levels: levels))
    case (.list(let repeated, let element), .array(let wanted)):
      let child = try node(element, as: wanted.element, around: around.within(repeated))
      let levels = try levelsLeaf(of: [child], field, around.within(repeated))
      return ReadNode(
        type: type, kind: .list(repeated, element: child, definition: field.definitionLevel, levels: levels))
    case (.map(let repeated, let key, let value), .map(let wanted)):
      let keys = try node(key, as: wanted.key, around: around.within(repeated))
      let values: ReadNode
      if let value {
        values = try node(value, as: wanted.value, around: around.within(repeated))
      } else {
        values = ReadNode(type: wanted.value, kind: .missing)
      }
      let levels = try levelsLeaf(of: [keys, values], field, around.within(repeated))
      return ReadNode(
        type: type,
        kind: .map(repeated, key: keys, value: values, definition: field.definitionLevel, levels: levels))
    default:
      throw mismatch(field, type)
    }
  }

  /// Adds a leaf to those read.
  mutating func leaf(_ index: Int, as type: DataType, around: Surroundings) throws(ParquetError) -> Int {
    let leaf = file.leaves[index]
    guard
      let storage = LeafStorage(leaf.physicalType, length: leaf.typeLength, fileType: leaf.type, to: type)
    else {
      throw ParquetError(
        .schemaMismatch, "The column has the type \(leaf.type) in the file and cannot be read as \(type).",
        column: leaf.name)
    }
    return add(leaf, type, storage, around)
  }

  private mutating func add(
    _ leaf: ParquetLeaf, _ type: DataType, _ storage: LeafStorage, _ around: Surroundings
  ) -> Int {
    leaves.append(
      LeafPlan(
        index: leaf.index, name: leaf.name, physical: leaf.physicalType, length: leaf.typeLength, type: type,
        storage: storage, maximumDefinition: leaf.maxDefinitionLevel, maximumRepetition: leaf.maxRepetitionLevel,
        elementDefinition: around.exists, keepsLevels: around.isNested))
    return leaves.count - 1
  }

  /// A leaf whose levels tell about a field: one of those read anyway, or the one that repeats least.
  mutating func levelsLeaf(
    of children: [ReadNode], _ field: ParquetField, _ around: Surroundings
  ) throws(ParquetError) -> Int {
    var read: [Int] = []
    for child in children { child.collectLeaves(&read) }
    if let best = read.min(by: { leaves[$0].maximumRepetition < leaves[$1].maximumRepetition }) { return best }
    let candidates = file.leaves[field.leaves]
    guard let leaf = candidates.min(by: { $0.maxRepetitionLevel < $1.maxRepetitionLevel }) else {
      throw ParquetError(
        .unsupported, "The group has no columns, so that nothing says where it is null.", column: field.name)
    }
    return add(leaf, .null, .null, around.nested)
  }

  private func mismatch(_ field: ParquetField, _ type: DataType) -> ParquetError {
    ParquetError(
      .schemaMismatch, "The column has the type \(field.type) in the file and cannot be read as \(type).",
      column: field.name)
  }
}
