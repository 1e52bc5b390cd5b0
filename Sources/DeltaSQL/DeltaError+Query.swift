internal import Columnar
internal import DeltaLake

// Wording of the errors about a query. Call sites are one line.
extension DeltaError {
  /// A query that can't be answered, with the place in its text.
  static func invalidQuery(_ error: ExpressionError) -> DeltaError {
    DeltaError(
      .invalidArgument,
      "The query can't be answered. \(error.message)" + (error.picture.map { "\n" + $0 } ?? ""),
      byteOffset: error.byteOffset.map(Int64.init), cause: error)
  }
}

extension ExpressionError {
  /// The same failure with its place, unless it has one.
  func placed(at byteOffset: Int, in text: String) -> ExpressionError {
    self.byteOffset == nil ? .syntax(message, code: code, in: text, byteOffset: byteOffset) : self
  }

  static func unknownTable(_ name: String, among names: [String]) -> ExpressionError {
    let advice: String
    if let near = Suggestion.nearest(to: name, among: names) {
      advice = "Did you mean \(near)?"
    } else if names.isEmpty {
      advice = "No names were given: name a folder by its path in quotes, as in FROM 'path/of/\(name)'."
    } else {
      let shown = names.sorted().prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
      advice = "There are: \(shown). A folder is named by its path in quotes."
    }
    return ExpressionError(.unknownTable, "There is no table \(name). \(advice)")
  }

  static func ambiguousTable(_ name: String, among names: [String]) -> ExpressionError {
    ExpressionError(
      .unknownTable, "\(name) could be any of \(names.sorted().joined(separator: ", ")). Write it as it was given.")
  }
}

extension ExpressionError.Code {
  /// A name that no table was given for.
  static let unknownTable = ExpressionError.Code("unknownTable")
}
