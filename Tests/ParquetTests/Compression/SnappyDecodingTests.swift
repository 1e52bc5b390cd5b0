import Testing

@testable import Parquet

@Suite("Snappy data")
struct SnappyDecodingTests {
  /// Elements made by chance, and what they stand for.
  private struct Block {
    var bytes: [UInt8] = []
    var text: [UInt8] = []

    init(elements: Int, longest: Int, seed: UInt64) {
      var random = SeededRandom(seed: seed)
      for _ in 0..<elements {
        if text.isEmpty || Int.random(in: 0..<3, using: &random) == 0 {
          appendLiteral(
            (0..<Int.random(in: 1...longest, using: &random)).map { _ in .random(in: 0...7, using: &random) })
        } else {
          appendCopy(&random)
        }
      }
      bytes = SnappyDecodingTests.varint(text.count) + bytes
    }

    private mutating func appendLiteral(_ literal: [UInt8]) {
      text += literal
      let last = literal.count - 1
      if last < 60 {
        bytes.append(UInt8(last << 2))
      } else {
        let size = last < 256 ? 1 : last < 65_536 ? 2 : 3
        bytes.append(UInt8((59 + size) << 2))
        bytes += (0..<size).map { UInt8(truncatingIfNeeded: last >> (8 * $0)) }
      }
      bytes += literal
    }

    private mutating func appendCopy(_ random: inout SeededRandom) {
      // Near ones repeat themselves; far ones need all bytes of the offset.
      let reach = Bool.random(using: &random) ? min(text.count, 20) : text.count
      let offset = Int.random(in: 1...reach, using: &random)
      let kind = Int.random(in: 1...3, using: &random)
      let length: Int
      if kind == 1, offset < 2048 {
        length = .random(in: 4...11, using: &random)
        bytes += [UInt8(1 | (length - 4) << 2 | (offset >> 8) << 5), UInt8(offset & 0xFF)]
      } else {
        length = .random(in: 1...64, using: &random)
        let size = kind == 3 || offset >= 65_536 ? 4 : 2
        bytes.append(UInt8((size == 4 ? 3 : 2) | (length - 1) << 2))
        bytes += (0..<size).map { UInt8(truncatingIfNeeded: offset >> (8 * $0)) }
      }
      for _ in 0..<length { text.append(text[text.count - offset]) }
    }
  }

  private static func varint(_ number: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = number
    while rest >= 128 {
      bytes.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// What the kernel and the library make of bytes: `nil` when they are refused. Nothing is written behind the target.
  private static func decoded(_ bytes: [UInt8], to count: Int) -> (own: [UInt8]?, library: [UInt8]?) {
    let guarded: [UInt8] = [0xA5, 0x5A, 0xA5]
    var own = [UInt8](repeating: 0, count: count) + guarded
    var library = [UInt8](repeating: 0, count: count)
    return bytes.withUnsafeBytes { source in
      let isOwn = own.withUnsafeMutableBytes {
        SnappyDecodingKernel.decompress(source, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<count]))
      }
      #expect(own[count...].elementsEqual(guarded))
      let isLibrary = library.withUnsafeMutableBytes { SnappyCodec.decompressByLibrary(source, into: $0) }
      return (isOwn ? Array(own[..<count]) : nil, isLibrary ? library : nil)
    }
  }

  @Test("A literal of 2^32 bytes is not one of none")
  func greatestLiteral() {
    let bytes: [UInt8] = [0, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF]
    let isTaken = bytes.withUnsafeBytes {
      SnappyDecodingKernel.decompress($0, into: UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }
    #expect(!isTaken)
  }

  @Test("Elements of every kind become what they stand for", arguments: 0..<60)
  func elements(_ seed: UInt64) {
    let longest = [3, 40, 100, 300, 70_000][Int(seed % 5)]
    let block = Block(elements: longest > 300 ? 5 : Int(seed) * 8, longest: longest, seed: seed)
    let (own, library) = Self.decoded(block.bytes, to: block.text.count)
    #expect(own == block.text)
    #expect(library == block.text)
  }

  @Test(
    "Every length and near offset repeats right, in the middle and at the end",
    arguments: [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 40, 63, 64, 70])
  func patterns(_ offset: Int) {
    for length in 1...64 {
      for rest in [0, 200] {
        let text = (0..<offset).map { UInt8($0) }
        let tail = [UInt8](repeating: 7, count: rest)
        let made = (0..<length).map { text[$0 % offset] }
        var bytes = Self.varint(offset + length + rest)
        bytes += offset <= 60 ? [UInt8((offset - 1) << 2)] : [60 << 2, UInt8(offset - 1)]
        bytes += text + [UInt8(2 | (length - 1) << 2), UInt8(offset), 0]
        if rest > 0 { bytes += [60 << 2, UInt8(rest - 1)] + tail }
        #expect(Self.decoded(bytes, to: offset + length + rest).own == text + made + tail)
      }
    }
  }

  @Test("Damaged data are refused exactly when the library refuses them", arguments: 0..<40)
  func damaged(_ seed: UInt64) {
    let block = Block(elements: 40 + Int(seed) * 3, longest: 30, seed: seed)
    var random = SeededRandom(seed: seed)
    for _ in 0..<50 {
      var bytes = block.bytes
      var count = block.text.count
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.removeLast(.random(in: 1...min(90, bytes.count), using: &random))
      case 1: bytes += (0..<Int.random(in: 1...3, using: &random)).map { _ in .random(in: 0...255, using: &random) }
      case 2: count += [-1, 1, 100].randomElement(using: &random) ?? 0
      default:
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          bytes[.random(in: 2..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
        }
      }
      let (own, library) = Self.decoded(bytes, to: max(0, count))
      #expect(own == library)
    }
  }

  @Test(
    "What stands for nothing is refused",
    arguments: [
      [], [0x80], [0x80, 0x80, 0x80, 0x80, 0x80, 0x01], [1], [1, 0], [2, 0, 65], [4, 0, 65, 0x09, 0],
      [4, 0, 65, 0x09, 2],
      [4, 1, 1], [5, 2, 1, 0], [5, 0, 65, 0x0D, 0], [3, 240], [3, 244, 0], [3, 252, 255, 255, 255, 255, 65],
    ] as [[UInt8]])
  func refused(_ bytes: [UInt8]) {
    for count in 0...6 {
      let (own, library) = Self.decoded(bytes, to: count)
      #expect(own == nil && library == nil)
    }
  }

  @Test("Nothing becomes nothing, and what follows it is refused")
  func empty() {
    #expect(Self.decoded([0], to: 0).own == [])
    #expect(Self.decoded([0, 0, 65], to: 0).own == nil)
  }
}
