import DeltaLog
import ObjectStorage
import Testing

@testable import DeltaLake

/// A table in memory, and rows for it: `id` counts, `day` says the partition.
struct WrittenTable {
  let store: InMemoryObjectStore
  let table: DeltaTable

  init() {
    store = InMemoryObjectStore()
    table = DeltaTable(store: store)
  }

  static func rows(_ ids: [Int64?], day: String? = "monday") -> RowSource {
    RowSource([batch(ids, day: day)])
  }

  static func batch(_ ids: [Int64?], day: String? = "monday") -> RecordBatch {
    RecordBatch(
      schema: StructType([StructField("id", .long), StructField("day", .string)]),
      columns: [Column(longs: ids), Column(strings: ids.map { _ in day })], rowCount: ids.count)
  }

  static func partitioned(_ mode: WriteOptions.Mode = .append) -> WriteOptions {
    var options = WriteOptions()
    options.mode = mode
    options.partitionColumns = ["day"]
    return options
  }

  /// The ids in the table, sorted; nulls are left out.
  func ids(asOf moment: Moment = .latest) async throws -> [Int64] {
    try await Self.ids(of: table.snapshot(asOf: moment))
  }

  static func ids(of snapshot: Snapshot) async throws -> [Int64] {
    var ids: [Int64] = []
    for try await batch in try snapshot.scan().select(["id"]).batches() {
      for row in 0..<batch.rowCount {
        if case .long(let id) = batch.columns[0].scalar(at: row) { ids.append(id) }
      }
    }
    return ids.sorted()
  }
}
