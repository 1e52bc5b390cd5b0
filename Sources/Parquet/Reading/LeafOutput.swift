internal import Columnar

/// What one leaf has read for the batch being made: values, which are null, and levels where structs or lists need
/// them.
struct LeafOutput {
  /// Rows or list elements so far, nulls included.
  private(set) var slots = 0
  private(set) var nulls = 0
  /// Bits a slot, from the first null on.
  private var validity: BitSink?

  /// Levels, one an entry. `definitions` is `nil` as long as every entry is defined to the end.
  private(set) var entries = 0
  private(set) var definitions: GrowableBuffer?
  private(set) var repetitions = GrowableBuffer()

  /// Bounds that only damaged or absurd files reach: batches are planned to be far smaller.
  private static let largestBatch = 512 << 20
  private static let mostEntries = 1 << 26
  /// Room is not made for more than this before it is needed.
  private static let mostExpected = 1 << 20

  private let leaf: LeafPlan
  /// The rows expected: slots, outside of lists.
  private let capacity: Int
  private var fixed: GrowableBuffer
  private var bits: BitSink
  private var strings: StringSink
  private var codes: GrowableBuffer
  /// Strings as indices into the dictionary, followed by those of `strings`.
  private var usesCodes = false
  /// What a dictionary and the strings behind it may have together: offsets have 32 bits.
  private let joinedLimit: Int

  /// - Parameters:
  ///   - capacity: the rows expected.
  ///   - stringLimit: more bytes of strings than this are a failure of the kind `largeBatch`.
  ///   - joinedLimit: the same of strings together with a dictionary.
  init(_ leaf: LeafPlan, capacity: Int, stringLimit: Int = .max, joinedLimit: Int = Int(Int32.max)) {
    self.leaf = leaf
    self.joinedLimit = joinedLimit
    self.capacity = min(capacity, Self.mostExpected)
    fixed = GrowableBuffer()
    bits = BitSink()
    strings = StringSink(byteLimit: stringLimit, expecting: capacity)
    codes = GrowableBuffer()
    switch leaf.storage {
    case .null: break
    case .boolean: bits = BitSink(capacity: capacity)
    case .fixed(_, let width): fixed = GrowableBuffer(capacity: min(capacity, (8 << 20) / max(1, width)) * width)
    case .strings: break
    }
  }

  /// Bytes of strings so far, those of the dictionary left out.
  var stringByteCount: Int { strings.byteCount }

  // MARK: Levels

  /// Entries that are all defined to the end; no list is around.
  mutating func appendDefined(_ count: Int) {
    validity?.append(repeating: true, count: count)
    if var definitions {
      definitions.reserve(count)
      definitions.end.initializeMemory(
        as: UInt8.self, repeating: UInt8(truncatingIfNeeded: leaf.maximumDefinition), count: count)
      definitions.fill(count)
      self.definitions = definitions
    }
    entries += count
  }

  /// Whether nothing but defined entries were seen.
  var isAllDefined: Bool { validity == nil && definitions == nil }

  /// Levels 0 and 1 of a column outside of everything. Returns the defined ones.
  mutating func appendOptional(_ count: Int, from levels: inout LevelDecoder) throws(DecodingFailure) -> Int {
    var bits = validity ?? BitSink(capacity: max(slots + count, capacity))
    if validity == nil { bits.append(repeating: true, count: slots) }
    bits.reserve(count)
    let present = try levels.decodeBits(count, into: bits.pointer, at: slots)
    bits.fill(count)
    validity = bits
    entries += count
    return present
  }

  /// Levels of a column inside of structs or lists. Returns the new slots and how many of them are defined.
  mutating func appendLevels(
    _ count: Int, definitions levels: inout LevelDecoder, repetitions pending: UnsafePointer<UInt8>?
  ) throws(DecodingFailure) -> (slots: Int, present: Int) {
    var definitions = self.definitions ?? GrowableBuffer(capacity: max(entries + count, capacity))
    let maximum = UInt8(truncatingIfNeeded: leaf.maximumDefinition)
    if self.definitions == nil {
      definitions.end.initializeMemory(as: UInt8.self, repeating: maximum, count: entries)
      definitions.fill(entries)
    }
    definitions.reserve(count)
    let added = definitions.end.assumingMemoryBound(to: UInt8.self)
    try levels.decode(count, into: added)
    guard LevelKernel.maximum(added, count) <= maximum else {
      throw .damaged("a definition level is above \(maximum)")
    }
    definitions.fill(count)
    self.definitions = definitions
    if let pending {
      repetitions.reserve(count)
      repetitions.end.copyMemory(from: pending, byteCount: count)
      repetitions.fill(count)
    }
    entries += count
    guard entries <= Self.mostEntries else {
      throw .unsupported("more than \(Self.mostEntries) list elements in one batch; ask for batches of fewer rows")
    }
    var bits = validity ?? BitSink(capacity: max(slots + count, capacity))
    if validity == nil { bits.append(repeating: true, count: slots) }
    bits.reserve(count + 8)
    let exists = UInt8(truncatingIfNeeded: leaf.elementDefinition)
    let result: (slots: Int, present: Int)
    if exists == 0 {
      result = (count, LevelKernel.validity(added, count, atLeast: maximum, into: bits.pointer, at: slots))
    } else {
      result = LevelKernel.slots(added, count, exists: exists, defined: maximum, into: bits.pointer, at: slots)
    }
    bits.fill(result.slots)
    if validity != nil || result.present < result.slots { validity = bits }
    return result
  }

