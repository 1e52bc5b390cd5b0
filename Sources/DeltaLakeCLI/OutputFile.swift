import ArgumentParser
import Parquet

/// Files that commands write for those who call them.
enum OutputFile {
  /// Checks a name before anything is done.
  ///
  /// - Throws: when it would be a file of a table.
  static func check(_ path: String) throws {
    guard let table = PathTargets.table(around: path) else { return }
    throw ValidationError(
      "\(path) would be a file in the table \(table), which only its log may name. Write to another folder.")
  }

  /// Writes a file that gets its name when it is whole; until then, and when `body` throws, one of that name stays.
  static func write<Value>(_ path: String, _ body: (FileByteSink) async throws -> Value) async throws -> Value {
    try check(path)
    let sink = try FileByteSink(path: path)
    do {
      let value = try await body(sink)
      try sink.finish()
      return value
    } catch {
      sink.abandon()
      throw error
    }
  }
}
