import Testing

@testable import Parquet

@Suite("Levels")
struct LevelKernelTests {
  static func bits(_ bytes: [UInt8], _ count: Int) -> [Bool] {
    (0..<count).map { bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
  }

  @Test("Lists get offsets and validity from levels")
  func lists() {
    // optional list of optional int: [1, null], null, [], [2]
    let definitions: [UInt8] = [3, 2, 0, 1, 3]
    let repetitions: [UInt8] = [0, 1, 0, 0, 0]
    var offsets = [Int32](repeating: -1, count: 6)
    var validity = [UInt8](repeating: 0, count: 9)
    let lists = LevelKernel.lists(
      definitions: definitions, repetitions: repetitions, count: 5, repetition: 1, exists: 0, defined: 1, element: 2,
      offsets: &offsets, bits: &validity)
    #expect(lists?.slots == 4 && lists?.present == 3 && lists?.elements == 3)
    #expect(offsets.prefix(5) == [0, 2, 2, 2, 3])
    #expect(Self.bits(validity, 4) == [true, false, true, true])
    var elements = [UInt8](repeating: 0, count: 9)
    let slots = LevelKernel.slots(definitions, 5, exists: 2, defined: 3, into: &elements, at: 0)
    #expect(slots.slots == 3 && slots.present == 2)
    #expect(Self.bits(elements, 3) == [true, false, true])
  }

  @Test("Lists of lists are told apart by how deep entries repeat")
  func nestedLists() {
    // required lists of lists: [[1, 2], []], [[3]]
    let definitions: [UInt8] = [2, 2, 1, 2]
    let repetitions: [UInt8] = [0, 2, 1, 0]
    var offsets = [Int32](repeating: -1, count: 5)
    var validity = [UInt8](repeating: 0, count: 9)
    let outer = LevelKernel.lists(
      definitions: definitions, repetitions: repetitions, count: 4, repetition: 1, exists: 0, defined: 0, element: 1,
      offsets: &offsets, bits: &validity)
    #expect(outer?.slots == 2 && outer?.elements == 3)
    #expect(offsets.prefix(3) == [0, 2, 3])
    let inner = LevelKernel.lists(
      definitions: definitions, repetitions: repetitions, count: 4, repetition: 2, exists: 1, defined: 1, element: 2,
      offsets: &offsets, bits: &validity)
    #expect(inner?.slots == 3 && inner?.elements == 3)
    #expect(offsets.prefix(4) == [0, 2, 2, 3])
  }

  @Test("An entry that continues a list without an element is refused")
  func contradiction() {
    var offsets = [Int32](repeating: -1, count: 3)
    var validity = [UInt8](repeating: 0, count: 9)
    let lists = LevelKernel.lists(
      definitions: [2, 0], repetitions: [0, 1], count: 2, repetition: 1, exists: 0, defined: 1, element: 2,
      offsets: &offsets, bits: &validity)
    #expect(lists == nil)
  }

  @Test("Rows end where the next one begins")
  func rowEnds() {
    let repetitions: [UInt8] = [0, 1, 1, 0, 0, 1]
    var rows = 2
    #expect(LevelKernel.entries(repetitions, from: 0, to: 6, rows: &rows) == 4)
    #expect(rows == 0)
    rows = 5
    #expect(LevelKernel.entries(repetitions, from: 4, to: 6, rows: &rows) == 2)
    #expect(rows == 4)
  }
}

@Suite("Bits and nulls")
struct BitmapKernelTests {
  @Test("Values spread over the slots that are set", arguments: [0, 1, 3, 8, 13])
  func spreading(_ start: Int) {
    for seed in 1...20 as ClosedRange<UInt64> {
      let count = 100
      let isSet = (0..<count).map { index -> Bool in
        index / 24 % 2 == 1 ? seed % 2 == 0 : (UInt64(index) &* 0x9E37_79B9_7F4A_7C15 &* seed) >> 62 != 0
      }
      var bits = [UInt8](repeating: 0xAA, count: 20)
      for (index, bit) in isSet.enumerated() { BitmapKernel.fill(&bits, from: start + index, count: 1, with: bit) }
      let present = isSet.filter { $0 }.count
      var values = (0..<count).map { $0 < present ? UInt32($0 + 1) : .max }
      BitmapKernel.spread(&values, present: present, over: bits, from: start, count: count)
      var next: UInt32 = 0
      let expected = isSet.map { bit -> UInt32 in
        next += bit ? 1 : 0
        return bit ? next : 0
      }
      #expect(values == expected)
      var bytes = (0..<count * 3).map { $0 < present * 3 ? UInt8($0 / 3 + 1) : 0xFF }
      BitmapKernel.spread(&bytes, width: 3, present: present, over: bits, from: start, count: count)
      #expect(bytes == expected.flatMap { [UInt8($0), UInt8($0), UInt8($0)] })
    }
  }

  @Test("Ends of strings stay where a null is")
  func ends() {
    var ends: [Int32] = [12, 15, 0, 0, 0]
    BitmapKernel.spreadEnds(&ends, present: 2, over: [0b01010], from: 0, count: 5, origin: 10)
    #expect(ends == [10, 12, 12, 15, 15])
  }

  @Test("Bits are filled and copied at any place", arguments: [0, 3, 8, 61], [0, 1, 5, 16])
  func copying(_ from: Int, _ to: Int) {
    let source = (0..<40).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 5) }
    for count in [0, 1, 7, 8, 55, 56, 57, 200] {
      var target = [UInt8](repeating: 0, count: 40)
      let set = source.withUnsafeBytes { BitmapKernel.copy($0, from: from, to: &target, at: to, count: count) }
      let expected = (0..<count).map { source[(from + $0) / 8] >> UInt8((from + $0) % 8) & 1 == 1 }
      #expect((0..<count).map { target[(to + $0) / 8] >> UInt8((to + $0) % 8) & 1 == 1 } == expected)
      #expect(set == expected.filter { $0 }.count)
    }
  }
}
