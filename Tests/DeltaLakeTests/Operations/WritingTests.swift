import DeltaLog
import ObjectStorage
import Testing

@testable import DeltaLake

@Suite("Writing rows")
struct WritingTests {
  @Test("The first write makes the table, the next ones add to it")
  func appends() async throws {
    let written = WrittenTable()
    let first = try await written.table.append(WrittenTable.rows([1, 2]))
    #expect(first.commit?.version == 0)
    let second = try await written.table.append(WrittenTable.rows([3]))
    #expect(second.commit?.version == 1)
    #expect(second.rowCount == 1)
    #expect(try await written.ids() == [1, 2, 3])
    #expect(try await written.ids(asOf: .version(0)) == [1, 2])
    #expect(second.commit?.snapshot.version == 1)
    #expect(try await WrittenTable.ids(of: #require(second.commit).snapshot) == [1, 2, 3])
  }

  @Test("Overwriting leaves only the new rows, and the old ones in older versions")
  func overwrites() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1, 2]))
    let report = try await written.table.overwrite(WrittenTable.rows([9]))
    #expect(report.removedFileCount == 1)
    #expect(try await written.ids() == [9])
    #expect(try await written.ids(asOf: .version(0)) == [1, 2])
  }

  @Test("Rows go to the folder of their partition; nulls and odd characters come back as they were")
  func partitions() async throws {
    let written = WrittenTable()
    let days: [String?] = ["monday", nil, "a/b=c d%", "ünï", "{x}", "", "a:b"]
    for (id, day) in days.enumerated() {
      _ = try await written.table.write(WrittenTable.rows([Int64(id)], day: day), WrittenTable.partitioned())
    }
    var found: [Int64: String?] = [:]
    for try await batch in try await written.table.snapshot().scan().batches() {
      for row in 0..<batch.rowCount {
        guard case .long(let id) = batch["id"]?.scalar(at: row) else { continue }
        if case .string(let day) = batch["day"]?.scalar(at: row) {
          found[id] = day
        } else {
          found.updateValue(nil, forKey: id)
        }
      }
    }
    // The format can't tell the empty string from null.
    #expect(found == [0: "monday", 1: nil, 2: "a/b=c d%", 3: "ünï", 4: "{x}", 5: nil, 6: "a:b"])
  }

  @Test("Dynamic overwriting knows a partition again however another writer spells its value")
  func spelling() async throws {
    let written = WrittenTable()
    func rows(_ id: Int64) -> RowSource {
      RowSource([
        RecordBatch(
          schema: StructType([StructField("id", .long), StructField("at", .timestamp())]),
          columns: [Column(longs: [id]), Column(timestamps: [1_700_000_000_000_000])], rowCount: 1)
      ])
    }
    var options = WriteOptions()
    options.partitionColumns = ["at"]
    _ = try await written.table.write(rows(1), options)
    let path = "_delta_log/00000000000000000000.json"
    let text = String(decoding: try await written.store.read(path), as: UTF8.self)
    let spelled = text.replacing("\"at\":\"2023-11-14T22:13:20.000000Z\"", with: "\"at\":\"2023-11-14 22:13:20\"")
    #expect(spelled != text)
    written.store.put(Array(spelled.utf8), at: path)
    options.mode = .overwritePartitions
    _ = try await written.table.write(rows(2), options)
    #expect(try await written.ids() == [2])
  }

  @Test("Dynamic overwriting takes only the partitions that get new rows")
  func dynamicPartitions() async throws {
    let written = WrittenTable()
    _ = try await written.table.write(WrittenTable.rows([1], day: "monday"), WrittenTable.partitioned())
    _ = try await written.table.write(WrittenTable.rows([2], day: "tuesday"), WrittenTable.partitioned())
    _ = try await written.table.write(
      WrittenTable.rows([3], day: "tuesday"), WrittenTable.partitioned(.overwritePartitions))
    #expect(try await written.ids() == [1, 3])
  }

  @Test("A partition is the same however another writer spelt its value")
  func partitionSpelling() async throws {
    let written = WrittenTable()
    func rows(_ id: Int64) -> RowSource {
      let columns = [Column(longs: [id]), Column(decimals: [150], precision: 4, scale: 2)]
      let schema = StructType([StructField("id", .long), StructField("day", columns[1].type)])
      return RowSource([RecordBatch(schema: schema, columns: columns, rowCount: 1)])
    }
    _ = try await written.table.write(rows(1), WrittenTable.partitioned())
    let path = "_delta_log/" + LogFile.commitName(0)
    let text = String(decoding: try await written.store.read(path), as: UTF8.self)
    let other = text.replacing(#""partitionValues":{"day":"1.50"}"#, with: #""partitionValues":{"day":"1.5"}"#)
    #expect(other != text)
    written.store.put(Array(other.utf8), at: path)
    _ = try await written.table.write(rows(2), WrittenTable.partitioned(.overwritePartitions))
    #expect(try await written.ids() == [2])
  }

  @Test("Overwriting by a condition takes its partitions, and refuses rows that don't meet it")
  func condition() async throws {
    let written = WrittenTable()
    _ = try await written.table.write(WrittenTable.rows([1], day: "monday"), WrittenTable.partitioned())
    _ = try await written.table.write(WrittenTable.rows([2], day: "tuesday"), WrittenTable.partitioned())
    let tuesday = try ColumnPredicate(parsing: "day = 'tuesday'")
    try await written.table.overwrite(WrittenTable.rows([3], day: "tuesday"), where: tuesday)
    #expect(try await written.ids() == [1, 3])
    await #expect { try await written.table.overwrite(WrittenTable.rows([4], day: "monday"), where: tuesday) } throws: {
      ($0 as? DeltaError)?.code == .constraintViolation
    }
    #expect(try await written.ids() == [1, 3])
  }

  @Test("Creating refuses where there is a table, or leaves it alone if asked to")
  func creating() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    var options = WriteOptions()
    options.mode = .create
    await #expect { try await written.table.write(WrittenTable.rows([2]), options) } throws: {
      ($0 as? DeltaError)?.code == .alreadyExists
    }
    options.mode = .createIfAbsent
    #expect(try await written.table.write(WrittenTable.rows([2]), options).commit == nil)
    #expect(try await written.ids() == [1])
  }

  @Test("A table that is only appended to loses no row: overwriting and restoring are refused, and leave no file")
  func appendOnly() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    try await written.table.append(WrittenTable.rows([2]))
    try await written.table.alter([.setProperties(["delta.appendOnly": "true"])])
    let before = try await written.store.list("", recursively: true, startingAt: nil).map(\.path)
    await #expect {
      try await written.table.overwrite(WrittenTable.rows([3]))
    } throws: {
      ($0 as? DeltaError)?.code == .operationRefused
    }
    await #expect {
      try await written.table.restore(to: .version(0))
    } throws: {
      ($0 as? DeltaError)?.code == .operationRefused
    }
    #expect(try await written.ids() == [1, 2])
    #expect(try await written.store.list("", recursively: true, startingAt: nil).map(\.path) == before)
    #expect(try await written.table.append(WrittenTable.rows([3])).commit != nil)
  }

  @Test("An application's version is written once")
  func exactlyOnce() async throws {
    let written = WrittenTable()
    var options = CommitOptions()
    options.appTransaction = AppTransaction(appId: "loader", version: 7)
    #expect(try await written.table.append(WrittenTable.rows([1]), options: options).commit != nil)
    #expect(try await written.table.append(WrittenTable.rows([1]), options: options).commit == nil)
    #expect(try await written.ids() == [1])
    options.appTransaction?.version = 8
    #expect(try await written.table.append(WrittenTable.rows([2]), options: options).commit != nil)
    #expect(try await written.table.snapshot().transaction("loader")?.version == 8)
  }

  @Test("A failed write leaves no version and no file behind")
  func failure() async throws {
    let written = WrittenTable()
    _ = try await written.table.create(CreateTable(StructType([StructField("id", .long, isNullable: false)])))
    let source = RowSource([
      RecordBatch(
        schema: StructType([StructField("id", .long)]), columns: [Column(longs: [1, nil])], rowCount: 2)
    ])
    await #expect { try await written.table.append(source) } throws: {
      guard let error = $0 as? DeltaError else { return false }
      return error.code == .constraintViolation && error.message.contains("Row 2") && error.message.contains("`id`")
    }
    #expect(try await written.table.snapshot().version == 0)
    let files = try await written.store.list("", recursively: true, startingAt: nil)
    #expect(!files.contains { $0.path.hasSuffix(".parquet") })
  }

  @Test("Rows that break a rule go into quarantine once, however often the write is tried")
  func quarantine() async throws {
    let written = WrittenTable()
    let quarantine = WrittenTable()
    _ = try await written.table.create(
      CreateTable(StructType([StructField("id", .long, isNullable: false), StructField("day", .string)])))
    var options = WriteOptions()
    options.onViolation = .quarantine(quarantine.table)
    var source = WrittenTable.rows([1, nil, 3])
    source.identity = "a file"
    #expect(try await written.table.write(source, options).refusedRowCount == 1)
    #expect(try await written.table.write(source, options).refusedRowCount == 1)
    #expect(try await written.ids() == [1, 1, 3, 3])
    let refused = try await quarantine.table.snapshot()
    #expect(try await refused.rowCount() == 1)
    for try await batch in refused.scan().batches() {
      #expect(batch["row_number"]?.scalar(at: 0) == .long(2))
      guard case .string(let reason) = batch["reason"]?.scalar(at: 0) else {
        Issue.record("no reason")
        continue
      }
      #expect(reason.contains("`id`"))
    }
  }

  @Test("Rows that only a later try refuses go into quarantine, too")
  func laterRules() async throws {
    let written = WrittenTable()
    let quarantine = WrittenTable()
    _ = try await written.table.create(
      CreateTable(StructType([StructField("id", .long, isNullable: false), StructField("day", .string)])))
    var options = WriteOptions()
    options.onViolation = .quarantine(quarantine.table)
    var source = WrittenTable.rows([1, nil, 3])
    source.identity = "a file"
    _ = try await written.table.write(source, options)
    try await written.table.overwrite(WrittenTable.rows([]))
    try await written.table.alter([.addConstraint(name: "small", condition: "id < 3")])
    _ = try await written.table.write(source, options)
    #expect(try await written.ids() == [1])
    var refused: [Int64] = []
    for try await batch in try await quarantine.table.snapshot().scan().batches() {
      for row in 0..<batch.rowCount {
        if case .long(let number) = batch["row_number"]?.scalar(at: row) { refused.append(number) }
      }
    }
    #expect(refused.sorted() == [2, 3])
  }

  @Test("New columns are refused, or merged when asked for; older rows have nulls there")
  func merging() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    let wider = RowSource([
      RecordBatch(
        schema: StructType([StructField("id", .long), StructField("note", .string)]),
        columns: [Column(longs: [2]), Column(strings: ["new"])], rowCount: 1)
    ])
    await #expect { try await written.table.append(wider) } throws: {
      guard let error = $0 as? DeltaError else { return false }
      return error.code == .schemaMismatch && error.message.contains("note")
    }
    var options = WriteOptions()
    options.schemaMode = .merge
    _ = try await written.table.write(wider, options)
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.schema.fields.map(\.name) == ["id", "day", "note"])
    #expect(try await written.ids() == [1, 2])
  }

  @Test("What the log notes of a file lets a scan pass over it")
  func statistics() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1, 5]))
    try await written.table.append(WrittenTable.rows([10, 15]))
    let plan = try await written.table.snapshot().scan().where(sql: "id > 7").plan()
    #expect(plan.prunedByStatistics == 1)
    #expect(try await written.table.snapshot().rowCount() == 4)
  }

  @Test("Where there is nothing to say no version is made: no rows, or none that the table takes")
  func nothing() async throws {
    let written = WrittenTable()
    _ = try await written.table.create(
      CreateTable(StructType([StructField("id", .long, isNullable: false), StructField("day", .string)])))
    for mode: WriteOptions.Mode in [
      .append, .overwrite, .overwritePartitions, .overwriteWhere(try ColumnPredicate(parsing: "id = 9")),
    ] {
      var options = WriteOptions()
      options.mode = mode
      let report = try await written.table.write(WrittenTable.rows([]), options)
      #expect(report.commit == nil && !report.isSkipped)
    }
    var options = WriteOptions()
    options.onViolation = .skip
    let refused = try await written.table.write(WrittenTable.rows([nil, nil]), options)
    #expect(refused.commit == nil && refused.refusedRowCount == 2)
    #expect(try await written.table.snapshot().version == 0)
    // What is new without rows is a version: how far an application has come, another schema, rows that go.
    options.commit.appTransaction = AppTransaction(appId: "a", version: 1)
    #expect(try await written.table.write(WrittenTable.rows([]), options).commit?.version == 1)
    #expect(try await written.table.write(WrittenTable.rows([]), options).isSkipped)
    try await written.table.append(WrittenTable.rows([1]))
    #expect(try await written.table.overwrite(WrittenTable.rows([])).commit?.version == 3)
    #expect(try await written.ids() == [])
    // The first write makes the table, with or without rows.
    let fresh = WrittenTable()
    #expect(try await fresh.table.append(WrittenTable.rows([])).commit?.version == 0)
  }

  @Test("Clustering columns have statistics wherever they stand, also in checkpoints and copies")
  func clusteringStatistics() async throws {
    for properties in [["delta.dataSkippingNumIndexedCols": "1"], ["delta.dataSkippingStatsColumns": "day"]] {
      let written = WrittenTable()
      var create = CreateTable(
        StructType([StructField("day", .string), StructField("note", .string), StructField("id", .long)]))
      create.clusteringColumns = [ColumnPath("id")]
      create.properties = properties.merging(["delta.checkpoint.writeStatsAsStruct": "true"]) { $1 }
      _ = try await written.table.create(create)
      try await written.table.append(WrittenTable.rows([1, 2, 3]))
      try await written.table.append(WrittenTable.rows([7, 8]))
      try await written.table.overwrite(WrittenTable.rows([2]), where: try ColumnPredicate(parsing: "id = 2"))
      func pruned() async throws -> [Int] {
        try await [written.table.snapshot().scan().where(sql: "id > 5").plan().prunedByStatistics]
      }
      #expect(try await pruned() == [2])
      try await written.table.checkpoint()
      #expect(try await written.table.snapshot().log.checkpointVersion == 3)
      #expect(try await pruned() == [2])
    }
  }

  @Test("The rows' schema takes the place of the table's only when all rows go")
  func partialSchemaOverwrite() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    for mode: WriteOptions.Mode in [
      .append, .overwritePartitions, .overwriteWhere(try ColumnPredicate(parsing: "id = 1")),
    ] {
      var options = WriteOptions()
      options.mode = mode
      options.schemaMode = .overwrite
      let error = await #expect(throws: DeltaError.self) {
        try await written.table.write(WrittenTable.rows([1]), options)
      }
      #expect(error?.code == .invalidArgument)
    }
    #expect(try await written.table.snapshot().version == 0)
  }
}
