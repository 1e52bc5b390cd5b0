internal import Columnar
internal import Parquet

/// Snappy data, against the library.
struct SnappyTarget: FuzzTarget {
  let name = "snappy"
  let maximumSize = 4 << 10

  func run(_ bytes: UnsafeRawBufferPointer) {
    let announced = Int(length(of: bytes) & 0xFFFF)
    for count in [announced, max(0, announced - 1), announced + 1] {
      let (own, library) = (Buffer(zeroed: count), Buffer(zeroed: count))
      let isOwn = SnappyDecodingKernel.decompress(bytes, into: target(own))
      let isLibrary = SnappyCodec.decompressByLibrary(bytes, into: target(library))
      claim(
        isOwn == isLibrary || !isOwn && hasOverflowingLiteral(bytes),
        "data are \(isOwn ? "taken" : "refused"), against the library")
      claim(!isOwn || own.values(of: UInt8.self) == library.values(of: UInt8.self), "data decode to other bytes")
    }
  }

  /// A literal of 2^32 bytes is one of none to the library, which counts in 32 bits; here it is what it says.
  ///
  /// Looks where elements begin: the same bytes within a literal excuse nothing.
  private func hasOverflowingLiteral(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var at = (bytes.prefix(5).firstIndex { $0 < 0x80 } ?? bytes.count) + 1
    while at < bytes.count {
      let tag = Int(bytes[at])
      guard tag & 3 == 0 else {
        at += tag & 3 == 3 ? 5 : tag & 3 + 1
        continue
      }
      // A literal's length is in the tag, or in the one to four bytes behind it.
      var length = tag >> 2
      var header = 1
      if length >= 60 {
        header += length - 59
        guard header <= bytes.count - at else { return false }
        length = (1..<header).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * ($1 - 1)) }
      }
      if length == 0xFFFF_FFFF { return true }
      at += header + length + 1
    }
    return false
  }

  private func target(_ buffer: Buffer) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: buffer.mutablePointer, count: buffer.count)
  }

  private func length(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    var length: UInt64 = 0
    for (index, byte) in bytes.prefix(5).enumerated() {
      length |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { break }
    }
    return length
  }

  func seeds(from file: SeedFile) -> [[UInt8]] { [] }

  var builtInSeeds: [[UInt8]] {
    let text = Array("to be or not to be, that is the question".utf8)
    let literal = [UInt8((text.count - 1) << 2)] + text
    return [
      [0], [1, 0, 65], [40] + literal,
      // Copies of each kind: far, near, overlapping; then a long literal.
      [51] + literal + [UInt8(1 | 7 << 2), 40], [104] + literal + [UInt8(2 | 63 << 2), 3, 0],
      [0xC0, 0x02] + (0..<8).flatMap { _ in literal }, [72] + literal + [UInt8(3 | 31 << 2), 9, 0, 0, 0],
      [0xC8, 0x01, 60 << 2, 199] + [UInt8](repeating: 7, count: 200),
    ]
  }
}