  // MARK: Values

  /// Reads the values of the last slots, whose validity was appended, and puts nulls between.
  mutating func appendValues(
    slots count: Int, present: Int, from page: inout PageValues, dictionary: LeafDictionary?
  ) throws(DecodingFailure) {
    let start = slots
    slots += count
    nulls += count - present
    switch leaf.storage {
    case .null:
      if present > 0 { try page.skip(present, leaf: leaf) }
    case .boolean:
      try appendBits(count, present, start, &page)
    case .fixed(let conversion, let width):
      try appendFixed(count, present, start, conversion, width, &page, dictionary)
    case .strings(let isUTF8):
      try appendStrings(count, present, start, isUTF8, &page, dictionary)
    }
  }

  private mutating func appendBits(
    _ count: Int, _ present: Int, _ start: Int, _ page: inout PageValues
  ) throws(DecodingFailure) {
    bits.reserve(count)
    if present == count {
      if present > 0 { try page.decodeBits(present, into: bits.pointer, at: start) }
    } else if let validity {
      let dense = Buffer(uninitialized: (present + 7) / 8 + 8)
      let pointer = dense.mutablePointer.assumingMemoryBound(to: UInt8.self)
      if present > 0 { try page.decodeBits(present, into: pointer, at: 0) }
      BitmapKernel.spreadBits(pointer, into: bits.pointer, at: start, over: validity.pointer, from: start, count: count)
      withExtendedLifetime(dense) {}
    }
    bits.fill(count)
  }

  private mutating func appendFixed(
    _ count: Int, _ present: Int, _ start: Int, _ conversion: FixedConversion, _ width: Int,
    _ page: inout PageValues, _ dictionary: LeafDictionary?
  ) throws(DecodingFailure) {
    // Values are real bytes, but nulls and dictionaries multiply them.
    let (size, overflow) = count.multipliedReportingOverflow(by: width)
    guard !overflow, size <= Self.largestBatch - fixed.count else {
      throw .unsupported("more than \(Self.largestBatch >> 20) MiB of one column in a batch; ask for fewer rows")
    }
    fixed.reserve(size)
    let target = fixed.end
    if present > 0 {
      if case .dictionary(var decoder) = page {
        guard let dictionary else { throw Self.dictionaryMissing }
        try DictionaryGatherKernel.gather(
          &decoder, count: present, dictionary: dictionary.values.pointer, dictionaryCount: dictionary.count,
          width: width, into: target)
        page = .dictionary(decoder)
      } else {
        try page.decodeConverted(present, conversion, leaf: leaf, into: target)
      }
    }
    if present < count, let validity {
      Self.spread(target, width, present, validity, start, count)
    }
    fixed.fill(size)
  }

  private static func spread(
    _ target: UnsafeMutableRawPointer, _ width: Int, _ present: Int, _ validity: BitSink, _ start: Int, _ count: Int
  ) {
    let bits = UnsafePointer(validity.pointer)
    switch width {
    case 1:
      BitmapKernel.spread(
        target.assumingMemoryBound(to: UInt8.self), present: present, over: bits, from: start, count: count)
    case 2:
      BitmapKernel.spread(
        target.assumingMemoryBound(to: UInt16.self), present: present, over: bits, from: start, count: count)
    case 4:
      BitmapKernel.spread(
        target.assumingMemoryBound(to: UInt32.self), present: present, over: bits, from: start, count: count)
    case 8:
      BitmapKernel.spread(
        target.assumingMemoryBound(to: UInt64.self), present: present, over: bits, from: start, count: count)
    case 16:
      BitmapKernel.spread(
        target.assumingMemoryBound(to: UInt128.self), present: present, over: bits, from: start, count: count)
    default: BitmapKernel.spread(target, width: width, present: present, over: bits, from: start, count: count)
    }
  }

