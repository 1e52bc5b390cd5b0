import Testing

@testable import Columnar
@testable import Parquet

/// Spec: Parquet Encodings § Plain; Parquet Encodings § Delta-length byte array; Parquet Encodings § Delta Strings
@Suite("Encoding values")
struct ValueEncoderTests {
  /// A page of a column's values, given in two parts.
  static func page(_ column: Column, _ encoding: Encoding) throws -> [UInt8] {
    guard let form = ValueForm(column.type) else { return [] }
    var encoder = try ValueEncoder(encoding, form: form)
    let middle = column.count / 3
    for rows in [0..<middle, middle..<column.count] {
      let values = try DenseValues(column, rows: rows, present: column.validity, form: form)
      try encoder.append(values)
    }
    #expect(encoder.count == column.count - column.nullCount)
    return encoded { encoder.finish(into: &$0) }
  }

  @Test("PLAIN numbers are their little-endian bytes; nulls have none")
  func plainNumbers() throws {
    #expect(try Self.page(Column(integers: [1, nil, -2]), .plain) == [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF])
    #expect(try Self.page(Column(longs: [nil, 258]), .plain) == [2, 1, 0, 0, 0, 0, 0, 0])
    #expect(try Self.page(Column(floats: [1.5]), .plain) == [0, 0, 0xC0, 0x3F])
    #expect(try Self.page(Column(doubles: [-2]), .plain) == [0, 0, 0, 0, 0, 0, 0, 0xC0])
    #expect(try Self.page(Column(dates: [nil, nil]), .plain) == [])
  }

  @Test("Small integers are INT32, with their signs or without")
  func plainSmall() throws {
    #expect(try Self.page(Column(bytes: [-1, nil, 5]), .plain) == [0xFF, 0xFF, 0xFF, 0xFF, 5, 0, 0, 0])
    #expect(try Self.page(Column(shorts: [-2]), .plain) == [0xFE, 0xFF, 0xFF, 0xFF])
    let unsigned = Column(.unsignedByte, count: 1, storage: .fixed(Buffer(copying: [0xFF] as [UInt8])))
    #expect(try Self.page(unsigned, .plain) == [0xFF, 0, 0, 0])
    let short = Column(.unsignedShort, count: 1, storage: .fixed(Buffer(copying: [0xFFFE] as [UInt16])))
    #expect(try Self.page(short, .plain) == [0xFE, 0xFF, 0, 0])
  }

