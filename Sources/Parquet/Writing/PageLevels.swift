internal import Columnar

/// The levels of the page being filled, and what they count.
///
/// As long as every entry is a value nothing is kept but their number: most pages of most columns end as one run.
///
/// Spec: Parquet README § Data Pages
struct PageLevels: ~Copyable {
  let maximumDefinition: Int
  let maximumRepetition: Int
  private(set) var rowCount = 0
  /// Levels: values, nulls and empty lists.
  private(set) var entryCount = 0
  private(set) var valueCount = 0
  private var isAllDefined = true
  /// Definition levels where the highest is 1 and nothing repeats.
  private var bits = BitBuffer()
  /// A byte an entry.
  private var definitions = EncodingBuffer()
  private var repetitions = EncodingBuffer()

  init(_ leaf: WriteLeaf) {
    maximumDefinition = leaf.maximumDefinition
    maximumRepetition = leaf.maximumRepetition
  }

  private var usesBits: Bool { maximumDefinition == 1 && maximumRepetition == 0 }

  /// Appends some entries of some levels, which begin with a row, and hold so many rows and values.
  mutating func append(_ levels: LeafLevels, entries: Range<Int>, rows: Int, values: Int) {
    if maximumDefinition > 0 { appendDefinitions(levels.definitions, entries, values: values) }
    if maximumRepetition > 0, let source = levels.repetitions {
      source.withUnsafeBytes { repetitions.append(UnsafeRawBufferPointer(rebasing: $0[entries])) }
    }
    rowCount += rows
    entryCount += entries.count
    valueCount += values
  }

  private mutating func appendDefinitions(_ source: LeafLevels.Definitions, _ entries: Range<Int>, values: Int) {
    if values == entries.count {
      if isAllDefined { return }
      return appendDefined(entries.count)
    }
    if isAllDefined {
      isAllDefined = false
      appendDefined(entryCount)
    }
    switch source {
    case .all: appendDefined(entries.count)
    case .bits(let bitmap, let start):
      bitmap.buffer.withUnsafeBytes { bits.append($0, from: start + entries.lowerBound, count: entries.count) }
    case .levels(let levels):
      levels.withUnsafeBytes { levels in
        let levels = UnsafeRawBufferPointer(rebasing: levels[entries])
        guard usesBits, let base = levels.baseAddress else { return definitions.append(levels) }
        let scratch = Buffer(uninitialized: levels.count / 8 + 1)
        _ = LevelKernel.validity(
          base.assumingMemoryBound(to: UInt8.self), levels.count, atLeast: 1,
          into: scratch.mutablePointer.assumingMemoryBound(to: UInt8.self), at: 0)
        scratch.withUnsafeBytes { bits.append($0, from: 0, count: levels.count) }
      }
    }
  }

  private mutating func appendDefined(_ count: Int) {
    if usesBits { return bits.append(repeating: true, count: count) }
    definitions.reserve(count).initializeMemory(
      as: UInt8.self, repeating: UInt8(truncatingIfNeeded: maximumDefinition), count: count)
    definitions.fill(count)
  }

  /// How often each definition level occurs; `nil` when no field on the way can be null.
  func definitionHistogram() -> [Int64]? {
    if maximumDefinition == 0 { return nil }
    if isAllDefined || usesBits {
      var histogram = [Int64](repeating: 0, count: maximumDefinition + 1)
      histogram[0] = Int64(entryCount - valueCount)
      histogram[maximumDefinition] = Int64(valueCount)
      return histogram
    }
    return definitions.withUnsafeBytes { LevelKernel.histogram($0, maximum: maximumDefinition) }
  }

  /// How often each repetition level occurs; `nil` when nothing repeats.
  func repetitionHistogram() -> [Int64]? {
    if maximumRepetition == 0 { return nil }
    return repetitions.withUnsafeBytes { LevelKernel.histogram($0, maximum: maximumRepetition) }
  }

  /// The levels as they stand before the values of a page of version 1: each after its length.
  mutating func encode(into target: inout EncodingBuffer) {
    if maximumRepetition > 0 {
      let start = target.count
      target.append(littleEndian: 0)
      encodeRepetitions(into: &target)
      target.replace(littleEndian: UInt32(truncatingIfNeeded: target.count - start - 4), at: start)
    }
    if maximumDefinition > 0 {
      let start = target.count
      target.append(littleEndian: 0)
      encodeDefinitions(into: &target)
      target.replace(littleEndian: UInt32(truncatingIfNeeded: target.count - start - 4), at: start)
    }
  }

  mutating func encodeRepetitions(into target: inout EncodingBuffer) {
    guard maximumRepetition > 0 else { return }
    let width = RunLengthBitPackedEncoder.width(maximum: maximumRepetition)
    repetitions.withUnsafeBytes { levels in
      guard let base = levels.baseAddress else { return }
      RunLengthBitPackedEncoder.encode(
        base.assumingMemoryBound(to: UInt8.self), count: levels.count, width: width, into: &target)
    }
  }

  mutating func encodeDefinitions(into target: inout EncodingBuffer) {
    guard maximumDefinition > 0 else { return }
    let width = RunLengthBitPackedEncoder.width(maximum: maximumDefinition)
    if isAllDefined {
      return RunLengthBitPackedEncoder.encode(
        repeating: UInt32(truncatingIfNeeded: maximumDefinition), count: entryCount, width: width, into: &target)
    }
    if usesBits { return bits.encodeRuns(into: &target) }
    definitions.withUnsafeBytes { levels in
      guard let base = levels.baseAddress else { return }
      RunLengthBitPackedEncoder.encode(
        base.assumingMemoryBound(to: UInt8.self), count: levels.count, width: width, into: &target)
    }
  }

  /// Starts the next page.
  mutating func removeAll() {
    (rowCount, entryCount, valueCount, isAllDefined) = (0, 0, 0, true)
    bits.removeAll()
    definitions.removeAll()
    repetitions.removeAll()
  }
}
