internal import Columnar

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// What tells files from others and from their own later states: paths, sizes and times of change.
enum FileStateHash {
  /// `nil` when one of them can't be looked at, or is no file of the disk.
  static func text(of paths: [String]) -> String? {
    var hash = (low: UInt64(0xCBF2_9CE4_8422_2325), high: UInt64(0x6C62_272E_07BB_0142))
    for path in paths {
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let full = realpath(path, nil) else {
        return nil
      }
      defer { free(full) }
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      for byte in "\(String(cString: full))\u{0}\(status.st_size)\u{0}\(time.tv_sec).\(time.tv_nsec)\u{0}".utf8 {
        hash.low = (hash.low ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        hash.high = (hash.high ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
        hash.high ^= hash.high >> 29
      }
    }
    return paths.isEmpty
      ? nil : "files:" + String(hash.high, radix: 16, paddedTo: 16) + String(hash.low, radix: 16, paddedTo: 16)
  }
}

extension TextFile {
  /// `nil` for what is not on the disk.
  static func identity(of files: [TextFile]) -> String? {
    var paths: [String] = []
    for file in files {
      guard case .path(let path) = file else { return nil }
      paths.append(path)
    }
    return FileStateHash.text(of: paths)
  }
}
