extension Column {
  /// Rows with a null where the column's own type allows none, in the column itself or nested in it.
  ///
  /// A field is only asked for where its struct is not null. Costs nothing where there are no nulls.
  ///
  /// - Parameters:
  ///   - isNullable: whether the column's values may be null themselves.
  ///   - path: of the column.
  package func forbiddenNulls(isNullable: Bool, at path: [String]) -> [FlaggedRows] {
    var found: [FlaggedRows] = []
    collectNulls(isNullable: isNullable, live: nil, path) { path, rows in
      found.append(FlaggedRows(path: ColumnPath(path), rows: rows))
    }
    return found
  }

  private func collectNulls(isNullable: Bool, live: Bitmap?, _ path: [String], _ add: ([String], Bitmap) -> Void) {
    if !isNullable, nullCount > 0 {
      let rows = live.map { nullBits.intersection($0) } ?? nullBits
      if rows.setCount > 0 { add(path, rows) }
    }
    guard type.forbidsNullsInside else { return }
    let live = Bitmap.intersection(validity, live)
    switch (storage, type) {
    case (.structure(let children), .struct(let structure)):
      for (child, field) in zip(children, structure.fields) {
        child.collectNulls(isNullable: field.isNullable, live: live, path + [field.name], add)
      }
    case (.list(_, let elements), .array(let array)):
      elements.collectNulls(isNullable: array.containsNull, live: nil, path + ["element"]) { path, flags in
        addRows(of: flags, live, path, add)
      }
    case (.map(_, let keys, let values), .map(let map)):
      keys.collectNulls(isNullable: false, live: nil, path + ["key"]) { path, flags in
        addRows(of: flags, live, path, add)
      }
      values.collectNulls(isNullable: map.valueContainsNull, live: nil, path + ["value"]) { path, flags in
        addRows(of: flags, live, path, add)
      }
    default: break
    }
  }

  private func addRows(of flags: Bitmap, _ live: Bitmap?, _ path: [String], _ add: ([String], Bitmap) -> Void) {
    guard var rows = rows(withElements: flags) else { return }
    if let live { rows = rows.intersection(live) }
    if rows.setCount > 0 { add(path, rows) }
  }
}

extension DataType {
  /// Whether something nested in the type may not be null. Keys never are, whoever made them.
  var forbidsNullsInside: Bool {
    switch self {
    case .struct(let type): type.fields.contains { !$0.isNullable || $0.type.forbidsNullsInside }
    case .array(let type): !type.containsNull || type.element.forbidsNullsInside
    case .map: true
    default: false
    }
  }
}