  private mutating func appendStrings(
    _ count: Int, _ present: Int, _ start: Int, _ isUTF8: Bool, _ page: inout PageValues,
    _ dictionary: LeafDictionary?
  ) throws(DecodingFailure) {
    if case .dictionary(var decoder) = page, present > 0 {
      guard let dictionary else { throw Self.dictionaryMissing }
      try checkJoined(dictionary)
      startCodes(before: start, dictionary)
      let target = reserveCodes(count)
      try DictionaryGatherKernel.indices(&decoder, count: present, dictionaryCount: dictionary.count, into: target)
      page = .dictionary(decoder)
      spreadCodes(target, count, present, start)
      return
    }
    let from = strings.byteCount
    let firstString = strings.count
    if present > 0 {
      try page.decodeStrings(present, leaf: leaf, into: &strings)
      if isUTF8, !strings.areUTF8(last: present, from: from) { throw .damaged("a string is not valid UTF-8") }
    }
    if usesCodes, let dictionary {
      try checkJoined(dictionary)
      let target = reserveCodes(count)
      let first = UInt32(truncatingIfNeeded: dictionary.count + firstString)
      for index in 0..<present { target[index] = first &+ UInt32(truncatingIfNeeded: index) }
      spreadCodes(target, count, present, start)
    } else if present < count, let validity {
      strings.spread(last: present, over: validity.pointer, from: start, slots: count)
    }
  }

  private static var dictionaryMissing: DecodingFailure { .damaged("the dictionary page is missing") }

  private func checkJoined(_ dictionary: LeafDictionary) throws(DecodingFailure) {
    guard strings.count > 0, strings.byteCount > joinedLimit - dictionary.stringByteCount else { return }
    throw DecodingFailure(
      kind: .largeBatch, message: "more than \(joinedLimit) bytes of strings, with their dictionary, in one batch")
  }

  /// From now on strings are codes; plain ones read before become strings behind the dictionary's.
  private mutating func startCodes(before start: Int, _ dictionary: LeafDictionary) {
    guard !usesCodes else { return }
    usesCodes = true
    let target = reserveCodes(start)
    for index in 0..<start { target[index] = UInt32(truncatingIfNeeded: dictionary.count + index) }
    codes.fill(start * 4)
  }

  private mutating func reserveCodes(_ count: Int) -> UnsafeMutablePointer<UInt32> {
    codes.reserve(count * 4, expecting: capacity * 4)
    return codes.end.assumingMemoryBound(to: UInt32.self)
  }

  private mutating func spreadCodes(_ target: UnsafeMutablePointer<UInt32>, _ count: Int, _ present: Int, _ start: Int)
  {
    if present < count, let validity {
      BitmapKernel.spread(target, present: present, over: validity.pointer, from: start, count: count)
    }
    codes.fill(count * 4)
  }

  // MARK: The column

  /// The slots as a column of the leaf's type.
  func column(dictionary: LeafDictionary?) -> Column {
    let bitmap = nulls > 0 ? validity?.finished() : nil
    let storage: ColumnStorage
    switch leaf.storage {
    case .null:
      return Column(nulls: slots, of: leaf.type)
    case .boolean:
      storage = .boolean(bits.finished())
    case .fixed:
      storage = .fixed(fixed.finished())
    case .strings:
      if usesCodes, let values = dictionary?.strings {
        let all = strings.count == 0 ? values : LeafOutput.concatenated(values, strings, leaf.type)
        storage = .dictionary(codes: codes.finished(), values: all)
      } else {
        storage = strings.storage
      }
    }
    return Column(leaf.type, count: slots, validity: bitmap, nullCount: nulls, storage: storage)
  }

  /// A dictionary followed by strings that were stored plain in the same batch.
  private static func concatenated(_ dictionary: Column, _ strings: StringSink, _ type: DataType) -> Column {
    guard case .bytes(let offsets, let data) = dictionary.storage else { return dictionary }
    let count = dictionary.count + strings.count
    let bytes = Buffer(uninitialized: data.count + strings.byteCount)
    bytes.mutablePointer.copyMemory(from: data.pointer, byteCount: data.count)
    (bytes.mutablePointer + data.count).copyMemory(from: strings.data.buffer.pointer, byteCount: strings.byteCount)
    let ends = Buffer(uninitialized: (count + 1) * 4)
    ends.mutablePointer.copyMemory(from: offsets.pointer, byteCount: (dictionary.count + 1) * 4)
    let target = ends.mutablePointer.assumingMemoryBound(to: Int32.self) + dictionary.count
    let source = strings.offsets.buffer.pointer.assumingMemoryBound(to: Int32.self)
    let base = Int32(truncatingIfNeeded: data.count)
    for index in 0...strings.count { target[index] = source[index] &+ base }
    return withExtendedLifetime((data, offsets, strings)) {
      Column(type, count: count, storage: .bytes(offsets: ends, data: bytes))
    }
  }
}
