import ObjectStorage

/// The calls of the real store's writing, as steps.
extension SimulatedProcess: FileSystemCalls {
  func run<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value { try await work() }

  func createFile(_ path: String) async throws(SystemCallError) -> FileDescriptor {
    let isTruncating = bug == .reusesTemporaryName && TemporaryName.matches(path.split(separator: "/").last ?? "")
    return try await step(.createFile(path)) { disk, step in
      Self.answer { () throws(SystemCallError) in
        FileDescriptor(number: try disk.createFile(path, step, truncating: isTruncating))
      }
    }
  }

  func openFile(_ path: String) async throws(SystemCallError) -> FileDescriptor {
    try await step(.openFile(path)) { disk, _ in
      Self.answer { () throws(SystemCallError) in FileDescriptor(number: try disk.openFile(path)) }
    }
  }

  func write(_ bytes: BytesToWrite, to file: FileDescriptor) async throws(SystemCallError) -> Int {
    let bytes = bytes.withUnsafeBytes { [UInt8]($0) }
    let call = SimulatedCall.write(file.number, count: bytes.count, path: path(of: file))
    return try await step(call) { disk, step in
      let isHalf = step.fault == .shortWrite || step.fault == .noSpace
      let part = isHalf ? Array(bytes.prefix(bytes.count / 2)) : bytes
      return Self.answer { () throws(SystemCallError) in
        try disk.write(part, to: file.number, step)
        return part.count
      }
    }
  }

  func status(of file: FileDescriptor) async throws(SystemCallError) -> FileStatus {
    try await inPassing { disk throws(SystemCallError) in
      let node = try disk.node(of: file.number)
      guard let content = disk.file(node) else { throw .isDirectory }
      return Self.status(node, content)
    }
  }

  func synchronize(_ file: FileDescriptor) async throws(SystemCallError) {
    if bug == .skipsFileSynchronization { return }
    let path = path(of: file)
    func once() async throws(SystemCallError) {
      try await step(.synchronize(file.number, path: path)) { disk, _ in
        Self.answer { () throws(SystemCallError) in try disk.synchronize(file.number) }
      }
    }
    do throws(SystemCallError) {
      try await once()
    } catch {
      guard bug == .retriesSynchronization else { throw error }
      try await once()
    }
  }

  func close(_ file: FileDescriptor) async throws(SystemCallError) {
    guard case .scheduled(let simulation, _) = steps, simulation.closingIsAStep else { return release(file) }
    try await step(.close(file.number, path: path(of: file))) { disk, _ in
      disk.close(file.number)
      return Answer(result: .success(()))
    }
  }

  func release(_ file: FileDescriptor) {
    switch steps {
    case .immediate(let holder): holder.change { $0.close(file.number) }
    case .scheduled(let simulation, _): simulation.withDisk { $0.close(file.number) }
    }
  }

  func status(at path: String) async throws(SystemCallError) -> FileStatus {
    try await step(.metadata(path)) { disk, _ in
      do throws(SystemCallError) {
        let (file, seen) = try disk.file(at: path)
        return Answer(
          result: .success(Self.status(try disk.node(at: path), file)), seen: seen, time: file.lastModified,
          content: Fingerprint(UInt64(file.bytes.count)))
      } catch {
        return Answer(result: .failure(error), seen: Fingerprint(UInt64(error.number)))
      }
    }
  }

  func rename(_ path: String, to newPath: String) async throws(SystemCallError) {
    try await step(.rename(path, to: newPath)) { disk, step in
      Self.answer { () throws(SystemCallError) in try disk.rename(path, to: newPath, replacing: true, step) }
    }
  }

  func renameIfAbsent(_ path: String, to newPath: String) async throws(SystemCallError) {
    guard hasExclusiveRename else { throw .unsupported }
    switch bug {
    case .checksThenRenames:
      let isAbsent = try await step(.metadata(newPath)) { disk, _ in
        let isAbsent = (try? disk.node(at: newPath)) == nil
        return Answer(result: .success(isAbsent), seen: Fingerprint(isAbsent ? 1 : 2))
      }
      guard isAbsent else { throw .exists }
      try await rename(path, to: newPath)
    case .takesExistingForWritten:
      do throws(SystemCallError) { try await exclusively(path, newPath) } catch .exists {}
    default: try await exclusively(path, newPath)
    }
  }

  private func exclusively(_ path: String, _ newPath: String) async throws(SystemCallError) {
    try await step(.renameIfAbsent(path, to: newPath)) { disk, step in
      Self.answer { () throws(SystemCallError) in try disk.rename(path, to: newPath, replacing: false, step) }
    }
  }

