internal import CZlib

/// GZIP members, one or several in a row; zlib and raw deflate streams, which some writers make, are taken too. A class,
/// since it owns an inflater that is worth reusing.
///
/// Spec: Parquet Compression § GZIP
final class ZlibCodec {
  private var stream = z_stream()
  private var isOpen = false

  deinit { if isOpen { inflateEnd(&stream) } }

  func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    guard source.count <= Int(UInt32.max), target.count <= Int(UInt32.max) else {
      throw .unsupported("gzip pages beyond 4 GiB")
    }
    guard let input = source.baseAddress?.assumingMemoryBound(to: UInt8.self), source.count > 0 else {
      if target.count == 0 { return }
      throw .damaged("gzip data is missing")
    }
    // 15 + 32: gzip or zlib by their headers; -15: raw deflate, which has none.
    let hasHeader = source.count >= 2 && ((input[0] == 0x1F && input[1] == 0x8B) || Self.isZlib(input[0], input[1]))
    try reset(windowBits: hasHeader ? 15 + 32 : -15)
    var scratch: UInt8 = 0
    stream.next_in = UnsafeMutablePointer(mutating: input)
    stream.avail_in = UInt32(source.count)
    stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(target.count)
    while true {
      let status: Int32
      if stream.avail_out == 0 {
        // Everything announced is there; what follows may only be the end of the stream.
        status = withUnsafeMutablePointer(to: &scratch) { extra in
          stream.next_out = extra
          stream.avail_out = 1
          let status = inflate(&stream, Z_NO_FLUSH)
          if stream.avail_out == 0 { return Z_BUF_ERROR }
          stream.avail_out = 0
          return status
        }
        if status == Z_BUF_ERROR { throw .damaged("gzip data holds more than the \(target.count) bytes announced") }
      } else {
        status = inflate(&stream, Z_NO_FLUSH)
      }
      switch status {
      case Z_STREAM_END:
        guard stream.avail_in > 0 else {
          guard stream.avail_out == 0 else { throw .damaged("gzip data ends early") }
          return
        }
        if stream.avail_out == 0, !startsMember() { return }
        guard inflateReset(&stream) == Z_OK else { throw .damaged("gzip data is damaged") }
      case Z_OK where stream.avail_in > 0 || stream.avail_out == 0:
        continue
      case Z_OK, Z_BUF_ERROR:
        throw .damaged("gzip data ends early")
      default:
        throw .damaged("gzip data is damaged")
      }
    }
  }

  private func startsMember() -> Bool {
    guard stream.avail_in >= 2, let next = stream.next_in else { return false }
    return next[0] == 0x1F && next[1] == 0x8B
  }

  private static func isZlib(_ first: UInt8, _ second: UInt8) -> Bool {
    first & 0x0F == 8 && first >> 4 <= 7 && (Int(first) << 8 | Int(second)) % 31 == 0
  }

  private func reset(windowBits: Int32) throws(DecodingFailure) {
    let status: Int32
    if isOpen {
      status = inflateReset2(&stream, windowBits)
    } else {
      status = inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      isOpen = status == Z_OK
    }
    guard status == Z_OK else { throw .damaged("zlib cannot start (\(status))") }
  }

  /// The CRC-32 of bytes, by tables.
  static func checksum(_ bytes: UnsafeRawBufferPointer, continuing checksum: UInt32 = 0) -> UInt32 {
    guard let base = bytes.baseAddress else { return checksum }
    return UInt32(
      truncatingIfNeeded: crc32_z(UInt(checksum), base.assumingMemoryBound(to: UInt8.self), bytes.count))
  }
}

/// Makes one GZIP member a page. A class, since it owns a deflater that is worth reusing.
///
/// Spec: Parquet Compression § GZIP
final class GzipCompressor {
  private var stream = z_stream()
  private var isOpen = false
  private let level: Int32

  /// - Parameter level: one that the library doesn't have is taken for the nearest.
  init(level: Int) { self.level = Int32(min(max(level, 0), 9)) }

  deinit { if isOpen { deflateEnd(&stream) } }

  func compress(
    _ source: UnsafeRawBufferPointer, into target: inout EncodingBuffer
  ) throws(ParquetError) {
    if isOpen {
      guard deflateReset(&stream) == Z_OK else { throw .cannotCompress(.gzip, source.count) }
    } else {
      // 15 + 16: the largest window, with a header of GZIP. 8: zlib's usual memory.
      let status = deflateInit2_(
        &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      guard status == Z_OK else { throw .cannotCompress(.gzip, source.count, "zlib cannot start (\(status))") }
      isOpen = true
    }
    guard let input = UInt32(exactly: source.count),
      let bound = UInt32(exactly: deflateBound(&stream, UInt(source.count)))
    else { throw .cannotCompress(.gzip, source.count) }
    var nothing: UInt8 = 0
    let status = withUnsafeMutablePointer(to: &nothing) { placeholder in
      let bytes = source.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.next_in = bytes.map { UnsafeMutablePointer(mutating: $0) } ?? placeholder
      stream.avail_in = input
      stream.next_out = target.reserve(Int(bound)).assumingMemoryBound(to: UInt8.self)
      stream.avail_out = bound
      return deflate(&stream, Z_FINISH)
    }
    guard status == Z_STREAM_END else { throw .cannotCompress(.gzip, source.count) }
    target.fill(Int(bound - stream.avail_out))
  }
}
