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

  /// Appends one string whose bytes may be anywhere.
  mutating func append(_ bytes: UnsafeRawPointer, length: Int) {
    var length32 = Int32(truncatingIfNeeded: length)
    lengths.append(&length32, count: 1)
    data.append(UnsafeRawBufferPointer(start: bytes, count: length))
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
  mutating func append(offsets: UnsafePointer<Int32>, _ bytes: UnsafeRawPointer, count: Int) {
    append(count, bytes) { Int(offsets[$0]) }
  }

  /// Appends values of one length that follow each other.
  mutating func append(_ bytes: UnsafeRawPointer, length: Int, count: Int) {
    append(count, bytes) { $0 &* length }
  }

  mutating func finish(into target: inout EncodingBuffer) {
    prefixes.finish(into: &target)
    suffixes.finish(into: &target)
    previous.removeAll()
  }

  @inline(__always)
  private mutating func append(_ count: Int, _ bytes: UnsafeRawPointer, offset: (Int) -> Int) {
    guard count > 0 else { return }
    previous.reserve(0)
    var before = UnsafeRawPointer(previous.base)
    var beforeLength = previous.count
    for index in 0..<count {
      let start = bytes + offset(index)
      let length = offset(index &+ 1) &- offset(index)
      var shared = Int32(truncatingIfNeeded: Self.sharedLength(before, start, min(beforeLength, length)))
      prefixes.append(&shared, count: 1)
      suffixes.append(start + Int(shared), length: length &- Int(shared))
      (before, beforeLength) = (start, length)
    }
    previous.removeAll()
    previous.append(UnsafeRawBufferPointer(start: before, count: beforeLength))
  }

  private static func sharedLength(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ limit: Int) -> Int {
    var length = 0
    while length &+ 8 <= limit {
      let differs =
        UInt64(littleEndian: a.loadUnaligned(fromByteOffset: length, as: UInt64.self))
        ^ UInt64(littleEndian: b.loadUnaligned(fromByteOffset: length, as: UInt64.self))
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
