internal import Columnar

/// Puts requested columns together from what their leaves have read: levels become validity and list offsets.
///
/// Spec: Parquet README § Nested Encoding
struct NestedAssembly {
  /// By position in the plan; those that were not read for this batch are `nil`.
  let leaves: [LeafBatch?]
  let plan: ReadPlan

  /// A column of the whole batch.
  func column(_ node: ReadNode, rows: Int) throws(ParquetError) -> Column {
    try column(node, slots: rows, around: .top)
  }

  func column(_ node: ReadNode, slots: Int, around: Surroundings) throws(ParquetError) -> Column {
    switch node.kind {
    case .missing:
      return Column(nulls: slots, of: node.type)
    case .leaf(let index):
      guard let leaf = leaves[index] else { throw disagreement(index) }
      guard leaf.column.count == slots else { throw disagreement(index) }
      return leaf.column
    case .structure(let children, let definition, let levels):
      let (validity, nulls) = try validity(of: levels, slots: slots, definition: definition, around: around)
      var columns: [Column] = []
      columns.reserveCapacity(children.count)
      for child in children { columns.append(try column(child, slots: slots, around: around.nested)) }
      return Column(node.type, count: slots, validity: validity, nullCount: nulls, storage: .structure(columns))
    case .list(let repeated, let element, let definition, let levels):
      let lists = try self.lists(of: levels, slots: slots, definition: definition, repeated, around: around)
      let elements = try column(element, slots: lists.elements, around: around.within(repeated))
      return Column(
        node.type, count: slots, validity: lists.validity, nullCount: lists.nulls,
        storage: .list(offsets: lists.offsets, elements: elements))
    case .map(let repeated, let key, let value, let definition, let levels):
      let lists = try self.lists(of: levels, slots: slots, definition: definition, repeated, around: around)
      let keys = try column(key, slots: lists.elements, around: around.within(repeated))
      guard keys.nullCount == 0 else {
        throw ParquetError(.corrupt, "Damaged file: a key of a map is null.", column: plan.leaves[levels].name)
      }
      let values = try column(value, slots: lists.elements, around: around.within(repeated))
      return Column(
        node.type, count: slots, validity: lists.validity, nullCount: lists.nulls,
        storage: .map(offsets: lists.offsets, keys: keys, values: values))
    case .variant(let variant, let definition, let levels):
      let (validity, nulls) = try validity(of: levels, slots: slots, definition: definition, around: around)
      return try variant.column(
        self, slots: slots, validity: validity, nulls: nulls, around: around.nested)
    }
  }

  /// Which slots of a group are null, by the levels of a leaf below it.
  func validity(
    of leaf: Int, slots: Int, definition: Int, around: Surroundings
  ) throws(ParquetError) -> (Bitmap?, Int) {
    guard let batch = leaves[leaf] else { throw disagreement(leaf) }
    guard definition > around.exists, let definitions = batch.definitions else {
      return (nil, 0)
    }
    let bits = Buffer(uninitialized: (batch.entries + 7) / 8 + 8)
    let found = LevelKernel.structure(
      definitions: definitions.pointer.assumingMemoryBound(to: UInt8.self),
      repetitions: batch.repetitions.count > 0
        ? batch.repetitions.pointer.assumingMemoryBound(to: UInt8.self) : nil,
      count: batch.entries, repetition: level(around.repetition), exists: level(around.exists),
      defined: level(definition), into: bits.mutablePointer.assumingMemoryBound(to: UInt8.self))
    guard found.slots == slots else { throw disagreement(leaf) }
    return withExtendedLifetime(batch) { (Bitmap(buffer: bits, count: slots), slots - found.present) }
  }

  private struct Lists {
    let offsets: Buffer
    let elements: Int
    let validity: Bitmap?
    let nulls: Int
  }

  private func lists(
    of leaf: Int, slots: Int, definition: Int, _ repeated: ParquetField.RepeatedLevels, around: Surroundings
  ) throws(ParquetError) -> Lists {
    guard let batch = leaves[leaf] else { throw disagreement(leaf) }
    if batch.entries == 0 {
      guard slots == 0 else { throw disagreement(leaf) }
      return Lists(offsets: Buffer(zeroed: 4), elements: 0, validity: nil, nulls: 0)
    }
    guard let definitions = batch.definitions, batch.repetitions.count == batch.entries else {
      throw disagreement(leaf)
    }
    let offsets = Buffer(uninitialized: (batch.entries + 1) * 4)
    let bits = Buffer(uninitialized: (batch.entries + 7) / 8 + 8)
    let found = LevelKernel.lists(
      definitions: definitions.pointer.assumingMemoryBound(to: UInt8.self),
      repetitions: batch.repetitions.pointer.assumingMemoryBound(to: UInt8.self), count: batch.entries,
      repetition: level(repeated.repetitionLevel), exists: level(around.exists), defined: level(definition),
      element: level(repeated.definitionLevel),
      offsets: offsets.mutablePointer.assumingMemoryBound(to: Int32.self),
      bits: bits.mutablePointer.assumingMemoryBound(to: UInt8.self))
    guard let found, found.slots == slots else { throw disagreement(leaf) }
    let nulls = slots - found.present
    return withExtendedLifetime(batch) {
      Lists(
        offsets: offsets.slice(0..<(slots + 1) * 4), elements: found.elements,
        validity: nulls > 0 ? Bitmap(buffer: bits, count: slots) : nil, nulls: nulls)
    }
  }

  private func level(_ level: Int) -> UInt8 { UInt8(truncatingIfNeeded: level) }

  func disagreement(_ leaf: Int) -> ParquetError {
    ParquetError(
      .corrupt, "Damaged file: the columns of a nested field disagree about its structure.",
      column: plan.leaves[leaf].name)
  }
}
