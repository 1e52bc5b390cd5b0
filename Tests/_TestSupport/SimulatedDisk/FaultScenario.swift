package import ObjectStorage

/// Operations that use one disk at the same time, tried in the orders in which their steps can happen, with crashes of
/// power after every step and with calls that fail; and what must hold whatever happens.
///
/// ```swift
/// let scenario = FaultScenario(
///   "two appends", setUp: { store in try await DeltaTable(store: store).create(…) },
///   operations: [
///     { store in try await DeltaTable(store: store).append(rows) },
///     { store in try await DeltaTable(store: store).append(others) },
///   ])
/// let report = try await scenario.explore { state in
///   let snapshot = try await DeltaTable(store: state.store).snapshot()
///   for version in state.returned { try require(snapshot.version >= version, "a commit is gone") }
/// }
/// print(report)
/// ```
///
/// Each operation gets a store of its own, as if in a process of its own, on the one disk. It is run anew for each order, so
/// it must make the same calls when it sees the same: random names are fine, decisions by clock or chance are not, and
/// neither is what it keeps in global variables. It should stay in its task and the task's children; where it makes calls
/// concurrently, one of them is taken after another as they came.
///
/// States that came about in the same way are looked at once, so that the orders of independent steps don't multiply: two
/// operations of 20 steps have 10¹¹ orders and at most 441 states. Disks are checked once where a check would see the same,
/// so a check must depend on nothing but the disk's names and bytes (not on its times) and on ``outcomeText``.
package struct FaultScenario<Outcome: Sendable>: Sendable {
  /// Something that an operation does with its store.
  package typealias Operation = @Sendable (any ObjectStore) async throws -> Outcome

  package var name: String
  package var setUp: @Sendable (any ObjectStore) async throws -> Void
  package var operations: [Operation]

  /// The store's folder, somewhere below the disk's `/disk`. Those on the way to it aren't there before a file is.
  package var root = SimulatedStore.root
  /// What may go wrong with calls.
  package var faults: Set<SimulatedFault> = []
  /// How many faults may strike in one run.
  package var faultLimit = 1
  /// How often an operation may be interrupted by another though it could go on; `nil`: always.
  package var interruptionLimit: Int?
  /// Which files operations have to do with. Where this is given, an operation is interrupted only before steps for which it
  /// makes a difference: that covers all orders. `nil`: before every step.
  package var interplay: Interplay?
  package var entryOrder = EntryOrder.kept
  /// How many disks after a failure of power are looked at in one state, before they are drawn by lot; 0: only those of
  /// processes that end.
  package var crashLimit = 64
  /// After so many states the exploration is no longer exhaustive.
  package var stateLimit = 100_000
  /// How many runs by lot follow where it is not.
  package var randomRunCount = 200
  package var seed: UInt64 = 1
  /// Whether a listing sees a folder as it is at one moment. No system promises that: of the files that come while it lists,
  /// it may show any. If not, a listing is two steps, and of several new files each may be the one that is not shown.
  package var listingIsAtOnce = true
  /// Whether reading a file is a step. It need not be for files that never change nor go while something reads them, and can't
  /// be for those that an operation reads concurrently from tasks that are not its children.
  package var readingIsAStep: @Sendable (_ path: String) -> Bool = { _ in true }
  /// The bytes that a file gathers before it writes them; few, so that files of a few bytes are written in several steps.
  package var bufferLimit = 8
  /// Milliseconds by which the disk's clock goes on with each step of an operation. Where it stands still, the same comes of
  /// more orders.
  package var tick: Int64 = 1
  /// Milliseconds between the set-up and the operations.
  package var pause: Int64 = 0
  /// What a check may know of how an operation stands; `nil`: everything that it did.
  package var outcomeText: (@Sendable (OperationProgress<Outcome>) -> String)?
  /// Lets operations and checks run with what the simulation has in place of the machine.
  package var onMachine: @Sendable (SimulatedMachine, @Sendable () async throws -> Void) async throws -> Void = {
    try await $1()
  }
  /// A fault of our own making, to be found.
  package var bug: PlantedBug?
  /// Whether the file system can rename a file unless the name is taken; otherwise it links.
  package var hasExclusiveRename = true
  /// Whether the file system says when a folder was made. Of one that doesn't, nobody can tell whether it is another.
  package var knowsBirths = true
  /// Directories that may not be read, so that nobody can wait for them: `/disk` or one above the store's, mostly.
  package var closedDirectories: Set<String> = []

  package init(
    _ name: String, setUp: @escaping @Sendable (any ObjectStore) async throws -> Void = { _ in },
    operations: [Operation]
  ) {
    self.name = name
    self.setUp = setUp
    self.operations = operations
  }

  /// Runs the operations in every order, and `check` with every state that the disk may then be in.
  ///
  /// - Parameter check: throws, with ``ScenarioViolation`` for example, where something doesn't hold.
  /// - Throws: ``ScenarioFailure`` with the steps that led there.
  package func explore(
    _ check: @escaping @Sendable (ScenarioState<Outcome>) async throws -> Void
  ) async throws -> ExplorationReport {
    let exploration = Exploration(self, check)
    return try await exploration.run()
  }
}

