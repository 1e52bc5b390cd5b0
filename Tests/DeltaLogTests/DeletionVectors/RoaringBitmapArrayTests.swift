import Columnar
import Testing

@testable import DeltaLog

@Suite("Roaring bitmap arrays")
struct RoaringBitmapArrayTests {
  static let examples: [[Int64]] = [
    [], [0], [65_535, 65_536], Array(0..<5000), Array(stride(from: 1, to: 20_000, by: 2)),
    Array(60_000..<66_636) + [1 << 33, 1 << 33 + 1, Int64(Int32.max) << 32 | 0xFFFF_FFFF],
    (0..<6_000).map { Int64($0) * 7 % 65_536 }.sorted(), [3, 4, 7, 11, 18, 29],
    (0..<6).flatMap { block in (0..<10).map { Int64(block) << 16 | Int64($0 * 3) } },
  ]

  @Test("A set is the same after writing and reading", arguments: examples)
  func roundTrip(positions: [Int64]) throws {
    let set = RoaringBitmapArray(positions.shuffled())
    let again = try decode(set.serialized())
    #expect(again.positions == positions)
    #expect(again == set)
    #expect(again.cardinality == Int64(positions.count) && again.max == positions.last)
  }

  @Test("Membership, intersection and masks agree with a plain set", arguments: examples)
  func queries(positions: [Int64]) throws {
    let plain = Set(positions)
    let set = try decode(RoaringBitmapArray(positions).serialized())
    for range in [
      0..<1, 0..<70_000, 3..<130, 65_530..<65_560, 99..<165_701, 150_001..<150_002, 1 << 33 - 7..<1 << 33 + 9,
    ]
      as [Range<Int64>]
    {
      let expected = range.map { plain.contains($0) }
      #expect(range.prefix(500).map { set.contains($0) } == Array(expected.prefix(500)))
      #expect(set.intersects(range) == expected.contains(true))
      let mask = set.mask(range)
      #expect((mask != nil) == expected.contains(true))
      if let mask {
        #expect(mask.count == range.count)
        #expect((0..<mask.count).map { mask.isSet($0) } == expected)
      }
    }
    #expect(!set.intersects(5..<5) && set.mask(5..<5) == nil)
  }

  @Test("Union, difference and intersection agree with plain sets")
  func setAlgebra() {
    for left in Self.examples {
      for right in Self.examples {
        let (a, b) = (RoaringBitmapArray(left), RoaringBitmapArray(right))
        #expect(a.union(b).positions == Set(left).union(right).sorted())
        #expect(a.subtracting(b).positions == Set(left).subtracting(right).sorted())
        #expect(a.intersection(b).positions == Set(left).intersection(right).sorted())
        #expect((a == b) == (left == right))
      }
    }
  }

  @Test("The early format of the reference implementation is read")
  func native() throws {
    let portable = RoaringBitmapArray([1, 5]).serialized()
    let bitmap = portable[16...]
    let size = UInt8(bitmap.count)
    let native: [UInt8] =
      [0xD0, 0xD3, 0x39, 0x64, 2, 0, 0, 0] + ([size, 0, 0, 0] + bitmap) + [size, 0, 0, 0] + bitmap
    #expect(try decode(native).positions == [1, 5, 1 << 32 | 1, 1 << 32 | 5])
  }

  @Test("Damaged bytes are refused and never trap")
  func damage() throws {
    for positions in Self.examples {
      let bytes = RoaringBitmapArray(positions).serialized()
      for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
        let error = #expect(throws: DeltaError.self) { try decode(Array(bytes[..<count])) }
        #expect(error?.code == .corruptDeletionVector)
      }
      var generator = SystemRandomNumberGenerator()
      for _ in 0..<300 where !positions.isEmpty {
        var damaged = bytes
        damaged[Int.random(in: 0..<min(bytes.count, 60), using: &generator)] = UInt8.random(in: 0...255)
        if let set = try? decode(damaged) {
          _ = set.mask(0..<100_000)
          _ = set.intersects(0..<Int64.max)
        }
      }
    }
    #expect(throws: DeltaError.self) { try decode([0xD1, 0xD3, 0x39, 0x64] + [UInt8](repeating: 0xFF, count: 16)) }
  }

  private func decode(_ bytes: [UInt8]) throws -> RoaringBitmapArray {
    try Buffer(copying: bytes).withUnsafeBytes { try RoaringBitmapArray(serialized: $0) }
  }
}
