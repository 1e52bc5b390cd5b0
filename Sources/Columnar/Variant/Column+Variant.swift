extension Column {
  /// The variant of a row, or `nil` where the row is null. The column's type is `variant`.
  ///
  /// - Throws: `corrupt` or `unsupported` for metadata that cannot be read.
  public func variant(at row: Int) throws(VariantError) -> VariantValue? {
    precondition(row >= 0 && row < count, "no such row")
    guard case .variant(let metadata, let value) = storage else { return nil }
    guard !isNull(row) else { return nil }
    return try VariantValue(metadata: metadata.binary(at: row), value: value.binary(at: row))
  }

  /// The bytes of a row of a string or binary column; none for other storage.
  package func binary(at row: Int) -> Buffer {
    switch storage {
    case .bytes(let offsets, let data):
      defer { withExtendedLifetime(offsets) {} }
      let positions = offsets.pointer.assumingMemoryBound(to: Int32.self)
      return data.slice(Int(positions[row])..<Int(positions[row + 1]))
    case .dictionary(let codes, let values):
      defer { withExtendedLifetime(codes) {} }
      return values.binary(at: Int(codes.pointer.assumingMemoryBound(to: Int32.self)[row]))
    default:
      return Buffer(uninitialized: 0)
    }
  }
}
