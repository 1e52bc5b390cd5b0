import DeltaLog
import ObjectStorage
import _TestSupport

@testable import DeltaLake

/// A table that several operations use at the same time, on a disk on which calls and power fail.
///
/// ```swift
/// var scenario = TableScenario("two appends", [.append(7), .append(8)])
/// scenario.faults.interruptionLimit = nil
/// print(try await scenario.explore())
/// ```
///
/// What is checked after every step, and after every crash there: ``TableCheck``.
struct TableScenario: Sendable {
  var faults: FaultScenario<TableOperation.Report>
  /// How operations commit.
  var options = CommitOptions()
  /// Through what the table is read when it is checked.
  var view: @Sendable (any ObjectStore) -> any ObjectStore = { $0 }

  private let operations: [TableOperation]
  private let base: TableBase

  init(_ name: String? = nil, on base: TableBase = .plain, _ operations: [TableOperation]) {
    self.operations = operations
    self.base = base
    faults = FaultScenario(
      name ?? operations.map(\.name).joined(separator: " · "), operations: [])
    let cleans = operations.contains { $0.traits.contains(.cleans) }
    let firstNew = TableCopy.name(base.lastVersion + 1, "")
    faults.readingIsAStep = { path in
      guard path.hasPrefix("_delta_log/") else { return false }
      // What is there from the beginning never changes, and goes only where something deletes it.
      return cleans || path.hasSuffix(LastCheckpointHint.fileName) || path.dropFirst("_delta_log/".count) >= firstNew
    }
    let lastVersion = base.lastVersion
    faults.interplay = Interplay(
      isShared: { $0.hasPrefix("_delta_log/") },
      mayChange: { operations[$0].mayChange($1, lastVersion: lastVersion) })
    // Files are written at once: which parts of them are lost is up to the failures of power.
    faults.bufferLimit = 1 << 20
    faults.crashLimit = 256
    faults.pause = base.pause
    faults.tick = 0
    faults.onMachine = { machine, work in try await machine.run(work) }
    faults.outcomeText = { TableCheck.text(of: $0) }
  }

  /// Runs the operations in every order that `faults` allows, and checks the table in every state.
  func explore() async throws -> ExplorationReport {
    var faults = faults
    let (base, options, operations) = (base, options, operations)
    faults.setUp = { store in try await base.make(in: store) }
    faults.operations = operations.map { operation in
      { store in try await operation.run(store, options) }
    }
    let check = TableCheck(
      operations, on: base, view: view, failuresAreInjected: !faults.faults.isEmpty,
      isDurable: options.durability == .full && faults.bug == nil
        && !operations.contains { $0.traits.contains(.isCareless) })
    return try await faults.explore { try await check.check($0) }
  }
}

/// A table before operations use it.
struct TableBase: Sendable, CustomStringConvertible {
  let description: String
  /// In this order.
  fileprivate(set) var operations: [TableOperation]
  /// Milliseconds from then to the operations.
  var pause: Int64 = 0

  /// No table.
  static let nothing = TableBase(description: "nothing", operations: [])

  /// Three versions in two partitions, and no checkpoint.
  static let plain = TableBase(
    description: "three versions", operations: [.create(), .append(1, "a"), .append(2, "b")])

  /// Four versions, of which one has a checkpoint, and all of them are older than the log must be.
  static let old = TableBase(
    description: "old versions",
    operations: [.create(shortRetention), .append(1, "a"), .append(2, "b"), .checkpoint, .append(3, "a")],
    pause: 40 * 86_400_000)

  /// The same with a checkpoint of the V2 spec.
  static let oldV2 = TableBase(
    description: "old versions with a V2 checkpoint",
    operations: [
      .create(shortRetention.merging(["delta.checkpointPolicy": "v2"]) { $1 }), .append(1, "a"), .append(2, "b"),
      .checkpoint, .append(3, "a"),
    ], pause: 40 * 86_400_000)

  /// Three versions, all of them older than the log must be, and no checkpoint.
  static let oldCommits = TableBase(
    description: "old commits", operations: [.create(shortRetention), .append(1, "a"), .append(2, "b")],
    pause: 40 * 86_400_000)

  /// The same where a checkpoint is due with the next version, and a clean-up with it.
  static let due = TableBase(
    description: "old commits, maintenance due",
    operations: [
      .create(shortRetention.merging(["delta.checkpointInterval": "3"]) { $1 }), .append(1, "a"), .append(2, "b"),
    ], pause: 40 * 86_400_000)

  /// Three versions that are old and a checkpoint that was damaged.
  static let damaged: TableBase = {
    var base = oldCommits
    base.operations += [.checkpoint, .damageCheckpoint]
    return TableBase(
      description: "old versions with a damaged checkpoint", operations: base.operations, pause: base.pause)
  }()

  private static let shortRetention = [
    "delta.logRetentionDuration": "interval 1 days", "delta.deletedFileRetentionDuration": "interval 1 days",
  ]

  /// What its versions hold.
  var versions: ModelVersions {
    var versions: ModelVersions = [:]
    var table = ModelTable()
    for operation in operations {
      for commit in operation.commits {
        commit.effect(&table, versions)
        versions[Version(versions.count)] = table
      }
    }
    return versions
  }

  /// -1 where there is no table.
  var lastVersion: Version { Version(versions.count) - 1 }

  func make(in store: any ObjectStore) async throws {
    for operation in operations { _ = try await operation.run(store, CommitOptions()) }
  }
}

extension SimulatedMachine {
  /// Runs what uses tables with this in place of the machine.
  func run(_ work: @Sendable () async throws -> Void) async throws {
    var surroundings = Surroundings()
    surroundings.now = { Timestamp(milliseconds: time()) }
    surroundings.wait = { _ in try Task.checkCancellation() }
    surroundings.workers = executor
    let newID: @Sendable () -> UniqueID = {
      var numbers = Numbers(source: random)
      return UniqueID(using: &numbers)
    }
    try await Surroundings.$current.withValue(surroundings) {
      try await UniqueID.$source.withValue(newID) { try await work() }
    }
  }

  private struct Numbers: RandomNumberGenerator {
    let source: @Sendable () -> UInt64
    mutating func next() -> UInt64 { source() }
  }
}
