internal import DeltaLog
internal import ObjectStorage

/// Where a file that the log names is: in the table's store, or elsewhere by an absolute path.
///
/// Spec: Delta § Add File and Remove File
struct FileReference {
  /// For messages: as the log spells it, decoded.
  let name: String
  let store: any ObjectStore
  /// In `store`.
  let path: String

  /// - Parameter path: a path or URL from the log, percent-encoded.
  init(decoding path: String, in table: TableLocation) throws(DeltaError) {
    try self.init(decoded: PercentEncoding.decoded(path), in: table)
  }

  /// - Parameter path: decoded: relative to the table's root, or absolute.
  init(decoded path: String, in table: TableLocation) throws(DeltaError) {
    name = path
    if let local = Self.absoluteLocalPath(path) {
      store = LocalObjectStore(root: "/")
      self.path = String(local.drop { $0 == "/" })
    } else if Self.hasScheme(path) {
      throw DeltaError(
        .storageFailed, "The file \(path) is in a store that this build can't reach: only local files are supported.",
        path: path)
    } else {
      store = table.store
      self.path = path
    }
  }

  /// Reads the file whole.
  func read() async throws -> [UInt8] { try await store.read(path) }

  private static func absoluteLocalPath(_ path: String) -> Substring? {
    if path.hasPrefix("/") { return path[...] }
    guard path.hasPrefix("file:") else { return nil }
    let rest = path.dropFirst("file:".count)
    // file:///path, file:/path; file://host/path is not a local file.
    return rest.hasPrefix("///") ? rest.dropFirst(2) : rest.hasPrefix("//") ? nil : rest
  }

  /// Whether it begins as a URL: letters, digits, `+`, `-` or `.`, then `:/`.
  private static func hasScheme(_ path: String) -> Bool {
    guard let colon = path.utf8.firstIndex(of: UInt8(ascii: ":")), colon != path.startIndex else { return false }
    let scheme = path.utf8[..<colon]
    return path.utf8[colon...].starts(with: ":/".utf8)
      && scheme.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
