internal import DeltaLog

/// Commits: scanned into actions, and replayed into a table's state.
struct CommitTarget: FuzzTarget {
  let name = "commit"
  let maximumSize = 16 << 10

  func run(_ bytes: UnsafeRawBufferPointer) {
    let bytes = Array(bytes)
    let actions = try? CommitScanner.actions(in: bytes, file: "commit", version: 1)
    let info = try? CommitScanner.commitInfo(in: bytes, file: "commit", version: 1)
    if let actions {
      claim(info == actions.firstCommitInfo, "the commit info read alone is another than the one among the actions")
    }
    let older = Array(bytes[..<(bytes.firstIndex(of: 0x0A) ?? bytes.count)])
    var options = LogReplay.Options()
    options.keepsTombstones = true
    options.keepsExtras = true
    var replay = LogReplay(options: options)
    guard (try? replay.apply(commit: bytes, file(1))) != nil, (try? replay.apply(commit: older, file(0))) != nil,
      let state = try? replay.finish(version: 1)
    else { return }
    for table in [state.files, state.tombstones].compactMap({ $0 }) { read(table) }
  }

  private func read(_ table: FileTable) {
    for row in 0..<table.count {
      _ = table.decodedPath(at: row)
      _ = table.partitionValues(at: row)
      _ = table.stats(at: row)
      _ = table.addFile(at: row)
      _ = table.removeFile(at: row)
      _ = try? table.deletionVector(at: row)?.place()
      _ = try? table.deletionVector(at: row)?.fileRange()
    }
    _ = table.totalSizeInBytes
    _ = table.totalRecordCount
  }

  private func file(_ version: Version) -> LogFile {
    LogFile(name: LogFile.commitName(version), kind: .commit, version: version)
  }

  func seeds(from file: SeedFile) -> [[UInt8]] {
    guard file.isCommit, let bytes = file.bytes(upTo: 1 << 20) else { return [] }
    // Whole when short, and a line at a time: libFuzzer joins them again.
    let lines = bytes.split(separator: 0x0A).prefix(20).map(Array.init).filter { $0.count <= 4096 }
    return (bytes.count <= maximumSize ? [bytes] : []) + lines
  }
}

extension [Action] {
  fileprivate var firstCommitInfo: CommitInfo? {
    for case .commitInfo(let info) in self { return info }
    return nil
  }
}
