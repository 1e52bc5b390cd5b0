import Testing

@testable import DeltaLog

@Suite("Table properties") struct TablePropertiesTests {
  @Test(
    "Intervals are read as writers spell them",
    arguments: [
      ("interval 7 days", 604_800_000), ("1 week", 604_800_000), ("INTERVAL 1 week 12 hours", 648_000_000),
      ("interval 0 seconds", 0), ("interval 1.5 seconds", 1500), ("interval '2' minutes", 120_000),
      ("  interval   3   milliseconds ", 3), ("interval 999 microseconds", 0), ("interval 1 day -24 hours", 0),
      ("interval -1.5 seconds 2 seconds", 500),
    ] as [(String, Int64)])
  func intervals(_ text: String, _ milliseconds: Int64) throws {
    #expect(try IntervalText.milliseconds(text) == milliseconds)
  }

  @Test(
    "What is no interval says why",
    arguments: [
      ("", "such as"), ("interval", "such as"), ("7", "such as"), ("seven days", "'seven' is no number"),
      ("1 fortnight", "'fortnight' is no unit"), ("1 month", "365 days"), ("2 years", "365 days"),
      ("-1 days", "not negative"), ("1.5 days", "whole days"), ("99999999999999 weeks", "too long"),
      ("9223372036854775807 seconds", "too long"), ("1. seconds", "no number"), ("1 day 2", "such as"),
    ])
  func damagedIntervals(_ text: String, _ reason: String) {
    let error = #expect(throws: InvalidPropertyValue.self) { try IntervalText.milliseconds(text) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test(
    "Lists of columns name nested and quoted ones",
    arguments: [
      ("", []), (" ", []), ("a", [["a"]]), ("a, b.c ,_d", [["a"], ["b", "c"], ["_d"]]),
      ("`a.b`.c", [["a.b", "c"]]), ("`x``y`", [["x`y"]]), ("ä.日本", [["ä", "日本"]]), ("a . b", [["a", "b"]]),
      ("a-b", [["a-b"]]),
    ] as [(String, [[String]])])
  func columnLists(_ text: String, _ paths: [[String]]) {
    #expect(ColumnListText.parse(text) == paths)
  }

  @Test("What is no list of columns is none", arguments: [",", "a,", "a..b", "`a", "a b", "a,,b", "``", ".a", "a;b"])
  func damagedColumnLists(_ text: String) {
    #expect(ColumnListText.parse(text) == nil)
  }

  @Test("A table without properties has the defaults")
  func defaults() {
    let properties = TableProperties([:])
    #expect(!properties.isAppendOnly && properties.isolationLevel == .serializable)
    #expect(properties.checkpointInterval == 10 && !properties.usesV2Checkpoints && properties.cleansUpLog)
    #expect(properties.logRetention == .seconds(30 * 86_400))
    #expect(properties.tombstoneRetention == .seconds(7 * 86_400))
    #expect(properties.transactionRetention == nil && properties.targetFileSize == nil)
    #expect(properties.indexedColumnLimit == 32 && properties.statisticsColumns == nil)
    #expect(properties.statisticsPrefixLength == 32 && properties.randomPrefixLength == nil)
    #expect(properties.checkpointsHoldStatisticsAsJSON && properties.checkpointsHoldStatisticsAsStruct)
  }

  @Test("Properties are read in any case of their values; nonsense counts as not set")
  func accessors() {
    let properties = TableProperties([
      "delta.appendOnly": "TRUE", "delta.isolationLevel": "writeserializable", "delta.checkpointInterval": "x",
      "delta.dataSkippingNumIndexedCols": "-1", "delta.dataSkippingStatsColumns": "a,`b.c`.d",
      "delta.logRetentionDuration": "interval 1 hour", "delta.deletedFileRetentionDuration": "a while",
      "delta.targetFileSize": "128mb", "delta.randomizeFilePrefixes": "true", "delta.checkpointPolicy": "V2",
      "delta.enableChangeDataCapture": "true", "delta.constraints.positive": "x > 0", "mine": "1",
    ])
    #expect(properties.isAppendOnly && properties.isolationLevel == .writeSerializable)
    #expect(properties.checkpointInterval == 10 && properties.indexedColumnLimit == nil)
    #expect(properties.statisticsColumns == [["a"], ["b.c", "d"]])
    #expect(properties.logRetention == .seconds(3600) && properties.tombstoneRetention == .seconds(7 * 86_400))
    #expect(properties.targetFileSize == 134_217_728 && properties.randomPrefixLength == 2)
    #expect(properties.usesV2Checkpoints && properties.enablesChangeDataFeed)
    #expect(properties.constraints == ["positive": "x > 0"] && properties.value("mine") == "1")
  }

