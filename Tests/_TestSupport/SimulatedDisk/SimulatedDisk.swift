import ObjectStorage

/// A disk in memory that forgets what nobody waited for: for each file the bytes as processes see them and as they are
/// after a failure of power, for each directory its entries both ways.
///
/// The rules are those that POSIX promises, and no more:
/// - `fsync` of a file makes its bytes durable, not its name; `fsync` of a directory makes its entries durable, not the
///   bytes of the files.
/// - Of what was not waited for, any part may survive: any of the changes of entries (in their order or not: ``EntryOrder``), any beginning of the bytes, their
///   length without them.
/// - A rename is one change: after it one name or the other is there, and a replaced file is the old or the new one.
/// - After a failed `fsync` of a file, the next one says yes and the bytes are durable no more than before.
///
/// A value: a copy is what the disk may become by another step.
struct SimulatedDisk: Sendable {
  struct File: Sendable {
    /// As processes see them.
    var bytes: [UInt8] = []
    /// The bytes of which every crash leaves at least these: a beginning of `bytes`.
    var durableCount = 0
    var lastModified: Int64
    /// The step that wrote the last of `bytes`.
    var written: Fingerprint
    /// That of `bytes`.
    var digest = Fingerprint()
    /// Set by a failed `fsync`: from here on none makes anything durable.
    var isStuck = false
  }

  struct Entry: Sendable {
    var node: Int
    /// The step that made it.
    var made: Fingerprint
  }

  /// A change of entries that a crash may undo.
  struct EntryChange: Sendable {
    enum Kind: Sendable {
      case set(String, Entry)
      case remove(String)
      case move(String, to: String, Entry)
    }
    var kind: Kind
    var step: Fingerprint
  }

  struct Directory: Sendable {
    /// As processes see them.
    var entries: [String: Entry] = [:]
    /// What every crash leaves, but for `changes`.
    var durableEntries: [String: Entry] = [:]
    /// Since then, in their order.
    var changes: [EntryChange] = []
  }

  enum Content: Sendable {
    case file(File)
    case directory(Directory)
  }

  struct Node: Sendable {
    var content: Content
    /// The step that made it.
    let made: Fingerprint
  }

  /// Which step changes the disk, and when.
  struct Step: Sendable {
    var fingerprint: Fingerprint
    /// Milliseconds, by a clock that goes on by one with each step of an operation and with what it sees.
    var time: Int64
    /// What goes wrong with it.
    var fault: SimulatedFault?
    /// Which of the answers that are all right.
    var answer = 0
  }

  private(set) var nodes: [Node] = [Node(content: .directory(Directory()), made: Fingerprint(1))]
  private var openFiles: [Int32: (node: Int, path: String)] = [:]
  private var nextDescriptor: Int32 = 3

  // MARK: Calls

  mutating func createFile(_ path: String, _ step: Step, truncating: Bool = false) throws(SystemCallError) -> Int32 {
    let (parent, name) = try parent(of: path)
    var directory = try directory(parent)
    if let entry = directory.entries[name] {
      guard truncating, case .file(var file) = nodes[entry.node].content else { throw .exists }
      file.bytes = []
      file.durableCount = 0
      file.digest = Fingerprint()
      nodes[entry.node].content = .file(file)
      return open(entry.node, path)
    }
    let entry = Entry(node: nodes.count, made: step.fingerprint)
    nodes.append(
      Node(content: .file(File(lastModified: step.time, written: step.fingerprint)), made: step.fingerprint))
    directory.entries[name] = entry
    directory.changes.append(EntryChange(kind: .set(name, entry), step: step.fingerprint))
    nodes[parent].content = .directory(directory)
    return open(entry.node, path)
  }

  mutating func openFile(_ path: String) throws(SystemCallError) -> Int32 {
    let node = try node(at: path)
    guard case .file = nodes[node].content else { throw .isDirectory }
    return open(node, path)
  }

