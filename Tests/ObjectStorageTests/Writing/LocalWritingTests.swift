import Testing
import _TestSupport

@testable import ObjectStorage

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite("Writing to the local file system")
struct LocalWritingTests {
  @Test("Deleting follows no link of a directory, and removes a link itself")
  func links() async throws {
    let folder = TemporaryFolder()
    folder.write("x", to: "outside/kept")
    folder.write("x", to: "table/own")
    folder.link("table/linked", to: folder.path + "/outside")
    folder.link("table/name", to: folder.path + "/outside/kept")
    let store = LocalObjectStore(root: folder.path + "/table")
    let error = await #expect(throws: StorageError.self) { try await store.delete("linked/kept") }
    #expect(error?.code == .invalidPath)
    #expect(error?.message.contains("symbolic link") == true)
    // To Swift the slash before a combining mark is no slash.
    folder.write("x", to: "outside/\u{301}kept")
    let marked = await #expect(throws: StorageError.self) { try await store.delete("linked/\u{301}kept") }
    #expect(marked?.code == .invalidPath)
    folder.write("x", to: "table/\u{301}own/\u{301}file")
    try await store.delete("\u{301}own/./\u{301}file")
    try await store.delete("name")
    #expect(try await store.list("", recursively: true, startingAt: nil).map(\.path).contains("own"))
    let outside = try await LocalObjectStore(root: folder.path + "/outside").list("")
    #expect(outside.map(\.path) == ["kept", "\u{301}kept"])
    #expect(try await store.list("\u{301}own").isEmpty)
  }

  @Test("A table behind a link is written and deleted from as any other")
  func linkedRoot() async throws {
    let folder = TemporaryFolder()
    folder.write("x", to: "table/a/b")
    folder.link("link", to: folder.path + "/table")
    let store = LocalObjectStore(root: folder.path + "/link")
    _ = try await store.write([1], to: "a/c", .ifAbsent, durability: .full)
    try await store.delete("a/b")
    #expect(try await store.list("a").map(\.path) == ["a/c"])
  }

  @Test("A link that has the name is not written through: it is taken, or replaced")
  func linkedName() async throws {
    let folder = TemporaryFolder()
    folder.write("x", to: "outside")
    folder.write("x", to: "table/y")
    folder.link("table/name", to: folder.path + "/outside")
    folder.link("table/dangling", to: folder.path + "/nothing")
    let store = LocalObjectStore(root: folder.path + "/table")
    for name in ["name", "dangling"] {
      #expect(try await store.write([1], to: name, .ifAbsent, durability: .relaxed) == .alreadyExists)
      let writer = try await store.makeWriter(to: name, durability: .relaxed)
      await #expect(throws: StorageError.self) { try await writer.finish() }
      _ = try await store.write([1], to: name, .always, durability: .relaxed)
      #expect(try await store.read(name) == [1])
    }
    #expect(try await LocalObjectStore(root: folder.path).read("outside") == Array("x".utf8))
    #expect(try await LocalObjectStore(root: folder.path).list("").map(\.path) == ["outside"])
  }

