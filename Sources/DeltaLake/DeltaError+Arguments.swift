internal import Columnar
internal import DeltaLog

// Wording of the errors about what a caller asked for. Call sites are one line.
extension DeltaError {
  static func unknownColumn(_ name: String, in schema: Schema) -> DeltaError {
    let known = schema.fields.map(\.name)
    let shown = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    return DeltaError(.invalidArgument, "The table has no column \(name). Its columns are: \(shown).")
  }
}
