import Testing

@testable import Columnar
@testable import Parquet

@Suite("Encoding buffers")
struct EncodingBufferTests {
  @Test("Bytes stay as the buffer grows, and the memory is there before the first byte")
  func growth() {
    var buffer = EncodingBuffer()
    #expect(buffer.count == 0)
    #expect(buffer.withUnsafeBytes { $0.count } == 0)
    var expected: [UInt8] = []
    for size in [0, 1, 511, 512, 5, 100_000, 3] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ size) }
      bytes.withUnsafeBytes { buffer.append($0) }
      expected += bytes
    }
    #expect(buffer.withUnsafeBytes { Array($0) } == expected)
    buffer.truncate(to: 513)
    #expect(buffer.withUnsafeBytes { Array($0) } == Array(expected[..<513]))
    buffer.removeAll()
    buffer.append(byte: 9)
    #expect(buffer.withUnsafeBytes { Array($0) } == [9])
  }

  @Test(
    "Variable-length numbers are little-endian groups of seven bits",
    arguments: [
      (0, [0]), (1, [1]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 0x02]),
      (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
    ] as [(UInt64, [UInt8])])
  func varint(_ value: UInt64, _ bytes: [UInt8]) {
    #expect(encoded { $0.append(varint: value) } == bytes)
  }

  @Test("Signed numbers go zigzag", arguments: [(0, 0), (-1, 1), (1, 2), (-2, 3), (63, 126)] as [(Int64, UInt8)])
  func zigzag(_ value: Int64, _ byte: UInt8) {
    #expect(encoded { $0.append(zigzag: value) } == [byte])
  }

  @Test("The largest signed numbers need ten bytes")
  func zigzagExtremes() {
    #expect(encoded { $0.append(zigzag: .min) } == [UInt8](repeating: 0xFF, count: 9) + [1])
    #expect(encoded { $0.append(zigzag: .max) } == [0xFE] + [UInt8](repeating: 0xFF, count: 8) + [1])
  }

  @Test("A length is filled in when it is known")
  func replace() {
    let bytes = encoded { buffer in
      buffer.append(littleEndian: 0)
      buffer.append(byte: 7)
      buffer.replace(littleEndian: 0x0102_0304, at: 0)
    }
    #expect(bytes == [4, 3, 2, 1, 7])
  }

  @Test("Taken bytes stay as they were when the buffer is filled again")
  func take() {
    var buffer = EncodingBuffer()
    buffer.append(littleEndian: 0x0102_0304)
    let taken = buffer.take()
    buffer.append(littleEndian: .max)
    #expect(taken.values(of: UInt8.self) == [4, 3, 2, 1])
    #expect(buffer.count == 4)
  }

  @Test("Bits are gathered at any position, the last byte filled up with zeros", arguments: 0...20)
  func bits(_ head: Int) {
    var random = SeededRandom(seed: UInt64(head))
    var buffer = BitBuffer()
    var expected: [Bool] = []
    buffer.append(repeating: true, count: head)
    expected += [Bool](repeating: true, count: head)
    for _ in 0..<6 {
      let source = (0..<30).map { _ in UInt8.random(in: 0...255, using: &random) }
      let start = Int.random(in: 0..<100, using: &random)
      let count = Int.random(in: 0...140, using: &random)
      source.withUnsafeBytes { buffer.append($0, from: start, count: count) }
      for bit in start..<start + count { expected.append(source[bit / 8] & 1 << UInt8(bit % 8) != 0) }
      buffer.append(repeating: false, count: 3)
      expected += [false, false, false]
    }
    var bytes = [UInt8](repeating: 0, count: (expected.count + 7) / 8)
    for (index, bit) in expected.enumerated() where bit { bytes[index / 8] |= 1 << UInt8(index % 8) }
    #expect(buffer.count == expected.count)
    #expect(buffer.withBytes { Array($0) } == bytes)
  }
}
