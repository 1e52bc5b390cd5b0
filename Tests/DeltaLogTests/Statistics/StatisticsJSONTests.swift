import Columnar
import Testing

@testable import DeltaLog

@Suite("Statistics text") struct StatisticsJSONTests {
  static func selection(
    _ fields: [StructField], _ configuration: [String: String] = [:], partitionedBy partition: [String] = [],
    clusteredBy clustering: [ColumnPath] = []
  ) throws -> StatisticsSelection {
    StatisticsSelection(
      try ColumnMapping(schema: StructType(fields), mode: .none), partitionColumns: partition,
      properties: TableProperties(configuration), clusteringColumns: clustering)
  }

  static let nested = [
    StructField("a", .long),
    StructField(
      "s",
      .struct(
        StructType([
          StructField("x", .string), StructField("t", .struct(StructType([StructField("y", .double)]))),
          StructField("list", .array(ArrayType(.long))),
        ]))),
    StructField("b", .binary), StructField("z", .boolean), StructField("p", .integer),
  ]

  @Test("Nested leaves are nested, lists have a null count alone, binary and booleans no bounds")
  func structure() throws {
    let selection = try Self.selection(Self.nested, partitionedBy: ["P"])
    #expect(selection.leaves.map { $0.path.names.joined(separator: ".") } == ["a", "s.x", "s.t.y", "s.list", "b", "z"])
    let text = StatisticsJSON.text(
      rowCount: 3, selection,
      [
        DataLeafStatistics(nullCount: 0, min: .long(.min), max: .long(.max)),
        DataLeafStatistics(nullCount: 1, min: .string("a\"b"), max: .string("ü")),
        DataLeafStatistics(nullCount: 2, min: .double(0.5), max: .double(0.5)), DataLeafStatistics(nullCount: 3),
        DataLeafStatistics(nullCount: 0, min: .binary([1]), max: .binary([2])),
        DataLeafStatistics(nullCount: 0, min: .boolean(false), max: .boolean(true)),
      ], tightBounds: true)
    #expect(
      text == """
        {"numRecords":3,"minValues":{"a":-9223372036854775808,"s":{"x":"a\\"b","t":{"y":0.5}}},\
        "maxValues":{"a":9223372036854775807,"s":{"x":"ü","t":{"y":0.5}}},\
        "nullCount":{"a":0,"s":{"x":1,"t":{"y":2},"list":3},"b":0,"z":0},"tightBounds":true}
        """)
  }

  @Test("What is not known is left out, and so is all that would be empty")
  func empty() throws {
    let selection = try Self.selection(Self.nested)
    let nothing = [DataLeafStatistics?](repeating: nil, count: 7)
    #expect(StatisticsJSON.text(rowCount: 0, selection, nothing) == #"{"numRecords":0}"#)
    var one = nothing
    one[2] = DataLeafStatistics(nullCount: 5)
    #expect(
      StatisticsJSON.text(rowCount: 5, selection, one) == #"{"numRecords":5,"nullCount":{"s":{"t":{"y":5}}}}"#)
    #expect(StatisticsJSON.text(rowCount: 9, try Self.selection([]), []) == #"{"numRecords":9}"#)
  }

  private func bounds(_ type: DataType, _ min: Scalar, _ max: Scalar, nanCount: Int64 = 0) throws -> String {
    StatisticsJSON.text(
      rowCount: 1, try Self.selection([StructField("c", type)]),
      [DataLeafStatistics(min: min, max: max, nanCount: nanCount)])
  }

  static let types: [(DataType, Scalar, Scalar, String)] = [
    (.byte, .byte(-128), .byte(127), #""minValues":{"c":-128},"maxValues":{"c":127}"#),
    (.short, .short(-1), .short(1), #""minValues":{"c":-1},"maxValues":{"c":1}"#),
    (.integer, .integer(.min), .integer(0), #""minValues":{"c":-2147483648},"maxValues":{"c":0}"#),
    (
      .decimal(precision: 38, scale: 2),
      .decimal(Int128("-99999999999999999999999999999999999999") ?? 0, precision: 38, scale: 2),
      .decimal(5, precision: 38, scale: 2),
      #""minValues":{"c":-999999999999999999999999999999999999.99},"maxValues":{"c":0.05}"#
    ),
    (.date, .date(0), .date(19_782), #""minValues":{"c":"1970-01-01"},"maxValues":{"c":"2024-02-29"}"#),
    (.date, .date(-719_162), .date(2_932_896), #""minValues":{"c":"0001-01-01"},"maxValues":{"c":"9999-12-31"}"#),
    (.date, .date(-719_163), .date(2_932_897), ""),
    (
      .timestamp(), .timestamp(1_000), .timestamp(1_709_208_000_123_456),
      #""minValues":{"c":"1970-01-01T00:00:00.001Z"},"maxValues":{"c":"2024-02-29T12:00:00.123456Z"}"#
    ),
    (
      .timestamp(), .timestamp(-1), .timestamp(-1000),
      #""minValues":{"c":"1969-12-31T23:59:59.999999Z"},"maxValues":{"c":"1969-12-31T23:59:59.999Z"}"#
    ),
    (
      .timestampNtz(), .timestampNtz(0), .timestampNtz(999),
      #""minValues":{"c":"1970-01-01T00:00:00.000"},"maxValues":{"c":"1970-01-01T00:00:00.000999"}"#
    ),
    (.timestamp(), .timestamp(.min), .timestamp(.max), ""),
    (
      .float, .float(0.1), .float(1e30),
      #""minValues":{"c":0.1},"maxValues":{"c":1.0000000150474662e+30}"#
    ),
    (.double, .double(-.infinity), .double(.infinity), ""),
    (.double, .double(0), .double(-0.0), #""minValues":{"c":-0.0},"maxValues":{"c":0.0}"#),
    (.string, .string(""), .string(""), #""minValues":{"c":""},"maxValues":{"c":""}"#),
  ]

  @Test("Bounds are spelt so that every reader takes them for what they are", arguments: types)
  func spelling(_ type: DataType, _ min: Scalar, _ max: Scalar, _ expected: String) throws {
    #expect(try bounds(type, min, max) == #"{"numRecords":1"# + (expected.isEmpty ? "" : ",") + expected + "}")
  }

  @Test("Beside NaN there is no maximum, and the minimum is that of the other values")
  func notANumber() throws {
    #expect(try bounds(.double, .double(1), .double(2), nanCount: 1) == #"{"numRecords":1,"minValues":{"c":1.0}}"#)
    #expect(try bounds(.float, .float(.nan), .float(.nan), nanCount: 0) == #"{"numRecords":1}"#)
  }

  static let longTexts: [(text: String, length: Int, lower: String?, upper: String?)] = [
    ("abc", 3, "abc", "abc"), ("abcd", 3, "abc", "abc\u{7F}"), ("", 0, "", ""), ("a", 0, nil, nil),
    ("abc\u{7F}x", 3, "abc", "abc\u{10FFFF}"), ("abcé", 3, "abc", "abc\u{10FFFF}"),
    ("ab😀d", 3, "ab😀", "ab😀\u{7F}"), ("e\u{301}e\u{301}", 1, "e", "e\u{10FFFF}"),
    ("a\u{10FFFF}b", 1, "a", "a\u{10FFFF}\u{7F}"), ("a\u{10FFFF}", 1, "a", "a\u{10FFFF}"),
    ("a\u{10FFFF}\u{10FFFF}b", 1, "a", nil),
    (
      String(repeating: "z", count: 40), 32, String(repeating: "z", count: 32),
      String(repeating: "z", count: 32) + "\u{7F}"
    ),
  ]

  @Test("Texts cut off still bound the whole text", arguments: longTexts)
  func texts(_ text: String, _ length: Int, _ lower: String?, _ upper: String?) {
    #expect(TextBound.lower(text, length) == lower)
    #expect(TextBound.upper(text, length) == upper)
    func isOrdered(_ a: String, _ b: String) -> Bool { !b.utf8.lexicographicallyPrecedes(a.utf8) }
    if let lower { #expect(isOrdered(lower, text)) }
    if let upper { #expect(isOrdered(text, upper)) }
  }

  @Test("Random texts are bounded by what is kept of them")
  func randomTexts() {
    let alphabet: [Unicode.Scalar] = ["a", "\u{7E}", "\u{7F}", "\u{80}", "é", "\u{FFFF}", "😀", "\u{10FFFF}"]
    for _ in 0..<2000 {
      var text = ""
      for _ in 0..<Int.random(in: 0...8) { text.unicodeScalars.append(alphabet.randomElement() ?? "a") }
      let length = Int.random(in: 1...4)
      let lower = TextBound.lower(text, length)
      #expect(lower.map { !text.utf8.lexicographicallyPrecedes($0.utf8) } == true)
      if let upper = TextBound.upper(text, length) { #expect(!upper.utf8.lexicographicallyPrecedes(text.utf8)) }
    }
  }

  static let selections: [(configuration: [String: String], clustering: [ColumnPath], names: [String])] = [
    ([:], [], ["a", "s.x", "s.t.y", "s.list", "b", "z", "p"]),
    (["delta.dataSkippingNumIndexedCols": "3"], [], ["a", "s.x", "s.t.y"]),
    (["delta.dataSkippingNumIndexedCols": "0"], [], []),
    (["delta.dataSkippingNumIndexedCols": "-1"], [], ["a", "s.x", "s.t.y", "s.list", "b", "z", "p"]),
    (
      ["delta.dataSkippingNumIndexedCols": "1"], [ColumnPath(["s", "t", "y"]), ColumnPath(["p"])], ["a", "s.t.y", "p"]
    ),
    (["delta.dataSkippingStatsColumns": "P, s.T"], [], ["s.t.y", "p"]),
    (["delta.dataSkippingStatsColumns": "`s`"], [ColumnPath(["a"])], ["a", "s.x", "s.t.y", "s.list"]),
    (["delta.dataSkippingStatsColumns": "", "delta.dataSkippingNumIndexedCols": "5"], [], []),
    (["delta.dataSkippingStatsColumns": "no such"], [], ["a", "s.x", "s.t.y", "s.list", "b", "z", "p"]),
  ]

  @Test("The first columns have statistics, or those that the properties name", arguments: selections)
  func selected(_ configuration: [String: String], _ clustering: [ColumnPath], _ names: [String]) throws {
    let selection = try Self.selection(Self.nested, configuration, clusteredBy: clustering)
    #expect(selection.leaves.map { $0.path.names.joined(separator: ".") } == names)
  }

  @Test("By default 32 leaves count")
  func many() throws {
    let fields = (0..<40).map { StructField("c\($0)", .long) }
    #expect(try Self.selection(fields).leaves.count == 32)
    #expect(try Self.selection(fields, partitionedBy: ["c0", "c1"]).leaves.map(\.path.names[0]).last == "c33")
  }

  @Test("Under column mapping statistics go by physical names")
  func mapped() throws {
    func field(_ name: String, _ physical: String, _ type: DataType) -> StructField {
      StructField(name, type, metadata: [ColumnMapping.nameKey: .string(physical)])
    }
    let schema = StructType([field("s", "col-1", .struct(StructType([field("x", "col-2", .long)])))])
    let selection = StatisticsSelection(
      try ColumnMapping(schema: schema, mode: .name), partitionColumns: [],
      properties: TableProperties(["delta.dataSkippingStatsColumns": "s.x"]))
    let text = StatisticsJSON.text(
      rowCount: 1, selection, [DataLeafStatistics(nullCount: 0, min: .long(1), max: .long(1))])
    #expect(
      text
        == #"{"numRecords":1,"minValues":{"col-1":{"col-2":1}},"maxValues":{"col-1":{"col-2":1}},"nullCount":{"col-1":{"col-2":0}}}"#
    )
  }

  @Test(
    "Columns that can't have statistics are refused",
    arguments: [
      ([["a"], ["A"]], "twice"), ([["p"]], "partition column"), ([["aa"]], "Did you mean a?"),
      ([["a", "b"]], "no column"),
      ([["s", "nope"]], "'s.nope', which is no column"),
    ])
  func checked(_ paths: [[String]], _ reason: String) throws {
    let error = #expect(throws: DeltaError.self) {
      try StatisticsSelection.check(paths, in: StructType(Self.nested), partitionColumns: ["p"])
    }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    try StatisticsSelection.check([["S", "T"], ["a"]], in: StructType(Self.nested), partitionColumns: ["p"])
  }

  @Test("What is written is read back as bounds that hold", arguments: types)
  func readBack(_ type: DataType, _ min: Scalar, _ max: Scalar, _ expected: String) throws {
    let path = ColumnPath(["c"])
    let column = StatisticsColumn(path: path, physicalPath: path, type: type)
    let statistics = try #require(FileStatistics(json: try bounds(type, min, max), columns: [column]))
    guard !expected.isEmpty else { return #expect(statistics.columns[path]?.min == nil) }
    #expect(statistics.columns[path]?.min != nil && statistics.columns[path]?.max != nil)
    for value in [min, max] {
      let predicate = ColumnPredicate(.comparison(.equal, .column(path), .literal(value)))
      #expect(DataSkipping.mayMatch(predicate, partitionValues: [:], statistics: statistics), "\(value)")
    }
  }
}

@Suite("Wide bounds") struct WideBoundsTests {
  @Test(
    "Statistics of a file that rows are deleted from keep what still holds, to the letter",
    arguments: [
      (
        #"{"numRecords":4,"minValues":{"d":12345678901234567890.10},"maxValues":{"d":1e2},"nullCount":{"d":0,"s":{"x":4}},"tightBounds":true}"#,
        0,
        #"{"numRecords":4,"minValues":{"d":12345678901234567890.10},"maxValues":{"d":1e2},"nullCount":{"d":0,"s":{"x":4}},"tightBounds":false}"#
      ),
      // Two rows were gone and the other two are null: now the count must be that of the file.
      (
        #"{"numRecords":4,"nullCount":{"d":2,"e":1,"s":{"x":2}}}"#, 2,
        #"{"numRecords":4,"nullCount":{"d":4,"e":1,"s":{"x":4}},"tightBounds":false}"#
      ),
      (
        #"{"numRecords":4,"nullCount":{"d":2},"tightBounds":false}"#, 2,
        #"{"numRecords":4,"nullCount":{"d":2},"tightBounds":false}"#
      ),
      (#"{"foreign":{"a":[1,2.50]}}"#, 0, #"{"numRecords":4,"foreign":{"a":[1,2.50]},"tightBounds":false}"#),
      ("not JSON", 0, #"{"numRecords":4,"tightBounds":false}"#),
      (#"{"minValues":{"#, 0, #"{"numRecords":4,"tightBounds":false}"#),
      (nil, 0, #"{"numRecords":4,"tightBounds":false}"#),
    ] as [(String?, Int64, String)])
  func wide(_ stats: String?, _ deletedBefore: Int64, _ expected: String) {
    #expect(StatisticsJSON.wide(stats, rowCount: 4, deletedBefore: deletedBefore) == expected)
  }

  @Test("Bounds of floats hold for the value and for the digits that it is printed with")
  func floats() throws {
    let selection = try StatisticsJSONTests.selection([StructField("f", .float)])
    for value: Float in [
      0.1, -0.1, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1.1, 16_777_217, .leastNonzeroMagnitude,
    ] {
      let text = StatisticsJSON.text(
        rowCount: 1, selection, [DataLeafStatistics(nullCount: 0, min: .float(value), max: .float(value))])
      let bounds = text.split(separator: #""f":"#).dropFirst().prefix(2).map { $0.prefix { $0 != "}" } }
      let low = try #require(Double(bounds[0]))
      let high = try #require(Double(bounds[1]))
      let printed = try #require(Double(value.description))
      #expect(low <= min(Double(value), printed) && max(Double(value), printed) <= high)
      #expect(Float(bounds[0]) == value && Float(bounds[1]) == value)
    }
  }
}
