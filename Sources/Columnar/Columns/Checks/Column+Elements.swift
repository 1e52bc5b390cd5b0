extension Column {
  /// A set bit for each row that is not null and has a flagged element, of an array, or key or value, of a map; `nil`
  /// for none.
  ///
  /// - Parameter flags: a bit for each element in storage; `nil` for none.
  package func rows(withElements flags: Bitmap?) -> Bitmap? {
    guard let flags, let offsets = storage.offsets, flags.setCount > 0 else { return nil }
    let rows = offsets.withValues(of: Int32.self) { offsets in
      (0..<count).map { row in
        let range = Int(offsets[row])..<max(Int(offsets[row]), Int(offsets[row + 1]))
        return !isNull(row) && range.contains { flags[$0] }
      }
    }
    return rows.contains(true) ? Bitmap(rows) : nil
  }

  /// A set bit for each row whose dictionary entry is flagged; `nil` for none.
  func rows(withEntries flags: Bitmap?, _ codes: Buffer) -> Bitmap? {
    guard let flags, flags.setCount > 0 else { return nil }
    let rows = codes.withValues(of: Int32.self) { codes in
      (0..<count).map { !isNull($0) && flags[Int(codes[$0])] }
    }
    return rows.contains(true) ? Bitmap(rows) : nil
  }
}

/// Rows of a column that break a rule, and where in the column.
package struct FlaggedRows: Sendable {
  /// From the column down: names of fields, `element`, `key`, `value`.
  package var path: ColumnPath
  /// A set bit for each such row; at least one.
  package var rows: Bitmap

  package init(path: ColumnPath, rows: Bitmap) {
    self.path = path
    self.rows = rows
  }
}

extension Column {
  /// Flags found by `body` in the column and in everything nested in it, as flags of rows. `body` says which rows of a
  /// column that is not a struct, array or map are flagged.
  func flaggedRows(at path: [String], _ body: (Column) -> Bitmap?) -> [FlaggedRows] {
    var found: [FlaggedRows] = []
    collect(path, body) { path, rows in found.append(FlaggedRows(path: ColumnPath(path), rows: rows)) }
    return found
  }

  private func collect(_ path: [String], _ body: (Column) -> Bitmap?, _ add: ([String], Bitmap) -> Void) {
    switch (storage, type) {
    case (.structure(let children), .struct(let structure)):
      for (child, field) in zip(children, structure.fields) {
        child.collect(path + [field.name], body) { path, rows in
          let rows = validity.map { rows.intersection($0) } ?? rows
          if rows.setCount > 0 { add(path, rows) }
        }
      }
    case (.list(_, let elements), _):
      elements.collect(path + ["element"], body) { path, flags in
        if let rows = rows(withElements: flags) { add(path, rows) }
      }
    case (.map(_, let keys, let values), _):
      for (part, column) in [("key", keys), ("value", values)] {
        column.collect(path + [part], body) { path, flags in
          if let rows = rows(withElements: flags) { add(path, rows) }
        }
      }
    default: if let rows = body(self) { add(path, rows) }
    }
  }
}
