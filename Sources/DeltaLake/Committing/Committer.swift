internal import Columnar
internal import DeltaLog
internal import ObjectStorage

/// Puts changes into the log as its next commit, whoever else commits at the same time.
///
/// The next version's file is written if it is absent. If it is there, somebody was faster: their commits are read and
/// judged, and the changes go after them or are refused. An answer that got lost is looked up: a commit carries an id
/// that is nobody else's.
struct Committer: Sendable {
  let location: TableLocation
  let options: CommitOptions

  private var log: LogDirectory { LogDirectory(location: location) }

  /// - Throws: ``DeltaError``, `CancellationError` before anything is visible.
  func commit(_ changes: StagedChanges, onto base: Snapshot?) async throws -> Commit {
    var draft = try CommitDraft(changes, onto: base, options: options)
    let resolver = ConflictResolver(location: location, durability: options.durability)
    do {
      return try await commit(&draft, onto: base, resolving: resolver)
    } catch {
      if (error as? DeltaError)?.code != .outcomeUnknown { await resolver.abandon() }
      throw error
    }
  }

  private func commit(
    _ draft: inout CommitDraft, onto base: Snapshot?, resolving resolver: ConflictResolver
  ) async throws -> Commit {
    var winners: [CommitFile] = []
    for attempt in 1...max(1, options.maximumAttempts) {
      try Task.checkCancellation()
      let bytes = CommitText.bytes(of: try draft.actions(now: .now()))
      try await ExpiredBase(base, now: .now())?.check()
      if let file = try await put(bytes, at: draft.version, id: draft.id) {
        try await check(file, onto: base)
        let commit = CommitFile(file: file, bytes: bytes)
        return try await finish(commit, after: winners, base: base, attempts: attempt)
      }
      let newer = try await commits(from: draft.version)
      if let own = newer.firstIndex(where: { $0.isMade(by: draft.id) }) {
        winners += newer[..<own]
        return try await finish(newer[own], after: winners, base: base, attempts: attempt)
      }
      // Nothing is committed on top of what can't be read.
      for winner in newer {
        var replay = LogReplay()
        try replay.apply(commit: winner.bytes, winner.file)
        try await draft.move(behind: winner, resolving: resolver)
      }
      winners += newer
      try await BackOff.wait(after: attempt)
    }
    throw DeltaError.tooManyAttempts(options.maximumAttempts, at: draft.version)
  }

  /// Makes sure that the commit is the latest version's, and not one in the place of an older one that has expired.
  private func check(_ file: LogFile, onto base: Snapshot?) async throws {
    guard let expired = ExpiredBase(base, now: .now()) else { return }
    do {
      try await expired.check(file)
    } catch let error as DeltaError where error.code == .conflict {
      throw error
    } catch {
      throw DeltaError.outcomeUnknown(file.version, cause: error)
    }
  }

  // MARK: The log

  /// Writes the commit's file.
  ///
  /// - Returns: the file, or `nil` when the version is taken.
  private func put(_ bytes: [UInt8], at version: Version, id: String) async throws -> LogFile? {
    let name = LogFile.commitName(version)
    do {
      switch try await location.store.write(
        bytes, to: TableLocation.logDirectory + "/" + name, .ifAbsent, durability: options.durability)
      {
      case .written(let written): return LogFile(commit: version, written)
      case .alreadyExists: return nil
      }
    } catch let error as StorageError where error.code == .outcomeUnknown {
      guard let found = try? await log.read(name) else { throw DeltaError.outcomeUnknown(version, cause: error) }
      let isOwn = CommitFile(file: LogFile(name: name, kind: .commit, version: version), bytes: found).isMade(by: id)
      // Somebody else's commit is a lost race.
      guard isOwn else { return nil }
      guard location.store.keepsWhatIsVisible || options.durability == .relaxed else {
        throw DeltaError.outcomeUnknown(version, cause: error)
      }
      // From here on nothing may fail: whoever hears of a failure takes the data files away.
      let metadata = try? await location.store.metadata(of: TableLocation.logDirectory + "/" + name)
      return LogFile(
        name: name, kind: .commit, version: version, sizeInBytes: Int64(found.count),
        modificationTime: metadata.map { Timestamp(milliseconds: $0.lastModified) } ?? .now())
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
  }

  /// The commits from a version on, as far as there are any.
  private func commits(from first: Version) async throws -> [CommitFile] {
    var found: [CommitFile] = []
    var version = first
    while true {
      let name = LogFile.commitName(version)
      do {
        let bytes = try await location.store.read(TableLocation.logDirectory + "/" + name)
        let file = LogFile(
          name: name, kind: .commit, version: version, sizeInBytes: Int64(bytes.count),
          modificationTime: Timestamp.now())
        found.append(CommitFile(file: file, bytes: bytes))
      } catch let error as StorageError where error.code == .notFound {
        return found
      } catch let error as StorageError {
        throw DeltaError.storage(error)
      }
      version += 1
    }
  }

  // MARK: Afterwards

  private func finish(
    _ commit: CommitFile, after winners: [CommitFile], base: Snapshot?, attempts: Int
  ) async throws -> Commit {
    var snapshot: Snapshot
    do {
      snapshot = try Snapshot(of: winners + [commit], onto: base, at: location)
    } catch {
      // The commit stands, so what it names must not be taken back.
      throw DeltaError.unreadableAfter(commit.version, cause: error)
    }
    let warnings = options.maintainsLog ? await LogMaintenance(options).run(after: &snapshot) : []
    Surroundings.current.recentSnapshots.remember(snapshot)
    return Commit(version: commit.version, snapshot: snapshot, attemptCount: attempts, warnings: warnings)
  }
}

extension CommitFile {
  /// Whether the commit carries that id.
  fileprivate func isMade(by id: String) -> Bool {
    (try? CommitScanner.commitInfo(in: bytes, file: file.name, version: version))?.txnId == id
  }
}
