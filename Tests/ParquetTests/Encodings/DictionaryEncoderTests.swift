import Testing

@testable import Columnar
@testable import Parquet

/// Spec: Parquet Encodings § Dictionary Encoding
@Suite("Writing dictionaries")
struct DictionaryEncoderTests {
  struct Coded {
    var codes: [UInt32] = []
    var values: [[UInt8]] = []
    var page: [UInt8] = []
    var coded = 0
    var isStopped = false
    var pays = false
  }

  static func encode(_ columns: [Column], limits: DictionaryLimits = DictionaryLimits()) throws -> Coded {
    var result = Coded()
    let form = try #require(ValueForm(columns[0].type))
    guard var encoder = DictionaryEncoder(form: form, limits: limits) else { return result }
    var codes = EncodingBuffer()
    for column in columns {
      let values = try DenseValues(column)
      let coded = encoder.append(values, codes: &codes)
      #expect(coded == values.count || encoder.isStopped)
      result.coded += coded
    }
    #expect(codes.count == result.coded * 4)
    result.codes = codes.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
    result.values = try encoder.values().bytes
    result.page = encoded { encoder.appendPage(to: &$0) }
    #expect(result.values.count == encoder.count)
    #expect(result.page.count == encoder.byteCount)
    (result.isStopped, result.pays) = (encoder.isStopped, encoder.pays)
    return result
  }

  @Test("Codes are given in the order of first coming, nulls have none")
  func order() throws {
    let numbers = try Self.encode([Column(longs: [7, nil, -3, 7]), Column(longs: [-3, 1 << 40, 7])])
    #expect(numbers.codes == [0, 1, 0, 1, 2, 0])
    #expect(numbers.page == [7, 0, 0, 0, 0, 0, 0, 0, 0xFD, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 1, 0, 0])
    let strings = try Self.encode([Column(strings: ["b", "a", nil, "b", ""]), Column(strings: ["a", ""])])
    #expect(strings.codes == [0, 1, 0, 2, 1, 2])
    #expect(strings.page == [1, 0, 0, 0, 0x62, 1, 0, 0, 0, 0x61, 0, 0, 0, 0])
  }

  @Test("Numbers equal by their bits have one code; zeros of two signs and NaNs keep theirs")
  func floats() throws {
    let result = try Self.encode([Column(doubles: [0, -0.0, .nan, 0, .nan, -0.0])])
    #expect(result.codes == [0, 1, 2, 0, 2, 1])
  }

