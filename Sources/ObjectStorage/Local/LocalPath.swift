/// Paths of a store as paths of the local file system.
package enum LocalPath {
  /// The path below the root. Refuses one that would leave it.
  package static func absolute(_ path: String, below root: String) throws(StorageError) -> String {
    guard !path.utf8.contains(0), !parts(of: path).contains("..") else {
      throw .outside(path, of: root)
    }
    if path.isEmpty { return root }
    return root == "/" ? "/" + path : root + "/" + path
  }

  /// What stands between slashes, by bytes, as the system reads it: with a combining mark behind it a slash is another
  /// character to Swift.
  static func parts(of path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The same of a file to be written or deleted, whose last part is a name.
  package static func absoluteFile(_ path: String, below root: String) throws(StorageError) -> String {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
    guard !name.isEmpty, name != "." else { throw .notAFile(path, in: root) }
    return try absolute(path, below: root)
  }

  /// The directory that holds an entry; `nil` for the file system's root.
  package static func directory(of path: String) -> String? {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return path == "." || path == ".." ? path + "/.." : "."
    }
    if path.utf8.count == 1 { return nil }
    let last = path[path.utf8.index(after: slash)...]
    if last == ".." || last == "." { return path + "/.." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
