import Synchronization
import Testing

@testable import ObjectStorage

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Takes a KiB of the stack and more for each of `depth` calls.
@inline(never)
private func descend(_ depth: Int) -> Int {
  withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 8) { bytes in
    bytes.storeBytes(of: depth, as: Int.self)
    return depth == 0 ? 0 : descend(depth - 1) + (bytes.load(as: Int.self) == depth ? 1 : 0)
  }
}

@Suite("The local store")
struct LocalObjectStoreTests {
  @Test("lists one level or all, sorted, from a name on")
  func lists() async throws {
    let folder = TemporaryFolder()
    for name in ["log/b.json", "log/a.json", "log/deep/c.json", "data"] { folder.write("x", to: name) }
    let store = LocalObjectStore(root: folder.path + "/")
    #expect(try await store.list("log").map(\.path) == ["log/a.json", "log/b.json"])
    let all = try await store.list("", recursively: true, startingAt: nil)
    #expect(all.map(\.path) == ["data", "log/a.json", "log/b.json", "log/deep/c.json"])
    let rest = try await store.list("log", recursively: false, startingAt: "log/b")
    #expect(rest.map(\.path) == ["log/b.json"])
    #expect(try await store.list("absent").isEmpty)
  }

  @Test("What isn't a file is an error that says what it is, at once", .timeLimit(.minutes(1)))
  func specialFiles() async throws {
    let folder = TemporaryFolder()
    mkfifo(folder.path + "/pipe", 0o644)
    symlink("/dev/zero", folder.path + "/device")
    mkdir(folder.path + "/folder", 0o755)
    let store = LocalObjectStore(root: folder.path)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
    defer { bytes.deallocate() }
    for (name, kind) in [("pipe", "a named pipe"), ("device", "a device"), ("folder", "a folder")] {
      let whole = await #expect(throws: StorageError.self) { try await store.read(name) }
      let part = await #expect(throws: StorageError.self) { try await store.read(name, at: 0, into: bytes) }
      let metadata = await #expect(throws: StorageError.self) { try await store.metadata(of: name) }
      for error in [whole, part, metadata] {
        #expect(error?.code == .inputOutput && error?.path == name)
        #expect(error?.message.contains("\(name) in \(folder.path) is \(kind)") == true, "\(error?.message ?? "")")
      }
    }
    #expect(try await store.list("").isEmpty)
  }

  @Test("A file larger than what is read at once is refused before memory is taken for it")
  func largestWholeRead() async throws {
    let folder = TemporaryFolder()
    folder.write("0123456789", to: "digits")
    #expect(try await LocalObjectStore(root: folder.path, largestWholeRead: 10).read("digits").count == 10)
    let small = LocalObjectStore(root: folder.path, largestWholeRead: 9)
    let error = await #expect(throws: StorageError.self) { try await small.read("digits") }
    #expect(error?.code == .tooLarge && error?.message.contains("10 bytes") == true)
    folder.write("", to: "huge")
    // A file with a hole: it takes no room on the disk.
    truncate(folder.path + "/huge", 1 << 40)
    let huge = await #expect(throws: StorageError.self) { try await LocalObjectStore(root: folder.path).read("huge") }
    #expect(huge?.code == .tooLarge)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
    defer { bytes.deallocate() }
    #expect(try await small.read("digits", at: 8, into: bytes) == 2)
  }

