/// Columns in one text, as `delta.dataSkippingStatsColumns` has them: ``a, b.c, `d.e`.f``.
package enum ColumnListText {
  /// The path of each column, or `nil` when the text is no such list. Inside of backticks two stand for one.
  package static func parse(_ text: String) -> [[String]]? {
    var paths: [[String]] = []
    var path: [String] = []
    var rest = text[...]
    func skipBlanks() { rest = rest.drop { $0.isWhitespace } }
    skipBlanks()
    if rest.isEmpty { return [] }
    while true {
      skipBlanks()
      guard let name = name(&rest), !name.isEmpty else { return nil }
      path.append(name)
      skipBlanks()
      switch rest.popFirst() {
      case ".": continue
      case ",":
        paths.append(path)
        path = []
      case nil: return paths + [path]
      default: return nil
      }
    }
  }

  private static func name(_ rest: inout Substring) -> String? {
    guard rest.first == "`" else {
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
      rest = rest.dropFirst(name.count)
      return String(name)
    }
    rest.removeFirst()
    var name = ""
    while let character = rest.popFirst() {
      guard character == "`" else {
        name.append(character)
        continue
      }
      guard rest.first == "`" else { return name }
      rest.removeFirst()
      name.append("`")
    }
    return nil
  }
}
