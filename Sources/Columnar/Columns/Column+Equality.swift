/// Equal when the types are, nulls are in the same rows and the values are the same, however they are stored: a
/// dictionary-coded column equals its plain one. NaN equals NaN; 0.0 and -0.0 differ. O(values): meant for tests.
extension Column: Equatable {
  public static func == (first: Column, second: Column) -> Bool {
    guard first.type == second.type, first.count == second.count, first.nullCount == second.nullCount else {
      return false
    }
    return (0..<first.count).allSatisfy { first.isEqual(at: $0, to: second, at: $0) }
  }

  private func isEqual(at row: Int, to other: Column, at otherRow: Int) -> Bool {
    if isNull(row) || other.isNull(otherRow) { return isNull(row) == other.isNull(otherRow) }
    switch (storage, other.storage) {
    case (.dictionary(let codes, let values), _):
      return values.isEqual(at: Int(codes.value(Int32.self, at: row)), to: other, at: otherRow)
    case (_, .dictionary(let codes, let values)):
      return isEqual(at: row, to: values, at: Int(codes.value(Int32.self, at: otherRow)))
    case (.null, .null): return true
    case (.boolean(let a), .boolean(let b)): return a[row] == b[otherRow]
    case (.fixed, .fixed), (.bytes, .bytes):
      if byteArray(at: row) == other.byteArray(at: otherRow) { return true }
      switch (scalar(at: row), other.scalar(at: otherRow)) {
      case (.double(let a), .double(let b)): return a.isNaN && b.isNaN
      case (.float(let a), .float(let b)): return a.isNaN && b.isNaN
      default: return false
      }
    case (.structure(let a), .structure(let b)):
      return zip(a, b).allSatisfy { $0.isEqual(at: row, to: $1, at: otherRow) }
    case (.variant(let metadata, let value), .variant(let otherMetadata, let otherValue)):
      return metadata.isEqual(at: row, to: otherMetadata, at: otherRow)
        && value.isEqual(at: row, to: otherValue, at: otherRow)
    case (.list(let offsets, let a), .list(let otherOffsets, let b)):
      return Self.areEqual(offsets, row, otherOffsets, otherRow) { a.isEqual(at: $0, to: b, at: $1) }
    case (.map(let offsets, let keys, let values), .map(let otherOffsets, let otherKeys, let otherValues)):
      return Self.areEqual(offsets, row, otherOffsets, otherRow) {
        keys.isEqual(at: $0, to: otherKeys, at: $1) && values.isEqual(at: $0, to: otherValues, at: $1)
      }
    default: return false
    }
  }

  private static func areEqual(
    _ offsets: Buffer, _ row: Int, _ otherOffsets: Buffer, _ otherRow: Int, _ body: (Int, Int) -> Bool
  ) -> Bool {
    let start = Int(offsets.value(Int32.self, at: row))
    let end = Int(offsets.value(Int32.self, at: row + 1))
    let otherStart = Int(otherOffsets.value(Int32.self, at: otherRow))
    let otherEnd = Int(otherOffsets.value(Int32.self, at: otherRow + 1))
    return end - start == otherEnd - otherStart
      && (0..<max(0, end - start)).allSatisfy { body(start + $0, otherStart + $0) }
  }
}
