import Columnar
import Testing

@Suite("Casts")
struct CastingTests {
  /// The extremes of every type.
  static let extremes: [Column] = [
    Column(booleans: [true, false, nil]), Column(bytes: [.min, .max, nil]), Column(shorts: [.min, .max, nil]),
    Column(integers: [.min, .max, nil]), Column(longs: [.min, .max, nil]),
    Column(.unsignedLong, scalars64: [0, .max, 1]), Column(floats: [.nan, -.greatestFiniteMagnitude, nil]),
    Column(doubles: [.infinity, .greatestFiniteMagnitude, -.leastNonzeroMagnitude]),
    Column(decimals: [999_999_999_999_999_999, -1, nil], precision: 18, scale: 18),
    Column(decimals: [.max, .min, nil], precision: 38, scale: 0),
    Column(decimals: [.max, .min, 5], precision: 38, scale: 38),
    Column(strings: ["", "1e999", "-9223372036854775809"]),
    Column(strings: ["2024-02-30", "9999999-12-31 23:59:59.999999999999", "\u{0}"]),
    Column(binaries: [[], [255, 254], nil]), Column(dates: [.min, .max, nil]), Column(timestamps: [.min, .max, nil]),
    Column(.timestamp(.nanoseconds), scalars64: [.max, 1 << 63, 0]),
    Column(.timestampNtz(.milliseconds), scalars64: [.max, 1 << 63, 0]),
    Column(.int96, count: 2, storage: .fixed(Buffer(copying: [UInt32](repeating: .max, count: 6)))),
    Column(.uuid, count: 1, storage: .fixed(Buffer(copying: [UInt8](repeating: 7, count: 16)))),
    Column(codes: [0, nil, 1], values: Column(strings: ["1", "x"])), Column(nulls: 2, of: .null),
  ]

  static let targets: [DataType] = [
    .boolean, .byte, .short, .integer, .long, .unsignedByte, .unsignedShort, .unsignedInteger, .unsignedLong, .float,
    .double,
    .decimal(precision: 1, scale: 1), .decimal(precision: 18, scale: 0), .decimal(precision: 38, scale: 38),
    .decimal(precision: 38, scale: 0),
    .string, .binary, .date, .timestamp(.milliseconds), .timestamp(.microseconds), .timestamp(.nanoseconds),
    .timestampNtz(.microseconds),
    .time(.nanoseconds), .variant, .array(ArrayType(.long)),
  ]

  @Test("No value of any type traps on its way to another", arguments: extremes)
  func hostile(_ column: Column) throws {
    for target in Self.targets {
      guard let cast = try? column.cast(to: target) else { continue }
      #expect(cast.type == target && cast.count == column.count)
      for row in 0..<column.count where column.isNull(row) { #expect(cast.isNull(row)) }
      _ = try? cast.cast(to: .string)
      // One at a time gives the same.
      for row in 0..<column.count {
        #expect(try column.slice(row..<row + 1).cast(to: target) == cast.slice(row..<row + 1))
      }
    }
  }

  @Test("Whole numbers print and are read as they are")
  func digits() throws {
    let longs = Column(longs: [0, -1, 9, 10, -10, 99, 100, .max, .min, nil, 1_000_000_000_000_000_000])
    let text = try longs.cast(to: .string)
    #expect(text.scalar(at: 8) == .string("-9223372036854775808") && text.scalar(at: 3) == .string("10"))
    #expect(try text.cast(to: .long) == longs)
    #expect(try Column(bytes: [.min, nil]).cast(to: .string) == Column(strings: ["-128", nil]))
  }

  @Test(
    "A float is the nearest to what is written, rounded once",
    arguments: [
      // A bit above, at, and a bit below the middle between two floats, all of which are one double.
      ("1.00000005960464477539062500001", 1.0000001), ("1.000000059604644775390625", 1),
      ("1.00000005960464477539062499999", 1), ("-16777217.0000000000001", -16_777_218), (" .5 ", 0.5),
      ("1e39", .infinity),
      ("-Infinity", -.infinity), ("1e-60", 0), ("0x1p3", nil), ("1.5x", nil), ("", nil),
    ] as [(String, Float?)])
  func floats(text: String, value: Float?) throws {
    #expect(try Column(strings: [text, nil]).cast(to: .float) == Column(floats: [value, nil]))
  }

  @Test("Nested columns are cast leaf by leaf")
  func nested() throws {
    let column = Column(
      fields: [("a", Column(lists: [1, nil], of: Column(integers: [7]))), ("b", Column(strings: ["1", "x"]))], count: 2)
    let target = DataType.struct(
      StructType([StructField("a", .array(ArrayType(.long))), StructField("b", .integer)]))
    let expected = Column(
      fields: [("a", Column(lists: [1, nil], of: Column(longs: [7]))), ("b", Column(integers: [1, nil]))], count: 2)
    #expect(try column.cast(to: target) == expected)
  }
}

extension Column {
  /// 64-bit values of any type that is stored so.
  fileprivate init(_ type: DataType, scalars64 values: [UInt64]) {
    self.init(type, count: values.count, storage: .fixed(Buffer(copying: values)))
  }
}
