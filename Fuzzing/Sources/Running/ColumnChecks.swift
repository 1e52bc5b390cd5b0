internal import Columnar

/// What every column promises: buffers that fit, offsets that ascend, codes within the dictionary, text that is UTF-8.
enum ColumnChecks {
  static func check(_ batch: RecordBatch) {
    claim(batch.columns.count == batch.schema.fields.count, "columns and fields differ in number")
    for (column, field) in zip(batch.columns, batch.schema.fields) {
      claim(column.count == batch.rowCount, "column \(field.name) has \(column.count) rows of \(batch.rowCount)")
      claim(column.type == field.type, "column \(field.name) is \(column.type), not \(field.type)")
      check(column, field.name)
    }
  }

  static func check(_ column: Column, _ name: String) {
    if let validity = column.validity {
      claim(validity.count == column.count, "validity of \(name) has \(validity.count) bits")
      claim(column.count - validity.setCount == column.nullCount, "nulls of \(name) are miscounted")
    }
    switch column.storage {
    case .null: claim(column.nullCount == column.count, "\(name) has values and no storage")
    case .boolean(let bits): claim(bits.count == column.count, "\(name) has \(bits.count) bits")
    case .fixed(let buffer):
      let width = column.type.fixedWidth ?? -1
      claim(width >= 0 && buffer.count >= column.count * width, "\(name) is too short: \(buffer.count) bytes")
    case .bytes(let offsets, let data):
      let ends = checkOffsets(offsets, column.count, within: data.count, name)
      if column.type == .string { checkText(data, ends, column, name) }
    case .dictionary(let codes, let values):
      claim(
        values.nullCount == 0 && values.type == column.type, "a dictionary of \(name) has nulls, or is \(values.type)")
      check(values, name)
      codes.withValues(of: Int32.self) { codes in
        claim(codes.count >= column.count, "\(name) has \(codes.count) codes")
        for row in 0..<column.count {
          let isInside = codes[row] >= 0 && codes[row] < values.count || codes[row] == 0
          claim(isInside, "code \(codes[row]) of \(name) is outside of the dictionary of \(values.count)")
          claim(codes[row] < values.count || column.isNull(row), "a value of \(name) has no dictionary entry")
        }
      }
    case .structure(let children):
      for child in children {
        claim(child.count == column.count, "a child of \(name) has \(child.count) rows")
        check(child, name)
      }
    case .list(let offsets, let elements):
      _ = checkOffsets(offsets, column.count, within: elements.count, name)
      check(elements, name)
    case .map(let offsets, let keys, let values):
      claim(keys.count == values.count, "\(name) has \(keys.count) keys for \(values.count) values")
      claim(keys.nullCount == 0, "a key of \(name) is null")
      _ = checkOffsets(offsets, column.count, within: keys.count, name)
      check(keys, name)
      check(values, name)
    case .variant(let metadata, let value):
      claim(metadata.count == column.count && value.count == column.count, "parts of \(name) differ in rows")
      check(metadata, name)
      check(value, name)
      for row in 0..<min(column.count, 64) { _ = try? column.variant(at: row)?.json() }
    }
    for row in [0, column.count / 2, column.count - 1] where row >= 0 && row < column.count {
      _ = column.scalar(at: row)
    }
  }

  private static func checkOffsets(_ buffer: Buffer, _ count: Int, within end: Int, _ name: String) -> [Int32] {
    let offsets = buffer.values(of: Int32.self)
    claim(offsets.count > count, "\(name) has \(offsets.count) offsets for \(count) rows")
    claim(offsets[0] >= 0 && Int(offsets[count]) <= end, "offsets of \(name) reach outside of \(end)")
    for row in 0..<count { claim(offsets[row] <= offsets[row + 1], "offsets of \(name) descend") }
    return offsets
  }

  private static func checkText(_ data: Buffer, _ offsets: [Int32], _ column: Column, _ name: String) {
    data.withUnsafeBytes { bytes in
      for row in 0..<column.count where !column.isNull(row) {
        let text = UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[row])..<Int(offsets[row + 1])])
        claim(UTF8Validation.isValid(text), "a text of \(name) is not UTF-8")
      }
    }
  }
}
