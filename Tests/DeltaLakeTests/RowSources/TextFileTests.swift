import Columnar
import Foundation
import Testing

@testable import DeltaLake

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite("Text that can be read once")
struct TextFileTests {
  /// Shorter and longer than what types are guessed from.
  static let rowCounts = [0, 3, 600_000]

  private static func lines(_ count: Int) -> String {
    "{\"id\":-1}\n" + (0..<count).map { "{\"id\":\($0)}\n" }.joined()
  }

  private static func rows(_ count: Int) -> [String] { (-1..<count).map { "\($0)" } }

  /// Writes to a descriptor from a thread of its own, and closes it.
  private static func write(_ text: String, toNew open: @escaping @Sendable () -> Int32) {
    // Who reads may go away.
    signal(SIGPIPE, SIG_IGN)
    Thread.detachNewThread {
      let file = FileHandle(fileDescriptor: open(), closeOnDealloc: true)
      try? file.write(contentsOf: Data(text.utf8))
    }
  }

  @Test("Rows of a pipe that the shell names are all read, once", arguments: rowCounts)
  func processSubstitution(count: Int) async throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let writing = ends[1]
    Self.write(Self.lines(count)) { writing }
    let file = TextFile.path("/dev/fd/\(ends[0])")
    #expect(!file.isRepeatable)
    let source = try await RowSource.jsonLines([file])
    #expect(!source.isRepeatable && source.identity == nil)
    #expect(try await source.rows() == Self.rows(count))
    let told = await failure { _ = try await source.rows() }
    #expect(told.contains("has been read already"), "\(told)")
  }

  @Test("Rows of named pipes are all read, also of CSV without header and next to files", arguments: rowCounts)
  func namedPipes(count: Int) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pipes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["a", "b", "c"].map { folder.appending(path: $0).path }
    try Data("100\n".utf8).write(to: URL(fileURLWithPath: paths[1]))
    for path in [paths[0], paths[2]] {
      try #require(mkfifo(path, 0o600) == 0)
      Self.write((-1..<count).map { "\($0)\n" }.joined()) { open(path, O_WRONLY) }
    }
    var options = CSVOptions()
    options.hasHeader = false
    let source = try await RowSource.csv(paths, options)
    #expect(!source.isRepeatable)
    #expect(try await source.rows() == Self.rows(count) + ["100"] + Self.rows(count))
  }

  @Test("Files can be read again; what is no file is named")
  func files() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "rows.jsonl").path
    try Data(Self.lines(3).utf8).write(to: URL(fileURLWithPath: path))
    let source = try await RowSource.jsonLines([path])
    #expect(source.isRepeatable && source.identity != nil && TextFile.path(path).isRepeatable)
    for _ in 0..<2 { #expect(try await source.rows() == Self.rows(3)) }
    #expect(TextFile.bytes([], name: "memory").isRepeatable && !TextFile.standardInput.isRepeatable)
    let directory = await failure { _ = try await RowSource.jsonLines([folder.path]) }
    #expect(directory.contains("is a folder, not a file"), "\(directory)")
    let missing = await failure { _ = try await RowSource.jsonLines([path + "x"]) }
    #expect(missing.contains("can't be opened: No such file"), "\(missing)")
  }
}
