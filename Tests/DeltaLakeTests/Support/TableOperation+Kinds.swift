import Columnar
import DeltaLog
import ObjectStorage
import _TestSupport

@testable import DeltaLake

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
    committing(name, effect) { table, options in
      var write = WriteOptions()
      write.mode = mode
      write.partitionColumns = ["part"]
      write.commit = options
      return try await table.write(rows(ids, part), write).commit
    }
  }

  private static func committing(
    _ name: String, _ effect: @escaping @Sendable (inout ModelTable, ModelVersions) -> Void,
    _ commit: @escaping @Sendable (DeltaTable, CommitOptions) async throws -> DeltaLake.Commit?
  ) -> TableOperation {
    TableOperation(name: name, commits: [Commit(name: name, effect: effect)]) { store, options in
      var options = options
      options.userMetadata = name
      let made = try await commit(DeltaTable(store: store), options)
      return Report(commits: made.map { [name: $0.version] } ?? [:])
    }
  }

  /// Adds a row, to a table that is there or is made by it.
  static func append(_ id: Int64, _ part: String = "a") -> TableOperation {
    write("append \(id)", [id], part, .append) { table, _ in
      if table.columns.isEmpty { table.columns = ["id", "part"] }
      table.rows[id] = part
    }
  }

  /// Adds many rows, which are one file.
  static func append(ids: ClosedRange<Int64>) -> TableOperation {
    write("append \(ids)", Array(ids), "a", .append) { table, _ in for id in ids { table.rows[id] = "a" } }
  }

  /// Replaces the rows up to `count` whose ids leave a rest when they are divided by three.
  static func overwriteEveryThird(of count: Int64, from rest: Int64, by id: Int64) -> TableOperation {
    let condition = ColumnReferences().id <= count && ColumnReferences().id % 3 == rest || ColumnReferences().id == id
    return write("overwrite every third from \(rest) by \(id)", [id], "a", .overwriteWhere(condition)) { table, _ in
      table.rows = table.rows.filter { $0.key > count || $0.key % 3 != rest }
      table.rows[id] = "a"
    }
  }

  /// Adds a row exactly once, however often it has to ask.
  static func appendOnce(_ id: Int64, _ part: String = "a") -> TableOperation {
    var operation = append(id, part)
    let commit = operation.name
    operation.name += " once"
    let run = operation.run
    operation.run = { store, options in
      var options = options
      options.appTransaction = AppTransaction(appId: "appender \(id)", version: 1)
      // Whatever comes of later tries: the first one that could not tell may have done it.
      var unknown: DeltaError?
      for _ in 0..<3 {
        do {
          let report = try await run(store, options)
          // Where it finds that it was written already, it doesn't learn which version that is.
          return report.commits.isEmpty ? Report(commits: [commit: nil]) : report
        } catch let error as DeltaError where error.code == .outcomeUnknown {
          unknown = error
        } catch {
          throw unknown ?? error
        }
      }
      throw unknown ?? CancellationError()
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

  static func create(_ properties: [String: String] = [:], name: String = "create") -> TableOperation {
    committing(name, { table, _ in table.columns = ["id", "part"] }) { table, options in
      var create = CreateTable(schema)
      create.partitionColumns = ["part"]
      create.properties = properties
      return try await table.create(create, options: options)
    }
  }

  static func addColumn(_ name: String) -> TableOperation {
    committing("add column \(name)", { table, _ in table.columns.append(name) }) { table, options in
      try await table.alter([.addColumns([AddedColumn(StructField(name, .string))])], options: options)
    }
  }

  static func setNote(_ note: String) -> TableOperation {
    committing("note \(note)", { table, _ in table.note = note }) { table, options in
      try await table.alter([.setProperties([ModelTable.noteProperty: note])], options: options)
    }
  }

  /// To a version before that in which it may find the table.
  static func restore(to version: Version) -> TableOperation {
    committing("restore \(version)", { table, earlier in if let old = earlier[version] { table = old } }) {
      table, options in
      try await table.restore(to: .version(version), options: options).commit
    }
  }

  static let checkpoint = TableOperation(name: "checkpoint", traits: .checkpoints) { store, options in
    try await DeltaTable(store: store).checkpoint(durability: options.durability)
    return Report()
  }

  /// Writes some of the commits there are into one file.
  static let compact = TableOperation(name: "compact", traits: .compacts) { store, options in
    _ = try await DeltaTable(store: store).compactLog(1...2, durability: options.durability)
    return Report()
  }

  /// One that is gone with the power, or damaged.
  static let carelessCheckpoint: TableOperation = {
    var operation = checkpoint.with { $0.durability = .relaxed }
    operation.name = "careless checkpoint"
    operation.traits.insert(.isCareless)
    return operation
  }()

  /// Deletes what has expired of the log.
  static let cleanUp = TableOperation(name: "clean up", traits: .cleans) { store, _ in
    _ = try await LogCleanup(try await DeltaTable(store: store).snapshot()).run()
    return Report()
  }

  /// The same, where it may find that nothing can be deleted.
  static let carefulCleanUp = TableOperation(name: "careful clean up", traits: [.cleans, .isCareless]) {
    store, options in
    do {
      return try await cleanUp.run(store, options)
    } catch let error as DeltaError where error.code == .corruptCheckpoint {
      return Report()
    }
  }

  /// Writes zeros over the end of the newest checkpoint, and keeps what it was.
  static let damageCheckpoint = TableOperation(name: "damage the checkpoint", traits: .isCareless) { store, _ in
    let files = try await store.list("_delta_log")
    guard let path = files.last(where: { $0.path.hasSuffix(".checkpoint.parquet") })?.path else { return Report() }
    let bytes = try await store.read(path)
    _ = try await store.write(bytes, to: BrokenStore.soundCheckpoint, .always, durability: .full)
    let damaged = bytes.prefix(bytes.count / 2) + [UInt8](repeating: 0, count: bytes.count - bytes.count / 2)
    _ = try await store.write(Array(damaged), to: path, .always, durability: .full)
    return Report()
  }

  /// Opens the table, reads its rows, and does so again with what it has.
  static let read = TableOperation(name: "read") { store, _ in
    let first = try await DeltaTable(store: store).snapshot()
    let second = try await first.refreshed()
    return Report(reads: [(first.version, try await first.model()), (second.version, try await second.model())])
  }
}
