internal import Columnar

extension WriteLeaf {
  /// The values that the levels found in the leaf's column, as the file stores them.
  ///
  /// - Throws: ``ParquetError`` with code `invalidValue` for values that the stored type can't hold.
  func values(_ levels: LeafLevels, of column: Column) throws(ParquetError) -> DenseValues {
    guard levels.valueCount > 0 else {
      return DenseValues(form: form, count: 0, storage: .fixed(Buffer(uninitialized: 0)))
    }
    let column = column.slice(levels.rows)
    if column.type == .int96, let stored = ValueForm(.int96) {
      return try nanoseconds(DenseValues(column, present: levels.present, form: stored))
    }
    let values = try DenseValues(column, present: levels.present, form: form)
    if type == .string { try checkText(values) }
    return values
  }

  /// Readers refuse a file whose strings are no text.
  ///
  /// Spec: Parquet LogicalTypes § STRING
  private func checkText(_ values: DenseValues) throws(ParquetError) {
    switch values.storage {
    case .coded(_, let dictionary): try checkText(dictionary)
    case .bytes(let offsets, let data):
      let isText = offsets.withValues(of: Int32.self) { offsets in
        guard let base = offsets.baseAddress, values.count > 0 else { return true }
        return data.withUnsafeBytes { data in
          guard let bytes = data.baseAddress else { return true }
          return UTF8Kernel.areValid(
            bytes.assumingMemoryBound(to: UInt8.self), from: Int(base[0]), to: Int(base[values.count]),
            ends: base + 1, count: values.count)
        }
      }
      guard isText else { throw .notUTF8() }
    case .bits, .fixed: break
    }
  }

  /// INT96 as the timestamps that stand for them.
  private func nanoseconds(_ values: DenseValues) throws(ParquetError) -> DenseValues {
    switch values.storage {
    case .fixed(let times):
      guard let nanoseconds = INT96Kernel.nanoseconds(times, count: values.count) else {
        throw ParquetError(
          .invalidValue, "A timestamp is not in the years 1678 to 2261, which nanoseconds in 64 bits reach.")
      }
      return DenseValues(form: form, count: values.count, storage: .fixed(nanoseconds))
    case .coded(let codes, let dictionary):
      return DenseValues(
        form: form, count: values.count, storage: .coded(codes: codes, values: try nanoseconds(dictionary)))
    case .bits, .bytes: throw .notOfForm(type)
    }
  }
}
