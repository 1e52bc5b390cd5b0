import DeltaSQL
import Foundation
import _TestSupport

/// A fixture in memory, which counts what is asked of it.
struct MemoryTable {
  let store: CountingStore
  let table: DeltaTable

  /// - Parameters:
  ///   - times: of the commits, in milliseconds.
  ///   - changing: is given the text of each commit.
  init(_ name: String, times: [Int64] = [], changing: (String) -> String = { $0 }) throws {
    let root = Fixtures.table(name).path
    let memory = InMemoryObjectStore()
    for case let path as String in FileManager.default.enumerator(atPath: root) ?? .init() {
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isDirectory), !isDirectory.boolValue
      else { continue }
      var bytes = try Files.bytes(root + "/" + path)
      if path.hasSuffix(".json") { bytes = Array(changing(String(decoding: bytes, as: UTF8.self)).utf8) }
      let version = path.hasPrefix("_delta_log/") ? Int(path.dropFirst(11).prefix(20)) : nil
      memory.put(bytes, at: path, lastModified: version.flatMap { times.indices.contains($0) ? times[$0] : nil } ?? 0)
    }
    store = CountingStore(memory)
    table = DeltaTable(store: store)
  }

  /// As a writer that keeps no statistics leaves it.
  static func withoutStatistics(_ name: String) throws -> MemoryTable {
    try MemoryTable(name) { $0.replacing("numRecords", with: "somethingElse") }
  }

  /// The data files that were read.
  var dataFiles: Set<String> {
    let reads = store.requests.filter { $0.call == .read || $0.call == .readRange }.map(\.path)
    return Set(reads.filter { $0.hasSuffix(".parquet") && !$0.hasPrefix("_delta_log/") })
  }
}

extension SQLQuery {
  /// The one value of the answer, a whole number.
  func count() async throws -> Int64? {
    var values: [Scalar] = []
    for row in try await scalars() { values += row }
    guard values.count == 1, case .long(let count) = values[0] else { return nil }
    return count
  }

  /// The answer's rows, column by column.
  func scalars() async throws -> [[Scalar]] {
    var rows: [[Scalar]] = []
    for try await batch in try await batches() {
      for row in 0..<batch.rowCount { rows.append(batch.columns.map { $0.scalar(at: row) }) }
    }
    return rows
  }

  /// The answer's values in its first column, where they are whole numbers.
  func numbers() async throws -> [Int64] {
    try await scalars().compactMap { row in
      switch row[0] {
      case .integer(let value): Int64(value)
      case .long(let value): value
      default: nil
      }
    }
  }
}