  @Test("What can't be written is an error of its kind, and leaves nothing behind")
  func refusals() async throws {
    let folder = TemporaryFolder()
    folder.write("x", to: "file")
    mkdir(folder.path + "/directory", 0o755)
    let store = LocalObjectStore(root: folder.path)
    let long = String(repeating: "n", count: 300)
    for (path, code) in [("file/a", StorageError.Code.invalidPath), (long, .invalidPath), ("directory", .invalidPath)] {
      let error = await #expect(throws: StorageError.self) {
        try await store.write([1], to: path, .always, durability: .full)
      }
      #expect(error?.code == code, "\(path)")
      #expect(error?.message.contains("Nothing of it was left") == true)
    }
    #expect(try await store.write([1], to: "directory", .ifAbsent, durability: .full) == .alreadyExists)
    let writer = try await store.makeWriter(to: "file/a", durability: .full)
    let error = await #expect(throws: StorageError.self) { try await writer.finish() }
    #expect(error?.code == .invalidPath)
    await #expect(throws: StorageError.self) { try await writer.finish() }
    #expect(try await store.list("", recursively: true, startingAt: nil).map(\.path) == ["file"])
  }

  @Test("A root that is not there is made, wherever it is")
  func makesRoot() async throws {
    let folder = TemporaryFolder()
    let store = LocalObjectStore(root: folder.path + "/a/b/c")
    _ = try await store.write([1], to: "d/e", .ifAbsent, durability: .full)
    _ = try await store.makeWriter(to: "f/g", durability: .full).finish()
    #expect(try await store.list("", recursively: true, startingAt: nil).map(\.path) == ["d/e", "f/g"])
  }

  @Test("A root relative to the working directory is written to durably, above it too")
  func relativeRoot() async throws {
    let folder = TemporaryFolder()
    var buffer = [CChar](repeating: 0, count: 4096)
    let directory = try #require(getcwd(&buffer, buffer.count)).pointee == 0x2F ? String(cString: buffer) : ""
    let up = directory.split(separator: "/").map { _ in "../" }.joined()
    let store = LocalObjectStore(root: up + folder.path.dropFirst() + "/a/b")
    #expect(
      try await store.write([1], to: "c/d", .ifAbsent, durability: .full)
        != .alreadyExists)
    _ = try await store.makeWriter(to: "c/e", durability: .full).finish()
    #expect(try await LocalObjectStore(root: folder.path + "/a/b").list("c").map(\.path) == ["c/d", "c/e"])
  }

  @Test("Calls that may block are made on threads of their own, which are left afterwards", arguments: [false, true])
  func threads(onMainActor: Bool) async throws {
    @concurrent func apart() async throws -> [UInt] { try await Self.threads() }
    let threads = try await onMainActor ? MainActor.run { Task { try await Self.threads() } }.value : apart()
    #expect(threads[1] != threads[0])
    #expect(threads[1] != threads[2])
    #expect(threads[3] != threads[2])
    #expect(threads[1] != threads[4])
    #expect(threads[3] != threads[4])
  }

  /// Those on which code runs before, in, between, in and after two calls.
  private static func threads() async throws -> [UInt] {
    func current() -> UInt { UInt(bitPattern: pthread_self().hashValue) }
    let before = current()
    let first = try await SystemCalls().run { UInt(bitPattern: pthread_self().hashValue) }
    let between = current()
    let second = try await SystemCalls().run { UInt(bitPattern: pthread_self().hashValue) }
    return [before, first, between, second, current()]
  }

  @Test("The directory of a path is what holds its last part")
  func directories() {
    let cases: [(String, String?)] = [
      ("/a/b", "/a"), ("/a", "/"), ("/", nil), ("a/b", "a"), ("a", "."), (".", "./.."), ("./..", "./../.."),
      ("..", "../.."), ("a/.", "a/./.."),
    ]
    for (path, directory) in cases { #expect(LocalPath.directory(of: path) == directory, "\(path)") }
  }

  @Test("Names of unfinished files are hidden, of one length, and known again")
  func temporaryNames() {
    for number in [0, 1, 0xABCDEF, UInt64.max] {
      let name = TemporaryName.name(number)
      #expect(name.hasPrefix("."))
      #expect(name.utf8.count == 31)
      #expect(TemporaryName.matches(name))
    }
    #expect(TemporaryName.random() != TemporaryName.random())
    for name in [
      "", ".deltalake-.tmp", ".deltalake-000000000000000G.tmp", ".deltalake-00000000000000000.tmp", "00000000.json",
      ".deltalake-0000000000000000.tmq", "xdeltalake-0000000000000000.tmp",
    ] {
      #expect(!TemporaryName.matches(name), "\(name)")
    }
  }

  @Test("Bytes to write are what is left of them")
  func bytesToWrite() {
    let array: [UInt8] = [1, 2, 3, 4, 5]
    array.withUnsafeBytes { pointer in
      for var bytes in [BytesToWrite(array), BytesToWrite(borrowing: pointer)] {
        bytes.removeFirst(2)
        #expect(bytes.count == 3)
        #expect(bytes.withUnsafeBytes { Array($0) } == [3, 4, 5])
        bytes.removeFirst(3)
        #expect(bytes.withUnsafeBytes { Array($0) } == [])
      }
    }
  }
}