  mutating func write(_ bytes: [UInt8], to descriptor: Int32, _ step: Step) throws(SystemCallError) {
    let node = try node(of: descriptor)
    guard case .file(var file) = nodes[node].content else { throw .isDirectory }
    // Not a second copy while it grows.
    nodes[node].content = .file(File(lastModified: 0, written: step.fingerprint))
    file.bytes += bytes
    file.digest = file.digest.then(Fingerprint.of(bytes))
    file.written = step.fingerprint
    file.lastModified = step.time
    nodes[node].content = .file(file)
  }

  mutating func synchronize(_ descriptor: Int32, succeeds: Bool = true) throws(SystemCallError) {
    let node = try node(of: descriptor)
    guard case .file(var file) = nodes[node].content else { throw .isDirectory }
    if !succeeds { file.isStuck = true }
    if !file.isStuck { file.durableCount = file.bytes.count }
    nodes[node].content = .file(file)
  }

  mutating func close(_ descriptor: Int32) { openFiles[descriptor] = nil }

  func path(of descriptor: Int32) -> String { openFiles[descriptor]?.path ?? "closed file" }

  mutating func rename(
    _ path: String, to newPath: String, replacing: Bool, _ step: Step
  ) throws(SystemCallError) {
    let (parent, name) = try parent(of: path)
    let (newParent, newName) = try self.parent(of: newPath)
    guard parent == newParent else { throw .unsupported }
    var directory = try directory(parent)
    guard let old = directory.entries[name] else { throw .missing }
    if let taken = directory.entries[newName] {
      guard replacing else { throw .exists }
      if case .directory = nodes[taken.node].content { throw .isDirectory }
    }
    let entry = Entry(node: old.node, made: step.fingerprint)
    directory.entries[name] = nil
    directory.entries[newName] = entry
    directory.changes.append(EntryChange(kind: .move(name, to: newName, entry), step: step.fingerprint))
    nodes[parent].content = .directory(directory)
  }

  mutating func link(_ path: String, to newPath: String, _ step: Step) throws(SystemCallError) {
    let node = try node(at: path)
    let (parent, name) = try parent(of: newPath)
    var directory = try directory(parent)
    guard directory.entries[name] == nil else { throw .exists }
    let entry = Entry(node: node, made: step.fingerprint)
    directory.entries[name] = entry
    directory.changes.append(EntryChange(kind: .set(name, entry), step: step.fingerprint))
    nodes[parent].content = .directory(directory)
  }

  mutating func unlink(_ path: String, _ step: Step) throws(SystemCallError) {
    let (parent, name) = try parent(of: path)
    var directory = try directory(parent)
    guard let entry = directory.entries[name] else { throw .missing }
    if case .directory = nodes[entry.node].content { throw .isDirectory }
    directory.entries[name] = nil
    directory.changes.append(EntryChange(kind: .remove(name), step: step.fingerprint))
    nodes[parent].content = .directory(directory)
  }

  mutating func makeDirectory(_ path: String, _ step: Step) throws(SystemCallError) {
    let (parent, name) = try parent(of: path)
    var directory = try directory(parent)
    guard directory.entries[name] == nil else { throw .exists }
    let entry = Entry(node: nodes.count, made: step.fingerprint)
    nodes.append(Node(content: .directory(Directory()), made: step.fingerprint))
    directory.entries[name] = entry
    directory.changes.append(EntryChange(kind: .set(name, entry), step: step.fingerprint))
    nodes[parent].content = .directory(directory)
  }

  /// Removes a directory that has nothing in it.
  mutating func removeDirectory(_ path: String, _ step: Step) throws(SystemCallError) {
    let (parent, name) = try parent(of: path)
    var directory = try directory(parent)
    guard let entry = directory.entries[name] else { throw .missing }
    guard try self.directory(entry.node).entries.isEmpty else { throw .exists }
    directory.entries[name] = nil
    directory.changes.append(EntryChange(kind: .remove(name), step: step.fingerprint))
    nodes[parent].content = .directory(directory)
  }

  mutating func synchronizeDirectory(_ path: String) throws(SystemCallError) -> Int {
    let node = try node(at: path)
    var directory = try directory(node)
    directory.durableEntries = directory.entries
    directory.changes = []
    nodes[node].content = .directory(directory)
    return node
  }

