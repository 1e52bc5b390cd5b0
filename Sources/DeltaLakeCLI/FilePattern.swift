import ArgumentParser
import DeltaLake

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Names of files with `*`, `?` and `[ ]`, for shells that leave them alone, and more files than a command line takes.
enum FilePattern {
  /// The files that names and patterns stand for, those of one pattern in the order of their names.
  static func files(_ patterns: [String]) throws -> [String] {
    var files: [String] = []
    for pattern in patterns {
      // A file may be called like a pattern.
      if access(pattern, F_OK) == 0 || !pattern.contains(where: { "*?[".contains($0) }) {
        files.append(pattern)
        continue
      }
      let matches = matches(pattern)
      guard !matches.isEmpty else { throw ValidationError("No file is called like '\(pattern)'.") }
      files += matches
    }
    return files
  }

  private static func matches(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
  }
}

/// Small files, whole.
enum TextFileContents {
  private static let limit = 16 << 20

  static func read(_ path: String) throws -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw ValidationError("\(path) can't be opened: \(String(cString: strerror(errno))).") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count < limit {
      let count = part.withUnsafeMutableBytes { target in
        #if canImport(Darwin)
          Darwin.read(file, target.baseAddress, target.count)
        #elseif canImport(Musl)
          Musl.read(file, target.baseAddress, target.count)
        #else
          Glibc.read(file, target.baseAddress, target.count)
        #endif
      }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      guard count > 0 else { throw ValidationError("\(path) can't be read: \(String(cString: strerror(errno))).") }
      bytes += part[..<count]
    }
    throw ValidationError("\(path) is more than \(limit >> 20) MiB: that is no schema.")
  }
}
