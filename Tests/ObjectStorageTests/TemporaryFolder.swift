#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A folder that is removed at the end of a test.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/objectstore-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
    }
  }

  func write(_ text: String, to name: String) {
    let parts = name.utf8.split(separator: UInt8(ascii: "/")).dropLast().map { String(decoding: $0, as: UTF8.self) }
    var folder = path
    for part in parts {
      folder += "/" + part
      mkdir(folder, 0o755)
    }
    let file = fopen(path + "/" + name, "w")
    fputs(text, file)
    fclose(file)
  }

  func link(_ name: String, to destination: String) { symlink(destination, path + "/" + name) }

  deinit { _ = system("chmod -R u+w '\(path)'; rm -rf '\(path)'") }
}
