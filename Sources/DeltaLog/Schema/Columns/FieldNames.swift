package import Columnar

/// Fields by name as Spark finds them: the one of that exact name, else the only one that differs in case alone.
///
/// Building it costs O(fields); looking up a name that is spelt as in the schema, one hash.
package struct FieldNames: Sendable {
  package enum Match: Hashable, Sendable {
    case one(Int)
    case none
    /// Several that differ in case.
    case several([Int])
  }

  private let fields: [StructField]
  private var exact: [String: Int] = [:]
  private var folded: [String: [Int]] = [:]

  package init(_ fields: [StructField]) {
    self.fields = fields
    exact.reserveCapacity(fields.count)
    for (index, field) in fields.enumerated() {
      if exact.updateValue(index, forKey: field.name) != nil { exact[field.name] = index }
      folded[Self.folded(field.name), default: []].append(index)
    }
  }

  package func find(_ name: String) -> Match {
    if let index = exact[name] { return .one(index) }
    let matches = folded[Self.folded(name)] ?? []
    return matches.count == 1 ? .one(matches[0]) : matches.isEmpty ? .none : .several(matches)
  }

  /// Two fields whose names differ in case at most; `nil` when all differ in more.
  package var duplicate: (first: String, second: String)? {
    // In schema order, so that the error is the same each time.
    for (index, field) in fields.enumerated() {
      guard let same = folded[Self.folded(field.name)], same.count > 1, same[1] == index else { continue }
      return (fields[same[0]].name, field.name)
    }
    return nil
  }

  /// What a name that is not there was probably meant to be.
  package func suggestion(for name: String) -> String? {
    Suggestion.nearest(to: name, among: fields.map(\.name))
  }

  /// Whether two names are one to a table.
  package static func areSame(_ a: String, _ b: String) -> Bool { a == b || folded(a) == folded(b) }

  static func folded(_ name: String) -> String { name.lowercased() }
}

extension ColumnPath {
  /// Whether one path leads to the other or beyond it, in any case of letters.
  package func overlaps(_ other: ColumnPath) -> Bool {
    zip(names, other.names).allSatisfy { FieldNames.areSame($0, $1) }
  }
}
