import DeltaLake
import ObjectStorage
import _TestSupport

/// One of the operations that use a table at the same time in a ``TableScenario``.
struct TableOperation: Sendable {
  /// What it reports when it has succeeded.
  enum Outcome: Sendable {
    case committed(version: Int64)
    case read(version: Int64, ids: Set<Int64>)
  }

  /// The `id` of every row that it adds; no other operation adds one of them, nor does the table begin with it.
  var added: Set<Int64> = []
  /// The `id` of every row that it removes.
  var removed: Set<Int64> = []
  let run: @Sendable (any ObjectStore) async throws -> Outcome

  /// Opens the latest version and reads its rows.
  static let reads = TableOperation { store in
    let snapshot = try await DeltaTable(store: store).snapshot()
    return .read(version: snapshot.version, ids: Set(try await snapshot.scan().rows().ids))
  }
}

/// A table with a column `id` that several operations use at the same time, on a disk on which calls and power fail.
///
/// After every step of every order, and after every crash there: the latest version opens and reads; every version from
/// the first on does; the rows are those that it began with and, of each operation, all that it adds and removes or nothing;
/// what was reported as committed is there, and what failed is not, unless that could not be told.
struct TableScenario {
  var faults: FaultScenario<TableOperation.Outcome>
  private let operations: [TableOperation]
  private let ids: Set<Int64>
  private let firstVersion: Int64

  /// - Parameter table: as it is before the operations begin.
  init(_ name: String, _ table: TableCopy, _ operations: [TableOperation]) async throws {
    let snapshot = try await table.table.snapshot()
    ids = Set(try await snapshot.scan().rows().ids)
    firstVersion = snapshot.version
    self.operations = operations
    let files = table.files
    faults = FaultScenario(
      name,
      setUp: { store in
        for (path, bytes) in files { _ = try await store.write(bytes, to: path, .ifAbsent, durability: .full) }
      }, operations: operations.map(\.run))
    // Scans read data files concurrently.
    faults.readingIsAStep = { $0.hasPrefix("_delta_log/") }
    // Of a reader at its first step nothing is new: the interesting orders have few changes of who is at work.
    faults.interruptionLimit = 2
    faults.crashLimit = 32
  }

  /// Runs the operations in every order that `faults` allows, and checks the table in every state.
  ///
  /// - Parameter alsoChecking: what else must hold.
  func explore(
    alsoChecking check: @escaping @Sendable (ScenarioState<TableOperation.Outcome>) async throws -> Void = { _ in }
  ) async throws -> ExplorationReport {
    try await faults.explore { state in
      try await self.check(state)
      try await check(state)
    }
  }

  private func check(_ state: ScenarioState<TableOperation.Outcome>) async throws {
    let table = DeltaTable(store: state.store)
    let snapshot = try await table.snapshot()
    let rows = try await snapshot.scan().rows().ids
    let found = Set(rows)
    try require(rows.count == found.count, "rows are there twice")
    for version in firstVersion..<max(firstVersion, snapshot.version) {
      let old = try await table.snapshot(asOf: .version(version))
      try require(old.version == version, "version \(version) is read as \(old.version)")
    }
    try require(wholes(found) != nil, "an operation is there in part: \(found.symmetricDifference(ids).sorted())")
    for (operation, progress) in zip(operations, state.operations) {
      switch progress {
      case .running: break
      case .returned(.committed(let version)):
        try require(version <= snapshot.version, "version \(version) was reported and is gone")
        try require(isThere(operation, in: found), "what version \(version) did was reported and is gone")
      case .returned(.read(let version, let ids)):
        try require(version >= firstVersion, "a reader saw version \(version)")
        try require(wholes(ids) != nil, "a reader saw an operation in part")
      case .threw(let error) where Self.storageError(error)?.code == .outcomeUnknown: break
      case .threw: try require(!isThere(operation, in: found) || operation.isEmpty, "what failed is there")
      }
    }
  }

  private static func storageError(_ error: any Error) -> StorageError? {
    error as? StorageError ?? (error as? DeltaError)?.cause as? StorageError
  }

  private func isThere(_ operation: TableOperation, in found: Set<Int64>) -> Bool {
    operation.added.isSubset(of: found) && operation.removed.isDisjoint(with: found)
  }

  /// The operations that the rows hold wholly; `nil` where one is there in part.
  private func wholes(_ found: Set<Int64>) -> [Int]? {
    let there = operations.indices.filter { isThere(operations[$0], in: found) && !operations[$0].isEmpty }
    var expected = ids
    for index in there { expected = expected.union(operations[index].added) }
    for index in there { expected = expected.subtracting(operations[index].removed) }
    return expected == found ? there : nil
  }
}

extension TableOperation {
  fileprivate var isEmpty: Bool { added.isEmpty && removed.isEmpty }
}
