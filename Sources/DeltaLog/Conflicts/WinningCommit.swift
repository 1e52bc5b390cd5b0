/// A commit that another writer made in between, by what it may stand in the way of.
package struct WinningCommit: Sendable {
  package let version: Version
  package let info: CommitInfo?
  let protocolVersions: ProtocolVersions?
  let metadata: TableMetadata?
  let appIds: Set<String>
  let domains: [String: DomainMetadata]
  let adds: [String: AddFile]
  let removes: [String: RemoveFile]
  /// Paths in the commit's order.
  let addedPaths: [String]
  let removedPaths: [String]

  package init(_ version: Version, _ actions: some Sequence<Action>) {
    self.version = version
    var info: CommitInfo?
    var protocolVersions: ProtocolVersions?
    var metadata: TableMetadata?
    var appIds: Set<String> = []
    var domains: [String: DomainMetadata] = [:]
    var adds: [String: AddFile] = [:]
    var removes: [String: RemoveFile] = [:]
    var addedPaths: [String] = []
    var removedPaths: [String] = []
    for action in actions {
      switch action {
      case .commitInfo(let value): info = value
      case .protocol(let value): protocolVersions = value
      case .metadata(let value): metadata = value
      case .transaction(let value): appIds.insert(value.appId)
      case .domainMetadata(let value): domains[value.domain] = value
      case .add(let file):
        if adds.updateValue(file, forKey: file.path) == nil { addedPaths.append(file.path) }
      case .remove(let file):
        if removes.updateValue(file, forKey: file.path) == nil { removedPaths.append(file.path) }
      case .change, .sidecar, .checkpointMetadata: break
      }
    }
    self.info = info
    self.protocolVersions = protocolVersions
    self.metadata = metadata
    self.appIds = appIds
    self.domains = domains
    self.adds = adds
    self.removes = removes
    self.addedPaths = addedPaths
    self.removedPaths = removedPaths
  }

  var isBlindAppend: Bool { info?.isBlindAppend == true }

  /// What became of one file.
  enum Change {
    /// Its rows left the table, or are in other files in another form.
    case removed(RemoveFile)
    /// Its rows are all there, in other files.
    case rearranged(RemoveFile)
    /// Some more of its rows are deleted.
    case rowsDeleted(before: RemoveFile, after: AddFile)
    /// It is there as before, with other statistics, tags or ids.
    case recommitted(AddFile)
  }

  func change(of path: String) -> Change? {
    switch (removes[path], adds[path]) {
    case (nil, nil): return nil
    case (let before?, nil): return before.dataChange ? .removed(before) : .rearranged(before)
    case (nil, let after?): return .recommitted(after)
    case (let before?, let after?):
      if before.deletionVector == after.deletionVector { return .recommitted(after) }
      // A table that was set back has rows again that were deleted.
      let isDeletion = (before.deletionVector?.cardinality ?? 0) <= (after.deletionVector?.cardinality ?? 0)
      return isDeletion && info?.operation != "RESTORE" ? .rowsDeleted(before: before, after: after) : .removed(before)
    }
  }

  /// Files with rows that were not in the table before, or not in this form.
  var newFiles: [AddFile] {
    addedPaths.compactMap { path in
      guard let file = adds[path], file.dataChange else { return nil }
      if removes[path] != nil, case .removed? = change(of: path) { return file }
      return removes[path] == nil ? file : nil
    }
  }

  /// Files with nothing but rows that other files had.
  var rearrangedFiles: [AddFile] {
    addedPaths.compactMap { path in adds[path].flatMap { $0.dataChange || removes[path] != nil ? nil : $0 } }
  }

  /// As messages name it.
  var name: String { "version \(version)" + (info?.operation.map { " (\($0))" } ?? "") }
}
