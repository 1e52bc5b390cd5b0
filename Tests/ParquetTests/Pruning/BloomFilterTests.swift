import Columnar
import Testing

@testable import Parquet

@Suite("Bloom filters")
struct BloomFilterTests {
  @Test(
    "XXH64 gives the values of its authors",
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64)])
  func hash(_ text: String, _ expected: UInt64) {
    #expect(XXH64.hash(Array(text.utf8)) == expected)
  }

  @Test("Blocks are chosen by the upper half of the hash, bits by the lower")
  func blocks() throws {
    // The second of two blocks has the bits of the hash's lower half, 1: the salts' upper five bits.
    let words: [UInt32] = [8, 8, 17, 20, 14, 5, 19, 11].map { 1 << $0 }
    let buffer = Buffer(copying: [UInt32](repeating: 0, count: 8) + words)
    let filter = try #require(BloomFilter(blocks: buffer))
    #expect(filter.mayContain(hash: 0x8000_0000_0000_0001))
    #expect(filter.mayContain(hash: 0xFFFF_FFFF_0000_0001))
    #expect(!filter.mayContain(hash: 0x7FFF_FFFF_0000_0001))
    #expect(!filter.mayContain(hash: 0x8000_0000_0000_0002))
    #expect(BloomFilter(blocks: buffer.slice(0..<31)) == nil && BloomFilter(blocks: buffer.slice(0..<0)) == nil)
    #expect(BloomFilter(blocks: buffer.slice(0..<40)) == nil)
  }

  @Test("Values have the bytes that the column would have stored, or none when that is not sure")
  func keys() throws {
    func keys(_ value: Scalar, _ tree: Tree) throws -> [[UInt8]]? {
      PlainKey.keys(of: value, in: try Tree.schema(tree).leaves[0])
    }
    #expect(try keys(.long(258), .leaf("x", .int32)) == [[2, 1, 0, 0]])
    #expect(try keys(.long(1 << 40), .leaf("x", .int32)) == nil)
    #expect(try keys(.long(0xFFFF_FFFF), .leaf("x", .int32, converted: .uint32)) == [[255, 255, 255, 255]])
    #expect(try keys(.integer(0), .leaf("x", .double)) == nil)
    #expect(try keys(.double(0), .leaf("x", .double))?.count == 2)
    #expect(try keys(.double(0.1), .leaf("x", .float)) == nil)
    #expect(try keys(.double(.nan), .leaf("x", .double)) == nil)
    #expect(try keys(.timestamp(5_000), .leaf("x", .int64, converted: .timestampMillis)) == [[5, 0, 0, 0, 0, 0, 0, 0]])
    #expect(try keys(.timestamp(5_001), .leaf("x", .int64, converted: .timestampMillis)) == nil)
    let nanos = LogicalType.timestamp(isAdjustedToUTC: true, unit: .nanoseconds)
    #expect(try keys(.timestamp(5_000), .leaf("x", .int64, logical: nanos)) == nil)
    let decimal = LogicalType.decimal(precision: 5, scale: 2)
    let fixed = Tree.leaf("x", .fixedLengthByteArray, logical: decimal, length: 3)
    #expect(try keys(.decimal(-15, precision: 3, scale: 1), fixed) == [[0xFF, 0xFF, 0x6A]])
    #expect(try keys(.integer(100_000), fixed) == nil)
    #expect(try keys(.integer(1), .leaf("x", .byteArray, logical: decimal)) == nil)
    let wide = Tree.leaf("x", .fixedLengthByteArray, logical: decimal, length: 20)
    #expect(try keys(.integer(-1), wide) == [[UInt8](repeating: 0xFF, count: 19) + [0x9C]])
  }
}
