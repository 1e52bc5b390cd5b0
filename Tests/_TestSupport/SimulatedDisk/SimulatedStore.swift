package import ObjectStorage

/// A store on a simulated disk: it writes by the steps of ``LocalObjectStore``, and reads a file or lists a folder in one.
///
/// Reading is one step though the system makes more calls for it: a file that is whole under its name never changes, and
/// one that is replaced is another file.
package struct SimulatedStore: ObjectStore {
  /// What is there before anything: a mounted disk.
  static let volume = "/disk"

  private let process: SimulatedProcess
  private let writing: FileWriting<SimulatedProcess>

  /// - Parameter bufferLimit: the bytes that a file gathers before it writes them.
  init(_ process: SimulatedProcess, bufferLimit: Int) {
    self.process = process
    writing = FileWriting(
      root: process.root, calls: process, durableDirectories: process.durableDirectories, bufferLimit: bufferLimit,
      temporaryName: { process.temporaryName() })
  }

  package var description: String { process.root }
  package var keepsWhatIsVisible: Bool { false }
  package var seeksWhenListing: Bool { false }

  /// The root, unless a scenario has another.
  static let root = "/disk/table"

  /// The path below the store's root.
  static func relative(_ path: String) -> String {
    path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }

  static func directory(of path: String) -> String? { LocalPath.directory(of: path) }

  package func list(
    _ directory: String, recursively: Bool, startingAt first: String?
  ) async throws -> [ObjectMetadata] {
    let path = try absolute(directory)
    let listing = Listing(
      path: path, prefix: directory.isEmpty ? "" : directory + "/", recursively: recursively, first: first)
    guard case .scheduled(let simulation, _) = process.steps, !simulation.listingIsAtOnce else {
      return try await read(directory, .list(path), isListing: true) { listing.answer($0, without: []).files }
    }
    try Task.checkCancellation()
    do throws(SystemCallError) {
      let before = try await process.step(.list(path)) { disk, _ in listing.answer(disk, without: []).names }
      return try await process.step(
        .listRest(path),
        answerCount: { disk in
          let count = listing.files(disk).count { !before.contains($0.path) }
          return count < 2 ? count + 1 : count + 2
        }
      ) { disk, step in
        let new = listing.files(disk).map(\.path).filter { !before.contains($0) }
        switch step.answer {
        case 0: return listing.answer(disk, without: []).files
        case 1: return listing.answer(disk, without: Set(new)).files
        default: return listing.answer(disk, without: [new[step.answer - 2]]).files
        }
      }
    } catch {
      throw StorageError(.inputOutput, "The folder \(path) could not be listed: \(error.reason).", path: directory)
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

  package func synchronize(_ path: String) async throws { try await writing.synchronize(path) }

  /// Removes the folder and all in it, as no store does but people do.
  ///
  /// - Parameter path: relative to the store's root, which itself is nothing.
  package func removeFolder(_ path: String) async throws {
    try await process.removeDirectory(try absolute(path))
  }

  private func absolute(_ path: String) throws(StorageError) -> String {
    try LocalPath.absolute(path, below: process.root)
  }

  private func file(_ path: String, _ call: SimulatedCall) async throws -> SimulatedDisk.File {
    let absolute = try absolute(path)
    return try await read(path, call) { disk in
      do throws(SystemCallError) {
        let (file, seen) = try disk.file(at: absolute)
        return SimulatedProcess.Answer(
          result: .success(file), seen: seen, time: file.lastModified,
          content: file.digest.then(UInt64(file.bytes.count)))
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
      return try await process.step(call) { disk, _ in body(disk) }
    } catch .missing {
      throw StorageError(.notFound, "There is no file \(path) in \(process.root).", path: path)
    } catch {
      throw StorageError(.inputOutput, "The file \(path) could not be read: \(error.reason).", path: path)
    }
  }
}

/// Which files are listed.
private struct Listing: Sendable {
  let path: String
  let prefix: String
  let recursively: Bool
  let first: String?

  /// Sorted by path.
  func files(_ disk: SimulatedDisk) -> [ObjectMetadata] { answer(disk, without: []).found }

  func answer(_ disk: SimulatedDisk, without hidden: Set<String>) -> (
    found: [ObjectMetadata], files: SimulatedProcess.Answer<[ObjectMetadata]>,
    names: SimulatedProcess.Answer<Set<String>>
  ) {
    var found: [ObjectMetadata] = []
    var seen = Fingerprint(2)
    var content = Fingerprint(2)
    var time: Int64 = 0
    if let node = try? disk.node(at: path) {
      disk.forEachFile(below: node, prefix: prefix, recursively: recursively) { path, file, entry in
        if hidden.contains(path) { return }
        if let first, path < first { return }
        if !SimulatedDisk.isHidden(path) {
          seen.insert(entry.made.then(file.written))
          content.insert(Fingerprint.of(path).then(UInt64(file.bytes.count)))
          time = max(time, file.lastModified)
        }
        found.append(ObjectMetadata(path: path, size: file.bytes.count, lastModified: file.lastModified))
      }
    }
    // Names are ASCII here, for which this is the order of the bytes.
    found.sort { $0.path < $1.path }
    let names = Set(found.map(\.path))
    return (
      found, SimulatedProcess.Answer(result: .success(found), seen: seen, time: time, content: content),
      SimulatedProcess.Answer(result: .success(names), seen: seen, time: time)
    )
  }
}
