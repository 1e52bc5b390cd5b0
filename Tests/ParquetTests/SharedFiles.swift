#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Parquet files of other writers, outside the package: `DELTALAKE_SHARED` names the folder that has them.
enum SharedFiles {
  static let root = ProcessInfo.processInfo.environment["DELTALAKE_SHARED"].map { $0 + "/parquet" }
  static let isAvailable = root != nil
  static let reason = "DELTALAKE_SHARED names no folder"

  /// Every file, valid or damaged, sorted.
  static var all: [String] {
    guard let root, let names = try? FileManager.default.subpathsOfDirectory(atPath: root + "/files") else { return [] }
    return
      names
      .filter { $0.hasSuffix(".parquet") || $0.hasSuffix(".encrypted") }.map { root + "/files/" + $0 }.sorted()
  }
}
