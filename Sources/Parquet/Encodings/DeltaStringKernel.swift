/// Strings whose lengths come first, delta-encoded, and then all their bytes.
///
/// Spec: Parquet Encodings § Delta-length byte array
struct DeltaLengthDecoder {
  private var lengths: DeltaBinaryPackedDecoder
  private var data: ByteCursor

  init(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(DecodingFailure) {
    lengths = try DeltaBinaryPackedDecoder(bytes, limit: limit)
    var scan = lengths
    try scan.skipAll()
    var cursor = ByteCursor(bytes)
    cursor.advance(scan.position - cursor.position)
    data = cursor
  }

  mutating func decode(_ count: Int, into sink: inout StringSink) throws(DecodingFailure) {
    guard count <= lengths.remaining else { throw .damaged("delta-length data ends early") }
    let ends = sink.reserveEnds(count)
    try nextLengths(count, into: ends)
    let bytes = try Self.accumulate(ends, count, from: sink.byteCount, limit: data.remaining)
    let target = try sink.reserveBytes(bytes)
    if let source = try data.take(bytes, "delta-length data").baseAddress {
      target.copyMemory(from: source, byteCount: bytes)
    }
    sink.append(strings: count, bytes: bytes)
  }

  mutating func skip(_ count: Int) throws(DecodingFailure) {
    var rest = count
    while rest > 0 {
      let part = min(rest, 256)
      let bytes = try withScratch(part) { ends throws(DecodingFailure) in
        try nextLengths(part, into: ends)
        return try Self.accumulate(ends, part, from: 0, limit: data.remaining)
      }
      _ = try data.take(bytes, "delta-length data")
      rest -= part
    }
  }

  /// Raw lengths; they may be negative.
  mutating func nextLengths(_ count: Int, into target: UnsafeMutablePointer<Int32>) throws(DecodingFailure) {
    try lengths.decode(count, into: target)
  }

  mutating func nextBytes(_ count: Int) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    try data.take(count, "delta-encoded strings")
  }

  /// Turns lengths into ends, checked against the bytes there are.
  private static func accumulate(
    _ ends: UnsafeMutablePointer<Int32>, _ count: Int, from start: Int, limit: Int
  ) throws(DecodingFailure) -> Int {
    var total = start
    for index in 0..<count {
      let length = Int(ends[index])
      guard length >= 0 else { throw .damaged("a string has the length \(length)") }
      total &+= length
      ends[index] = Int32(truncatingIfNeeded: total)
    }
    guard total - start <= limit else { throw .damaged("delta-length data ends early") }
    return total - start
  }
}

/// Strings as the length of what they share with the string before, and the rest.
///
/// Spec: Parquet Encodings § Delta Strings
struct DeltaByteArrayDecoder {
  private var prefixes: DeltaBinaryPackedDecoder
  private var suffixes: DeltaLengthDecoder
  private var previous: [UInt8] = []

  /// Repeated prefixes can make much of little: a batch beyond this is refused.
  private static let limit = 256 << 20
  private static let block = 512

  init(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(DecodingFailure) {
    prefixes = try DeltaBinaryPackedDecoder(bytes, limit: limit)
    var scan = prefixes
    try scan.skipAll()
    let used = bytes.baseAddress.map { max(0, scan.position - $0) } ?? 0
    suffixes = try DeltaLengthDecoder(UnsafeRawBufferPointer(rebasing: bytes[min(used, bytes.count)...]), limit: limit)
  }

  /// Keeps the string that the next one may share something with, and makes none of the others.
  mutating func skip(_ count: Int) throws(DecodingFailure) {
    guard count <= prefixes.remaining else { throw .damaged("delta-encoded strings end early") }
    var rest = count
    while rest > 0 {
      let part = min(rest, Self.block)
      try withScratch(2 * part) { scratch throws(DecodingFailure) in
        let suffixLengths = scratch + part
        try prefixes.decode(part, into: scratch)
        try suffixes.nextLengths(part, into: suffixLengths)
        for index in 0..<part {
          let prefix = Int(scratch[index])
          let suffix = Int(suffixLengths[index])
          guard prefix >= 0, prefix <= previous.count, suffix >= 0 else {
            throw .damaged("a string shares \(prefix) bytes with one of \(previous.count)")
          }
          let bytes = try suffixes.nextBytes(suffix)
          previous.removeLast(previous.count - prefix)
          previous.append(contentsOf: bytes)
        }
      }
      rest -= part
    }
  }

  mutating func decode(_ count: Int, into sink: inout StringSink) throws(DecodingFailure) {
    guard count <= prefixes.remaining else { throw .damaged("delta-encoded strings end early") }
    var budget = Self.limit
    var rest = count
    while rest > 0 {
      let part = min(rest, Self.block)
      try decodeBlock(part, into: &sink, &budget)
      rest -= part
    }
  }

  private mutating func decodeBlock(
    _ count: Int, into sink: inout StringSink, _ budget: inout Int
  ) throws(DecodingFailure) {
    let ends = sink.reserveEnds(count)
    try suffixes.nextLengths(count, into: ends)
    let start = sink.byteCount
    let prefixes = try withScratch(count) { scratch throws(DecodingFailure) -> [Int32] in
      try self.prefixes.decode(count, into: scratch)
      return Array(UnsafeBufferPointer(start: scratch, count: count))
    }
    // First where every string will end, so that the bytes are reserved once.
    var total = start
    var suffixBytes = 0
    var length = previous.count
    for index in 0..<count {
      let prefix = Int(prefixes[index])
      let suffix = Int(ends[index])
      guard prefix >= 0, prefix <= length, suffix >= 0 else {
        throw .damaged("a string shares \(prefix) bytes with one of \(length)")
      }
      length = prefix + suffix
      total += length
      suffixBytes += suffix
      guard total - start <= budget else {
        throw .unsupported("more than \(Self.limit >> 20) MiB of delta-encoded strings in a batch; ask for fewer rows")
      }
      ends[index] = Int32(truncatingIfNeeded: total)
    }
    budget -= total - start
    let source = try suffixes.nextBytes(suffixBytes)
    let target = try sink.reserveBytes(total - start)
    var taken = 0
    var written = 0
    previous.withUnsafeBytes { first in
      guard var before = first.baseAddress ?? source.baseAddress else { return }
      for index in 0..<count {
        let prefix = Int(prefixes[index])
        let suffix = Int(ends[index]) - start - written - prefix
        let to = target + written
        to.copyMemory(from: before, byteCount: prefix)
        if suffix > 0, let from = source.baseAddress { (to + prefix).copyMemory(from: from + taken, byteCount: suffix) }
        taken += suffix
        written += prefix + suffix
        before = UnsafeRawPointer(to)
      }
    }
    let lastLength = length
    previous = Array(UnsafeRawBufferPointer(start: target + (written - lastLength), count: lastLength))
    sink.append(strings: count, bytes: written)
  }
}

/// Runs `body` with uninitialised space for some numbers on the stack.
private func withScratch<Result>(
  _ count: Int, _ body: (UnsafeMutablePointer<Int32>) throws(DecodingFailure) -> Result
) throws(DecodingFailure) -> Result {
  let result = withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(1, count)) {
    scratch -> Swift.Result<Result, DecodingFailure> in
    guard let base = scratch.baseAddress else { return .failure(.damaged("no memory")) }
    do throws(DecodingFailure) {
      return .success(try body(base))
    } catch {
      return .failure(error)
    }
  }
  return try result.get()
}
