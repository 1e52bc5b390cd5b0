import Testing

@testable import Columnar
@testable import Parquet

/// Spec: Parquet thrift § Statistics; Parquet thrift § ColumnOrder
@Suite("Statistics of values while they are written")
struct ValueStatisticsTests {
  static func statistics(_ columns: [Column]) throws -> ValueStatistics {
    let form = try #require(ValueForm(columns[0].type))
    var all = ValueStatistics(form)
    for column in columns {
      var part = ValueStatistics(form)
      part.update(try DenseValues(column))
      part.nullCount = column.nullCount
      all.merge(part)
    }
    return all
  }

  static func bounds(_ columns: Column...) throws -> [[UInt8]]? {
    try statistics(columns).plainBounds.map { [$0.min, $0.max] }
  }

  static func scalars(_ columns: Column...) throws -> [Scalar]? {
    try statistics(columns).scalars(of: columns[0].type).map { [$0.min, $0.max] }
  }

  @Test("Numbers compare with their signs, or without where they have none")
  func numbers() throws {
    #expect(try Self.scalars(Column(longs: [3, nil, -7, 12]), Column(longs: [.max])) == [.long(-7), .long(.max)])
    #expect(try Self.bounds(Column(integers: [-1, 1])) == [[255, 255, 255, 255], [1, 0, 0, 0]])
    #expect(try Self.scalars(Column(bytes: [-128, 127, 3])) == [.byte(-128), .byte(127)])
    #expect(try Self.scalars(Column(shorts: [5])) == [.short(5), .short(5)])
    #expect(try Self.scalars(Column(dates: [-5, 19_000])) == [.date(-5), .date(19_000)])
    let unsigned = Column(.unsignedInteger, count: 3, storage: .fixed(Buffer(copying: [7, .max, 9] as [UInt32])))
    #expect(try Self.scalars(unsigned) == [.long(7), .long(4_294_967_295)])
    #expect(try Self.bounds(unsigned) == [[7, 0, 0, 0], [255, 255, 255, 255]])
    let small = Column(.unsignedByte, count: 2, storage: .fixed(Buffer(copying: [200, 7] as [UInt8])))
    #expect(try Self.scalars(small) == [.integer(7), .integer(200)])
    let long = Column(.unsignedLong, count: 2, storage: .fixed(Buffer(copying: [.max, 1] as [UInt64])))
    #expect(try Self.scalars(long) == [.unsignedLong(1), .unsignedLong(.max)])
  }

