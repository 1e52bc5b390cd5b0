import Columnar
import DeltaLog
import Testing

@Suite("Store assignment")
struct StoreAssignmentTests {
  static func decimal(_ precision: Int, _ scale: Int) -> DataType { .decimal(precision: precision, scale: scale) }

  @Test(
    "Values fit a wider type, are checked for a narrower one, and strings fit nothing else",
    arguments: [
      (DataType.integer, DataType.long, StoreAssignment.Conversion.total), (.long, .integer, .exact),
      (.byte, .byte, .total), (.unsignedByte, .short, .total), (.unsignedByte, .byte, .exact),
      (.unsignedLong, .long, .exact), (.unsignedLong, decimal(20, 0), .total), (.long, decimal(20, 0), .total),
      (.long, decimal(19, 0), .total), (.long, decimal(18, 0), .exact), (.integer, decimal(12, 2), .total),
      (.integer, decimal(11, 2), .exact), (.byte, .float, .total), (.long, .double, .total), (.float, .double, .total),
      (.float16, .float, .total), (.double, .float, .rounding), (.double, .long, .exact),
      (.float, decimal(10, 2), .rounding), (decimal(10, 2), decimal(12, 2), .total),
      (decimal(10, 2), decimal(12, 4), .total), (decimal(10, 2), decimal(12, 5), .exact),
      (decimal(10, 2), decimal(12, 1), .exact), (decimal(10, 2), .long, .exact), (decimal(38, 0), .double, .total),
      (decimal(39, 0), .double, nil), (decimal(10, 0), .string, .total), (.integer, .string, .total),
      (.boolean, .string, .total), (.date, .string, .total), (.timestamp(), .string, .total), (.uuid, .string, .total),
      (.uuid, .binary, .total), (.fixedBinary(length: 3), .binary, .total), (.binary, .string, nil),
      (.string, .binary, nil), (.string, .integer, nil), (.string, .date, nil), (.boolean, .integer, nil),
      (.integer, .boolean, nil), (.date, .timestamp(), .exact), (.date, .timestampNtz(), .exact),
      (.timestamp(), .date, .exact), (.timestamp(), .timestampNtz(), .total), (.timestampNtz(), .timestamp(), .total),
      (.timestamp(.nanoseconds), .timestamp(), .exact), (.int96, .timestamp(), .total), (.date, .integer, nil),
      (.integer, .date, nil), (.long, .timestamp(), nil), (.timestamp(), .long, nil),
      (.time(.microseconds), .long, nil),
      (.interval, .string, nil), (.null, .variant, .total), (.variant, .string, nil), (.string, .variant, nil),
      (.integer, .null, nil), (.integer, .unsignedLong, nil), (.integer, decimal(39, 0), nil),
    ] as [(DataType, DataType, StoreAssignment.Conversion?)])
  func conversions(old: DataType, new: DataType, expected: StoreAssignment.Conversion?) {
    #expect(StoreAssignment.conversion(from: old, to: new) == expected)
  }

  @Test("Types that only a Parquet file has are stored as the narrowest that holds them")
  func storing() throws {
    let incoming = StructType([
      StructField("a", .unsignedByte, isNullable: false, metadata: ["parquet.field.id": .long(3)]),
      StructField("b", .unsignedLong), StructField("c", .timestampNtz(.nanoseconds)), StructField("d", .uuid),
      StructField("e", .array(ArrayType(.struct(StructType([StructField("f", .float16, isNullable: false)]))))),
      StructField("g", .map(MapType(key: .int96, value: .fixedBinary(length: 2), valueContainsNull: false))),
      StructField("h", .long, metadata: ["comment": .string("kept")]),
    ])
    let stored = try TableDefinition.storing(incoming)
    #expect(
      stored
        == StructType([
          StructField("a", .short), StructField("b", Self.decimal(20, 0)), StructField("c", .timestampNtz()),
          StructField("d", .string),
          StructField("e", .array(ArrayType(.struct(StructType([StructField("f", .float)]))))),
          StructField("g", .map(MapType(key: .timestamp(), value: .binary))),
          StructField("h", .long, metadata: ["comment": .string("kept")]),
        ]))
    let error = #expect(throws: DeltaError.self) {
      try TableDefinition.storing(
        StructType([StructField("s", .struct(StructType([StructField("t", .time(.microseconds))])))]))
    }
    #expect(error?.code == .schemaMismatch)
    #expect(error?.message.contains("Column `s.t` is of type TIME(6)") == true, "\(error?.message ?? "")")
  }
}
