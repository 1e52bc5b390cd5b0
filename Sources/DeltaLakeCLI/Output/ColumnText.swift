import Columnar

/// The values of some rows of a column as text, one behind the other.
///
/// Rows are printed by columns first: each column has one loop made for its type, and rows are then put together from
/// pieces by copying bytes.
final class ColumnText {
  let text: TextBuffer
  /// Row `i` is `text[offsets[i]..<offsets[i + 1]]`.
  let offsets: TextOffsets
  /// Rows whose values are damaged. They are an error only where they are used: under a null anything may lie.
  let failures: [Int: OutputError]

  /// Prints `rows` of a column. The rows of the result count from 0.
  init(_ column: Column, rows: Range<Int>, style: TextStyle) {
    precondition(rows.upperBound <= column.count, "rows outside of the column")
    var builder = ColumnTextBuilder(rowCount: rows.count)
    builder.append(column, rows: rows, style: style)
    offsets = builder.offsets
    failures = builder.failures
    text = builder.finish()
  }

  /// The bytes of a row: a range of ``text``.
  func range(of row: Int) -> Range<Int> {
    offsets[row]..<offsets[row + 1]
  }

  /// Copies the text of a row.
  func copy(_ row: Int, to target: inout TextBuffer) {
    target.append(range(of: row), of: text)
  }

  func string(of row: Int) -> String {
    let range = range(of: row)
    return text.withBytes { String(decoding: $0[range], as: UTF8.self) }
  }

  /// - Throws: the failure of the first damaged row.
  func throwFailure() throws(OutputError) {
    if let row = failures.keys.min(), let failure = failures[row] { throw failure }
  }
}

/// Makes the text of a column.
struct ColumnTextBuilder: ~Copyable {
  var text = TextBuffer(capacity: 4_096)
  var offsets: TextOffsets
  var failures: [Int: OutputError] = [:]

  init(rowCount: Int) {
    offsets = TextOffsets(rowCount: rowCount)
  }

  consuming func finish() -> TextBuffer { text }

  mutating func append(_ column: Column, rows: Range<Int>, style: TextStyle) {
    switch column.storage {
    case .structure(let children): appendStructs(column, children, rows, style.nested)
    case .list(let offsets, let elements): appendLists(column, offsets, elements, rows, style.nested)
    case .map(let offsets, let keys, let values): appendMaps(column, offsets, keys, values, rows, style.nested)
    case .variant: appendVariants(column, rows, style)
    default: appendLeaves(column, rows, style)
    }
  }

  private mutating func endRow() { offsets.append(text.count) }

  private mutating func appendNull(_ style: TextStyle) {
    if style != .plain { text.append("null") }
    endRow()
  }

  // MARK: Variants

  private mutating func appendVariants(_ column: Column, _ rows: Range<Int>, _ style: TextStyle) {
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
      endRow()
    }
  }

  // MARK: Structs

  private mutating func appendStructs(_ column: Column, _ children: [Column], _ rows: Range<Int>, _ style: TextStyle) {
    guard case .struct(let type) = column.type else { return }
    let fields = StructText(type, children, rows: rows, style: style)
    fields.withRows { appendStructs(column, fields, $0, rows, style) }
  }

  private mutating func appendStructs(
    _ column: Column, _ fields: StructText, _ texts: StructRows, _ rows: Range<Int>, _ style: TextStyle
  ) {
    for row in rows {
      if column.isNull(row) {
        appendNull(style)
        continue
      }
      if let failure = fields.failure(row - rows.lowerBound) { failures[row - rows.lowerBound] = failure }
      texts.copy(row - rows.lowerBound, to: &text)
      endRow()
    }
  }

  // MARK: Lists

  private mutating func appendLists(
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
        endRow()
      }
    }
  }

  // MARK: Maps

  private mutating func appendMaps(
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
        endRow()
      }
    }
  }

  private mutating func appendEntry(_ keys: ColumnText, _ values: ColumnText, _ entry: Int, isObject: Bool) {
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
