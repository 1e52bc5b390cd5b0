import Columnar

/// The values of some rows of a column as text, one behind the other.
///
/// Rows are printed by columns first: each column has one loop made for its type, and rows are then put together from
/// pieces by copying bytes.
final class ColumnText {
  var text = TextBuffer(capacity: 4_096)
  /// Where the text of each row ends.
  var ends: [Int] = []
  /// Rows whose values are damaged. They are an error only where they are used: under a null anything may lie.
  var failures: [Int: OutputError] = [:]

  /// Prints `rows` of a column. The rows of the result count from 0.
  init(_ column: Column, rows: Range<Int>, style: TextStyle) {
    ends.reserveCapacity(rows.count)
    let rows = rows.clamped(to: 0..<column.count)
    switch column.storage {
    case .structure(let children): appendStructs(column, children, rows, style.nested)
    case .list(let offsets, let elements): appendLists(column, offsets, elements, rows, style.nested)
    case .map(let offsets, let keys, let values): appendMaps(column, offsets, keys, values, rows, style.nested)
    case .variant: appendVariants(column, rows, style)
    default: appendLeaves(column, rows, style)
    }
  }

  /// The bytes of a row: a range of ``text``.
  func range(of row: Int) -> Range<Int> {
    (row == 0 ? 0 : ends[row - 1])..<ends[row]
  }

  /// Copies the text of a row.
  func copy(_ row: Int, to target: inout TextBuffer) {
    let range = range(of: row)
    text.withBytes { target.append(copying: UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  func string(of row: Int) -> String {
    let range = range(of: row)
    return text.withBytes { String(decoding: $0[range], as: UTF8.self) }
  }

  /// - Throws: the failure of the first damaged row.
  func throwFailure() throws(OutputError) {
    if let row = failures.keys.min(), let failure = failures[row] { throw failure }
  }

  private func appendNull(_ style: TextStyle) {
    if style != .plain { text.append("null") }
    ends.append(text.count)
  }

  // MARK: Variants

  private func appendVariants(_ column: Column, _ rows: Range<Int>, _ style: TextStyle) {
    for row in rows {
      do throws(VariantError) {
        guard let variant = try column.variant(at: row) else {
          appendNull(style)
          continue
        }
        try variant.appendJSON(to: &text, style.isCanonical ? .canonical : .natural)
      } catch {
        failures[row - rows.lowerBound] = OutputError(.corruptValue, error.description, cause: error)
      }
      ends.append(text.count)
    }
  }

  // MARK: Structs

  private func appendStructs(_ column: Column, _ children: [Column], _ rows: Range<Int>, _ style: TextStyle) {
    guard case .struct(let type) = column.type else { return }
    let fields = StructText(type, children, rows: rows, style: style)
    for row in rows {
      if column.isNull(row) {
        appendNull(style)
        continue
      }
      if let failure = fields.failure(row - rows.lowerBound) { failures[row - rows.lowerBound] = failure }
      fields.copy(row - rows.lowerBound, to: &text)
      ends.append(text.count)
    }
  }

  // MARK: Lists

  private func appendLists(
    _ column: Column, _ offsets: Buffer, _ elements: Column, _ rows: Range<Int>, _ style: TextStyle
  ) {
    offsets.withValues(of: Int32.self) { offsets in
      let first = Int(offsets[rows.lowerBound])
      let texts = ColumnText(elements, rows: first..<Int(offsets[rows.upperBound]), style: style)
      for row in rows {
        if column.isNull(row) {
          appendNull(style)
          continue
        }
        text.append(0x5B)
        for element in Int(offsets[row]) - first..<Int(offsets[row + 1]) - first {
          if element > Int(offsets[row]) - first { text.append(0x2C) }
          texts.copy(element, to: &text)
          if let failure = texts.failures[element] { failures[row - rows.lowerBound] = failure }
        }
        text.append(0x5D)
        ends.append(text.count)
      }
    }
  }

  // MARK: Maps

  private func appendMaps(
    _ column: Column, _ offsets: Buffer, _ keys: Column, _ values: Column, _ rows: Range<Int>, _ style: TextStyle
  ) {
    offsets.withValues(of: Int32.self) { offsets in
      let first = Int(offsets[rows.lowerBound])
      let entries = first..<Int(offsets[rows.upperBound])
      let keyTexts = ColumnText(keys, rows: entries, style: style)
      let valueTexts = ColumnText(values, rows: entries, style: style)
      let isObject = style == .natural && !keys.type.isNested && keys.type != .variant
      for row in rows {
        if column.isNull(row) {
          appendNull(style)
          continue
        }
        var order = Array(Int(offsets[row]) - first..<Int(offsets[row + 1]) - first)
        if style == .delta, order.count > 1 {
          let spelt = order.map { (keyTexts.string(of: $0), $0) }
          order = spelt.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map(\.1)
        }
        text.append(isObject ? 0x7B : 0x5B)
        for (position, entry) in order.enumerated() {
          if position > 0 { text.append(0x2C) }
          if let failure = keyTexts.failures[entry] ?? valueTexts.failures[entry] {
            failures[row - rows.lowerBound] = failure
          }
          appendEntry(keyTexts, valueTexts, entry, isObject: isObject)
        }
        text.append(isObject ? 0x7D : 0x5D)
        ends.append(text.count)
      }
    }
  }

  private func appendEntry(_ keys: ColumnText, _ values: ColumnText, _ entry: Int, isObject: Bool) {
    if isObject {
      let key = keys.range(of: entry)
      let isQuoted = keys.text.withBytes { !key.isEmpty && $0[key.lowerBound] == 0x22 }
      if !isQuoted { text.append(0x22) }
      keys.copy(entry, to: &text)
      if !isQuoted { text.append(0x22) }
      text.append(0x3A)
      values.copy(entry, to: &text)
    } else {
      text.append(0x5B)
      keys.copy(entry, to: &text)
      text.append(0x2C)
      values.copy(entry, to: &text)
      text.append(0x5D)
    }
  }
}

/// The rows of several columns as JSON objects: what a struct and a whole row have in common.
struct StructText {
  private let columns: [ColumnText]
  /// `{"first":`, then `,"second":` and so on; only `{` without fields.
  private let openings: [[UInt8]]

  init(_ type: StructType, _ children: [Column], rows: Range<Int>, style: TextStyle) {
    columns = children.map { ColumnText($0, rows: rows, style: style) }
    openings = type.fields.enumerated().map { index, field in
      var text = TextBuffer()
      text.append(index == 0 ? 0x7B : 0x2C)
      text.append(jsonString: field.name)
      text.append(0x3A)
      return text.bytes()
    }
  }

  func failure(_ row: Int) -> OutputError? {
    for column in columns where !column.failures.isEmpty {
      if let failure = column.failures[row] { return failure }
    }
    return nil
  }

  func throwFailure() throws(OutputError) {
    for column in columns { try column.throwFailure() }
  }

  func copy(_ row: Int, to target: inout TextBuffer) {
    if columns.isEmpty { target.append(0x7B) }
    for index in columns.indices {
      openings[index].withUnsafeBytes { target.append(copying: $0) }
      columns[index].copy(row, to: &target)
    }
    target.append(0x7D)
  }
}
