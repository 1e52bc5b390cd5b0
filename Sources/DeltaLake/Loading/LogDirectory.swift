internal import DeltaLog
internal import ObjectStorage

/// A table's `_delta_log`, as files to list and read.
struct LogDirectory: Sendable {
  let location: TableLocation

  private func path(_ name: String) -> String { TableLocation.logDirectory + "/" + name }

  /// The newest checkpoint's version, if the table says one. What can't be read is no hint.
  func hint() async throws -> LastCheckpointHint? {
    do {
      return LastCheckpointHint(parsing: try await location.store.read(path(LastCheckpointHint.fileName)))
    } catch is StorageError {
      return nil
    }
  }

  /// The log's files from a name on, or all.
  func list(from first: String? = nil) async throws -> LogListing {
    let found: [ObjectMetadata]
    do {
      found = try await location.store.list(
        TableLocation.logDirectory, recursively: false, startingAt: first.map(path))
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
    let files = found.compactMap { LogFile(parsing: String($0.name), $0) }
    var listing = LogListing(files)
    // Of the files that come while a directory is listed a file system may show any: a version and not the one before.
    let missing = listing.missingCommits(isWhole: first == nil)
    if !missing.isEmpty {
      let passedOver = try await metadata(of: missing.map(LogFile.commitName)).compactMap(\.self)
      if !passedOver.isEmpty { listing = LogListing(files + passedOver) }
    }
    guard let catalog = location.catalogCommits else { return listing }
    return listing.completed(withRatified: catalog.files, latest: catalog.latestVersion)
  }

  /// `nil` where there is no such file.
  func metadata(of name: String) async throws -> ObjectMetadata? {
    do {
      return try await location.store.metadata(of: path(name))
    } catch let error as StorageError {
      if error.code == .notFound { return nil }
      throw DeltaError.storage(error)
    }
  }

  /// What these names are, as far as they are there.
  func metadata(of names: [String]) async throws -> [LogFile?] {
    do {
      let found = try await location.store.metadata(of: names.map(path))
      return zip(names, found).map { name, metadata in
        metadata.flatMap { LogFile(parsing: name, $0) }
      }
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
  }

  /// A log file's bytes.
  ///
  /// - Parameter name: below the log directory.
  func read(_ name: String) async throws -> [UInt8] {
    if let bytes = location.catalogCommits?.inlineBytes[name] { return bytes }
    do {
      return try await location.store.read(path(name))
    } catch let error as StorageError {
      throw error.code == .notFound ? DeltaError.missingLogFile(name, cause: error) : DeltaError.storage(error)
    }
  }

  /// The bytes of several log files, in the order of their names.
  func read(_ names: [String]) async throws -> [[UInt8]] {
    let inline = location.catalogCommits?.inlineBytes ?? [:]
    let stored = names.filter { inline[$0] == nil }
    do {
      var bytes = try await location.store.read(stored.map(path)).makeIterator()
      return names.map { inline[$0] ?? bytes.next() ?? [] }
    } catch let error as StorageError {
      guard error.code == .notFound, let name = names.first(where: { path($0) == error.path }) else {
        throw DeltaError.storage(error)
      }
      throw DeltaError.missingLogFile(name, cause: error)
    }
  }

  /// A log file for the Parquet reader.
  func file(_ name: String) throws(DeltaError) -> FileReference {
    try FileReference(decoded: path(name), in: location)
  }

  /// A sidecar: a name below `_sidecars`, or an absolute path.
  ///
  /// Spec: Delta § Sidecar File Information
  func sidecar(_ sidecar: SidecarFile) throws(DeltaError) -> FileReference {
    let decoded = PercentEncoding.decoded(sidecar.path)
    let isPath = decoded.utf8.contains(UInt8(ascii: "/"))
    return try FileReference(decoded: isPath ? decoded : path("_sidecars/" + decoded), in: location)
  }
}

extension DeltaError {
  static func storage(_ error: StorageError) -> DeltaError {
    DeltaError(.storageFailed, error.message, path: error.path, cause: error)
  }

  static func missingLogFile(_ name: String, cause: StorageError) -> DeltaError {
    DeltaError(
      .corruptLog,
      "The log file \(name) was listed but is gone now: the log is being cleaned up. Read the table again, or a newer "
        + "version.", path: name, cause: cause)
  }

  static func notATable(_ location: TableLocation) -> DeltaError {
    DeltaError(
      .notFound,
      "There is no Delta table at \(location.description): it has no \(TableLocation.logDirectory) folder with commits.",
      path: location.description)
  }
}
