internal import Columnar

/// A bloom filter being made: large enough for the most values that may come, and folded to what those that came need.
///
/// Two neighbouring blocks of a filter of a power of two of blocks are one block of the filter half as large.
///
/// Spec: Parquet BloomFilter § Technical Approach
struct BloomFilterBuilder: ~Copyable {
  private let form: ValueForm
  private let falsePositiveRate: Double
  private let blocks: Buffer
  private var blockCount: Int

  /// Whether there are filters of values of a form. Booleans need none, and INT96 has no equality worth it.
  static func isFor(_ form: ValueForm) -> Bool {
    form.physicalType != .boolean && form.physicalType != .int96
  }

  /// - Parameters:
  ///   - distinctCount: the most different values that may come.
  ///   - falsePositiveRate: how often a value that is not there may seem to be; between 0 and 1.
  ///   - maximumByteCount: more bytes are not taken, whatever the rate becomes.
  init(form: ValueForm, distinctCount: Int, falsePositiveRate: Double = 0.01, maximumByteCount: Int = 1 << 20) {
    self.form = form
    self.falsePositiveRate = falsePositiveRate
    blockCount = Self.blockCount(
      distinctCount: distinctCount, falsePositiveRate: falsePositiveRate, maximumByteCount: maximumByteCount)
    blocks = Buffer(zeroed: blockCount * BloomFilter.blockSize)
  }

  var byteCount: Int { blockCount * BloomFilter.blockSize }

  /// Adds values; of coded ones, those of the dictionary that occur, once each.
  mutating func insert(_ values: DenseValues) {
    precondition(values.form == form, "values of the filter's form")
    switch values.storage {
    case .coded(let codes, let dictionary):
      let used = CompactionKernel.distinctCodes(codes, count: values.count, below: dictionary.count)
      if let occurring = try? dictionary.gathered(used, count: used.count / 4) { insert(occurring) }
    case .fixed(let buffer):
      switch (form.layout, form.isBigEndian) {
      case (.fixed(4), _):
        buffer.withValues(of: UInt32.self) { source in
          for index in 0..<values.count { insert(hash: XXH64.hash(source[index])) }
        }
      case (.fixed(8), _):
        buffer.withValues(of: UInt64.self) { source in
          for index in 0..<values.count { insert(hash: XXH64.hash(source[index])) }
        }
      case (.fixed(let width), false):
        buffer.withUnsafeBytes { insert($0, values.count) { $0 &* width } }
      default:
        var plain = EncodingBuffer()
        PlainEncodeKernel.append(values, to: &plain)
        plain.withUnsafeBytes { bytes in
          let length = form.typeLength
          insert(bytes, values.count) { $0 &* length }
        }
      }
    case .bytes(let offsets, let data):
      offsets.withValues(of: Int32.self) { offsets in
        data.withUnsafeBytes { insert($0, values.count) { Int(offsets[$0]) } }
      }
    case .bits:
      preconditionFailure("booleans have no bloom filter")
    }
  }

  /// The blocks, as few as keep the rate.
  consuming func finished() -> Buffer {
    while blockCount > 1, foldedRate <= falsePositiveRate { fold() }
    return blocks.slice(0..<byteCount)
  }

  // MARK: Sizes

  /// A power of two of blocks.
  static func blockCount(distinctCount: Int, falsePositiveRate: Double, maximumByteCount: Int) -> Int {
    let most = max(1, maximumByteCount / BloomFilter.blockSize)
    var count = 1
    while count * 2 <= most, rate(valuesPerBlock: Double(distinctCount) / Double(count)) > falsePositiveRate {
      count *= 2
    }
    return count
  }

  /// How often a value that is not there seems to be, with so many values a block on the average: blocks have more or
  /// fewer by chance, and a block of `n` has each of the eight bits with a probability of 1 - (31 / 32)^n.
  static func rate(valuesPerBlock average: Double) -> Double {
    guard average < 400 else { return 1 }
    // The terms of Poisson's distribution, each by the one before it, all of them times e^average.
    var (weight, weights, rates, clear) = (1.0, 0.0, 0.0, 1.0)
    for values in 0..<Int(average * 3 + 60) {
      let square = (1 - clear) * (1 - clear)
      rates += weight * square * square * square * square
      weights += weight
      weight *= average / Double(values + 1)
      clear *= 31.0 / 32
    }
    return rates / weights
  }

  // MARK: Blocks

  @inline(__always)
  private func insert(_ bytes: UnsafeRawBufferPointer, _ count: Int, offset: (Int) -> Int) {
    for index in 0..<count {
      insert(hash: XXH64.hash(UnsafeRawBufferPointer(rebasing: bytes[offset(index)..<offset(index &+ 1)])))
    }
  }

  @inline(__always)
  private func insert(hash: UInt64) {
    let block = Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(truncatingIfNeeded: blockCount)) >> 32)
    let key = UInt32(truncatingIfNeeded: hash)
    let words = (blocks.mutablePointer + block &* BloomFilter.blockSize).assumingMemoryBound(to: UInt32.self)
    let salt = BloomFilter.salts
    let bits = (SIMD8(repeating: key) &* salt) &>> 27
    let mask = SIMD8<UInt32>(repeating: 1) &<< bits
    for word in 0..<8 { words[word] |= mask[word].littleEndian }
  }

  /// The rate if the filter were folded once more: for each pair of blocks, how much of each of its words is set.
  private var foldedRate: Double {
    blocks.withValues(of: UInt32.self) { words in
      var rate = 0.0
      for pair in 0..<blockCount / 2 {
        var product = 1.0
        for word in 0..<8 {
          let bits = words[pair * 16 + word] | words[pair * 16 + 8 + word]
          product *= Double(bits.nonzeroBitCount) / 32
        }
        rate += product
      }
      return rate / Double(blockCount / 2)
    }
  }

  private mutating func fold() {
    let words = blocks.mutablePointer.assumingMemoryBound(to: UInt32.self)
    for pair in 0..<blockCount / 2 {
      for word in 0..<8 { words[pair * 8 + word] = words[pair * 16 + word] | words[pair * 16 + 8 + word] }
    }
    blockCount /= 2
  }
}
