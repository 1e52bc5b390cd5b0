#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Walks a directory of the local file system.
enum DirectoryListing {
  /// Deeper folders are an error: they are a loop of mounts, not a table.
  private static let depthLimit = 64

  /// Adds the regular files below `directory`. A file that vanishes meanwhile is left out, as one deleted before.
  static func collect(
    _ directory: String, prefix: String, recursively: Bool, startingAt first: String?, depth: Int = 0,
    into found: inout [ObjectMetadata]
  ) throws(StorageError) {
    guard depth < depthLimit else {
      throw StorageError(.inputOutput, "\(directory) is nested more than \(depthLimit) folders deep.", path: prefix)
    }
    guard let stream = opendir(directory) else {
      if errno == ENOENT || errno == ENOTDIR { return }
      let reason = String(cString: strerror(errno))
      throw StorageError(.inputOutput, "The folder \(directory) could not be listed: \(reason).", path: prefix)
    }
    defer { closedir(stream) }
    let handle = dirfd(stream)
    // Most of a long log comes before the names that are asked for: those don't even become strings.
    var firstBytes: [CChar]?
    if !recursively, let first, first.utf8.starts(with: prefix.utf8) {
      firstBytes = first.utf8.dropFirst(prefix.utf8.count).map(CChar.init(bitPattern:)) + [0]
    }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno == 0 { return }
        let reason = String(cString: strerror(errno))
        throw StorageError(.inputOutput, "The folder \(directory) could not be listed: \(reason).", path: prefix)
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) { name in
          if let firstBytes, strcmp(name, firstBytes) < 0 { return String?.none }
          return String(validatingCString: name)
        }
      }
      // A name that isn't UTF-8 can't stand in a Delta log.
      guard let name, name != ".", name != ".." else { continue }
      let path = prefix + name
      var status = stat()
      guard fstatat(handle, name, &status, 0) == 0 else {
        // Gone meanwhile, or a link to nothing. Anything else left out would make the log look shorter than it is.
        if errno == ENOENT || errno == ELOOP { continue }
        let reason = String(cString: strerror(errno))
        throw StorageError(.inputOutput, "The file \(path) could not be looked at: \(reason).", path: path)
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        if let first, path.precedesByBytes(first) { continue }
        found.append(
          ObjectMetadata(path: path, size: Int(status.st_size), lastModified: status.modificationMilliseconds))
      case S_IFDIR where recursively:
        try collect(
          directory + "/" + name, prefix: path + "/", recursively: true, startingAt: first, depth: depth + 1,
          into: &found)
      default: continue
      }
    }
  }
}

extension String {
  /// Whether the text comes before the other by its bytes.
  func precedesByBytes(_ other: String) -> Bool {
    var (own, other) = (self, other)
    return own.withUTF8 { own in
      other.withUTF8 { other in
        let common = min(own.count, other.count)
        guard common > 0, let left = own.baseAddress, let right = other.baseAddress else {
          return own.count < other.count
        }
        let order = memcmp(left, right, common)
        return order == 0 ? own.count < other.count : order < 0
      }
    }
  }
}