  // MARK: Looking

  /// What is under a path: the node, and a fingerprint of what is seen of it.
  func node(at path: String) throws(SystemCallError) -> Int {
    var node = 0
    for part in path.split(separator: "/") {
      guard let entry = try directory(node).entries[String(part)] else { throw .missing }
      node = entry.node
    }
    return node
  }

  func file(at path: String) throws(SystemCallError) -> (file: File, seen: Fingerprint) {
    let node = try node(at: path)
    guard case .file(let file) = nodes[node].content else { throw .isDirectory }
    return (file, nodes[node].made.then(file.written))
  }

  func file(_ node: Int) -> File? {
    guard case .file(let file) = nodes[node].content else { return nil }
    return file
  }

  func node(of descriptor: Int32) throws(SystemCallError) -> Int {
    guard let open = openFiles[descriptor] else { throw .inputOutput }
    return open.node
  }

  func directory(_ node: Int) throws(SystemCallError) -> Directory {
    guard case .directory(let directory) = nodes[node].content else { throw .notDirectory }
    return directory
  }

  /// Calls `body` with every file below a directory, as processes see it.
  func forEachFile(
    below node: Int, prefix: String, recursively: Bool, _ body: (String, File, Entry) -> Void
  ) {
    guard case .directory(let directory) = nodes[node].content else { return }
    for (name, entry) in directory.entries {
      switch nodes[entry.node].content {
      case .file(let file): body(prefix + name, file, entry)
      case .directory where recursively:
        forEachFile(below: entry.node, prefix: prefix + name + "/", recursively: true, body)
      case .directory: break
      }
    }
  }

  /// That of all that a crash or a process can see, now or later.
  var fingerprint: Fingerprint {
    var sum = Fingerprint()
    for node in nodes {
      switch node.content {
      case .file(let file):
        sum.insert(
          node.made.then(file.written).then(UInt64(file.durableCount)).then(file.isStuck ? 1 : 0))
      case .directory(let directory):
        var entries = Fingerprint()
        for entry in directory.entries.values { entries.insert(entry.made) }
        var durable = Fingerprint()
        for entry in directory.durableEntries.values { durable.insert(entry.made) }
        var all = node.made.then(entries).then(durable)
        for change in directory.changes { all = all.then(change.step) }
        sum.insert(all)
      }
    }
    return sum
  }

  /// That of the visible files: their names and bytes.
  var contents: Fingerprint {
    var sum = Fingerprint()
    forEachFile(below: 0, prefix: "", recursively: true) { path, file, _ in
      if !Self.isHidden(path) { sum.insert(Fingerprint.of(path).then(file.digest)) }
    }
    return sum
  }

  /// Whether nobody looks at a file: it is not yet whole.
  static func isHidden(_ path: String) -> Bool {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return TemporaryName.matches(path) }
    return TemporaryName.matches(path[path.utf8.index(after: slash)...])
  }

  // MARK: After a crash

  /// Sets a node's content as it is after a crash: durable as it is.
  mutating func restore(_ node: Int, _ content: Content) { nodes[node].content = content }

  /// No process has a file open any more.
  mutating func forgetProcesses() { openFiles = [:] }

  /// Everything written so far is on the disk.
  mutating func makeDurable() {
    for index in nodes.indices {
      switch nodes[index].content {
      case .file(var file):
        file.durableCount = file.bytes.count
        nodes[index].content = .file(file)
      case .directory(var directory):
        directory.durableEntries = directory.entries
        directory.changes = []
        nodes[index].content = .directory(directory)
      }
    }
  }

  // MARK: Inside

  private mutating func open(_ node: Int, _ path: String) -> Int32 {
    defer { nextDescriptor += 1 }
    openFiles[nextDescriptor] = (node, path)
    return nextDescriptor
  }

  private func parent(of path: String) throws(SystemCallError) -> (node: Int, name: String) {
    guard let slash = path.lastIndex(of: "/"), path.index(after: slash) != path.endIndex else { throw .isDirectory }
    return (try node(at: String(path[..<slash])), String(path[path.index(after: slash)...]))
  }
}
