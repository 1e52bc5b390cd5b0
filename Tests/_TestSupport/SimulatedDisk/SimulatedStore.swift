package import ObjectStorage

/// A store on a simulated disk: it writes by the steps of ``LocalObjectStore``, and reads a file or lists a folder in one.
///
/// Reading is one step though the system makes more calls for it: a file that is whole under its name never changes, and
/// one that is replaced is another file.
package struct SimulatedStore: ObjectStore {
  /// What is there before anything: a mounted disk.
  static let volume = "/disk"
  static let root = "/disk/table"

  private let process: SimulatedProcess
  private let writing: FileWriting<SimulatedProcess>

  init(_ process: SimulatedProcess) {
    self.process = process
    writing = FileWriting(
      root: Self.root, calls: process, durableDirectories: process.durableDirectories,
      // Files of a few bytes are to be written in several steps.
      bufferLimit: 8, temporaryName: { process.temporaryName() })
  }

  package var description: String { Self.root }

  package func list(
    _ directory: String, recursively: Bool, startingAt first: String?
  ) async throws -> [ObjectMetadata] {
    let path = try absolute(directory)
    let prefix = directory.isEmpty ? "" : directory + "/"
    return try await read(directory, .list(path), isListing: true) { disk in
      var found: [ObjectMetadata] = []
      var seen = Fingerprint(2)
      var time: Int64 = 0
      if let node = try? disk.node(at: path) {
        disk.forEachFile(below: node, prefix: prefix, recursively: recursively) { path, file, entry in
          seen.insert(entry.made.then(file.written))
          time = max(time, file.lastModified)
          if let first, path.utf8.lexicographicallyPrecedes(first.utf8) { return }
          found.append(ObjectMetadata(path: path, size: file.bytes.count, lastModified: file.lastModified))
        }
      }
      found.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
      return SimulatedProcess.Answer(result: .success(found), seen: seen, time: time)
    }
  }

  package func metadata(of path: String) async throws -> ObjectMetadata {
    let file = try await file(path, .metadata(absolute(path)))
    return ObjectMetadata(path: path, size: file.bytes.count, lastModified: file.lastModified)
  }

  package func read(_ path: String) async throws -> [UInt8] {
    try await file(path, .read(absolute(path))).bytes
  }

  package func read(
    _ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer
  ) async throws -> Int {
    let bytes = try await file(path, .read(absolute(path))).bytes
    guard offset < bytes.count else { return 0 }
    let count = min(destination.count, bytes.count - offset)
    destination.copyBytes(from: bytes[offset..<offset + count])
    return count
  }

  package func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome {
    try await writing.write(bytes, to: path, condition, durability: durability)
  }

  package func makeWriter(to path: String, durability: Durability) async throws -> any ObjectWriter {
    try await writing.makeWriter(to: path, durability: durability)
  }

  package func delete(_ path: String) async throws { try await writing.delete(path) }

  private func absolute(_ path: String) throws(StorageError) -> String {
    try LocalPath.absolute(path, below: Self.root)
  }

  private func file(_ path: String, _ call: SimulatedCall) async throws -> SimulatedDisk.File {
    let absolute = try absolute(path)
    return try await read(path, call) { disk in
      do throws(SystemCallError) {
        let (file, seen) = try disk.file(at: absolute)
        return SimulatedProcess.Answer(result: .success(file), seen: seen, time: file.lastModified)
      } catch {
        return SimulatedProcess.Answer(result: .failure(error), seen: Fingerprint(UInt64(error.number)))
      }
    }
  }

  private func read<Value: Sendable>(
    _ path: String, _ call: SimulatedCall, isListing: Bool = false,
    _ body: @escaping @Sendable (SimulatedDisk) -> SimulatedProcess.Answer<Value>
  ) async throws -> Value {
    try Task.checkCancellation()
    do throws(SystemCallError) {
      if !isListing, case .scheduled(let simulation, _) = process.steps, !simulation.readingIsAStep(path) {
        return try body(simulation.withDisk { $0 }).result.get()
      }
      return try await process.step(call) { disk, _, _ in body(disk) }
    } catch .missing {
      throw StorageError(.notFound, "There is no file \(path) in \(Self.root).", path: path)
    } catch {
      throw StorageError(.inputOutput, "The file \(path) could not be read: \(error.reason).", path: path)
    }
  }
}
