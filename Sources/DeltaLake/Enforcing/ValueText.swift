internal import Columnar

/// Values as people read them in an error: short, strings in quotes, nested ones too.
enum ValueText {
  static let limit = 120

  static func text(_ column: Column, _ row: Int) -> String {
    var text = ""
    append(column, row, to: &text, depth: 0)
    return text.count <= limit ? text : text.prefix(limit - 1) + "…"
  }

  private static func append(_ column: Column, _ row: Int, to text: inout String, depth: Int) {
    guard text.utf8.count < 4 * limit else { return }
    if column.isNull(row) {
      text += "NULL"
      return
    }
    switch (column.storage, column.type) {
    case (.structure(let children), .struct(let type)):
      text += "{"
      for (index, (field, child)) in zip(type.fields, children).enumerated() {
        text += "\(index > 0 ? ", " : "")\(field.name): "
        append(child, row, to: &text, depth: depth + 1)
      }
      text += "}"
    case (.list(let offsets, let elements), _):
      text += "["
      for (index, element) in range(offsets, row).enumerated() {
        guard text.utf8.count < 4 * limit else { break }
        text += index > 0 ? ", " : ""
        append(elements, element, to: &text, depth: depth + 1)
      }
      text += "]"
    case (.map(let offsets, let keys, let values), _):
      text += "{"
      for (index, pair) in range(offsets, row).enumerated() {
        guard text.utf8.count < 4 * limit else { break }
        text += index > 0 ? ", " : ""
        append(keys, pair, to: &text, depth: depth + 1)
        text += ": "
        append(values, pair, to: &text, depth: depth + 1)
      }
      text += "}"
    default: text += flat(column, row)
    }
  }

  private static func flat(_ column: Column, _ row: Int) -> String {
    switch column.scalar(at: row) {
    case .string(let value): return "'\(value.prefix(limit))'"
    case .binary(let bytes):
      return "X'"
        + bytes.prefix(limit / 2).map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
        + "'"
    default:
      // From storage, also when the value has no business being there.
      let text = try? column.slice(row..<row + 1).cast(to: .string).scalar(at: 0)
      return if case .string(let value)? = text { value } else { "a \(column.type.sqlName)" }
    }
  }

  private static func range(_ offsets: Buffer, _ row: Int) -> Range<Int> {
    offsets.withValues(of: Int32.self) { offsets in
      let start = Int(offsets[row])
      return start..<max(start, Int(offsets[row + 1]))
    }
  }
}
