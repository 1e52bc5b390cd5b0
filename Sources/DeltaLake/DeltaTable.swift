public import DeltaLog
public import ObjectStorage

/// A Delta table: a handle without state, from which every reading and change starts.
///
/// Making one touches nothing; each call looks at the log.
///
/// ```swift
/// let table = try DeltaTable("events")
/// for try await batch in try await table.snapshot().scan().select(["city", "km"]).batches() {
///   print(batch.rowCount)
/// }
/// ```
public struct DeltaTable: Sendable {
  package private(set) var location: TableLocation

  /// Threads that decode the log's checkpoints, and rows unless a scan says otherwise; one a core by default.
  public var threadCount: Int {
    get { location.threadCount }
    set { location.threadCount = newValue }
  }

  /// - Parameter location: a path, or a `file:` URL.
  /// - Throws: ``DeltaError`` with `.invalidArgument` for a location of another kind.
  public init(_ location: String) throws(DeltaError) {
    self.location = try TableLocation(location)
  }

  init(location: TableLocation) {
    self.location = location
  }

  /// A table in the root of a store.
  public init(store: any ObjectStore) {
    location = TableLocation(store: store)
  }

  /// The table's state at the latest version, an earlier one, or a time.
  ///
  /// Costs a listing of the log, the newest checkpoint's file columns, and the commits after it. The latest version of a
  /// table on a local disk that the process has opened before can cost as little as reading the newer commits: see
  /// `spec/decisions.md`.
  ///
  /// - Throws: ``DeltaError``: `.notFound` when there is no table, `.versionNotFound`, `.corruptLog`,
  ///   `.unsupportedFeatures`.
  public func snapshot(asOf moment: Moment = .latest) async throws -> Snapshot {
    let snapshot = try await SnapshotLoader(location).load(moment)
    try snapshot.checkReadable()
    return snapshot
  }

  /// As ``snapshot(asOf:)``, but also for a table whose rows this library must not read: its metadata can be looked at.
  public func inspectableSnapshot(asOf moment: Moment = .latest) async throws -> Snapshot {
    try await SnapshotLoader(location).load(moment)
  }
}

/// Which state of a table: time travel.
public enum Moment: Hashable, Sendable {
  case latest
  case version(Version)
  /// The newest version committed at or before the time.
  case timestamp(Timestamp)
}