  @Test("A page of codes is their width and the codes")
  func codePage() {
    var codes = EncodingBuffer()
    for code: UInt32 in [0, 1, 2, 3, 4, 5, 6, 7] { codes.append(littleEndian: code) }
    #expect(
      encoded { DictionaryEncoder.appendCodes(codes, dictionaryCount: 8, to: &$0) } == [
        3, 3, 0b1000_1000, 0b1100_0110, 0b1111_1010,
      ])
    let none = EncodingBuffer()
    #expect(encoded { DictionaryEncoder.appendCodes(none, dictionaryCount: 0, to: &$0) } == [1])
  }

  static func columns(_ seed: UInt64, distinct: Int) -> [[Column]] {
    var random = SeededRandom(seed: seed)
    let numbers = (0..<distinct).map { _ in Int64(bitPattern: random.next()) }
    let strings = numbers.map { String($0, radix: 36).suffix(Int(UInt64(bitPattern: $0) & 31)) }.map { String($0) }
    let low = Int64.random(in: -1000...1000, using: &random)
    let rows = (0..<5).map { _ in
      (0..<Int.random(in: 0...900, using: &random)).map { _ -> Int? in
        UInt8.random(in: 0...19, using: &random) == 0 ? nil : Int.random(in: 0..<distinct, using: &random)
      }
    }
    func pick<Value>(_ values: [Value], _ rows: [Int?]) -> [Value?] { rows.map { $0.map { values[$0] } } }
    return [
      rows.map { Column(longs: pick(numbers, $0)) },
      rows.map { Column(longs: $0.map { $0.map { low + Int64($0) * 3 } }) },
      rows.map { Column(integers: $0.map { $0.map { Int32($0 * 7) - 500 } }) },
      rows.map { Column(integers: pick(numbers.map { Int32(truncatingIfNeeded: $0) }, $0)) },
      rows.map { Column(decimals: pick(numbers.map { Int128($0) << 30 }, $0), precision: 38, scale: 2) },
      rows.map { Column(strings: pick(strings, $0)) },
      rows.map { Column(codes: $0.map { $0.map { Int32($0) } }, values: Column(strings: strings)) },
      rows.map { Column(codes: $0.map { $0.map { Int32($0) } }, values: Column(longs: numbers)) },
      rows.map { rows in
        let bytes = rows.flatMap {
          $0.map { withUnsafeBytes(of: numbers[$0]) { Array($0) + [1, 2, 3, 4] } } ?? [UInt8](repeating: 0, count: 12)
        }
        return Column(
          .int96, count: rows.count, validity: Bitmap(rows.map { $0 != nil }), storage: .fixed(Buffer(copying: bytes)))
      },
    ]
  }

  @Test("Codes stand for the values they were given for", arguments: [1, 2, 7, 300, 2000], 1...3)
  func random(_ distinct: Int, _ seed: UInt64) throws {
    for columns in Self.columns(seed, distinct: distinct) {
      let expected = try columns.flatMap { try DenseValues($0).bytes }
      let result = try Self.encode(columns)
      #expect(result.coded == expected.count && !result.isStopped)
      #expect(result.codes.map { result.values[Int($0)] } == expected)
      #expect(Set(result.values).count == result.values.count)
      var seen = 0
      for code in result.codes where code == seen { seen += 1 }
      #expect(seen == result.values.count)
    }
  }

  @Test("Numbers of a range that grows, moves down, and becomes too large for a table keep their codes")
  func ranges() throws {
    let parts: [[Int64]] = [
      [10, 12, 10], [500, 11], [-400, 500], [200_000, -400], [.max, .min], [10, 500, -400, .min, 0, .max],
    ]
    let expected = parts.flatMap { $0 }
    let result = try Self.encode(parts.map { Column(longs: $0) })
    let bytes = try expected.flatMap { try DenseValues(Column(longs: [$0])).bytes }
    #expect(result.codes.map { result.values[Int($0)] } == bytes)
    #expect(result.values.count == Set(expected).count)
    let edges = try Self.encode([
      Column(integers: [.max, .max - 3]), Column(integers: [.max - 1, .min]), Column(integers: [.min + 1, .max]),
    ])
    #expect(edges.codes == [0, 1, 2, 3, 4, 0])
  }

  @Test("Numbers that come one at a time, up or down, keep their codes", arguments: [1, -1, 7, -7, -1000])
  func single(_ step: Int64) throws {
    let numbers = (0..<600).map { Int64($0 % 300) * step }
    let result = try Self.encode(numbers.map { Column(longs: [$0]) })
    #expect(result.codes == (0..<600).map { UInt32($0 % 300) })
  }

  @Test("Strings around the length that is taken at once keep their codes, wherever they end")
  func lengths() throws {
    let strings = (0..<200).map { String(repeating: "x", count: 20 + $0 % 25) + ($0 % 2 == 0 ? "a" : "b") }
    let columns = (0..<200).map { Column(strings: Array(strings[$0..<min(200, $0 + 3)])) }
    let expected = try columns.flatMap { try DenseValues($0).bytes }
    let result = try Self.encode(columns)
    #expect(result.codes.map { result.values[Int($0)] } == expected)
    #expect(Set(result.values).count == result.values.count)
    // Zeros behind a string make another one.
    let zeros = try Self.encode([Column(binaries: [[1], [1, 0], [], [0], [1], [0, 0]])])
    #expect(zeros.codes == [0, 1, 2, 3, 0, 4])
  }

  @Test("A dictionary that is full stops before the value that is too much")
  func full() throws {
    var limits = DictionaryLimits()
    limits.byteCount = 100
    let numbers = try Self.encode([Column(longs: (0..<50).map { $0 % 20 })], limits: limits)
    #expect(numbers.isStopped && numbers.coded == 12 && numbers.values.count == 12)
    let spread = try Self.encode([Column(longs: (0..<50).map { ($0 % 20) << 40 })], limits: limits)
    #expect(spread.isStopped && spread.coded == 12)
    let strings = try Self.encode([Column(strings: (0..<50).map { "value \($0 % 20)" })], limits: limits)
    #expect(strings.isStopped && strings.coded == 9 && strings.page.count <= 100)
    let coded = try Self.encode(
      [Column(codes: (0..<50).map { Int32($0 % 20) }, values: Column(longs: (0..<20).map { $0 }))], limits: limits)
    #expect(coded.isStopped && coded.coded == 12)
    let wide = try Self.encode([Column(strings: ["a", String(repeating: "x", count: 500), "a"])], limits: limits)
    #expect(wide.isStopped && wide.coded == 1)
  }

  @Test("Different values throughout stop a dictionary soon")
  func unique() throws {
    let numbers = try Self.encode([Column(longs: (0..<20_000).map { $0 &* 0x1E37_79B9_7F4A_7C15 })])
    #expect(numbers.isStopped && numbers.coded == DictionaryLimits.firstCheckpoint)
    let strings = try Self.encode([Column(strings: (0..<20_000).map { "comment number \($0)" })])
    #expect(strings.isStopped && strings.coded == DictionaryLimits.firstCheckpoint)
    let coded = try Self.encode([
      Column(codes: (0..<20_000).map { $0 }, values: Column(longs: (0..<20_000).map { $0 << 20 }))
    ])
    #expect(coded.isStopped && coded.coded == DictionaryLimits.firstCheckpoint)
  }

  @Test("Few values, drawn in any order, keep it")
  func repeated() throws {
    var random = SeededRandom(seed: 5)
    for distinct in [1, 7, 2500, 10_000, 50_000] {
      let numbers = (0..<50_000).map { _ in Int64.random(in: 0..<Int64(distinct), using: &random) }
      #expect(try !Self.encode([Column(longs: numbers)]).isStopped)
      #expect(try !Self.encode([Column(longs: numbers.map { $0 << 30 })]).isStopped)
    }
  }

  @Test("The memory of a dictionary is used again for the next chunk, which starts with code 0")
  func reuse() throws {
    for columns in Self.columns(9, distinct: 50) {
      let values = try columns.map { try DenseValues($0) }
      guard var encoder = DictionaryEncoder(form: values[0].form) else { continue }
      var first = EncodingBuffer()
      for part in values { _ = encoder.append(part, codes: &first) }
      encoder.removeAll()
      #expect(encoder.count == 0)
      var second = EncodingBuffer()
      for part in values { _ = encoder.append(part, codes: &second) }
      #expect(first.withUnsafeBytes { Array($0) } == second.withUnsafeBytes { Array($0) })
    }
  }

  @Test("Booleans have no dictionary")
  func booleans() throws {
    let encoder = DictionaryEncoder(form: try #require(ValueForm(.boolean)))
    let isThere = encoder != nil
    #expect(!isThere)
  }

  @Test("A chunk of few rows pays when values repeat")
  func pays() throws {
    #expect(try !Self.encode([Column(longs: [1, 2, 3])]).pays)
    #expect(try Self.encode([Column(longs: [1, 1, 1])]).pays)
    #expect(try Self.encode([Column(strings: ["aaaa", "aaaa"])]).pays)
    #expect(try !Self.encode([Column(strings: ["aaaa", "b"])]).pays)
    #expect(try Self.encode([Column(codes: [0, 0, 0, 1], values: Column(strings: ["aaaa", "b"]))]).pays)
  }
}

