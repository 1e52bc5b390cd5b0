// The format, little-endian throughout:
//   magic number, then either of
//   portable (1681511377): UInt64 count of 32-bit bitmaps, then for each its UInt32 key (the upper half) and the bitmap
//   native   (1681511376): Int32 count, then for each its Int32 size and the bitmap; keys are 0, 1, 2, …
// A 32-bit bitmap: a cookie with the count of blocks, which blocks are runs, for each block its 16-bit key and
// cardinality less one, perhaps offsets, then the blocks: 16-bit numbers, 1024 words, or runs.

extension RoaringBitmapArray {
  static let portableMagic: UInt32 = 1_681_511_377
  /// Written by early versions of the reference implementation.
  static let nativeMagic: UInt32 = 1_681_511_376
  private static let plainCookie: UInt32 = 12346
  private static let runCookie: UInt32 = 12347

  /// The set that the bytes hold; what follows it is ignored.
  ///
  /// Spec: Delta § Deletion Vector Format
  ///
  /// - Throws: ``DeltaError`` `corruptDeletionVector` with the byte offset.
  public init(serialized bytes: UnsafeRawBufferPointer) throws(DeltaError) {
    var reader = RoaringReader(bytes)
    var keys: [Int64] = []
    var containers: [RoaringContainer] = []
    switch try reader.uint32() {
    case Self.portableMagic:
      let count = try reader.uint64()
      // The smallest bitmap has a key, a cookie and a count.
      guard count <= UInt64(reader.remaining / 12) else { throw reader.corrupt("more bitmaps than bytes") }
      var lastKey: Int64 = -1
      for _ in 0..<count {
        let key = Int64(try reader.uint32())
        guard key > lastKey, key <= Int64(Int32.max) else { throw reader.corrupt("bitmap keys out of order") }
        lastKey = key
        try Self.readBitmap(key << 16, &reader, &keys, &containers)
      }
    case Self.nativeMagic:
      try Self.readNative(&reader, isBigEndian: false, &keys, &containers)
    case Self.nativeMagic.byteSwapped:
      // The same with the numbers around the bitmaps big-endian: inline vectors of early versions, and the example in
      // the protocol.
      try Self.readNative(&reader, isBigEndian: true, &keys, &containers)
    case let magic: throw reader.corrupt("magic number \(magic) instead of \(Self.portableMagic)")
    }
    self.init(keys: keys, containers: containers)
  }

  private static func readNative(
    _ reader: inout RoaringReader, isBigEndian: Bool, _ keys: inout [Int64], _ containers: inout [RoaringContainer]
  ) throws(DeltaError) {
    func number() throws(DeltaError) -> UInt32 {
      let number = try reader.uint32()
      return isBigEndian ? number.byteSwapped : number
    }
    let count = try number()
    guard count <= reader.remaining / 4 else { throw reader.corrupt("more bitmaps than bytes") }
    for key in 0..<Int64(count) {
      let size = Int(try number())
      let end = reader.position + size
      guard size <= reader.remaining else { throw reader.corrupt("a bitmap longer than the vector") }
      try readBitmap(key << 16, &reader, &keys, &containers)
      guard reader.position <= end else { throw reader.corrupt("a bitmap longer than its size") }
      reader.position = end
    }
  }

  private static func readBitmap(
    _ upperKey: Int64, _ reader: inout RoaringReader, _ keys: inout [Int64],
    _ containers: inout [RoaringContainer]
  ) throws(DeltaError) {
    let cookie = try reader.uint32()
    let count: Int
    var runFlags: [UInt8] = []
    if cookie & 0xFFFF == runCookie {
      count = Int(cookie >> 16) + 1
      runFlags = try reader.array(of: UInt8.self, count: (count + 7) / 8)
    } else if cookie == plainCookie {
      count = Int(try reader.uint32())
    } else {
      throw reader.corrupt("cookie \(cookie) instead of \(plainCookie) or \(runCookie)")
    }
    guard count <= 65_536 else { throw reader.corrupt("\(count) blocks in a bitmap") }
    let headers = try reader.array(of: UInt16.self, count: count * 2)
    // Blocks follow each other in order, so the offsets say nothing new.
    if runFlags.isEmpty || count >= 4 { try reader.skip(count * 4) }
    var lastKey = -1
    for index in 0..<count {
      let key = Int(headers[index * 2])
      guard key > lastKey else { throw reader.corrupt("block keys out of order") }
      lastKey = key
      let isRuns = !runFlags.isEmpty && runFlags[index >> 3] >> UInt8(index & 7) & 1 != 0
      let cardinality = Int(headers[index * 2 + 1]) + 1
      let container = isRuns ? try readRuns(&reader) : try readBlock(cardinality, &reader)
      guard let container else { continue }
      keys.append(upperKey | Int64(key))
      containers.append(container)
    }
  }

  private static func readRuns(_ reader: inout RoaringReader) throws(DeltaError) -> RoaringContainer? {
    let count = Int(try reader.uint16())
    let numbers = try reader.array(of: UInt16.self, count: count * 2)
    var runs: [RoaringContainer.Run] = []
    runs.reserveCapacity(count)
    var next = 0
    for index in 0..<count {
      let run = RoaringContainer.Run(first: numbers[index * 2], following: numbers[index * 2 + 1])
      guard Int(run.first) >= next, run.last <= 0xFFFF else { throw reader.corrupt("runs out of order") }
      // Runs that touch are one: equal sets have equal runs.
      if let last = runs.last, Int(run.first) == next {
        runs[runs.count - 1] = RoaringContainer.Run(first: last.first, following: UInt16(run.last - Int(last.first)))
      } else {
        runs.append(run)
      }
      next = run.last + 1
    }
    return runs.isEmpty ? nil : .runs(runs)
  }

