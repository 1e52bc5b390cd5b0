/// Strings as their lengths, delta-encoded, and then all their bytes.
///
/// Spec: Parquet Encodings § Delta-length byte array
struct DeltaLengthEncoder: ~Copyable {
  private var lengths = DeltaBinaryPackedEncoder()
  private var data = EncodingBuffer()

  init() {}

  var byteCount: Int { lengths.byteCount + data.count }

  /// Appends the strings between each of `count + 1` ascending offsets and the next.
  mutating func append(offsets: UnsafePointer<Int32>, _ bytes: UnsafeRawPointer, count: Int) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.block) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      var done = 0
      while done < count {
        let part = min(Self.block, count &- done)
        for index in 0..<part { scratch[index] = offsets[done &+ index &+ 1] &- offsets[done &+ index] }
        lengths.append(scratch, count: part)
        done &+= part
      }
    }
    data.append(UnsafeRawBufferPointer(start: bytes + Int(offsets[0]), count: Int(offsets[count] &- offsets[0])))
  }

  /// Appends the lengths of strings, and returns where their bytes go.
  mutating func append(lengths source: UnsafePointer<Int32>, count: Int) -> UnsafeMutableRawPointer {
    lengths.append(source, count: count)
    var total = 0
    for index in 0..<count { total &+= Int(source[index]) }
    let target = data.reserve(total)
    data.fill(total)
    return target
  }

  mutating func finish(into target: inout EncodingBuffer) {
    lengths.finish(into: &target)
    target.append(data)
    data.removeAll()
  }

  private static let block = 512
}

/// Strings as the length of what they share with the string before, and the rest.
///
/// Spec: Parquet Encodings § Delta Strings
struct DeltaByteArrayEncoder: ~Copyable {
  private var prefixes = DeltaBinaryPackedEncoder()
  private var suffixes = DeltaLengthEncoder()
  private var previous = EncodingBuffer()

  init() {}

  var byteCount: Int { prefixes.byteCount + suffixes.byteCount }

  /// Appends the strings between each of `count + 1` ascending offsets and the next.
  mutating func append(offsets: UnsafePointer<Int32>, _ bytes: UnsafeRawBufferPointer, count: Int) {
    append(count, bytes) { Int(offsets[$0]) }
  }

  /// Appends values of one length that follow each other.
  mutating func append(_ bytes: UnsafeRawBufferPointer, length: Int, count: Int) {
    append(count, bytes) { $0 &* length }
  }

  mutating func finish(into target: inout EncodingBuffer) {
    prefixes.finish(into: &target)
    suffixes.finish(into: &target)
    previous.removeAll()
  }

  @inline(__always)
  private mutating func append(_ count: Int, _ bytes: UnsafeRawBufferPointer, offset: (Int) -> Int) {
    guard count > 0 else { return }
    // Where there are only empty strings there may be no bytes.
    let base = bytes.baseAddress ?? UnsafeRawPointer(previous.reserve(0))
    let safe = bytes.count &- 32
    previous.reserve(0)
    var before = UnsafeRawPointer(previous.base)
    var beforeLength = previous.count
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * Self.block) { scratch in
      guard let shared = scratch.baseAddress else { return }
      let rest = shared + Self.block
      var done = 0
      while done < count {
        let part = min(Self.block, count &- done)
        for index in 0..<part {
          let start = offset(done &+ index)
          let length = offset(done &+ index &+ 1) &- start
          // Behind the string before this one are bytes too: this one, or the slack.
          let limit = min(beforeLength, length)
          let prefix =
            start <= safe
            ? Self.sharedLength(before, base + start, limit) : Self.sharedLengthAtEnd(before, base + start, limit)
          shared[index] = Int32(truncatingIfNeeded: prefix)
          rest[index] = Int32(truncatingIfNeeded: length &- prefix)
          (before, beforeLength) = (base + start, length)
        }
        prefixes.append(shared, count: part)
        var target = suffixes.append(lengths: rest, count: part)
        for index in 0..<part {
          let length = Int(rest[index])
          let start = offset(done &+ index) &+ Int(shared[index])
          // Short ones by a load and a store: the surplus is overwritten, or lies in the slack.
          if length <= 32, start <= safe {
            target.storeBytes(of: (base + start).loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
          } else {
            target.copyMemory(from: base + start, byteCount: length)
          }
          target += length
        }
        done &+= part
      }
    }
    previous.removeAll()
    previous.append(UnsafeRawBufferPointer(start: before, count: beforeLength))
  }

  private static let block = 512

  /// Up to `limit`. A whole word may be read of both where fewer bytes count.
  @inline(__always)
  private static func sharedLength(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ limit: Int) -> Int {
    let differs = HashKernel.word(a) ^ HashKernel.word(b)
    if differs != 0 || limit <= 8 { return min(limit, differs.trailingZeroBitCount &>> 3) }
    return 8 &+ sharedLengthAtEnd(a + 8, b + 8, limit &- 8)
  }

  /// Up to `limit`, behind which nothing is read.
  private static func sharedLengthAtEnd(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ limit: Int) -> Int {
    var length = 0
    while length &+ 8 <= limit {
      let differs = HashKernel.word(a + length) ^ HashKernel.word(b + length)
      if differs != 0 { return length &+ differs.trailingZeroBitCount &>> 3 }
      length &+= 8
    }
    while length < limit,
      a.load(fromByteOffset: length, as: UInt8.self) == b.load(fromByteOffset: length, as: UInt8.self)
    {
      length &+= 1
    }
    return length
  }
}
