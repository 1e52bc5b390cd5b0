import Foundation
import Parquet
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite("Files that get their names when they are whole")
struct FileByteSinkTests {
  /// A folder that is gone after the test.
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.path + "/sink-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func put(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    func text(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    /// Hidden ones too.
    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
  }

  private func write(_ text: String, _ sink: FileByteSink) async throws {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    defer { bytes.deallocate() }
    bytes.copyBytes(from: text.utf8)
    try await sink.write(UnsafeRawBufferPointer(bytes))
  }

  @Test("The name is given at the end, to a new file and in place of one", arguments: [nil, "before"])
  func finished(before: String?) async throws {
    let folder = try Folder()
    if let before { try folder.put(before, "out") }
    let sink = try FileByteSink(path: folder.path + "/out")
    try await write("one", sink)
    #expect(folder.text("out") == before)
    try await write("two", sink)
    try sink.finish()
    sink.abandon()
    #expect(folder.text("out") == "onetwo")
    #expect(try folder.names == ["out"])
    await #expect(throws: ParquetError.self) { try await write("more", sink) }
    #expect(throws: ParquetError.self) { try sink.finish() }
    #expect(folder.text("out") == "onetwo")
  }

  @Test("A file that is given up, or forgotten, leaves what was there", arguments: [nil, "before"])
  func abandoned(before: String?) async throws {
    let folder = try Folder()
    if let before { try folder.put(before, "out") }
    let sink = try FileByteSink(path: folder.path + "/out")
    try await write("one", sink)
    sink.abandon()
    sink.abandon()
    try await write("one", FileByteSink(path: folder.path + "/out"))
    #expect(folder.text("out") == before)
    #expect(try folder.names == (before == nil ? [] : ["out"]))
  }

  @Test("A file that is replaced keeps its permissions, and links keep leading to it")
  func replaced() async throws {
    let folder = try Folder()
    try folder.put("before", "out")
    chmod(folder.path + "/out", 0o600)
    symlink("out", folder.path + "/link")
    let sink = try FileByteSink(path: folder.path + "/link")
    try await write("after", sink)
    try sink.finish()
    #expect(folder.text("out") == "after")
    #expect(try folder.names == ["link", "out"])
    var status = stat()
    #expect(lstat(folder.path + "/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(folder.path + "/out", &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("What is no regular file gets the bytes at once and stays", arguments: [true, false])
  func pipe(isFinished: Bool) async throws {
    let folder = try Folder()
    try #require(mkfifo(folder.path + "/pipe", 0o600) == 0)
    // For reading and writing, so that nobody waits for the other end.
    let reader = open(folder.path + "/pipe", O_RDWR | O_NONBLOCK)
    defer { close(reader) }
    let sink = try FileByteSink(path: folder.path + "/pipe")
    try await write("one", sink)
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(reader, &bytes, 8) == 3)
    #expect(bytes.starts(with: "one".utf8))
    if isFinished { try sink.finish() } else { sink.abandon() }
    var status = stat()
    #expect(stat(folder.path + "/pipe", &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(try folder.names == ["pipe"])
  }

  @Test(
    "What can't be a file is refused, and nothing is left",
    arguments: ["folder", "dangling", "no/such/folder", "folder/", "none/"])
  func refused(name: String) throws {
    let folder = try Folder()
    mkdir(folder.path + "/folder", 0o755)
    symlink("nothing", folder.path + "/dangling")
    let error = #expect(throws: ParquetError.self) { try FileByteSink(path: folder.path + "/" + name) }
    #expect(error?.code == .io && error?.message.hasPrefix("Cannot create the file: ") == true)
    #expect(try folder.names == ["dangling", "folder"])
  }

  @Test("A file whose folder goes meanwhile is an error, not a file elsewhere")
  func folderGone() async throws {
    let folder = try Folder()
    mkdir(folder.path + "/sub", 0o755)
    let sink = try FileByteSink(path: folder.path + "/sub/out")
    try await write("one", sink)
    try FileManager.default.removeItem(atPath: folder.path + "/sub")
    #expect(throws: ParquetError.self) { try sink.finish() }
    #expect(try folder.names == [])
  }
}
