import Columnar
import Testing

@testable import DeltaLog

@Suite("Statistics as typed columns")
struct ParsedStatisticsTests {
  private static let type: StructType = {
    let bounds = StructType([StructField("n", .integer), StructField("s", .string), StructField("d", .double)])
    let counts = StructType(bounds.fields.map { StructField($0.name, .long) })
    return StructType([
      StructField("numRecords", .long), StructField("minValues", .struct(bounds)),
      StructField("maxValues", .struct(bounds)), StructField("nullCount", .struct(counts)),
      StructField("tightBounds", .boolean),
    ])
  }()

  private static let texts: [String?] = [
    #"{"numRecords":3,"minValues":{"n":1,"s":"a","d":-0.0},"maxValues":{"n":9,"s":"é","d":2.5},"nullCount":{"n":0,"s":1}}"#,
    nil,
    #"{"numRecords":3,"tightBounds":false,"minValues":{"n":4000000000,"s":"\u00e9\ud83d\ude00"}}"#,
    #"{"numRecords":3,"minValues":{"n":1}"#, "", "null", "[1]", #"{"numRecords":-1,"nullCount":{"n":-5}}"#,
    #"{"numRecords":1,"numRecords":2,"minValues":{"n":5,"n":6}}"#,
  ]

  @Test("A column of texts and the texts themselves give the same, damaged ones too")
  func ways() throws {
    let parsed = ParsedStatistics(Self.type)
    let byTexts = parsed.column(Self.texts)
    let plain = Column(strings: Self.texts)
    let codes = (0..<Int32(Self.texts.count)).map { Self.texts[Int($0)] == nil ? nil : $0 }
    for column in [plain, Column(codes: codes, values: Column(strings: Self.texts.map { $0 ?? "" }))] {
      #expect(parsed.column(try #require(TextLeaf(column)), count: column.count) == byTexts)
    }
    #expect(parsed.column(nil, count: 3) == parsed.column([nil, nil, nil]))
  }

  @Test("Each value is where it belongs")
  func values() throws {
    let column = ParsedStatistics(Self.type).column(Self.texts)
    let row = try #require(StructLeaf(column))
    let minima = try #require(StructLeaf(row["minValues"]))
    let maxima = try #require(StructLeaf(row["maxValues"]))
    #expect(column.validity.map { bits in (0..<bits.count).map { bits[$0] } } == Self.texts.map { $0 != nil })
    #expect(row.number("numRecords", 0) == 3 && row.number("numRecords", 1) == nil)
    #expect(row.boolean("tightBounds", 0) == true && row.boolean("tightBounds", 2) == false)
    #expect(minima["n"]?.scalar(at: 0) == .integer(1) && maxima["n"]?.scalar(at: 0) == .integer(9))
    #expect(minima["d"]?.scalar(at: 0) == .double(-0.0) && maxima["d"]?.scalar(at: 0) == .double(2.5))
    #expect(minima.text("s", 2) == "é😀" && maxima.text("s", 0) == "é")
    #expect(minima["n"]?.scalar(at: 2) == .null)
    // What can't be understood says nothing.
    for damaged in 3...6 {
      #expect(row.number("numRecords", damaged) == nil && minima["n"]?.scalar(at: damaged) == .null)
    }
    #expect(row.number("numRecords", 7) == nil)
    #expect(StructLeaf(row["nullCount"])?.number("n", 7) == nil && StructLeaf(row["nullCount"])?.number("s", 0) == 1)
    #expect(row.number("numRecords", 8) == 2 && minima["n"]?.scalar(at: 8) == .integer(6))
  }
}
