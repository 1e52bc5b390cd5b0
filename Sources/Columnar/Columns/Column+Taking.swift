extension Column {
  /// The rows at `indices`, in that order, rows repeated as often as they are named; a negative index gives a null.
  ///
  /// Dictionary-coded columns stay so. Traps when an index is `count` or more.
  ///
  /// - Throws: `tooLarge` when repeated strings or lists outgrow one column.
  public func taking(_ indices: [Int32]) throws(ColumnError) -> Column {
    try taking(Buffer(copying: indices))
  }

  /// The rows at `indices`, which are `Int32`s; see ``taking(_:)-([Int32])``.
  public func taking(_ indices: Buffer) throws(ColumnError) -> Column {
    defer { withExtendedLifetime(indices) {} }
    let rows = indices.count / 4
    let pointer = indices.pointer.assumingMemoryBound(to: Int32.self)
    let bounds = GatherKernel.bounds(pointer, count: rows)
    precondition(Int(bounds.greatest) < count, "row outside of the column")
    guard bounds.least < 0 else { return try gathered(indices) }
    guard count > 0 else { return Column(nulls: rows, of: type) }
    let (clean, present) = GatherKernel.withoutNegatives(pointer, count: rows)
    return try gathered(clean).masked(by: present)
  }

  /// The column with nulls also where `present` is clear.
  package func masked(by present: Bitmap?) -> Column {
    guard let present else { return self }
    if case .null = storage { return self }
    return Column(type, count: count, validity: Bitmap.intersection(validity, present), storage: storage)
  }

  /// The rows at `indices`, all of which are inside.
  func gathered(_ indices: Buffer) throws(ColumnError) -> Column {
    defer { withExtendedLifetime((indices, self)) {} }
    let rows = indices.count / 4
    guard rows > 0 else { return count == 0 ? self : slice(0..<0) }
    let pointer = indices.pointer.assumingMemoryBound(to: Int32.self)
    let validity = validity.map { $0.gathered(pointer, count: rows) }
    return Column(
      type, count: rows, validity: validity, storage: try Self.gather(storage, type, indices, pointer, rows))
  }

  private static func gather(
    _ storage: ColumnStorage, _ type: DataType, _ indices: Buffer, _ pointer: UnsafePointer<Int32>, _ rows: Int
  ) throws(ColumnError) -> ColumnStorage {
    switch storage {
    case .null: return .null
    case .boolean(let bits): return .boolean(bits.gathered(pointer, count: rows))
    case .fixed(let values):
      return .fixed(values.gatheredValues(width: type.fixedWidth ?? 0, pointer, count: rows))
    case .dictionary(let codes, let values):
      return .dictionary(codes: codes.gatheredValues(width: 4, pointer, count: rows), values: values)
    case .bytes(let offsets, let data):
      let old = offsets.pointer.assumingMemoryBound(to: Int32.self)
      let (new, total) = GatherKernel.offsets(old, pointer, count: rows)
      guard total <= Int32.max else { throw .tooLarge("bytes", total) }
      return .bytes(
        offsets: new, data: GatherKernel.bytes(old, data.pointer, pointer, count: rows, total: total))
    case .structure(let children):
      var gathered: [Column] = []
      for child in children { gathered.append(try child.gathered(indices)) }
      return .structure(gathered)
    case .variant(let metadata, let value):
      return .variant(metadata: try metadata.gathered(indices), value: try value.gathered(indices))
    case .list(let offsets, let elements):
      let (new, rows) = try elementRows(offsets, pointer, rows)
      return .list(offsets: new, elements: try elements.gathered(rows))
    case .map(let offsets, let keys, let values):
      let (new, rows) = try elementRows(offsets, pointer, rows)
      return .map(offsets: new, keys: try keys.gathered(rows), values: try values.gathered(rows))
    }
  }

  private static func elementRows(
    _ offsets: Buffer, _ indices: UnsafePointer<Int32>, _ rows: Int
  ) throws(ColumnError) -> (offsets: Buffer, rows: Buffer) {
    let old = offsets.pointer.assumingMemoryBound(to: Int32.self)
    let (new, total) = GatherKernel.offsets(old, indices, count: rows)
    guard total <= Int32.max else { throw .tooLarge("elements", total) }
    return (new, GatherKernel.elements(old, indices, count: rows, total: total))
  }
}
