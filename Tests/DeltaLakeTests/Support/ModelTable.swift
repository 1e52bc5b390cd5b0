import DeltaLake
import DeltaLog

/// What a table should hold at a version.
struct ModelTable: Hashable, Sendable, CustomStringConvertible {
  /// By their `id`, the value of `part`.
  var rows: [Int64: String] = [:]
  var columns: [String] = []
  /// The property `user.note`.
  var note: String?

  static let noteProperty = "user.note"

  var description: String {
    let rows = rows.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
    return "[\(rows.joined(separator: " "))] of \(columns.joined(separator: ","))" + (note.map { " note \($0)" } ?? "")
  }
}

/// A table's versions as they should be.
typealias ModelVersions = [Version: ModelTable]