  private static func readBlock(
    _ cardinality: Int, _ reader: inout RoaringReader
  ) throws(DeltaError) -> RoaringContainer {
    if cardinality > RoaringContainer.arrayLimit {
      let words = try reader.array(of: UInt64.self, count: RoaringContainer.wordCount)
      guard words.reduce(0, { $0 + $1.nonzeroBitCount }) == cardinality else {
        throw reader.corrupt("a block's bits don't match its cardinality")
      }
      return .bitmap(words, cardinality: cardinality)
    }
    let numbers = try reader.array(of: UInt16.self, count: cardinality)
    for index in numbers.indices.dropFirst() where numbers[index] <= numbers[index - 1] {
      throw reader.corrupt("a block's numbers are out of order")
    }
    return .array(numbers)
  }

  /// The set in the portable format.
  ///
  /// Spec: Delta § Deletion Vector Format
  public func serialized() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: Self.portableMagic)
    var ranges: [Range<Int>] = []
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end] >> 16 == keys[start] >> 16 { end += 1 }
      ranges.append(start..<end)
      start = end
    }
    bytes.append(littleEndian: UInt64(ranges.count))
    for range in ranges {
      bytes.append(littleEndian: UInt32(truncatingIfNeeded: keys[range.lowerBound] >> 16))
      appendBitmap(range, to: &bytes)
    }
    return bytes
  }

  private func appendBitmap(_ range: Range<Int>, to bytes: inout [UInt8]) {
    let blocks = range.map { containers[$0].smallest }
    let isRuns = blocks.map { if case .runs = $0 { true } else { false } }
    let hasRuns = isRuns.contains(true)
    let start = bytes.count
    if hasRuns {
      bytes.append(littleEndian: Self.runCookie | UInt32(range.count - 1) << 16)
      var flags = [UInt8](repeating: 0, count: (range.count + 7) / 8)
      for (index, flag) in isRuns.enumerated() where flag { flags[index >> 3] |= 1 << UInt8(index & 7) }
      bytes.append(contentsOf: flags)
    } else {
      bytes.append(littleEndian: Self.plainCookie)
      bytes.append(littleEndian: UInt32(range.count))
    }
    for (index, block) in zip(range, blocks) {
      bytes.append(littleEndian: UInt16(truncatingIfNeeded: keys[index]))
      bytes.append(littleEndian: UInt16(block.cardinality - 1))
    }
    if !hasRuns || range.count >= 4 {
      var offset = bytes.count - start + range.count * 4
      for block in blocks {
        bytes.append(littleEndian: UInt32(offset))
        offset += block.serializedCount
      }
    }
    for block in blocks { block.append(to: &bytes) }
  }
}

extension RoaringContainer {
  /// The form with the fewest bytes.
  fileprivate var smallest: RoaringContainer {
    let runs = asRuns
    let plainCount = cardinality > Self.arrayLimit ? Self.wordCount * 8 : cardinality * 2
    if 2 + runs.count * 4 < plainCount { return .runs(runs) }
    if case .runs = self { return RoaringContainer(words: words) ?? self }
    return self
  }

  fileprivate var serializedCount: Int {
    switch self {
    case .array(let numbers): numbers.count * 2
    case .bitmap: Self.wordCount * 8
    case .runs(let runs): 2 + runs.count * 4
    }
  }

  fileprivate func append(to bytes: inout [UInt8]) {
    switch self {
    case .array(let numbers):
      for number in numbers { bytes.append(littleEndian: number) }
    case .bitmap(let words, _):
      for word in words { bytes.append(littleEndian: word) }
    case .runs(let runs):
      bytes.append(littleEndian: UInt16(runs.count))
      for run in runs {
        bytes.append(littleEndian: run.first)
        bytes.append(littleEndian: run.following)
      }
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

/// Reads little-endian numbers and never beyond the end.
private struct RoaringReader {
  private let bytes: UnsafeRawBufferPointer
  var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  var remaining: Int { bytes.count - position }

  mutating func uint16() throws(DeltaError) -> UInt16 { try number() }
  mutating func uint32() throws(DeltaError) -> UInt32 { try number() }
  mutating func uint64() throws(DeltaError) -> UInt64 { try number() }

  private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>() throws(DeltaError) -> Number {
    let size = MemoryLayout<Number>.size
    guard remaining >= size else { throw corrupt("it ends too early") }
    defer { position += size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
  }

  mutating func array<Number: FixedWidthInteger & BitwiseCopyable>(
    of type: Number.Type, count: Int
  ) throws(DeltaError) -> [Number] {
    guard count <= remaining / MemoryLayout<Number>.size else { throw corrupt("it ends too early") }
    let start = position
    position += count * MemoryLayout<Number>.size
    return (0..<count).map {
      Number(
        littleEndian: bytes.loadUnaligned(fromByteOffset: start + $0 * MemoryLayout<Number>.size, as: Number.self))
    }
  }

  mutating func skip(_ count: Int) throws(DeltaError) {
    guard count <= remaining else { throw corrupt("it ends too early") }
    position += count
  }

  func corrupt(_ reason: String) -> DeltaError {
    .corruptDeletionVector(reason, byteOffset: Int64(position))
  }
}
