internal import CLZ4

/// LZ4 in the three shapes that files have under two names.
///
///     LZ4_RAW                one block, nothing around it
///     LZ4, by Hadoop         (uncompressed size, compressed size: big-endian UInt32, one block)*
///     LZ4, by old Arrow      one block, or an LZ4 frame: magic, descriptor, (size, block)*, end mark
///
/// Spec: Parquet Compression § LZ4_RAW
enum LZ4Codec {
  static func decompressBlock(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    guard block(source, into: target) == target.count else {
      throw .damaged("LZ4 data is damaged or does not hold the \(target.count) bytes announced")
    }
  }

  static func compressBlock(
    _ source: UnsafeRawBufferPointer, into target: inout EncodingBuffer
  ) throws(ParquetError) {
    guard let input = Int32(exactly: source.count), case let bound = LZ4_compressBound(input), bound > 0 else {
      throw .cannotCompress(.lz4Raw, source.count)
    }
    let output = target.reserve(Int(bound)).assumingMemoryBound(to: CChar.self)
    var nothing: CChar = 0
    let written = withUnsafePointer(to: &nothing) { placeholder in
      LZ4_compress_default(
        source.baseAddress?.assumingMemoryBound(to: CChar.self) ?? placeholder, output, input, bound)
    }
    guard written > 0 else { throw .cannotCompress(.lz4Raw, source.count) }
    target.fill(Int(written))
  }

  /// The deprecated codec LZ4: what it holds is found by trying, the strictest shape first.
  static func decompressLegacy(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    if frame(source, into: target) || hadoop(source, into: target) { return }
    try decompressBlock(source, into: target)
  }

  /// The bytes written, or `nil` for a damaged block.
  private static func block(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
    guard let input = Int32(exactly: source.count), let capacity = Int32(exactly: target.count) else { return nil }
    var nothing: CChar = 0
    let written = withUnsafeMutablePointer(to: &nothing) { placeholder in
      LZ4_decompress_safe(
        source.baseAddress?.assumingMemoryBound(to: CChar.self),
        target.baseAddress?.assumingMemoryBound(to: CChar.self) ?? placeholder, input, capacity)
    }
    return written < 0 ? nil : Int(written)
  }

  private static func hadoop(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
    var read = 0
    var written = 0
    while source.count - read >= 8 {
      let announced = Int(UInt32(bigEndian: source.loadUnaligned(fromByteOffset: read, as: UInt32.self)))
      let size = Int(UInt32(bigEndian: source.loadUnaligned(fromByteOffset: read + 4, as: UInt32.self)))
      read += 8
      guard size <= source.count - read, announced <= target.count - written else { return false }
      let output = UnsafeMutableRawBufferPointer(rebasing: target[written..<written + announced])
      guard block(UnsafeRawBufferPointer(rebasing: source[read..<read + size]), into: output) == announced else {
        return false
      }
      read += size
      written += announced
    }
    return read == source.count && written == target.count
  }

  /// Frames of independent blocks or linked ones; the optional checksums are not verified, the sizes are.
  private static func frame(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
    guard source.count >= 11, source.loadUnaligned(as: UInt32.self).littleEndian == 0x184D_2204 else { return false }
    let flags = source[4]
    guard flags >> 6 == 1 else { return false }
    var read = 4 + 2 + (flags & 0x08 != 0 ? 8 : 0) + (flags & 0x01 != 0 ? 4 : 0) + 1
    var written = 0
    while source.count - read >= 4 {
      let word = Int(source.loadUnaligned(fromByteOffset: read, as: UInt32.self).littleEndian)
      read += 4
      if word == 0 { return written == target.count }
      let size = word & 0x7FFF_FFFF
      guard size <= source.count - read else { return false }
      if word >> 31 != 0 {
        guard size <= target.count - written else { return false }
        for index in 0..<size { target[written + index] = source[read + index] }
        written += size
      } else {
        guard let count = linkedBlock(source, at: read, size: size, into: target, at: written) else { return false }
        written += count
      }
      read += size + (flags & 0x10 != 0 ? 4 : 0)
      guard read <= source.count else { return false }
    }
    return false
  }

  private static func linkedBlock(
    _ source: UnsafeRawBufferPointer, at read: Int, size: Int, into target: UnsafeMutableRawBufferPointer,
    at written: Int
  ) -> Int? {
    guard let input = Int32(exactly: size), let capacity = Int32(exactly: target.count - written),
      let from = source.baseAddress, let to = target.baseAddress
    else { return nil }
    let window = Int32(min(written, 65536))
    let count = LZ4_decompress_safe_usingDict(
      (from + read).assumingMemoryBound(to: CChar.self), (to + written).assumingMemoryBound(to: CChar.self), input,
      capacity, (to + written - Int(window)).assumingMemoryBound(to: CChar.self), window)
    return count < 0 ? nil : Int(count)
  }
}