  @Test("Decimals compare by value, at every width")
  func decimals() throws {
    for precision in [5, 15, 38] {
      #expect(
        try Self.scalars(Column(decimals: [-1, nil, 2500], precision: precision, scale: 2)) == [
          .decimal(-1, precision: precision, scale: 2), .decimal(2500, precision: precision, scale: 2),
        ])
    }
    #expect(
      try Self.bounds(Column(decimals: [-2, 258], precision: 19, scale: 0)) == [
        [UInt8](repeating: 255, count: 8) + [254], [0, 0, 0, 0, 0, 0, 0, 1, 2],
      ])
  }

  @Test(
    "NaNs are counted and are no bounds; of zeros the lower is negative, the upper positive", arguments: [1, 3, 20])
  func floats(_ repetitions: Int) throws {
    func column(_ values: [Double]) -> Column {
      Column(doubles: (0..<repetitions).flatMap { _ in values.map { Optional($0) } })
    }
    func narrow(_ values: [Float]) -> Column {
      Column(floats: (0..<repetitions).flatMap { _ in values.map { Optional($0) } })
    }
    let mixed = try Self.statistics([column([2, .nan, -1.5])])
    #expect(mixed.scalars(of: .double)?.min == .double(-1.5) && mixed.scalars(of: .double)?.max == .double(2))
    #expect(mixed.nanCount == repetitions && mixed.valueCount == 3 * repetitions)
    #expect(try Self.statistics([narrow([.nan, 2, -1.5, .nan])]).nanCount == 2 * repetitions)
    #expect(try Self.bounds(narrow([.nan, 2, -1.5])) == [[0, 0, 0xC0, 0xBF], [0, 0, 0, 0x40]])
    // Only the bits tell the zeros apart.
    let negativeZero: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0x80]
    let zero = [UInt8](repeating: 0, count: 8)
    #expect(try Self.bounds(column([0])) == [negativeZero, zero])
    #expect(try Self.bounds(column([-0.0])) == [negativeZero, zero])
    #expect(try Self.bounds(narrow([0])) == [[0, 0, 0, 0x80], [0, 0, 0, 0]])
    #expect(try Self.scalars(column([.infinity, -.infinity, 0])) == [.double(-.infinity), .double(.infinity)])
    let none = try Self.statistics([column([.nan])])
    #expect(none.extremes == nil && none.nanCount == repetitions && none.plainBounds == nil)
  }

  @Test("Halves compare by value and are stored as halves")
  func halves() throws {
    // 1, -2, NaN, the least one above zero, infinity.
    let halves: [UInt16] = [0x3C00, 0xC000, 0x7E00, 0x0001, 0x7C00]
    let column = Column(.float16, count: 5, storage: .fixed(Buffer(copying: halves)))
    #expect(try Self.bounds(column) == [[0, 0xC0], [0, 0x7C]])
    #expect(try Self.statistics([column]).nanCount == 1)
    for bits in stride(from: UInt16(0), through: .max, by: 7) where bits & 0x7C00 != 0x7C00 || bits & 0x3FF == 0 {
      #expect(HalfFloat.bits(HalfFloat.value(bits)) == bits)
    }
  }

  @Test("Strings compare byte by byte, without signs; a beginning is less than what it begins")
  func strings() throws {
    #expect(try Self.scalars(Column(strings: ["b", "a", nil, "é", "abc"])) == [.string("a"), .string("é")])
    #expect(try Self.bounds(Column(binaries: [[0x7F], [0xFF], [0x80]])) == [[0x7F], [0xFF]])
    #expect(try Self.bounds(Column(binaries: [[1, 0], [1], [1, 0, 0]])) == [[1], [1, 0, 0]])
    #expect(try Self.bounds(Column(strings: ["", "x"])) == [[], [0x78]])
    #expect(try Self.scalars(Column(strings: ["b"]), Column(strings: ["a", "c"])) == [.string("a"), .string("c")])
    let long = "the same long beginning "
    #expect(
      try Self.scalars(Column(strings: ["2", "1", "3", "2", ""].map { long + $0 })) == [
        .string(long), .string(long + "3"),
      ])
  }

  @Test("Bytes of one length compare like strings")
  func fixed() throws {
    var bytes = (0..<48).map { (index: Int) in UInt8(index % 16) }
    (bytes[31], bytes[47]) = (0xFF, 1)
    let column = Column(.uuid, count: 3, storage: .fixed(Buffer(copying: bytes)))
    #expect(try Self.bounds(column) == [Array(bytes[32..<48]), Array(bytes[16..<32])])
  }

  @Test("Booleans: false before true")
  func booleans() throws {
    #expect(try Self.scalars(Column(booleans: [true, nil, true])) == [.boolean(true), .boolean(true)])
    #expect(try Self.scalars(Column(booleans: [true]), Column(booleans: [false])) == [.boolean(false), .boolean(true)])
    #expect(try Self.bounds(Column(booleans: [false, false])) == [[0], [0]])
  }

  @Test("Of coded values only those that occur count")
  func coded() throws {
    let words = Column(strings: ["a", "m", "q", "z"])
    #expect(try Self.scalars(Column(codes: [1, nil, 2, 1], values: words)) == [.string("m"), .string("q")])
    #expect(try Self.scalars(Column(codes: [2, 1], values: Column(longs: [-9, 4, 3, 9]))) == [.long(3), .long(4)])
    let doubles = try Self.statistics([Column(codes: [0, 0, 1, nil], values: Column(doubles: [.nan, 5, 7]))])
    #expect(doubles.nanCount == 2 && doubles.valueCount == 3)
    #expect(doubles.scalars(of: .double)?.max == .double(5))
  }

  @Test("Nothing has no bounds, and types without order none either; their values are counted")
  func none() throws {
    let empty = try Self.statistics([Column(longs: []), Column(longs: [nil, nil])])
    #expect(empty.extremes == nil && empty.valueCount == 0 && empty.nullCount == 2)
    #expect(empty.scalars(of: .long) == nil)
    let int96 = Column(.int96, count: 1, storage: .fixed(Buffer(zeroed: 12)))
    #expect(try Self.statistics([int96]).extremes == nil)
    #expect(try Self.statistics([int96]).valueCount == 1)
  }

  @Test("Timestamps are given in microseconds, where whole ones say it")
  func timestamps() throws {
    #expect(try Self.scalars(Column(timestamps: [5, -5])) == [.timestamp(-5), .timestamp(5)])
    let form = try #require(ValueForm(.timestamp(.nanoseconds)))
    var statistics = ValueStatistics(form)
    let column = Column(
      .timestamp(.nanoseconds), count: 2, storage: .fixed(Buffer(copying: [1_001, 2_000] as [Int64])))
    statistics.update(try DenseValues(column))
    #expect(statistics.scalars(of: column.type) == nil)
    let milliseconds = Column(
      .timestampNtz(.milliseconds), count: 2, storage: .fixed(Buffer(copying: [-3, 7] as [Int64])))
    #expect(try Self.scalars(milliseconds) == [.timestampNtz(-3000), .timestampNtz(7000)])
  }

  @Test("Bounds are those of a plain search, for any values", arguments: 1...8)
  func random(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let count = Int.random(in: 1...300, using: &random)
    let longs = (0..<count).map { _ in Int64(bitPattern: random.next()) >> 20 }
    #expect(
      try Self.scalars(Column(longs: longs)) == [.long(longs.min() ?? 0), .long(longs.max() ?? 0)])
    let strings = longs.map { (long: Int64) -> [UInt8] in
      Array(String(long.magnitude, radix: 4).utf8.prefix(Int(long & 15)))
    }
    let sorted = strings.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(try Self.bounds(Column(binaries: strings)) == [sorted[0], sorted[count - 1]])
    let doubles = longs.map { $0 % 9 == 0 ? Double.nan : Double($0) / 7 }
    let numbers = doubles.filter { !$0.isNaN }
    let statistics = try Self.statistics([Column(doubles: doubles)])
    #expect(statistics.nanCount == count - numbers.count)
    #expect(statistics.scalars(of: .double)?.min == numbers.min().map { .double($0) })
    #expect(statistics.scalars(of: .double)?.max == numbers.max().map { .double($0) })
  }
}

