import Testing

@testable import Parquet

@Suite("Values between nulls")
struct SpreadingTests {
  @Test(
    "Values are spread over the set bits, zeros over the others", arguments: [0.0, 0.02, 0.1, 0.5, 0.97, 1],
    [0, 3, 8, 64])
  func spread(_ nulls: Double, _ start: Int) {
    var random = SeededRandom(seed: UInt64(nulls * 100) + UInt64(start))
    for count in [1, 7, 63, 64, 65, 200, 1000] {
      var isSet = (0..<start + count).map { _ in Double.random(in: 0..<1, using: &random) >= nulls }
      // Long runs of either kind, too.
      if count >= 200 { for slot in 70..<150 { isSet[start + slot] = count == 200 } }
      var bits = [UInt8](repeating: 0, count: (start + count) / 8 + 1)
      for (slot, bit) in isSet.enumerated() where bit { bits[slot / 8] |= 1 << UInt8(slot % 8) }
      let present = isSet[start...].count { $0 }
      var next: UInt32 = 0
      let expected = isSet[start...].map { bit -> UInt32 in
        guard bit else { return 0 }
        next += 1
        return next
      }
      var values = (0..<count).map { $0 < present ? UInt32($0 + 1) : .max }
      bits.withUnsafeBufferPointer { bits in
        values.withUnsafeMutableBufferPointer { values in
          guard let values = values.baseAddress, let bits = bits.baseAddress else { return }
          BitmapKernel.spread(values, present: present, over: bits, from: start, count: count)
        }
      }
      #expect(values == expected)
    }
  }
}