  @Test("Threads of a pool have the stacks that they were asked to have, and do all jobs")
  func threadPool() async throws {
    // 20 MiB a call, far more than any system gives by itself.
    let pool = ThreadPool(count: 2, stackSize: 64 << 20)
    let depths = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<6 {
        group.addTask {
          await withCheckedContinuation { done in pool.enqueue { done.resume(returning: descend(20_000)) } }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(depths == Array(repeating: 20_000, count: 6))
  }

  @Test("Where the system gives no further thread, those there are do all jobs")
  func fewThreads() async throws {
    let tries = Mutex(0)
    let pool = ThreadPool(count: 4, stackSize: 1 << 20) { pool in
      let isFirst = tries.withLock { tries in
        tries += 1
        return tries == 1
      }
      return isFirst ? pool.startThread() : EAGAIN
    }
    let threads = await withTaskGroup(of: UInt.self) { group in
      for _ in 0..<50 {
        group.addTask {
          await withCheckedContinuation { done in
            pool.enqueue {
              usleep(100)
              done.resume(returning: UInt(bitPattern: pthread_self().hashValue))
            }
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(threads.count == 50 && Set(threads).count == 1)
    #expect(tries.withLock { $0 } > 1)
  }

  @Test("reads whole files and ranges, short at the end")
  func reads() async throws {
    let folder = TemporaryFolder()
    folder.write("0123456789", to: "digits")
    let store = LocalObjectStore(root: folder.path)
    #expect(try await store.read("digits") == Array("0123456789".utf8))
    #expect(try await store.metadata(of: "digits").size == 10)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
    defer { bytes.deallocate() }
    #expect(try await store.read("digits", at: 3, into: bytes) == 4)
    #expect(bytes.elementsEqual("3456".utf8))
    #expect(try await store.read("digits", at: 8, into: bytes) == 2)
    #expect(try await store.read("digits", at: 99, into: bytes) == 0)
  }

  @Test("reads several parts of a file at once, as any store does")
  func parts() async throws {
    let folder = TemporaryFolder()
    folder.write("0123456789", to: "digits")
    let memory = InMemoryObjectStore()
    memory.put(Array("0123456789".utf8), at: "digits")
    for store: any ObjectStore in [LocalObjectStore(root: folder.path), memory] {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 12, alignment: 1)
      defer { bytes.deallocate() }
      bytes.initializeMemory(as: UInt8.self, repeating: 45)
      let parts = [(7, 0..<4), (0, 4..<8), (99, 8..<12), (5, 8..<8)].map { offset, range in
        ObjectPart(offset: offset, destination: UnsafeMutableRawBufferPointer(rebasing: bytes[range]))
      }
      #expect(try await store.read("digits", parts: parts) == [3, 4, 0, 0])
      #expect(bytes.elementsEqual("789-0123----".utf8))
      let error = await #expect(throws: StorageError.self) { try await store.read("absent", parts: parts) }
      #expect(error?.code == .notFound)
    }
  }

  @Test("names the file that is missing")
  func missing() async throws {
    let store = LocalObjectStore(root: "/nowhere")
    let error = await #expect(throws: StorageError.self) { try await store.read("gone.parquet") }
    #expect(error?.code == .notFound)
    #expect(error?.message.contains("gone.parquet") == true)
  }

  @Test("does not leave its root", arguments: ["../secret", "a/../../b", "..", "a\0b", "../\u{331}b"])
  func confined(path: String) async throws {
    let store = LocalObjectStore(root: "/tmp")
    let error = await #expect(throws: StorageError.self) { try await store.read(path) }
    #expect(error?.code == .invalidPath)
  }

  @Test("a cancelled task reads nothing")
  func cancelled() async throws {
    let store = LocalObjectStore(root: "/tmp")
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await store.list("")
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

@Suite("The store in memory")
struct InMemoryObjectStoreTests {
  @Test("behaves as the local one")
  func behaves() async throws {
    let store = InMemoryObjectStore()
    store.put([1, 2, 3], at: "log/a", lastModified: 5)
    store.put([], at: "log/deep/b")
    #expect(try await store.list("log").map(\.path) == ["log/a"])
    #expect(try await store.list("", recursively: true, startingAt: "log/b").map(\.path) == ["log/deep/b"])
    #expect(try await store.metadata(of: "log/a") == ObjectMetadata(path: "log/a", size: 3, lastModified: 5))
    #expect(try await store.read("log/a") == [1, 2, 3])
    let error = await #expect(throws: StorageError.self) { try await store.metadata(of: "x") }
    #expect(error?.code == .notFound)
  }
}
