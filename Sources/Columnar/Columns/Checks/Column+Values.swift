extension Column {
  /// Rows whose strings are not UTF-8, or whose decimals have more digits than their type, in the column or nested in it.
  package func unstorableValues(at path: [String]) -> [FlaggedRows] {
    flaggedRows(at: path) { column in
      switch column.type {
      case .string: column.rowsOfInvalidText()
      case .decimal(let precision, _): column.rowsBeyond(precision)
      default: nil
      }
    }
  }

  private func rowsOfInvalidText() -> Bitmap? {
    switch storage {
    case .dictionary(let codes, let values): return rows(withEntries: values.rowsOfInvalidText(), codes)
    case .bytes(let offsets, let data):
      // All of the text at once, and no string that starts within a character.
      let isValid = offsets.withValues(of: Int32.self) { offsets in
        data.withUnsafeBytes { bytes in
          let start = Int(offsets[0])
          let end = Int(offsets[count])
          guard UTF8Validation.isValid(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) else { return false }
          for row in 0..<count where Int(offsets[row]) < end && bytes[Int(offsets[row])] & 0xC0 == 0x80 { return false }
          return true
        }
      }
      if isValid { return nil }
      // What is wrong may be under a null.
      var invalid = [Bool](repeating: false, count: count)
      forEachBytes { row, bytes in
        if let bytes { invalid[row] = !UTF8Validation.isValid(UnsafeRawBufferPointer(bytes)) }
      }
      return invalid.contains(true) ? Bitmap(invalid) : nil
    default: return nil
    }
  }

  private func rowsBeyond(_ precision: Int) -> Bitmap? {
    if case .dictionary(let codes, let values) = storage {
      return rows(withEntries: values.rowsBeyond(precision), codes)
    }
    guard let limit = Decimal128.power(precision) else { return nil }
    let beyond: Bitmap
    if precision <= 18 {
      let limit = Int64(truncatingIfNeeded: limit)
      beyond = tested(Int64.self) { $0 >= limit || $0 <= 0 &- limit }
    } else {
      beyond = tested(Int128.self) { $0 >= limit || $0 <= 0 &- limit }
    }
    let rows = validity.map { beyond.intersection($0) } ?? beyond
    return rows.setCount > 0 ? rows : nil
  }
}
