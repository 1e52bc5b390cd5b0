internal import Columnar
internal import DeltaLog

// Wording of the errors about what a caller asked for. Call sites are one line.
extension DeltaError {
  static func unknownColumn(_ name: String, in schema: Schema) -> DeltaError {
    let known = schema.fields.map(\.name)
    if let near = Suggestion.nearest(to: name, among: known) {
      return DeltaError(.invalidArgument, "The table has no column \(name). Did you mean \(near)?")
    }
    let shown = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    return DeltaError(.invalidArgument, "The table has no column \(name). Its columns are: \(shown).")
  }

  /// A condition that can't be used, with the place in its text where that is known.
  static func invalidCondition(_ error: ExpressionError) -> DeltaError {
    let picture = error.picture.map { "\n" + $0 } ?? ""
    return .invalidArgument("The condition can't be used. \(error.message)\(picture)", cause: error)
  }
}
