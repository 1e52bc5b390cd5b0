import Columnar
import DeltaLog
import ObjectStorage
import _TestSupport

@testable import DeltaLake

/// One of the operations that use a table at the same time in a ``TableScenario``: what it does, and what should come of it.
struct TableOperation: Sendable, CustomStringConvertible {
  /// What it reports when it has succeeded.
  enum Outcome: Sendable {
    /// Its version; `nil` for one that it made sure of without learning which.
    case committed(Version?)
    /// Nothing that would show in the table's rows or definition.
    case maintained
    /// What it saw, one version after the other.
    case read([(version: Version, table: ModelTable)])
  }

  /// What else it does to the table's files than adding some.
  struct Traits: OptionSet, Sendable {
    let rawValue: Int
    /// It writes checkpoints.
    static let checkpoints = Traits(rawValue: 1)
    /// It deletes files of the log.
    static let cleans = Traits(rawValue: 2)
    /// It makes the table.
    static let creates = Traits(rawValue: 4)
  }

  /// Its commits carry it.
  var name: String
  var traits: Traits = []
  /// What its commit makes of the version before; `nil`: it makes none.
  var effect: (@Sendable (inout ModelTable, ModelVersions) -> Void)?
  var run: @Sendable (any ObjectStore, CommitOptions) async throws -> Outcome

  var description: String { name }

  /// Whether it may make, change or remove a file.
  ///
  /// - Parameters:
  ///   - path: of a file, or of a directory with such files.
  ///   - lastVersion: the latest before the operations.
  func mayChange(_ path: String, lastVersion: Version) -> Bool {
    guard path.hasPrefix("_delta_log") else { return false }
    let name = path.dropFirst("_delta_log/".count)
    if name.isEmpty { return effect != nil || !traits.isEmpty }
    if name == LastCheckpointHint.fileName { return traits.contains(.checkpoints) }
    if name.hasPrefix("_sidecars") { return !traits.isDisjoint(with: [.checkpoints, .cleans]) }
    if name.contains("checkpoint"), traits.contains(.checkpoints) { return true }
    if name > TableCopy.name(lastVersion + 1, "") { return effect != nil }
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

  /// This and then another, which reports nothing.
  func then(_ next: TableOperation) -> TableOperation {
    var operation = self
    let run = run
    operation.name += ", then " + next.name
    operation.traits.formUnion(next.traits)
    operation.run = { store, options in
      let outcome = try await run(store, options)
      _ = try await next.run(store, options)
      return outcome
    }
    return operation
  }
}

extension TableOperation {
  static let schema = StructType([StructField("id", .long), StructField("part", .string)])

  private static func rows(_ ids: [Int64], _ part: String) -> RowSource {
    RowSource([
      RecordBatch(
        schema: schema, columns: [Column(longs: ids), Column(strings: ids.map { _ in part })], rowCount: ids.count)
    ])
  }

  private static func write(
    _ name: String, _ ids: [Int64], _ part: String, _ mode: WriteOptions.Mode,
    _ effect: @escaping @Sendable (inout ModelTable, ModelVersions) -> Void
  ) -> TableOperation {
    TableOperation(name: name, effect: effect) { store, options in
      var write = WriteOptions()
      write.mode = mode
      write.partitionColumns = ["part"]
      write.commit = options
      return .committed(try await DeltaTable(store: store).write(rows(ids, part), write).commit?.version)
    }
  }

  /// Adds a row, to a table that is there or is made by it.
  static func append(_ id: Int64, _ part: String = "a") -> TableOperation {
    write("append \(id)", [id], part, .append) { table, _ in
      if table.columns.isEmpty { table.columns = ["id", "part"] }
      table.rows[id] = part
    }
  }

  /// Adds a row exactly once, however often it has to ask.
  static func appendOnce(_ id: Int64, _ part: String = "a") -> TableOperation {
    var operation = append(id, part)
    operation.name += " once"
    let run = operation.run
    operation.run = { store, options in
      var options = options
      options.appTransaction = AppTransaction(appId: "appender \(id)", version: 1)
      var failure: (any Error)?
      for _ in 0..<3 {
        do {
          return try await run(store, options)
        } catch let error as DeltaError where error.code == .outcomeUnknown {
          failure = error
        }
      }
      throw failure ?? CancellationError()
    }
    return operation
  }

