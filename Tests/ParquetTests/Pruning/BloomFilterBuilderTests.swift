import Testing

@testable import Columnar
@testable import Parquet

/// Spec: Parquet BloomFilter § Technical Approach
@Suite("Making bloom filters")
struct BloomFilterBuilderTests {
  static func filter(_ columns: [Column], distinct: Int = 10_000) throws -> BloomFilter {
    var builder = BloomFilterBuilder(form: try #require(ValueForm(columns[0].type)), distinctCount: distinct)
    for column in columns { builder.insert(try DenseValues(column)) }
    return try #require(BloomFilter(blocks: builder.finished()))
  }

  @Test("The hashes of 4 and of 8 bytes are those of their bytes")
  func hashes() {
    var random = SeededRandom(seed: 1)
    for _ in 0..<100 {
      let value = random.next()
      #expect(XXH64.hash(value) == withUnsafeBytes(of: value) { XXH64.hash($0) })
      let half = UInt32(truncatingIfNeeded: value)
      #expect(XXH64.hash(half) == withUnsafeBytes(of: half) { XXH64.hash($0) })
    }
  }

  @Test("One value sets the eight bits of its block")
  func oneValue() throws {
    var builder = BloomFilterBuilder(form: try #require(ValueForm(.string)), distinctCount: 1)
    builder.insert(try DenseValues(Column(strings: ["a"])))
    let words = builder.finished().values(of: UInt32.self)
    // The lower half of XXH64("a") is A98C6E5B; times each salt, the upper five bits.
    let salts: [UInt32] = [
      0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31,
    ]
    #expect(words == salts.map { 1 << ((0xA98C_6E5B &* $0) >> 27) })
  }

  @Test("Every value is found, whatever its type; few others are")
  func found() throws {
    let rows = 0..<2000
    let columns: [(Column, (Int) -> [UInt8])] = [
      (Column(longs: rows.map { Int64($0) }), { PlainKey.bigEndian(Int128($0), length: 8)?.reversed() ?? [] }),
      (Column(integers: rows.map { Int32($0) }), { PlainKey.bigEndian(Int128($0), length: 4)?.reversed() ?? [] }),
      (Column(strings: rows.map { "value \($0)" }), { Array("value \($0)".utf8) }),
      (
        Column(decimals: rows.map { Int128($0) }, precision: 20, scale: 0),
        { PlainKey.bigEndian(Int128($0), length: 9) ?? [] }
      ),
      (
        Column(codes: rows.map { Int32($0) }, values: Column(strings: (0..<5000).map { "value \($0)" })),
        { Array("value \($0)".utf8) }
      ),
    ]
    for (column, key) in columns {
      let filter = try Self.filter([column.slice(0..<700), column.slice(700..<2000)])
      #expect(rows.allSatisfy { filter.mayContain(key($0)) })
      let wrong = (100_000..<110_000).filter { filter.mayContain(key($0)) }.count
      #expect(wrong < 300)
    }
    let coded = Column(codes: [1], values: Column(strings: ["a", "b"]))
    #expect(try !Self.filter([coded]).mayContain(Array("a".utf8)))
  }

  @Test("A filter is folded to what its values need")
  func folding() throws {
    func size(_ values: Int) throws -> Int {
      var builder = BloomFilterBuilder(form: try #require(ValueForm(.long)), distinctCount: 1_000_000)
      #expect(builder.byteCount == 1 << 20)
      builder.insert(try DenseValues(Column(longs: (0..<values).map { Int64($0) })))
      return builder.finished().count
    }
    #expect(try size(0) == 32)
    #expect(try size(1) == 32)
    // 10.5 bits a value for one percent, rounded up to a power of two.
    #expect(try (1024...2048).contains(size(1000)))
    #expect(try (131_072...262_144).contains(size(100_000)))
  }

  @Test(
    "The rate is that of the specification's table",
    arguments: [(6.0, 0.10), (10.5, 0.01), (16.9, 0.001), (26.4, 0.0001), (41, 0.00001)])
  func rates(_ bitsPerValue: Double, _ expected: Double) {
    let rate = BloomFilterBuilder.rate(valuesPerBlock: 256 / bitsPerValue)
    #expect(rate > expected * 0.85 && rate < expected * 1.15)
  }

  @Test("Sizes have limits")
  func sizes() {
    func count(_ distinct: Int, _ rate: Double = 0.01) -> Int {
      BloomFilterBuilder.blockCount(distinctCount: distinct, falsePositiveRate: rate, maximumByteCount: 1 << 20)
    }
    #expect(count(0) == 1 && count(.max) == 1 << 15)
    #expect(count(26_214) == 2048 && count(26_214, 0.0127) == 1024)
    #expect(BloomFilterBuilder.rate(valuesPerBlock: 0) == 0 && BloomFilterBuilder.rate(valuesPerBlock: 1e9) == 1)
  }

  @Test("Booleans have none")
  func booleans() throws {
    #expect(!BloomFilterBuilder.isFor(try #require(ValueForm(.boolean))))
    #expect(BloomFilterBuilder.isFor(try #require(ValueForm(.uuid))))
  }
}
