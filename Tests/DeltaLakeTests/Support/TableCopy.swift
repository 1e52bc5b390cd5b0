import DeltaLake
import Foundation
import ObjectStorage
import _TestSupport

/// A table's files in memory, to be changed before it is opened.
struct TableCopy {
  /// By path below the table's root.
  var files: [String: [UInt8]] = [:]
  /// Modification times in milliseconds, where they are not ``defaultTime``.
  var times: [String: Int64] = [:]
  private var defaultTime: Int64 = 0

  init() {}

  /// All files of a fixture.
  init(_ name: String) throws {
    let root = Fixtures.table(name).path
    for case let path as String in FileManager.default.enumerator(atPath: root) ?? .init() {
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isDirectory), !isDirectory.boolValue
      else { continue }
      files[path] = try Files.bytes(root + "/" + path)
    }
  }

  /// The same, as if its files were written then; later ones, too.
  func written(at time: Int64 = Self.now) -> TableCopy {
    var copy = self
    copy.defaultTime = time
    return copy
  }

  /// When the tests began.
  static let now = Int64(Date().timeIntervalSince1970 * 1000)

  /// A file of the log.
  subscript(log name: String) -> [UInt8]? {
    get { files["_delta_log/" + name] }
    set { files["_delta_log/" + name] = newValue }
  }

  /// A commit's text.
  subscript(commit version: Int64) -> String? {
    get { self[log: Self.name(version)].map { String(decoding: $0, as: UTF8.self) } }
    set { self[log: Self.name(version)] = newValue.map { Array($0.utf8) } }
  }

  /// A version's file name: its digits and what follows them.
  static func name(_ version: Int64, _ suffix: String = ".json") -> String {
    let digits = String(version)
    return String(repeating: "0", count: 20 - digits.count) + digits + suffix
  }

  /// The lines of a commit that hold an action of a kind.
  func lines(_ version: Int64, _ action: String) -> [String] {
    (self[commit: version] ?? "").split(separator: "\n").map(String.init).filter { $0.hasPrefix("{\"\(action)\"") }
  }

  /// The paths of the files that a commit adds.
  func added(_ version: Int64) throws -> [String] {
    try lines(version, "add").map { try JSONValue($0)["add"]["path"].text }
  }

  /// Keeps the first part of a file.
  mutating func truncate(_ path: String, to fraction: Double = 0.5) {
    guard let bytes = files[path] else { preconditionFailure("no file \(path)") }
    files[path] = Array(bytes.prefix(Int(Double(bytes.count) * fraction)))
  }

  var store: InMemoryObjectStore {
    let store = InMemoryObjectStore()
    for (path, bytes) in files { store.put(bytes, at: path, lastModified: times[path] ?? defaultTime) }
    return store
  }

  var table: DeltaTable { DeltaTable(store: store) }

  /// Writes the files to a new folder; whoever asks for it removes it.
  func writeToFolder() throws -> String {
    let root = NSTemporaryDirectory() + "/deltalake-" + UUID().uuidString
    for (path, bytes) in files {
      let url = URL(fileURLWithPath: root + "/" + path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
    return root
  }
}
