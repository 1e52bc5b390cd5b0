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
    guard column.type == .int96, let stored = ValueForm(.int96) else {
      return try DenseValues(column, present: levels.present, form: form)
    }
    return try nanoseconds(DenseValues(column, present: levels.present, form: stored))
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