@Suite("Bounds cut short")
struct BoundTruncationTests {
  static func lower(_ text: String, _ limit: Int) -> String {
    String(decoding: BoundTruncation.lower(Array(text.utf8), to: limit, isUTF8: true), as: UTF8.self)
  }
  static func upper(_ text: String, _ limit: Int) -> String? {
    BoundTruncation.upper(Array(text.utf8), to: limit, isUTF8: true).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("Short bounds stay")
  func short() {
    #expect(Self.lower("abc", 3) == "abc" && Self.upper("abc", 3) == "abc")
    #expect(BoundTruncation.upper([255], to: 1, isUTF8: false) == [255])
  }

  @Test("Characters stay whole, and the last one is raised")
  func text() {
    #expect(Self.lower("abcd", 3) == "abc" && Self.upper("abcd", 3) == "abd")
    #expect(Self.lower("aéz", 2) == "a" && Self.upper("aéz", 2) == "b")
    #expect(Self.lower("aéz", 3) == "aé" && Self.upper("aéz", 3) == "aê")
    // Behind the last character of one byte comes one of two, and there are none between D7FF and E000.
    #expect(Self.upper("a\u{7F}z", 2) == "a\u{80}")
    #expect(Self.upper("\u{D7FF}z", 3) == "\u{E000}")
    #expect(Self.upper("a\u{10FFFF}z", 5) == "b")
    #expect(Self.upper("\u{10FFFF}z", 4) == nil)
    #expect(Self.upper("é", 1) == nil && Self.lower("é", 1) == "")
  }

  @Test("Bytes are raised where they can be")
  func bytes() {
    #expect(BoundTruncation.lower([1, 2, 3], to: 2, isUTF8: false) == [1, 2])
    #expect(BoundTruncation.upper([1, 2, 3], to: 2, isUTF8: false) == [1, 3])
    #expect(BoundTruncation.upper([1, 255, 3], to: 2, isUTF8: false) == [2])
    #expect(BoundTruncation.upper([255, 255, 3], to: 2, isUTF8: false) == nil)
  }

  @Test(
    "Bytes that are no UTF-8 don't trap",
    arguments: [[0x80, 0x80, 0x80], [0xFF, 0xFF, 0xFF], [0xC3, 0x28, 0xF5]] as [[UInt8]])
  func invalid(_ bytes: [UInt8]) {
    for limit in 0...2 {
      #expect(BoundTruncation.lower(bytes, to: limit, isUTF8: true).count <= limit)
      _ = BoundTruncation.upper(bytes, to: limit, isUTF8: true)
    }
  }
}
