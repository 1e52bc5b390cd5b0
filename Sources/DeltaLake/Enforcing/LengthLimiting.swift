internal import Columnar
internal import DeltaLog

/// Holds the limits of `char` and `varchar` against a column, and fills up what is too short.
struct LengthLimiting {
  private(set) var tooLong: [FlaggedRows] = []

  mutating func limit(_ column: Column, _ limit: LengthLimit, at path: [String]) throws -> Column {
    func with(_ storage: ColumnStorage) -> Column {
      Column(
        column.type, count: column.count, validity: column.validity, nullCount: column.nullCount, storage: storage)
    }
    switch (limit, column.storage, column.type) {
    case (.char(let length), _, .string): return try flat(column, length, isPadded: true, path)
    case (.varchar(let length), _, .string): return try flat(column, length, isPadded: false, path)
    case (.array(let limit), .list(let offsets, let elements), _):
      let elements = try nested(elements, limit, path + ["element"]) { column.rows(withElements: $0) }
      return with(.list(offsets: offsets, elements: elements))
    case (.map(let keyLimit, let valueLimit), .map(let offsets, let keys, let values), _):
      let keys = try nested(keys, keyLimit, path + ["key"]) { column.rows(withElements: $0) }
      let values = try nested(values, valueLimit, path + ["value"]) { column.rows(withElements: $0) }
      return with(.map(offsets: offsets, keys: keys, values: values))
    case (.structure(let limits), .structure(var children), .struct(let structure)):
      for (index, field) in structure.fields.enumerated() {
        guard let limit = limits.first(where: { FieldNames.areSame($0.name, field.name) })?.limit else { continue }
        children[index] = try nested(children[index], limit, path + [field.name]) { rows in
          column.validity.map { rows.intersection($0) } ?? rows
        }
      }
      return with(.structure(children))
    default: return column
    }
  }

  private mutating func flat(_ column: Column, _ length: Int, isPadded: Bool, _ path: [String]) throws -> Column {
    let (result, rows) = try column.limited(to: length, isPadded: isPadded)
    if let rows { tooLong.append(FlaggedRows(path: ColumnPath(path), rows: rows)) }
    return result
  }

  private mutating func nested(
    _ column: Column, _ limit: LengthLimit, _ path: [String], rows: (Bitmap) -> Bitmap?
  ) throws -> Column {
    var inner = LengthLimiting()
    let result = try inner.limit(column, limit, at: path)
    for var flagged in inner.tooLong {
      guard let rows = rows(flagged.rows), rows.setCount > 0 else { continue }
      flagged.rows = rows
      tooLong.append(flagged)
    }
    return result
  }
}
