import Columnar
import Foundation

@testable import DeltaLog

/// The logs of the tables that other implementations wrote, when `DELTALAKE_SHARED` says where they are.
enum SharedLogs {
  static let root = ProcessInfo.processInfo.environment["DELTALAKE_SHARED"]
  static let isAvailable = root != nil

  /// A line of a commit.
  struct Line {
    var table: String
    var file: String
    var action: [String: MetadataValue]

    subscript(_ name: String) -> [String: MetadataValue]? { action[name]?.objectValue }
  }

  /// Every action of every JSON commit that is JSON.
  static func lines() -> [Line] {
    guard let root else { return [] }
    let tables = root + "/conformance/tables"
    var lines: [Line] = []
    for name in (try? FileManager.default.subpathsOfDirectory(atPath: tables))?.sorted() ?? [] {
      guard name.contains("_delta_log/"), name.hasSuffix(".json") else { continue }
      guard let data = FileManager.default.contents(atPath: tables + "/" + name) else { continue }
      let table = String(name.split(separator: "/")[0])
      for line in data.split(separator: UInt8(ascii: "\n")) {
        guard let action = try? MetadataJSON.parse(Array(line)).objectValue else { continue }
        lines.append(Line(table: table, file: tables + "/" + name, action: action))
      }
    }
    return lines
  }
}