@Suite("Whether a dictionary pays")
struct DictionaryLimitsTests {
  static func progress(_ values: Int, _ half: Int, _ distinct: Int, width: Int = 8) -> DictionaryLimits.Progress {
    DictionaryLimits.Progress(
      valueCount: values, distinctCount: distinct, distinctCountAtHalf: half, dictionaryByteCount: distinct * width,
      plainByteCount: values * width)
  }

  @Test(
    "Values drawn at random from a set show how large it is: 1, 10 thousand, 50 thousand, 200 thousand, endless",
    arguments: [(1, 1, true), (3361, 5592, true), (3933, 7556, true), (4056, 8026, false), (4096, 8192, false)])
  func random(_ half: Int, _ distinct: Int, _ isWorthwhile: Bool) {
    var limits = DictionaryLimits()
    limits.byteCount = 1 << 20
    #expect(limits.areWorthwhile(Self.progress(8192, half, distinct)) == isWorthwhile)
    // 200 thousand of 8 bytes fit into 2 MiB.
    limits.byteCount = 2 << 20
    #expect(limits.areWorthwhile(Self.progress(8192, half, distinct)) == (distinct < 8192))
  }

  @Test("Sorted values that come a few times each go on coming")
  func sorted() {
    var limits = DictionaryLimits()
    #expect(!limits.areWorthwhile(Self.progress(8192, 1024, 2048)))
    // A smaller chunk has a smaller dictionary.
    limits.expectedValueCount = 100_000
    #expect(limits.areWorthwhile(Self.progress(8192, 500, 1000)))
    // Four of each are no runs.
    #expect(!limits.areWorthwhile(Self.progress(8192, 1024, 2048)))
  }

  @Test("Codes nearly as wide as the values don't pay")
  func narrow() {
    var limits = DictionaryLimits()
    limits.expectedValueCount = 8192
    #expect(!limits.areWorthwhile(Self.progress(8192, 3500, 6500, width: 4)))
    #expect(limits.areWorthwhile(Self.progress(8192, 400, 500, width: 4)))
  }
}
