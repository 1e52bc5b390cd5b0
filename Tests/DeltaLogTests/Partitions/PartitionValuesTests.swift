import Columnar
import DeltaLog
import Testing

@Suite("Partition values")
struct PartitionValuesTests {
  @Test(
    "Each type reads the log's spellings",
    arguments: [
      ("x y", DataType.string, Scalar.string("x y")), ("true", .boolean, .boolean(true)),
      ("False", .boolean, .boolean(false)), ("-128", .byte, .byte(-128)), ("7", .short, .short(7)),
      ("-2147483648", .integer, .integer(.min)), ("9223372036854775807", .long, .long(.max)),
      ("1.5", .float, .float(1.5)), ("-0.1", .double, .double(-0.1)), ("1.0E10", .double, .double(1e10)),
      ("Infinity", .double, .double(.infinity)), ("-Infinity", .float, .float(-.infinity)),
      ("1000000000000000", .double, .double(1e15)),
      ("12.5", .decimal(precision: 7, scale: 2), .decimal(1250, precision: 7, scale: 2)),
      ("0E-18", .decimal(precision: 38, scale: 18), .decimal(0, precision: 38, scale: 18)),
      ("-1.2E+3", .decimal(precision: 5, scale: 0), .decimal(-1200, precision: 5, scale: 0)),
      ("1.500", .decimal(precision: 3, scale: 1), .decimal(15, precision: 3, scale: 1)),
      ("1970-01-01", .date, .date(0)), ("2020-02-29", .date, .date(18321)), ("0001-01-01", .date, .date(-719162)),
      ("2021-4-5", .date, .date(18722)), ("+10000-01-01", .date, .date(2_932_897)),
      ("1970-01-01 00:00:00", .timestamp(), .timestamp(0)),
      ("1970-01-01 00:00:00.123456", .timestamp(), .timestamp(123_456)),
      ("1970-01-01T00:00:00.123456Z", .timestamp(), .timestamp(123_456)),
      ("1970-01-01T01:00:00.5+01:00", .timestamp(), .timestamp(500_000)),
      ("1969-12-31 18:00-0600", .timestamp(), .timestamp(0)),
      ("1969-12-31 23:59:59.999999", .timestamp(), .timestamp(-1)),
      ("1970-01-02", .timestamp(), .timestamp(86_400_000_000)),
      ("2020-02-29 12:34:56.7891239", .timestampNtz(), .timestampNtz(1_582_979_696_789_123)),
      (#"\u0001\u00ff"#, .binary, .binary([1, 255])), ("\u{1}é", .binary, .binary([1, 0xC3, 0xA9])),
    ])
  func values(text: String, type: DataType, expected: Scalar) throws {
    #expect(try PartitionValues.scalar(text, of: type, column: "p") == expected)
  }

  @Test("NaN is a value")
  func nan() throws {
    guard case .double(let value) = try PartitionValues.scalar("NaN", of: .double, column: "p") else {
      Issue.record("no double")
      return
    }
    #expect(value.isNaN)
  }

  @Test("Nothing and the empty string are null", arguments: [DataType.string, .long, .binary, .date])
  func nulls(type: DataType) throws {
    #expect(try PartitionValues.scalar(nil, of: type, column: "p") == .null)
    #expect(try PartitionValues.scalar("", of: type, column: "p") == .null)
  }

  @Test(
    "What is no value of the type names column and text",
    arguments: [
      ("x", DataType.long), ("1.0", .integer), ("128", .byte), ("yes", .boolean), ("0x10", .double), ("1,5", .float),
      ("1.25", .decimal(precision: 5, scale: 1)), ("1000", .decimal(precision: 3, scale: 0)),
      ("1e99999999999", .decimal(precision: 3, scale: 0)),
      (".", .decimal(precision: 3, scale: 0)), ("2023-02-29", .date), ("2023-13-01", .date), ("99999999-01-01", .date),
      ("1970-01-01 24:00:00", .timestamp()), ("1970-01-01 00:00:00 Europe/Oslo", .timestamp()),
      ("9999999-01-01 00:00:00", .timestamp()), ("1970-01-01T00:00:00+02:00", .timestampNtz()),
      ("1", .array(ArrayType(.long))),
      ("99999999999999999999999999999999999999999", .decimal(precision: 38, scale: 0)),
    ])
  func errors(text: String, type: DataType) {
    let error = #expect(throws: DeltaError.self) { try PartitionValues.scalar(text, of: type, column: "p") }
    #expect(error?.code == .corruptLog)
    #expect(error?.message.contains("`p`") == true && error?.message.contains("\"\(text)\"") == true)
  }

  @Test(
    "Text and value are the same thing twice",
    arguments: [
      (Scalar.timestamp(-1), "1969-12-31T23:59:59.999999Z", DataType.timestamp()),
      (.timestampNtz(123_456), "1970-01-01 00:00:00.123456", .timestampNtz()), (.date(-719_529), "-0001-12-31", .date),
      (.date(2_932_897), "+10000-01-01", .date),
      (.decimal(-5, precision: 4, scale: 2), "-0.05", .decimal(precision: 4, scale: 2)),
      (.boolean(true), "true", .boolean),
      (.double(-.infinity), "-Infinity", .double), (.float(0.1), "0.1", .float),
      (.binary([0xFF, 1]), #"\u00FF\u0001"#, .binary),
      (.binary([0x41]), "A", .binary), (.short(-3), "-3", .short), (.string("ü/"), "ü/", .string),
    ])
  func roundTrips(value: Scalar, text: String, type: DataType) throws {
    #expect(PartitionValues.text(for: value) == text)
    if text.hasPrefix("-0001") { return }
    #expect(try PartitionValues.scalar(text, of: type, column: "p") == value)
  }

  @Test("A value fills a column of its type")
  func columns() throws {
    let longs = Column(repeating: .long(7), count: 3, of: .long)
    guard case .fixed(let buffer) = longs.storage else { throw NotStoredAsExpected() }
    #expect(buffer.values(of: Int64.self) == [7, 7, 7])
    let strings = Column(repeating: .string("ab"), count: 2, of: .string)
    guard case .dictionary(let codes, let values) = strings.storage else { throw NotStoredAsExpected() }
    #expect(codes.values(of: Int32.self) == [0, 0] && values.count == 1)
    let wide = Column(repeating: .decimal(-1, precision: 38, scale: 2), count: 2, of: .decimal(precision: 38, scale: 2))
    guard case .fixed(let decimals) = wide.storage else { throw NotStoredAsExpected() }
    #expect(decimals.values(of: Int128.self) == [-1, -1])
    #expect(Column(repeating: .null, count: 4, of: .date).nullCount == 4)
    #expect(Column(repeating: .boolean(true), count: 9, of: .boolean).nullCount == 0)
    #expect(Column(repeating: .string("x"), count: 0, of: .string).count == 0)
  }

  struct NotStoredAsExpected: Error {}

  @Test("A file's values come in the columns' order, absent ones as null")
  func files() throws {
    let scalars = try PartitionValues.scalars(
      ["b": "1", "a": nil], of: [StructField("a", .string), StructField("b", .long), StructField("c", .date)])
    #expect(scalars == [.null, .long(1), .null])
  }
}
