/// The checksum of deletion vector files: CRC-32 as zlib and PNG have it.
///
/// Eight bytes a step: table `n` holds the checksum of a byte followed by `n` zero bytes, so that eight look-ups
/// stand for eight dependent ones.
///
/// Spec: Delta § Deletion Vector File Storage Format
package enum CRC32 {
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return 0 }
    return tables.withUnsafeBufferPointer { tables in
      guard let tables = tables.baseAddress else { return 0 }
      return checksum(base, count: bytes.count, tables)
    }
  }

  /// `tables` has 8 times 256 entries; so every index below is inside.
  private static func checksum(
    _ base: UnsafeRawPointer, count: Int, _ tables: UnsafePointer<UInt32>
  ) -> UInt32 {
    var crc = ~UInt32(0)
    var position = 0
    while count &- position >= 8 {
      let low = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt32.self)) ^ crc
      let high = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: position &+ 4, as: UInt32.self))
      let first = tables[1792 &+ Int(low & 255)] ^ tables[1536 &+ Int(low >> 8 & 255)]
      let second = tables[1280 &+ Int(low >> 16 & 255)] ^ tables[1024 &+ Int(low >> 24)]
      let third = tables[768 &+ Int(high & 255)] ^ tables[512 &+ Int(high >> 8 & 255)]
      let fourth = tables[256 &+ Int(high >> 16 & 255)] ^ tables[Int(high >> 24)]
      crc = first ^ second ^ third ^ fourth
      position &+= 8
    }
    while position < count {
      let byte = base.load(fromByteOffset: position, as: UInt8.self)
      crc = tables[Int((crc ^ UInt32(byte)) & 255)] ^ crc >> 8
      position &+= 1
    }
    return ~crc
  }

  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB8_8320 }
      tables[byte] = crc
    }
    for index in 256..<tables.count {
      let previous = tables[index - 256]
      tables[index] = tables[Int(previous & 255)] ^ previous >> 8
    }
    return tables
  }()
}
