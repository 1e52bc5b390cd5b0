import Columnar
import Testing

@testable import DeltaLog

@Suite("Partition values as typed columns")
struct ParsedPartitionValuesTests {
  private static let type = StructType([StructField("day", .date), StructField("name", .string)])
  /// The second and third names are equal as Unicode.
  private static let maps: [[String: String?]?] = [
    ["day": "2024-02-29", "name": "a"], ["day": nil, "name": "\u{E9}"], ["name": "e\u{301}"], nil,
    ["day": "2024-02-29", "name": ""], ["day": "1970-01-01", "name": "\u{E9}", "other": "x"],
  ]
  private static let days: [Scalar] = [.date(19782), .null, .null, .null, .date(19782), .date(0)]
  private static let names: [[UInt8]?] = [[0x61], [0xC3, 0xA9], [0x65, 0xCC, 0x81], nil, nil, [0xC3, 0xA9]]

  private static func column(_ maps: [[String: String?]?]) -> Column {
    let entries = maps.flatMap { ($0 ?? [:]).sorted { $0.key < $1.key } }
    return Column(
      maps: maps.map { $0?.count }, keys: Column(strings: entries.map(\.key)),
      values: Column(strings: entries.map(\.value)))
  }

  private func check(_ column: Column) throws {
    let fields = try #require(StructLeaf(column))
    let (day, name) = (try #require(fields["day"]), try #require(fields["name"]))
    for row in Self.maps.indices {
      #expect(day.scalar(at: row) == Self.days[row], "row \(row)")
      if case .string(let text) = name.scalar(at: row) {
        #expect(Array(text.utf8) == Self.names[row], "row \(row)")
      } else {
        #expect(Self.names[row] == nil, "row \(row)")
      }
    }
    #expect(column.nullCount == 1)
  }

  @Test("Of dictionaries")
  func dictionaries() throws { try check(try ParsedPartitionValues(Self.type).column(Self.maps)) }

  @Test("Of a column of maps, its texts plain or dictionary-coded", arguments: [false, true])
  func columns(isCoded: Bool) throws {
    var maps = Self.column(Self.maps)
    if isCoded, case .map(let offsets, let keys, let values) = maps.storage {
      let texts = (0..<values.count).map { values.scalar(at: $0) }
      let distinct = Column(strings: texts.map { if case .string(let text) = $0 { text } else { nil } })
      let coded = Column(
        codes: texts.indices.map { texts[$0].isNull ? nil : Int32($0) }, values: distinct)
      maps = Column(
        maps.type, count: maps.count, validity: maps.validity,
        storage: .map(offsets: offsets, keys: keys, values: coded))
    }
    try check(try ParsedPartitionValues(Self.type).column(try #require(TextMapLeaf(maps)), count: Self.maps.count))
  }

  @Test("A text that is no value of the type is an error with the column's name")
  func invalid() {
    for maps in [[["day": "yesterday"]], [["day": "2024-02-29"], ["day": "2024-02-30"]]] as [[[String: String?]?]] {
      let error = #expect(throws: DeltaError.self) {
        try ParsedPartitionValues(Self.type).column(TextMapLeaf(Self.column(maps)), count: maps.count)
      }
      #expect(error?.message.contains("day") == true)
    }
  }
}