  @Test("Decimals are INT32 up to 9 digits, INT64 up to 18, and big-endian bytes beyond, as few as there need be")
  func plainDecimals() throws {
    #expect(
      try Self.page(Column(decimals: [-1, nil, 7], precision: 9, scale: 2), .plain) == [255, 255, 255, 255, 7, 0, 0, 0])
    #expect(try Self.page(Column(decimals: [3], precision: 10, scale: 2), .plain) == [3, 0, 0, 0, 0, 0, 0, 0])
    #expect(
      try Self.page(Column(decimals: [-2, 258], precision: 19, scale: 0), .plain)
        == [UInt8](repeating: 0xFF, count: 8) + [0xFE] + [0, 0, 0, 0, 0, 0, 0, 1, 2])
    let widest: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999
    #expect(
      try Self.page(Column(decimals: [widest], precision: 38, scale: 0), .plain)
        == [0x4B, 0x3B, 0x4C, 0xA8, 0x5A, 0x86, 0xC4, 0x7A, 0x09, 0x8A, 0x22, 0x3F, 0xFF, 0xFF, 0xFF, 0xFF])
    #expect([1, 2, 3, 9, 18, 19, 20, 38].map { ValueForm.decimalLength(precision: $0) } == [1, 1, 2, 4, 8, 9, 9, 16])
  }

  @Test("A decimal beyond its type's digits is refused, not cut")
  func decimalTooLarge() {
    let column = Column(
      .decimal(precision: 5, scale: 0), count: 1, storage: .fixed(Buffer(copying: [Int64(1) << 40])))
    #expect { try DenseValues(column) } throws: { ($0 as? ParquetError)?.code == .invalidValue }
  }

  @Test("PLAIN booleans are bits across parts and nulls")
  func plainBooleans() throws {
    let bits: [Bool?] = [true, nil, false, true, true, nil, false, false, true, true, true]
    #expect(try Self.page(Column(booleans: bits), .plain) == [0b1100_1101, 0b1])
    #expect(try Self.page(Column(booleans: [true, false, true]), .plain) == [0b101])
    #expect(try Self.page(Column(booleans: [nil]), .plain) == [])
  }

  @Test("Booleans as runs have their length before them")
  func booleanRuns() throws {
    #expect(
      try Self.page(Column(booleans: [Bool?](repeating: true, count: 100)), .runLength) == [3, 0, 0, 0, 0xC8, 1, 1])
    #expect(try Self.page(Column(booleans: [true, nil, false]), .runLength) == [2, 0, 0, 0, 3, 1])
  }

  @Test("PLAIN strings have their lengths before them; nulls have none, whatever bytes they have")
  func plainStrings() throws {
    let expected: [UInt8] = [3, 0, 0, 0, 0x61, 0x62, 0x63, 0, 0, 0, 0, 1, 0, 0, 0, 0x7A]
    #expect(try Self.page(Column(strings: ["abc", nil, "", "z"]), .plain) == expected)
    // The null stands on bytes of its own.
    let hidden = Column(
      .string, count: 4, validity: Bitmap([true, false, true, true]),
      storage: .bytes(
        offsets: Buffer(copying: [1, 4, 9, 9, 10] as [Int32]), data: Buffer(copying: Array("-abcHELLOz".utf8))))
    #expect(try Self.page(hidden, .plain) == expected)
    let long = String(repeating: "x", count: 40)
    #expect(
      try Self.page(Column(strings: [long, "y"]), .plain) == [40, 0, 0, 0] + Array(long.utf8) + [1, 0, 0, 0, 0x79])
  }

  @Test("A coded column is written as its values")
  func coded() throws {
    let strings = Column(codes: [1, 0, nil, 1], values: Column(strings: ["b", "aa"]))
    for encoding in [Encoding.plain, .deltaLengthByteArray, .deltaByteArray] {
      #expect(try Self.page(strings, encoding) == Self.page(Column(strings: ["aa", "b", nil, "aa"]), encoding))
    }
    let longs = Column(codes: [1, 0, nil, 1], values: Column(longs: [5, 7]))
    for encoding in [Encoding.plain, .deltaBinaryPacked, .byteStreamSplit] {
      #expect(try Self.page(longs, encoding) == Self.page(Column(longs: [7, 5, nil, 7]), encoding))
    }
    let decimals = Column(codes: [1, 0], values: Column(decimals: [1, -1], precision: 20, scale: 0))
    #expect(try Self.page(decimals, .plain) == Self.page(Column(decimals: [-1, 1], precision: 20, scale: 0), .plain))
  }

  @Test("Codes outside of their dictionary are refused")
  func codesOutside() {
    let column = Column(
      .long, count: 2, storage: .dictionary(codes: Buffer(copying: [0, 2] as [Int32]), values: Column(longs: [1, 2])))
    #expect { try DenseValues(column) } throws: { ($0 as? ParquetError)?.code == .schemaMismatch }
    let negative = Column(
      .long, count: 1, storage: .dictionary(codes: Buffer(copying: [-1] as [Int32]), values: Column(longs: [1, 2])))
    #expect { try DenseValues(negative) } throws: { ($0 as? ParquetError)?.code == .schemaMismatch }
  }

  @Test("The specification's example of delta lengths")
  func deltaLengths() throws {
    let column = Column(strings: ["Hello", nil, "World", "Foobar", "ABCDEF"])
    // Deltas 0, 1, 0 from 5 on, the least being 0, in one bit each.
    #expect(
      try Self.page(column, .deltaLengthByteArray)
        == [0x80, 1, 4, 4, 10, 0, 1, 0, 0, 0, 0b010, 0, 0, 0] + Array("HelloWorldFoobarABCDEF".utf8))
    #expect(try Self.page(Column(strings: [nil]), .deltaLengthByteArray) == [0x80, 1, 4, 0, 0])
  }

  @Test("The specification's example of delta strings")
  func deltaStrings() throws {
    let column = Column(strings: ["axis", "axle", "babble", "babyhood"])
    // Prefixes 0, 2, 0, 3: deltas 2, -2, 3 over -2 are 4, 0, 5. Suffixes 4, 2, 6, 5: deltas -2, 4, -1 over -2: 0, 6, 1.
    let prefixes: [UInt8] =
      [0x80, 1, 4, 4, 0, 3, 3, 0, 0, 0, 0b0100_0100, 0b0000_0001] + [UInt8](repeating: 0, count: 10)
    let suffixes: [UInt8] = [0x80, 1, 4, 4, 8, 3, 3, 0, 0, 0, 0b0111_0000, 0] + [UInt8](repeating: 0, count: 10)
    #expect(try Self.page(column, .deltaByteArray) == prefixes + suffixes + Array("axislebabbleyhood".utf8))
  }

  @Test("Byte streams are split over all parts of a page")
  func streams() throws {
    #expect(
      try Self.page(Column(integers: [0x0403_0201, nil, 0x1413_1211]), .byteStreamSplit)
        == [1, 0x11, 2, 0x12, 3, 0x13, 4, 0x14])
    // Wide decimals: of their bytes in the file.
    #expect(
      try Self.page(Column(decimals: [1, -1], precision: 19, scale: 0), .byteStreamSplit)
        == [0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 1, 0xFF])
  }

  @Test("Encodings that are not for a type are refused by name")
  func unsupported() throws {
    for (type, encoding) in [
      (.string, .deltaBinaryPacked), (.long, .deltaByteArray), (.double, .deltaBinaryPacked),
      (.boolean, .byteStreamSplit),
      (.integer, .runLength), (.string, .byteStreamSplit), (.long, Encoding(rawValue: 99)), (.string, .bitPacked),
    ] as [(DataType, Encoding)] {
      let form = try #require(ValueForm(type))
      #expect {
        _ = try ValueEncoder(encoding, form: form)
      } throws: {
        ($0 as? ParquetError)?.code == .unsupported && "\($0)".contains("\(encoding)")
      }
    }
    #expect(ValueForm(.array(ArrayType(.long))) == nil)
  }

  @Test("A void column has no values")
  func void() throws {
    #expect(try DenseValues(Column(nulls: 5, of: .null)).count == 0)
    #expect(try Self.page(Column(nulls: 5, of: .null), .plain) == [])
  }
}

