/// Names to columns: the exact name first, else the only one that differs in case alone.
struct NameResolution {
  let schema: Schema

  func resolve(_ path: ColumnPath) throws(ExpressionError) -> Resolved {
    var fields = schema.fields
    var names: [String] = []
    var positions: [Int] = []
    var type = DataType.null
    for (depth, name) in path.names.enumerated() {
      if depth > 0 {
        guard case .struct(let inner) = type else {
          throw ExpressionError(
            .unknownColumn,
            "\(Self.text(names)) is of type \(type.sqlName) and has no field \(SQLText.identifier(name)).")
        }
        fields = inner.fields
      }
      let position = try find(name, in: fields, under: names)
      names.append(fields[position].name)
      positions.append(position)
      type = fields[position].type
    }
    return Resolved(.column(ColumnPath(names)), .column(positions), type)
  }

  private func find(_ name: String, in fields: [StructField], under path: [String]) throws(ExpressionError) -> Int {
    if let exact = fields.firstIndex(where: { $0.name == name }) { return exact }
    let lowered = name.lowercased()
    let matches = fields.indices.filter { fields[$0].name.lowercased() == lowered }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 {
      let names = matches.map { SQLText.identifier(fields[$0].name) }.joined(separator: ", ")
      throw ExpressionError(
        .ambiguousColumn, "\(SQLText.identifier(name)) could be any of \(names). Write it as it is in the schema.")
    }
    let place = path.isEmpty ? "no column" : "no field in \(Self.text(path)) named"
    var message = "There is \(place) \(SQLText.identifier(name))."
    if let near = Suggestion.nearest(to: name, among: fields.map(\.name)) {
      message += " Did you mean \(SQLText.identifier(near))?"
    } else if !fields.isEmpty {
      let known = fields.prefix(12).map { SQLText.identifier($0.name) }.joined(separator: ", ")
      message += " There are: \(known)\(fields.count > 12 ? ", …" : "")."
    }
    throw ExpressionError(.unknownColumn, message)
  }

  private static func text(_ names: [String]) -> String {
    names.map { SQLText.identifier($0) }.joined(separator: ".")
  }
}

/// What a misspelt name was probably meant to be.
package enum Suggestion {
  /// The candidate that takes the fewest changed letters, if those are few.
  package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().utf8.prefix(64))
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(wanted, Array(candidate.lowercased().utf8.prefix(64)))
      if distance <= max(1, wanted.count / 3), distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Levenshtein's, two neighbours swapped counting as one.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
      for j in b.indices {
        var least = min(last[j + 1] + 1, current[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, beforeLast[j - 1] + 1) }
        current.append(least)
      }
      beforeLast = last
      last = current
    }
    return last[b.count]
  }
}