/// Which files operations have to do with. Paths are relative to the root.
package struct Interplay: Sendable {
  /// Whether others look at a file besides the operation that makes it.
  package var isShared: @Sendable (_ path: String) -> Bool
  /// Whether an operation, by its number, may make, change or remove a file that others look at, or one in a directory.
  package var mayChange: @Sendable (_ operation: Int, _ path: String) -> Bool

  package init(
    isShared: @escaping @Sendable (_ path: String) -> Bool,
    mayChange: @escaping @Sendable (_ operation: Int, _ path: String) -> Bool
  ) {
    self.isShared = isShared
    self.mayChange = mayChange
  }
}

/// What is left of the disk at some moment, and how far the operations had come.
package struct ScenarioState<Outcome: Sendable>: Sendable {
  /// The disk as it is after a failure of power, or after the processes have ended. It may be read and written; what is
  /// written is seen by nobody else.
  package let store: any ObjectStore
  /// Whether power failed, so that what nobody waited for may be gone.
  package let powerFailed: Bool
  package let operations: [OperationProgress<Outcome>]
  let parts: CheckParts

  /// Makes a part of the check, unless it was made before and would see the same.
  ///
  /// - Parameters:
  ///   - claim: what is to hold, with everything that `body` knows besides the disk.
  ///   - body: must not write.
  package func part(_ claim: String, _ body: (any ObjectStore) async throws -> Void) async throws {
    try await parts.check(claim, body)
  }

  /// What the operations that succeeded have returned.
  package var returned: [Outcome] {
    operations.compactMap { if case .returned(let outcome) = $0 { outcome } else { nil } }
  }

  /// Whether no operation is under way.
  package var isEnd: Bool {
    operations.allSatisfy { if case .running = $0 { false } else { true } }
  }
}

package enum OperationProgress<Outcome: Sendable>: Sendable {
  /// It has not ended yet: whether what it does has happened is open.
  case running
  case returned(Outcome)
  case threw(any Error)
}

/// Something that must hold in a scenario and does not.
package struct ScenarioViolation: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// - Throws: ``ScenarioViolation`` unless the condition holds.
package func require(_ condition: Bool, _ claim: @autoclosure () -> String) throws {
  guard condition else { throw ScenarioViolation(claim()) }
}

/// A state in which the check of a scenario threw, and the way there.
package struct ScenarioFailure: Error, CustomStringConvertible {
  package let scenario: String
  /// One line a step.
  package let steps: [String]
  /// The disk's files in that state: path and size.
  package let files: [String]
  package let powerFailed: Bool
  package let cause: any Error

  package var description: String {
    """
    \(scenario): \(cause)
    after these steps\(powerFailed ? " and a failure of power" : ""):
      \(steps.joined(separator: "\n  "))
    with these files:
      \(files.joined(separator: "\n  "))
    """
  }
}

/// How much an exploration has seen.
package struct ExplorationReport: Sendable, CustomStringConvertible {
  package internal(set) var scenario: String
  /// How often the operations were run, wholly or up to a state that was known.
  package internal(set) var runCount = 0
  /// Runs in which all operations ended.
  package internal(set) var completedCount = 0
  package internal(set) var stepCount = 0
  /// Different states of disk and operations.
  package internal(set) var stateCount = 0
  /// Disks: each state as it is and after failures of power.
  package internal(set) var diskCount = 0
  /// Those of them that differ in names, bytes, or in what the operations had reported.
  package internal(set) var differentCount = 0
  /// Checks that were made: one for all disks on which it would see the same.
  package internal(set) var checkCount = 0
  /// Whether all orders and all faults that the scenario allows were tried, and all that failures of power may leave.
  package internal(set) var isExhaustive = true

  package var description: String {
    "\(scenario): \(stateCount) states in \(runCount) runs (\(completedCount) to the end) of \(stepCount) steps; "
      + "\(diskCount) disks, \(differentCount) different, \(checkCount) checks; "
      + (isExhaustive ? "all that are allowed" : "a sample")
  }

  /// What both have seen.
  package static func + (left: ExplorationReport, right: ExplorationReport) -> ExplorationReport {
    var sum = left
    sum.runCount += right.runCount
    sum.completedCount += right.completedCount
    sum.stepCount += right.stepCount
    sum.stateCount += right.stateCount
    sum.diskCount += right.diskCount
    sum.differentCount += right.differentCount
    sum.checkCount += right.checkCount
    sum.isExhaustive = left.isExhaustive && right.isExhaustive
    return sum
  }
}

extension [ExplorationReport] {
  /// All of them as one.
  package func sum(_ name: String) -> ExplorationReport { reduce(ExplorationReport(scenario: name), +) }
}