@Suite("Values without nulls between them")
struct DenseValuesTests {
  static func validity(_ count: Int, _ density: Double, _ random: inout SeededRandom) -> [Bool] {
    (0..<count).map { _ in Double.random(in: 0..<1, using: &random) < density }
  }

  @Test("Rows without a value are left out, wherever the range starts", arguments: [0, 0.02, 0.3, 0.9, 0.999, 1])
  func compaction(_ density: Double) throws {
    var random = SeededRandom(seed: UInt64(density * 1000))
    let count = 700
    let valid = Self.validity(count, density, &random)
    let numbers = (0..<count).map { Int64(truncatingIfNeeded: random.next() >> 40) + Int64($0) << 32 }
    let strings = numbers.map { String($0, radix: 36).suffix(Int($0 & 15)) }
    func optional<Value>(_ values: [Value]) -> [Value?] { zip(values, valid).map { $1 ? $0 : nil } }
    let columns = [
      Column(longs: optional(numbers)), Column(integers: optional(numbers.map { Int32(truncatingIfNeeded: $0) })),
      Column(strings: optional(strings.map { String($0) })), Column(booleans: optional(numbers.map { $0 & 4 == 0 })),
      Column(decimals: optional(numbers.map { Int128($0) << 20 }), precision: 38, scale: 3),
      Column(codes: optional(numbers.map { Int32($0 & 7) }), values: Column(longs: [1, 2, 3, 4, 5, 6, 7, 8])),
      Column(codes: optional(numbers.map { Int32($0 & 3) }), values: Column(strings: ["a", "", "ccc", "dd"])),
      Column(
        .int96, count: count, validity: density == 1 ? nil : Bitmap(valid),
        storage: .fixed(Buffer(copying: (0..<count * 3).map { Int32($0) }))),
    ]
    for rows in [0..<count, 0..<64, 64..<128, 3..<693, 17..<18, 5..<5, 640..<700] {
      let expected = rows.filter { valid[$0] }
      for column in columns {
        let dense = try DenseValues(column, rows: rows)
        #expect(dense.count == expected.count)
        let all = try DenseValues(column, present: nil, form: dense.form).bytes
        #expect(try dense.bytes == expected.map { all[$0] })
        if dense.count > 2 {
          #expect(try dense.slice(1..<dense.count - 1).bytes == expected[1..<expected.count - 1].map { all[$0] })
        }
      }
    }
  }

  @Test("Nothing is copied where every row has a value")
  func sharing() throws {
    let column = Column(longs: [1, 2, 3])
    guard case .fixed(let values) = column.storage,
      case .fixed(let dense) = try DenseValues(column, rows: 1..<3).storage
    else {
      Issue.record("not fixed")
      return
    }
    #expect(dense.pointer == values.pointer + 8)
  }

  @Test("A column of another storage than its type has is refused")
  func otherStorage() {
    let column = Column(.string, count: 1, storage: .fixed(Buffer(zeroed: 8)))
    #expect { try DenseValues(column) } throws: { ($0 as? ParquetError)?.code == .schemaMismatch }
  }
}