  func link(_ path: String, to newPath: String) async throws(SystemCallError) {
    try await step(.link(path, to: newPath)) { disk, step in
      Self.answer { () throws(SystemCallError) in try disk.link(path, to: newPath, step) }
    }
  }

  func unlink(_ path: String) async throws(SystemCallError) {
    try await step(.unlink(path)) { disk, step in
      Self.answer { () throws(SystemCallError) in try disk.unlink(path, step) }
    }
  }

  func makeDirectory(_ path: String) async throws(SystemCallError) {
    try await step(.makeDirectory(path)) { disk, step in
      Self.answer { () throws(SystemCallError) in try disk.makeDirectory(path, step) }
    }
  }

  func synchronizeDirectory(_ path: String) async throws(SystemCallError) -> DirectoryIdentity {
    if closedDirectories.contains(path) { throw .denied }
    let isSkipped =
      switch bug {
      case .skipsDirectorySynchronization: true
      case .skipsOuterDirectories: root.hasPrefix(path)
      default: false
      }
    if isSkipped {
      return try await inPassing { disk throws(SystemCallError) in
        identity(ofDirectory: path, disk.nodes[try disk.node(at: path)])
      }
    }
    return try await step(.synchronizeDirectory(path)) { [self] disk, _ in
      Self.answer { () throws(SystemCallError) in
        identity(ofDirectory: path, disk.nodes[try disk.synchronizeDirectory(path)])
      }
    }
  }

  /// A directory and all in it, as somebody removes it who cares for nobody: call after call.
  func removeDirectory(_ path: String) async throws(SystemCallError) {
    let entries = try await step(.list(path)) { disk, _ in
      do throws(SystemCallError) {
        let entries = try disk.directory(disk.node(at: path)).entries.sorted { $0.key < $1.key }
        var seen = Fingerprint()
        for (_, entry) in entries { seen.insert(entry.made) }
        return Answer(
          result: .success(entries.map { (path: path + "/" + $0, isFile: disk.file($1.node) != nil) }), seen: seen)
      } catch {
        return Answer(result: .failure(error), seen: Fingerprint(UInt64(error.number)))
      }
    }
    for entry in entries {
      if entry.isFile { try await unlink(entry.path) } else { try await removeDirectory(entry.path) }
    }
    try await step(.removeDirectory(path)) { disk, step in
      Self.answer { () throws(SystemCallError) in try disk.removeDirectory(path, step) }
    }
  }

  func removeFile(_ path: String, below root: String) async throws(SystemCallError) {
    try await unlink(root + "/" + path)
  }

  // MARK: Inside

  /// Looks at the disk without a step of its own: at what only this process changes.
  private func inPassing<Value: Sendable>(
    _ body: (SimulatedDisk) throws(SystemCallError) -> Value
  ) async throws(SystemCallError) -> Value {
    switch steps {
    case .immediate(let holder): try body(holder.disk)
    case .scheduled(let simulation, _): try body(simulation.withDisk { $0 })
    }
  }

  private func path(of file: FileDescriptor) -> String {
    switch steps {
    case .immediate: ""
    case .scheduled(let simulation, _): simulation.withDisk { $0.path(of: file.number) }
    }
  }

  /// The answer of a call by which the process sees no more than whether it worked.
  private static func answer<Value: Sendable>(_ body: () throws(SystemCallError) -> Value) -> Answer<Value> {
    do throws(SystemCallError) {
      return Answer(result: .success(try body()), seen: Fingerprint(1))
    } catch {
      return Answer(result: .failure(error), seen: Fingerprint(UInt64(error.number) &+ 1000))
    }
  }

  /// The file system gives numbers anew as soon as it can: a directory has that of the one of its name before it.
  private func identity(ofDirectory path: String, _ node: SimulatedDisk.Node) -> DirectoryIdentity {
    let number = path.utf8.reduce(Fingerprint()) { $0.then(UInt64($1)) }.value
    return DirectoryIdentity(
      file: FileIdentity(device: 2, inode: number), born: knowsBirths ? Int64(bitPattern: node.made.value) : 0)
  }

  private static func identity(_ node: Int) -> FileIdentity { FileIdentity(device: 1, inode: UInt64(node)) }

  private static func status(_ node: Int, _ file: SimulatedDisk.File) -> FileStatus {
    FileStatus(identity: identity(node), size: file.bytes.count, lastModified: file.lastModified)
  }
}
