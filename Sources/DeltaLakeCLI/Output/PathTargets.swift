#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What paths lead to, whatever it is called.
enum PathTargets {
  /// Whether both paths lead to one file. Not when either leads nowhere.
  static func areSame(_ path: String, _ other: String) -> Bool {
    var first = stat()
    var second = stat()
    guard stat(path, &first) == 0, stat(other, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// The folder of the table that a file is in, or would be; `nil` outside of tables and for what is no regular file.
  static func table(around path: String) -> String? {
    var status = stat()
    let isThere = stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFREG { return nil }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? "."
    guard let real = realpath(isThere ? path : String(folder), nil) else { return nil }
    defer { free(real) }
    var rest = String(cString: real)[...]
    while true {
      let folder = rest.isEmpty ? "" : String(rest)
      if stat(folder + "/_delta_log", &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        return rest.isEmpty ? "/" : folder
      }
      guard let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
      rest = rest[..<slash]
    }
  }
}