  @Test(
    "Sizes have units", arguments: [("1", 1), ("1k", 1024), ("1 KB", 1024), ("2g", 2 << 30), ("100MiB", 100 << 20)])
  func byteCounts(_ text: String, _ count: Int64) {
    #expect(TablePropertyRule.byteCount(text) == count)
    #expect(TablePropertyRule.byteCount("9223372036854775807t") == nil && TablePropertyRule.byteCount("mb") == nil)
  }

  @Test("What a user sets goes into the log in the spelling that every client knows")
  func setting() throws {
    let checked = try TableProperties.checked([
      "DELTA.APPENDONLY": "True", "delta.LogRetentionDuration": "60 days", "my.Own": "X",
      "delta.isolationlevel": "serializable",
      "delta.autoOptimize.autoCompact": "AUTO", "delta.parquet.format.version": "2.12.0",
    ])
    #expect(
      checked == [
        "delta.appendOnly": "true", "delta.logRetentionDuration": "interval 60 days", "my.Own": "X",
        "delta.isolationLevel": "Serializable", "delta.autoOptimize.autoCompact": "auto",
        "delta.parquet.format.version": "2.12.0",
      ])
  }

  @Test(
    "What can't be set is refused with a reason",
    arguments: [
      ("delta.appendonyl", "true", "Did you mean delta.appendOnly?"), ("delta.zzz", "1", "without 'delta.'"),
      ("delta.appendOnly", "yes", "true or false"), ("delta.checkpointInterval", "0", "whole number from 1"),
      ("delta.dataSkippingNumIndexedCols", "-2", "from -1"), ("delta.isolationLevel", "SnapshotIsolation", "one of"),
      ("delta.columnMapping.maxColumnId", "5", "kept by writers"), ("delta.constraints.x", "y > 1", "is a constraint"),
      ("delta.logRetentionDuration", "1 month", "365 days"), ("delta.targetFileSize", "0", "bytes"),
      ("delta.dataSkippingStatsColumns", "a,,b", "list of columns"),
      ("delta.parquet.format.version", "3.0.0", "1.0.0 or 2.x.x"),
      ("delta.deletedFileRetentionDuration", "interval 31 days", "at least delta.deletedFileRetentionDuration"),
    ])
  func refused(_ name: String, _ value: String, _ reason: String) {
    let error = #expect(throws: DeltaError.self) { try TableProperties.checked([name: value]) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("Rules between properties count the ones that are there")
  func together() throws {
    #expect(throws: DeltaError.self) {
      try TableProperties.checked(
        ["delta.enableRowTracking": "true"], current: ["delta.rowTrackingSuspended": "true"])
    }
    _ = try TableProperties.checked(
      ["delta.deletedFileRetentionDuration": "31 days"], current: ["delta.logRetentionDuration": "interval 60 days"])
    // A contradiction that is there already does not stand in the way of something else.
    _ = try TableProperties.checked(
      ["delta.appendOnly": "true"], current: ["delta.logRetentionDuration": "interval 1 day"])
    #expect(throws: DeltaError.self) { try TableProperties.checkRemovable(["DELTA.columnMapping.maxColumnId"]) }
    try TableProperties.checkRemovable(["delta.appendOnly", "mine"])
    #expect(TableProperties.canonicalName("DELTA.APPENDONLY") == "delta.appendOnly")
  }

  @Test("Every default is a value that its own row takes")
  func rows() throws {
    for rule in TablePropertyRules.all {
      guard let value = rule.defaultValue else { continue }
      #expect(try rule.normalized(value) == value, "\(rule.name)")
    }
    #expect(Set(TablePropertyRules.all.map { $0.name.lowercased() }).count == TablePropertyRules.all.count)
  }
}
