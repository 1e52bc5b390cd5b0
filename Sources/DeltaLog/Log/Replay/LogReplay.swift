/// Makes a table's state from the files of its log, newest first: commits, then a checkpoint or an older state.
///
/// ```swift
/// var replay = LogReplay()
/// for file in segment.deltas.reversed() { try replay.apply(commit: bytes(file), file) }
/// let decoder = replay.checkpointDecoder()                  // Sendable: batches may be decoded on several threads
/// for batch in checkpoint { try replay.append(decoder.decode(batch, …)) }     // in the checkpoint's order
/// let state = try replay.finish(version: segment.version)
/// ```
///
/// Spec: Delta § Action Reconciliation
package struct LogReplay: Sendable {
  /// What to keep beyond what a scan needs.
  package struct Options: Sendable {
    /// Files that left the table, for `vacuum` and for writing checkpoints.
    package var keepsTombstones = false
    /// Tags and clustering providers, for writing.
    package var keepsExtras = false
    /// Commits' bytes up to this many are kept for their statistics; the statistics of others must be read again.
    package var keptCommitBytes = 256 << 20

    package init() {}
  }

  package let options: Options
  package private(set) var facts = TableFacts()
  package private(set) var newer = NewerFiles()
  package private(set) var commitInfo: CommitInfo?
  private var commitBytes: [UInt8]?
  private var groups: [Range<Int>] = []
  private var lastVersion: Version?
  private var newestVersion: Version?
  private var keptBytes = 0
  private var parts: [CheckpointPart] = []

  package init(options: Options = Options()) {
    self.options = options
  }

  /// Takes a commit or a compaction. Every next one must be older.
  ///
  /// - Throws: `corruptLog` with the byte offset; for an empty file, too. A compaction may be replaced by the single
  ///   commits then: ``LogSegment/withoutCompactions(because:)`` and a new replay.
  package mutating func apply(commit bytes: [UInt8], _ file: LogFile) throws(DeltaError) {
    try apply(commit: bytes, name: file.name, version: file.lastVersion, isCompaction: file.kind != .commit)
  }

  /// As above, for the commit of `version` in a file called `name`.
  package mutating func apply(
    commit bytes: [UInt8], name: String, version: Version, isCompaction: Bool = false
  ) throws(DeltaError) {
    precondition(lastVersion.map { version < $0 } ?? true, "commits are replayed newest first")
    precondition(parts.isEmpty, "commits are replayed before the checkpoint")
    let (commit, sidecars) = try replay(bytes, name, version, isCompaction: isCompaction)
    guard sidecars.isEmpty else {
      throw .corruptLog(
        "The commit file \(name) holds a sidecar action, which only checkpoints may.", path: name, version: version)
    }
    if newestVersion == nil {
      newestVersion = version
      commitInfo = commit
      if !isCompaction, bytes.count <= TableState.longestKeptCommit { commitBytes = bytes }
    }
    lastVersion = version
  }

  /// Takes the JSON file of a V2 checkpoint.
  ///
  /// - Returns: the sidecars, to be decoded next.
  package mutating func apply(
    jsonCheckpoint bytes: [UInt8], _ file: LogFile
  ) throws(DeltaError) -> [SidecarFile] {
    precondition(parts.isEmpty, "a checkpoint has one top-level file")
    do throws(DeltaError) {
      return try replay(bytes, file.name, file.version, isCompaction: false).sidecars
    } catch {
      throw .corruptCheckpoint(
        "The checkpoint \(file.name) is damaged: \(error.message)", path: file.name, version: file.version,
        byteOffset: error.byteOffset, cause: error)
    }
  }

  private mutating func replay(
    _ bytes: [UInt8], _ name: String, _ version: Version, isCompaction: Bool
  ) throws(DeltaError) -> (commitInfo: CommitInfo?, sidecars: [SidecarFile]) {
    if bytes.isEmpty { throw .emptyCommit(name, version: version) }
    guard UInt32(exactly: bytes.count) != nil else {
      throw .corruptLog("The log file \(name) is larger than 4 GiB.", path: name, version: version)
    }
    let isKept = keptBytes + bytes.count <= options.keptCommitBytes
    newer.begin(LogSource(name: name, version: version, kind: .json, bytes: isKept ? bytes : nil))
    if isKept { keptBytes += bytes.count }
    var found = TableFacts()
    var info: CommitInfo?
    var sidecars: [SidecarFile] = []
    let start = newer.table.count
    try bytes.withUnsafeBufferPointer { bytes throws(DeltaError) in
      var scanner = CommitScanner(UnsafeRawBufferPointer(bytes), file: name, version: version)
      while let item = try scanner.next() {
        do throws(JSONSyntaxError) {
          switch item {
          case .add(let action):
            guard let size = action.size, size >= 0 else {
              throw JSONSyntaxError(.missingKey("size"), at: action.path.start)
            }
            try newer.apply(
              action, isAdd: true, commitStart: start, in: scanner.json, keepingExtras: options.keepsExtras)
          case .remove(let action):
            try newer.apply(
              action, isAdd: false, commitStart: start, in: scanner.json, keepingExtras: options.keepsExtras)
          case .change: break
          case .other(.commitInfo(let value)): info = value
          case .other(.sidecar(let value)): sidecars.append(value)
          case .other(let action): found.record(action)
          }
        } catch {
          throw scanner.damaged(error)
        }
      }
    }
    if isCompaction, newer.isReplaced[start...].contains(true) { throw .unreconciled(name, version: version) }
    groups.append(start..<newer.table.count)
    facts.fill(from: found)
    return (info, sidecars)
  }

  /// What decodes a checkpoint's batches: complete once all commits have been applied.
  package func checkpointDecoder() -> CheckpointDecoder {
    CheckpointDecoder(newer: newer, keepsTombstones: options.keepsTombstones, keepsExtras: options.keepsExtras)
  }

  /// Takes a decoded batch of the checkpoint. Their order is the order of the files in the state.
  package mutating func append(_ part: CheckpointPart) {
    facts.fill(from: part.facts)
    parts.append(part)
  }

  /// What the commits alone leave of files: those that entered the table, and those that left it. For a checkpoint that
  /// takes over the rest from an older one.
  package func newerFiles() -> (files: FileTable, tombstones: FileTable) {
    (
      newer.table.selecting(rows { isAdd in isAdd }), newer.table.selecting(rows { isAdd in !isAdd })
    )
  }

  /// The state, from commit 0 or the checkpoint on.
  ///
  /// - Throws: `corruptLog` when the log has no `protocol` or no `metaData`.
  package consuming func finish(version: Version) throws(DeltaError) -> TableState {
    var files = FileTable()
    var tombstones: FileTable? = options.keepsTombstones ? FileTable() : nil
    files.reserve(parts.reduce(newer.table.count) { $0 + $1.files.count })
    // Each part is let go of once it is copied, so that the table is not in memory twice.
    var rest = Array(parts.reversed())
    parts = []
    while let part = rest.popLast() {
      try files.append(part.files)
      try tombstones?.append(part.tombstones)
    }
    return try finish(version, files, tombstones, hasCheckpoint: true)
  }

  /// The state that these commits make of an older one: nothing of the older one is hashed again.
  package consuming func finish(version: Version, onto older: TableState) throws(DeltaError) -> TableState {
    facts.fill(from: TableFacts(older))
    let files = newer.survivors(of: older.files).map { older.files.selecting($0) } ?? older.files
    var tombstones: FileTable?
    if options.keepsTombstones, let old = older.tombstones {
      tombstones = newer.survivors(of: old).map { old.selecting($0) } ?? old
    }
    return try finish(version, files, tombstones, hasCheckpoint: false)
  }

  private consuming func finish(
    _ version: Version, _ base: FileTable, _ baseTombstones: FileTable?, hasCheckpoint: Bool
  ) throws(DeltaError) -> TableState {
    var (files, tombstones) = (base, baseTombstones)
    if hasCheckpoint {
      let duplicates = files.duplicateRows()
      if !duplicates.isEmpty { files = files.selecting(NewerFiles.rows(files.count, without: duplicates)) }
    }
    let added = rows { isAdd in isAdd }
    if !added.isEmpty { try files.append(newer.table.selecting(added)) }
    if tombstones != nil { try tombstones?.append(newer.table.selecting(rows { isAdd in !isAdd })) }
    guard let protocolVersions = facts.protocolVersions else { throw .missingAction("protocol", version: version) }
    guard let metadata = facts.metadata else { throw .missingAction("metaData", version: version) }
    return TableState(
      version: version, protocolVersions: protocolVersions, metadata: metadata, transactions: facts.transactions,
      domains: facts.domains.filter { !$0.value.removed }, files: files, tombstones: tombstones,
      commitInfo: newestVersion == version ? commitInfo : nil,
      commitBytes: newestVersion == version ? commitBytes : nil)
  }

  /// The rows of adds or of removes, the oldest commit's first.
  private func rows(where isWanted: (Bool) -> Bool) -> [Int32] {
    groups.reversed().flatMap { group in
      group.filter { isWanted(newer.isAdd[$0]) && !newer.isReplaced[$0] }.map(Int32.init)
    }
  }
}

extension TableFacts {
  fileprivate init(_ state: TableState) {
    self.init()
    protocolVersions = state.protocolVersions
    metadata = state.metadata
    transactions = state.transactions
    domains = state.domains
  }
}

extension DeltaError {
  /// Compactions have been seen that list actions of one file in either order.
  fileprivate static func unreconciled(
    _ name: String, version: Version, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    .corruptLog(
      "The log compaction \(name) names a file twice, so that nobody can tell which action counts. Remove it: the "
        + "commits it stands for are enough.", path: name, version: version, fileID: fileID, line: line)
  }

  fileprivate static func missingAction(
    _ name: String, version: Version, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    .corruptLog(
      "The log up to version \(version) has no \(name) action, which every table's first commit must hold. Restore the "
        + "commit or checkpoint that had it.", version: version, fileID: fileID, line: line)
  }
}
