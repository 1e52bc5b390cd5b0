import DeltaLog
import ObjectStorage
import _TestSupport

@testable import DeltaLake

/// One of the operations that use a table at the same time in a ``TableScenario``: what it does, and what should come of it.
struct TableOperation: Sendable, CustomStringConvertible {
  /// One commit of it.
  struct Commit: Sendable {
    /// The commit carries it.
    let name: String
    /// What the commit makes of the version before.
    let effect: @Sendable (inout ModelTable, _ earlier: ModelVersions) -> Void
  }

  /// What it reports when it has succeeded.
  struct Report: Sendable {
    /// The commits that it has made, by name, and their versions, where it learnt them.
    var commits: [String: Version?] = [:]
    /// What it saw, one version after the other.
    var reads: [(version: Version, table: ModelTable)] = []
  }

  /// What else it does to the table's files than adding some.
  struct Traits: OptionSet, Sendable {
    let rawValue: Int
    /// It writes checkpoints.
    static let checkpoints = Traits(rawValue: 1)
    /// It does not wait for them to be on the disk.
    static let isCareless = Traits(rawValue: 2)
    /// It deletes files of the log.
    static let cleans = Traits(rawValue: 4)
    /// It writes commits anew as one file.
    static let compacts = Traits(rawValue: 8)
  }

  var name: String
  var traits: Traits = []
  /// In the order in which it makes them.
  var commits: [Commit] = []
  var run: @Sendable (any ObjectStore, CommitOptions) async throws -> Report

  var description: String { name }

  /// Whether it may make, change or remove a file.
  ///
  /// - Parameters:
  ///   - path: of a file, or of a directory with such files.
  ///   - lastVersion: the latest before the operations.
  func mayChange(_ path: String, lastVersion: Version) -> Bool {
    guard path.hasPrefix("_delta_log") else { return false }
    let name = path.dropFirst("_delta_log/".count)
    if name.isEmpty { return !commits.isEmpty || !traits.isEmpty }
    if name == LastCheckpointHint.fileName { return traits.contains(.checkpoints) }
    if name.hasPrefix("_sidecars") { return !traits.isDisjoint(with: [.checkpoints, .cleans]) }
    if name.contains("compacted"), traits.contains(.compacts) { return true }
    if name.contains("checkpoint"), traits.contains(.checkpoints) { return true }
    if name > TableCopy.name(lastVersion + 1, "") { return !commits.isEmpty }
    // The last version itself always stays.
    return traits.contains(.cleans) && name < TableCopy.name(lastVersion, "")
  }

  /// The same through a store that does something else.
  func through(_ wrap: @escaping @Sendable (any ObjectStore) -> any ObjectStore) -> TableOperation {
    var operation = self
    let run = run
    operation.run = { try await run(wrap($0), $1) }
    return operation
  }

  /// The same with other options.
  func with(_ change: @escaping @Sendable (inout CommitOptions) -> Void) -> TableOperation {
    var operation = self
    let run = run
    operation.run = { store, options in
      var options = options
      change(&options)
      return try await run(store, options)
    }
    return operation
  }

  /// The same on a table where a checkpoint and a clean-up are due after it.
  var withMaintenance: TableOperation {
    var operation = self
    operation.traits.formUnion([.checkpoints, .cleans])
    return operation
  }

  /// This and then another.
  func then(_ next: TableOperation) -> TableOperation {
    var operation = self
    let run = run
    operation.name += ", then " + next.name
    operation.traits.formUnion(next.traits)
    operation.commits += next.commits
    operation.run = { store, options in
      var report = try await run(store, options)
      let other = try await next.run(store, options)
      report.commits.merge(other.commits) { $1 }
      report.reads += other.reads
      return report
    }
    return operation
  }
}

extension Snapshot {
  /// What it holds, by reading all rows.
  func model() async throws -> ModelTable {
    var model = ModelTable(columns: schema.fields.map(\.name), note: metadata.configuration[ModelTable.noteProperty])
    for try await batch in try scan().select(["id", "part"]).batches() {
      for row in 0..<batch.rowCount {
        guard case .long(let id) = batch.columns[0].scalar(at: row),
          case .string(let part) = batch.columns[1].scalar(at: row)
        else { throw ScenarioViolation("a row has no id or no part") }
        try require(model.rows.updateValue(part, forKey: id) == nil, "row \(id) is there twice")
      }
    }
    return model
  }
}