  static func overwrite(_ id: Int64) -> TableOperation {
    write("overwrite by \(id)", [id], "a", .overwrite) { table, _ in table.rows = [id: "a"] }
  }

  /// Replaces the rows of a partition by a condition.
  static func overwriteWhere(_ id: Int64, _ part: String) -> TableOperation {
    write("overwrite \(part) by \(id)", [id], part, .overwriteWhere(ColumnReferences().part == part)) { table, _ in
      table.rows = table.rows.filter { $0.value != part }
      table.rows[id] = part
    }
  }

  /// Replaces the rows of the partitions that it has rows of.
  static func overwritePartition(_ id: Int64, _ part: String) -> TableOperation {
    write("overwrite the partition \(part) by \(id)", [id], part, .overwritePartitions) { table, _ in
      table.rows = table.rows.filter { $0.value != part }
      table.rows[id] = part
    }
  }

  static func create(_ properties: [String: String] = [:]) -> TableOperation {
    TableOperation(name: "create", traits: .creates, effect: { table, _ in table.columns = ["id", "part"] }) { store, options in
      var create = CreateTable(schema)
      create.partitionColumns = ["part"]
      create.properties = properties
      return .committed(try await DeltaTable(store: store).create(create, options: options)?.version)
    }
  }

  static func addColumn(_ name: String) -> TableOperation {
    TableOperation(name: "add column \(name)", effect: { table, _ in table.columns.append(name) }) { store, options in
      let change = SchemaChange.addColumns([AddedColumn(StructField(name, .string))])
      return .committed(try await DeltaTable(store: store).alter([change], options: options)?.version)
    }
  }

  static func setNote(_ note: String) -> TableOperation {
    TableOperation(name: "note \(note)", effect: { table, _ in table.note = note }) { store, options in
      let change = SchemaChange.setProperties([ModelTable.noteProperty: note])
      return .committed(try await DeltaTable(store: store).alter([change], options: options)?.version)
    }
  }

  static func restore(to version: Version) -> TableOperation {
    TableOperation(
      name: "restore \(version)", effect: { table, earlier in if let old = earlier[version] { table = old } }
    ) { store, options in
      let report = try await DeltaTable(store: store).restore(to: .version(version), options: options)
      return report.commit.map { .committed($0.version) } ?? .maintained
    }
  }

  static let checkpoint = TableOperation(name: "checkpoint", traits: .checkpoints) { store, options in
    try await DeltaTable(store: store).checkpoint(durability: options.durability)
    return .maintained
  }

  static let cleanUp = cleanUp(after: .zero)

  /// Deletes what has expired of the log, by a clock that is ahead.
  static func cleanUp(after wait: Duration) -> TableOperation {
    TableOperation(name: "clean up", traits: .cleans) { store, _ in
      let snapshot = try await DeltaTable(store: store).snapshot()
      let now = Timestamp(milliseconds: Timestamp.now().milliseconds + wait.components.seconds * 1000)
      _ = try await LogCleanup(snapshot, now: now).run()
      return .maintained
    }
  }

  /// Opens the table, reads its rows, and does so again with what it has.
  static let read = TableOperation(name: "read") { store, _ in
    let first = try await DeltaTable(store: store).snapshot()
    let second = try await first.refreshed()
    return .read([(first.version, try await first.model()), (second.version, try await second.model())])
  }
}

extension Snapshot {
  /// What it holds, by reading all rows.
  func model() async throws -> ModelTable {
    var model = ModelTable(columns: schema.fields.map(\.name), note: metadata.configuration[ModelTable.noteProperty])
    for try await batch in try scan().select(["id", "part"]).batches() {
      for row in 0..<batch.rowCount {
        guard case .long(let id) = batch.columns[0].scalar(at: row), case .string(let part) = batch.columns[1].scalar(at: row)
        else { throw ScenarioViolation("a row has no id or no part") }
        try require(model.rows.updateValue(part, forKey: id) == nil, "row \(id) is there twice")
      }
    }
    return model
  }
}
