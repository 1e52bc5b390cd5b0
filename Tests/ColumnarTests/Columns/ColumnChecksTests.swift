import Columnar
import Testing

@Suite("Checks of columns")
struct ColumnChecksTests {
  static func bits(_ bitmap: Bitmap?) -> String {
    bitmap.map { bitmap in (0..<bitmap.count).map { bitmap[$0] ? "1" : "0" }.joined() } ?? "-"
  }

  static func found(_ rows: [FlaggedRows]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: rows.map { ($0.path.names.joined(separator: "."), bits($0.rows)) })
  }

  @Test("Nulls are found where none may be, and only where the struct around them is there")
  func nulls() throws {
    let type = StructType([
      StructField("x", .long, isNullable: false),
      StructField("l", .array(ArrayType(.long, containsNull: false))),
      StructField(
        "m", .map(MapType(key: .string, value: .struct(StructType([StructField("y", .long, isNullable: false)]))))),
    ])
    let inner = Column(fields: [("y", Column(longs: [1, nil, nil]))], count: 3, validity: Bitmap([true, true, false]))
    let column = try #require(
      Column(
        fields: [
          ("x", Column(longs: [1, nil, nil, 4])),
          ("l", Column(lists: [2, 1, 1, nil], of: Column(longs: [1, nil, 3, nil]))),
          ("m", Column(maps: [1, 0, 1, 1], keys: Column(strings: ["a", "b", "c"]), values: inner)),
        ], count: 4, validity: Bitmap([true, true, false, true])
      ).relabeled(as: .struct(type)))
    #expect(
      Self.found(column.forbiddenNulls(isNullable: false, at: ["s"])) == [
        "s": "0010", "s.x": "0100", "s.l.element": "1000",
      ])
    #expect(Self.found(column.forbiddenNulls(isNullable: true, at: ["s"])) == ["s.x": "0100", "s.l.element": "1000"])
    #expect(Self.found(column.slice(3..<4).forbiddenNulls(isNullable: false, at: ["s"])) == [:])
    #expect(Column(longs: [1, 2]).forbiddenNulls(isNullable: false, at: ["a"]).isEmpty)
    #expect(Self.found(Column(nulls: 2, of: .null).forbiddenNulls(isNullable: false, at: ["v"])) == ["v": "11"])
  }

  /// Strings of any bytes, which only a reader can bring about.
  static func text(_ rows: [[UInt8]?]) throws -> Column {
    let bytes = Column(binaries: rows)
    return Column(.string, count: bytes.count, validity: bytes.validity, storage: bytes.storage)
  }

  @Test("Strings that are not UTF-8 are found, also when their bytes together would be")
  func text() throws {
    let good = try Self.text([Array("é".utf8), nil, [], Array("日本".utf8)])
    #expect(good.unstorableValues(at: ["s"]).isEmpty)
    #expect(Self.found(try Self.text([[0xC3], [0xA9], [0x61]]).unstorableValues(at: ["s"])) == ["s": "110"])
    #expect(
      Self.found(try Self.text([[0x61], [0xFF], nil, [0xED, 0xA0, 0x80]]).unstorableValues(at: ["s"])) == ["s": "0101"])
    #expect(
      Self.found(
        Column(codes: [1, 0, nil, 1], values: try Self.text([[0x61], [0xC0, 0x80]])).unstorableValues(at: ["s"])) == [
          "s": "1001"
        ])
    let list = Column(lists: [1, 2, nil, 1], of: try Self.text([[0x61], [0x62], [0x80], [0x63]]))
    #expect(Self.found(list.unstorableValues(at: ["l"])) == ["l.element": "0100"])
    // What is under a null does not count.
    let masked = try Self.text([[0xFF], [0x61]])
    #expect(
      Column(.string, count: 2, validity: Bitmap([false, true]), storage: masked.storage).unstorableValues(at: ["s"])
        .isEmpty)
  }

  @Test("Decimals of more digits than their type has are found")
  func decimals() throws {
    let values = Column(longs: [99_999, 100_000, nil, -99_999, -100_000])
    let narrow = Column(.decimal(precision: 5, scale: 2), count: 5, validity: values.validity, storage: values.storage)
    #expect(Self.found(narrow.unstorableValues(at: ["d"])) == ["d": "01001"])
    let wide = Column(decimals: [1, 2], precision: 38, scale: 0)
    #expect(wide.unstorableValues(at: ["d"]).isEmpty)
    let tooWide = Column(
      .decimal(precision: 20, scale: 0), count: 2,
      storage: Column(decimals: [100_000_000_000_000_000_000, 5], precision: 38, scale: 0).storage)
    #expect(Self.found(tooWide.unstorableValues(at: ["d"])) == ["d": "10"])
  }

  @Test("Strings are filled up, cut by blanks alone, and found too long")
  func lengths() throws {
    let column = Column(strings: ["ab", nil, "abcd  ", "åäöü", "abcde"])
    let (padded, long) = try column.limited(to: 4, isPadded: true)
    #expect(padded == Column(strings: ["ab  ", nil, "abcd", "åäöü", "abcde"]))
    #expect(Self.bits(long) == "00001")
    let (cut, alsoLong) = try column.limited(to: 4, isPadded: false)
    #expect(cut == Column(strings: ["ab", nil, "abcd", "åäöü", "abcde"]))
    #expect(Self.bits(alsoLong) == "00001")
    let (coded, codedLong) = try Column(codes: [1, nil, 0], values: Column(strings: ["ab", "abcdef"])).limited(
      to: 3, isPadded: true)
    #expect(coded == Column(strings: ["abcdef", nil, "ab "]))
    #expect(Self.bits(codedLong) == "100")
    #expect(try Column(strings: []).limited(to: 1, isPadded: true).tooLong == nil)
  }

  @Test(
    "Values without a counterpart are flagged",
    arguments: [
      (Column(longs: [1, 300, nil, -129]), DataType.byte, true, "0101"),
      (Column(doubles: [1, 1.5, nil, .nan]), .long, true, "0101"),
      (Column(doubles: [1, 1e300, .infinity, nil]), .float, false, "0100"),
      (Column(doubles: [0.125, 1000, .nan, nil]), .decimal(precision: 4, scale: 2), false, "0110"),
      (
        Column(decimals: [150, 155, nil, 9990], precision: 4, scale: 2), .decimal(precision: 3, scale: 1), true, "0100"
      ),
      (Column(decimals: [100, 150, 99_900, nil], precision: 5, scale: 2), .byte, true, "0110"),
      (Column(timestamps: [0, 86_400_000_001, nil, -86_400_000_000]), .date, true, "0100"),
      (Column(dates: [0, .max, nil, .min]), .timestamp(), true, "0101"),
      (Column(codes: [0, 1, nil, 1], values: Column(longs: [5, 500])), .byte, true, "0101"),
      (Column(longs: [1, 2, nil, 3]), .double, true, "-"),
      (Column(nulls: 3, of: .null), .long, true, "-"), (Column(longs: [9_007_199_254_740_993]), .string, true, "-"),
    ] as [(Column, DataType, Bool, String)])
  func converting(column: Column, type: DataType, exactly: Bool, expected: String) throws {
    let (result, failed) = try column.converting(to: type, exactly: exactly)
    #expect(result.type == type && result.count == column.count)
    #expect(Self.bits(failed) == expected)
  }

  @Test("Nanoseconds that microseconds can't hold are flagged")
  func nanoseconds() throws {
    let column = Column(
      .timestamp(.nanoseconds), count: 3, storage: .fixed(Buffer(copying: [1000, 1001, -1000] as [Int64])))
    let (result, failed) = try column.converting(to: .timestamp(), exactly: true)
    #expect(Self.bits(failed) == "010")
    #expect(result.scalar(at: 2) == .timestamp(-1))
  }
}
