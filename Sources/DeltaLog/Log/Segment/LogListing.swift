/// The files of a log directory (or of its end), sorted by what they are.
package struct LogListing: Sendable {
  /// Ascending by version.
  package private(set) var commits: [LogFile] = []
  /// Ascending by first version, the longest first.
  package private(set) var compactions: [LogFile] = []
  /// Complete ones, the newest first; of one version the one to try first first.
  package private(set) var checkpoints: [LogCheckpoint] = []
  /// Ascending by version.
  package private(set) var checksums: [LogFile] = []
  /// All of them, in no order; parts of incomplete checkpoints, too.
  package let files: [LogFile]
  /// What was found and can't be used, in words.
  package private(set) var warnings: [String] = []

  package init(_ files: [LogFile]) {
    self.files = files
    var parts: [PartGroup: [Int: LogFile]] = [:]
    for file in files {
      switch file.kind {
      case .commit: commits.append(file)
      case .compaction: compactions.append(file)
      case .checksum: checksums.append(file)
      case .classicCheckpoint, .uuidCheckpoint:
        if file.sizeInBytes == 0 {
          warnings.append("The checkpoint \(file.name) is empty and was not used.")
        } else {
          checkpoints.append(LogCheckpoint(files: [file]))
        }
      case .checkpointPart(let part, let count):
        parts[PartGroup(version: file.version, count: count), default: [:]][part] = file
      case .stagedCommit: break
      }
    }
    for (group, files) in parts.sorted(by: { $0.key < $1.key }) {
      let usable = files.values.filter { $0.sizeInBytes > 0 }
      if usable.count == group.count {
        checkpoints.append(LogCheckpoint(files: files.sorted { $0.key < $1.key }.map(\.value)))
      } else {
        warnings.append(
          "The checkpoint of version \(group.version) has \(usable.count) of \(group.count) parts and was not used.")
      }
    }
    commits.sort { $0.version < $1.version }
    checksums.sort { $0.version < $1.version }
    compactions.sort { ($0.version, $1.lastVersion, $0.name) < ($1.version, $0.lastVersion, $1.name) }
    checkpoints.sort { $0.isPreferred(to: $1) }
  }

  /// The listing as a catalog completes it: its ratified commits count in place of published ones of their version, and
  /// nothing newer than the version it calls the latest counts.
  ///
  /// Spec: Delta § Reading Catalog-managed Tables
  package func completed(withRatified commits: [LogFile], latest: Version) -> LogListing {
    let ratified = commits.map {
      LogFile(
        name: $0.name, kind: .commit, version: $0.version, sizeInBytes: $0.sizeInBytes,
        modificationTime: $0.modificationTime)
    }
    let versions = Set(ratified.map(\.version))
    let published = self.commits.filter { !versions.contains($0.version) } + checksums
    let others = published + compactions + checkpoints.flatMap(\.files) + ratified
    return LogListing(others.filter { $0.lastVersion <= latest })
  }

  package var isEmpty: Bool { commits.isEmpty && checkpoints.isEmpty }

  /// The newest version that a commit or checkpoint stands for.
  package var latestVersion: Version? {
    [commits.last?.version, checkpoints.first?.version].compactMap { $0 }.max()
  }

  /// The oldest version that can be read: that of the oldest checkpoint, or 0 where commit 0 is there.
  package var earliestVersion: Version? {
    commits.first?.version == 0 ? 0 : checkpoints.last?.version
  }

  /// Whether files of an older listing are not there any more.
  package func lacksFiles(of older: LogListing) -> Bool {
    !Set(files.map(\.name)).isSuperset(of: older.files.map(\.name))
  }

  /// Whether the listing bears out the hint. If not, it was started too late: list everything.
  package func confirms(_ hint: LastCheckpointHint) -> Bool {
    checkpoints.contains { $0.version == hint.version }
  }

  /// The versions after the newest checkpoint that are not there though a newer one is: the newest, 100 at most.
  ///
  /// - Parameter isWhole: whether the listing is of the whole log, and not of its end from some version on.
  package func missingCommits(isWhole: Bool) -> [Version] {
    guard let first = commits.first, let last = commits.last else { return [] }
    let oldest = checkpoints.first?.version ?? (isWhole ? -1 : first.version)
    var missing: [Version] = []
    var newer = last.version
    for commit in commits.reversed() where commit.version >= oldest {
      while newer - 1 > commit.version, missing.count < 100 {
        newer -= 1
        missing.append(newer)
      }
      newer = commit.version
    }
    while newer - 1 > oldest, missing.count < 100 {
      newer -= 1
      missing.append(newer)
    }
    return missing
  }

  package func commit(_ version: Version) -> LogFile? { Self.find(version, in: commits) }

  package func checksum(_ version: Version) -> LogFile? { Self.find(version, in: checksums) }

  private static func find(_ version: Version, in files: [LogFile]) -> LogFile? {
    var low = 0
    var high = files.count
    while low < high {
      let middle = (low + high) / 2
      if files[middle].version < version { low = middle + 1 } else { high = middle }
    }
    return low < files.count && files[low].version == version ? files[low] : nil
  }

  private struct PartGroup: Hashable, Comparable {
    var version: Version
    var count: Int

    static func < (left: PartGroup, right: PartGroup) -> Bool {
      (left.version, left.count) < (right.version, right.count)
    }
  }
}

extension LogFile {
  /// The last version the file stands for: its own, or a compaction's end.
  package var lastVersion: Version {
    if case .compaction(let last) = kind { last } else { version }
  }
}

/// A complete checkpoint: its one file, or all its parts in order.
package struct LogCheckpoint: Hashable, Sendable {
  package let files: [LogFile]

  package init(files: [LogFile]) {
    self.files = files
  }

  package var version: Version { files.first?.version ?? 0 }

  /// Whether the file is JSON rather than Parquet.
  package var isJSON: Bool { files.first?.kind == .uuidCheckpoint(isJSON: true) }

  /// Whether it is named as only those of the V2 spec are.
  package var isV2: Bool { if case .uuidCheckpoint? = files.first?.kind { true } else { false } }

  /// Whether to try this one before `other`: newer first; then classic, V2, multi-part; then the younger file.
  func isPreferred(to other: LogCheckpoint) -> Bool {
    if version != other.version { return version > other.version }
    if rank != other.rank { return rank < other.rank }
    let (left, right) = (files.first?.modificationTime, other.files.first?.modificationTime)
    if let left, let right, left != right { return left > right }
    return files.first?.name ?? "" < other.files.first?.name ?? ""
  }

  private var rank: Int {
    switch files.first?.kind {
    case .classicCheckpoint: 0
    case .uuidCheckpoint: 1
    default: 2
    }
  }
}
