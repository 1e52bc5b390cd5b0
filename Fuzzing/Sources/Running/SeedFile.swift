internal import Foundation

/// A file that seeds may be made from.
struct SeedFile {
  let path: String

  var name: String { String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]) }
  var isParquet: Bool { name.hasSuffix(".parquet") }
  var isCheckpoint: Bool { isParquet && name.contains(".checkpoint.") || path.contains("_delta_log/_sidecars/") }
  var isLog: Bool { path.contains("/_delta_log/") && !isParquet }
  var isCommit: Bool { isLog && name.hasSuffix(".json") }

  /// The bytes, or `nil` when there are more than that.
  func bytes(upTo limit: Int) -> [UInt8]? {
    guard let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber,
      size.intValue <= limit, let data = FileManager.default.contents(atPath: path)
    else { return nil }
    return [UInt8](data)
  }

  /// All files below a folder, by path.
  static func all(in root: String) -> [SeedFile] {
    (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? [])
      .map { SeedFile(path: root + "/" + $0) }
      .sorted { $0.path < $1.path }
  }
}
