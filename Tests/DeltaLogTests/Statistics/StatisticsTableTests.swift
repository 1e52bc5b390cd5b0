import Columnar
import Testing

@testable import DeltaLog

@Suite("File statistics")
struct StatisticsTableTests {
  static func column(_ name: String, _ type: DataType, mayHoldFloats: Bool = false) -> StatisticsColumn {
    let path = ColumnPath(name.split(separator: ".").map(String.init))
    return StatisticsColumn(path: path, physicalPath: path, type: type, mayHoldFloats: mayHoldFloats)
  }

  func statistics(_ json: String, _ columns: [StatisticsColumn]) throws -> FileStatistics {
    try #require(FileStatistics(json: json, columns: columns))
  }

  @Test("Only the wanted columns are taken, at any depth and in any order")
  func wanted() throws {
    let found = try statistics(
      #"{"maxValues":{"s":{"b":{"c":9},"x":1},"a":5},"tightBounds":false,"junk":[{"a":1},"}"],"numRecords":10,"#
        + #""nullCount":{"a":2,"s":{"b":{"c":10}},"z":0},"minValues":{"z":"?","a":-5,"s":{"b":{"c":-9}}}}"#,
      [Self.column("a", .long), Self.column("s.b.c", .integer), Self.column("absent", .string)])
    #expect(found.numRecords == 10 && !found.tightBounds)
    #expect(
      found.columns == [
        ColumnPath("a"): ColumnStatistics(min: .long(-5), max: .long(5), nullCount: 2),
        ColumnPath(["s", "b", "c"]): ColumnStatistics(min: .integer(-9), max: .integer(9), nullCount: 10),
      ])
  }

  @Test(
    "Bounds are read by type, and widened by what writers cut off",
    arguments: [
      (DataType.byte, "-1", "127", Scalar.byte(-1), Scalar.byte(127)),
      (.short, "0", "9", .short(0), .short(9)),
      (.long, "-9223372036854775808", "9223372036854775807", .long(.min), .long(.max)),
      (.date, "\"1970-01-02\"", "\"2020-02-29\"", .date(1), .date(18321)),
      (
        .timestamp(), "\"1970-01-01T00:00:00.001Z\"", "\"1970-01-01T01:00:00.001+01:00\"", .timestamp(1000),
        .timestamp(1999)
      ),
      (
        .timestamp(), "\"1969-12-31T23:59:59.999Z\"", "\"1969-12-31T16:00:00.000-08:00\"", .timestamp(-1999),
        .timestamp(999)
      ),
      (
        .timestampNtz(), "\"1970-01-01T00:00:00\"", "\"1970-01-01T00:00:00.123456\"", .timestampNtz(0),
        .timestampNtz(124_455)
      ),
      (.timestampNtz(), "\"1970-01-01\"", "\"1970-01-02\"", .timestampNtz(0), .timestampNtz(86_400_000_999)),
      (.double, "-0.5", "1e300", .double(-0.5), .double(1e300)),
      (.double, "1.25", "\"NaN\"", .double(1.25), .double(.nan)),
      (.double, "\"-Infinity\"", "12345678901234568", .double(-.infinity), .double(12345678901234568)),
      (.float, "0.1", "3.4028235E38", .float(0.1), .float(.greatestFiniteMagnitude)),
      (
        .decimal(precision: 10, scale: 2), "45.00", "-1.5", .decimal(4500, precision: 10, scale: 2),
        .decimal(-150, precision: 10, scale: 2)
      ),
      (
        .decimal(precision: 38, scale: 5), "2222222202222222220.20000", "2580246890358024689.01000",
        .decimal(222_222_220_222_222_222_020_000, precision: 38, scale: 5),
        .decimal(258_024_689_035_802_468_901_000, precision: 38, scale: 5)
      ),
      (.string, "\"a\\\"b\"", "\"é\"", .string("a\"b"), .string("é")),
      (.boolean, "false", "true", .boolean(false), .boolean(true)),
    ])
  func types(type: DataType, min: String, max: String, low: Scalar, high: Scalar) throws {
    let json = #"{"numRecords":3,"minValues":{"a":\#(min)},"maxValues":{"a":\#(max)},"nullCount":{"a":0}}"#
    let found = try #require(try statistics(json, [Self.column("a", type)]).columns[ColumnPath("a")])
    #expect(found.min == low)
    if case .double(let value) = high, value.isNaN {
      guard case .double(let other)? = found.max else { throw NoBound() }
      #expect(other.isNaN)
    } else {
      #expect(found.max == high)
    }
  }

  struct NoBound: Error {}

  @Test("Decimals spelt as doubles, and doubles that were floats, get room for what rounding took")
  func rounding() throws {
    let type = DataType.decimal(precision: 38, scale: 2)
    let json = #"{"minValues":{"a":1234567890123456.7},"maxValues":{"a":1.2345678901234567e15}}"#
    let found = try #require(try statistics(json, [Self.column("a", type)]).columns[ColumnPath("a")])
    guard case .decimal(let low, _, _)? = found.min else { throw NoBound() }
    #expect(low < 123_456_789_012_345_670 && low > 123_456_789_012_345_500)
    let widened = try statistics(
      #"{"minValues":{"a":0.1},"maxValues":{"a":0.1}}"#, [Self.column("a", .double, mayHoldFloats: true)])
    guard case .double(let min)? = widened.columns[ColumnPath("a")]?.min,
      case .double(let max)? = widened.columns[ColumnPath("a")]?.max
    else { throw NoBound() }
    #expect(min < 0.1 && max > Double(Float(0.1)))
  }

  @Test(
    "What makes no sense is unknown",
    arguments: [
      (DataType.integer, "2147483648"), (.integer, "1.5"), (.integer, "\"x\""), (.integer, "null"), (.integer, "{}"),
      (.integer, "[1]"),
      (.date, "\"yesterday\""), (.date, "5"), (.timestamp(), "\"\""), (.double, "\"x\""), (.byte, "300"),
      (.decimal(precision: 3, scale: 1), "1000"), (.binary, "\"x\""), (.array(ArrayType(.long)), "5"),
    ])
  func nonsense(type: DataType, value: String) throws {
    let json = #"{"numRecords":"x","minValues":{"a":\#(value)},"maxValues":{"a":\#(value)},"nullCount":{"a":-1}}"#
    #expect(try statistics(json, [Self.column("a", type)]) == FileStatistics())
  }

  @Test(
    "Damaged text leaves everything unknown",
    arguments: ["", "{", "[]", #"{"numRecords":1,"minValues":{"a":1}"#, #"{"numRecords":1}}"#])
  func damaged(json: String) {
    #expect(FileStatistics(json: json, columns: [Self.column("a", .long)]) == nil || json.hasSuffix("}}"))
  }

  @Test(
    "Wide bounds leave of a null count only none and all",
    arguments: [(0, false, true), (4, true, true), (10, true, false)])
  func wideBounds(nullCount: Int, mayHaveNulls: Bool, mayHaveValues: Bool) throws {
    let columns = [Self.column("a", .long)]
    let json = #"{"numRecords":10,"nullCount":{"a":\#(nullCount)},"tightBounds":false}"#
    let bounds = try #require(try statistics(json, columns).bounds(for: ColumnPath("a")))
    #expect(bounds.mayHaveNulls == mayHaveNulls && bounds.mayHaveValues == mayHaveValues)
    var table = StatisticsTable(columns: columns, count: 1)
    Array(json.utf8).withUnsafeBytes { _ = table.read($0, into: 0) }
    #expect(table.bounds(at: 0, column: 0) == bounds)
  }

  @Test(
    "A text's maximum is the beginning of one",
    arguments: [("abc", "abd"), ("a\u{10FFFF}", "b"), ("\u{D7FF}", "\u{E000}"), ("\u{7F}", "\u{80}")])
  func successors(text: String, expected: String) {
    #expect(StatisticsTable.successor(ofPrefix: text) == expected)
  }

  @Test("Nothing comes after the greatest text")
  func noSuccessor() {
    #expect(
      StatisticsTable.successor(ofPrefix: "\u{10FFFF}\u{10FFFF}") == nil
        && StatisticsTable.successor(ofPrefix: "") == nil)
  }

  @Test("Text with a commit's escapes reads the same")
  func escaped() {
    let columns = [Self.column("a", .string)]
    var table = StatisticsTable(columns: columns, count: 1)
    var scratch: [UInt8] = []
    let json = Array(#"{\"numRecords\":7,\"minValues\":{\"a\":\"x\\\"y\"},\"maxValues\":{\"\u0061\":\"z\"}}"#.utf8)
    #expect(json.withUnsafeBytes { table.read(escaped: $0, into: 0, scratch: &scratch) })
    #expect(
      FileStatistics(table, row: 0).columns[ColumnPath("a")]
        == ColumnStatistics(min: .string("x\"y"), max: .string("z")))
  }

  @Test("A checkpoint's parsed statistics say the same, under null structs nothing")
  func parsed() throws {
    let columns = [Self.column("a", .long), Self.column("s.t", .timestamp()), Self.column("b", .double)]
    func values(_ a: [Int32?], _ t: [Int64?]) -> Column {
      Column(
        fields: [
          ("a", Column(integers: a)),
          ("s", Column(fields: [("t", Column(timestamps: t))], count: 2, validity: Bitmap([true, false]))),
        ], count: 2)
    }
    let stats = Column(
      fields: [
        ("numRecords", Column(longs: [5, 6])), ("tightBounds", Column(booleans: [false, nil])),
        ("minValues", values([1, nil], [1000, 1])), ("maxValues", values([3, 4], [2000, 2])),
        ("nullCount", Column(fields: [("a", Column(longs: [0, 2]))], count: 2)),
      ], count: 2)
    var table = StatisticsTable(columns: columns, count: 3)
    table.read(stats, firstRow: 1)
    #expect(FileStatistics(table, row: 0) == FileStatistics())
    #expect(
      FileStatistics(table, row: 1)
        == FileStatistics(
          numRecords: 5, tightBounds: false,
          columns: [
            ColumnPath("a"): ColumnStatistics(min: .long(1), max: .long(3), nullCount: 0),
            ColumnPath(["s", "t"]): ColumnStatistics(min: .timestamp(1000), max: .timestamp(2999)),
          ]))
    #expect(FileStatistics(table, row: 2).columns == [ColumnPath("a"): ColumnStatistics(max: .long(4), nullCount: 2)])
  }

  @Test(
    "All statistics in the shared logs are understood",
    .enabled(if: SharedLogs.isAvailable, "DELTALAKE_SHARED is not set"))
  func shared() throws {
    var mappings: [String: ColumnMapping] = [:]
    var (texts, bounds) = (0, 0)
    for line in SharedLogs.lines() {
      if let metadata = line["metaData"], let text = metadata["schemaString"]?.stringValue,
        let schema = try? SchemaJSON.parse(text)
      {
        let mode = metadata["configuration"]?.objectValue?["delta.columnMapping.mode"]?.stringValue ?? "none"
        mappings[line.table] = try ColumnMapping(schema: schema, mode: ColumnMapping.Mode(rawValue: mode) ?? .none)
      }
      for kind in ["add", "remove"] {
        guard let text = line[kind]?["stats"]?.stringValue, let mapping = mappings[line.table] else { continue }
        let statistics = try #require(FileStatistics(json: text, columns: StatisticsColumn.leaves(of: mapping)))
        texts += 1
        bounds += statistics.columns.values.count { $0.min != nil && $0.max != nil }
        #expect(statistics.numRecords != nil)
      }
    }
    #expect(texts > 2000 && bounds > 3000)
  }
}
