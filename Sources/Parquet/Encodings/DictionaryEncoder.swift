internal import Columnar

/// The dictionary of a column chunk while it is written: values go in, their codes come out.
///
/// It stops by itself when it becomes too large or will not pay (``DictionaryLimits``). What has codes by then keeps
/// them; the rest of the chunk is for a ``ValueEncoder``.
///
/// Spec: Parquet Encodings § Dictionary Encoding
struct DictionaryEncoder: ~Copyable {
  let form: ValueForm
  let limits: DictionaryLimits
  /// Whether no more values get codes.
  private(set) var isStopped = false
  private var progress = DictionaryLimits.Progress()
  private var nextCheckpoint = DictionaryLimits.firstCheckpoint
  private let table: Table

  /// The codes that another dictionary's codes stand for; -1 where one was not needed yet.
  private var translation = EncodingBuffer()
  private var translated: DenseValues?

  private enum Table {
    case four(FixedDictionary<Int32>)
    case eight(FixedDictionary<Int64>)
    case sixteen(FixedDictionary<Int128>)
    case strings(StringDictionary)
  }

  /// `nil` for booleans, which are smaller than codes.
  init?(form: ValueForm, limits: DictionaryLimits = DictionaryLimits()) {
    self.form = form
    self.limits = limits
    switch form.layout {
    case .bits: return nil
    case .fixed(4): table = .four(FixedDictionary(limit: limits.byteCount / 4))
    case .fixed(8): table = .eight(FixedDictionary(limit: limits.byteCount / 8))
    case .fixed(16): table = .sixteen(FixedDictionary(limit: limits.byteCount / form.physicalWidth))
    case .fixed, .bytes: table = .strings(StringDictionary(byteLimit: limits.byteCount))
    }
  }

  /// The different values.
  var count: Int {
    switch table {
    case .four(let table): table.count
    case .eight(let table): table.count
    case .sixteen(let table): table.count
    case .strings(let table): table.count
    }
  }

  /// Bytes of the dictionary page, before compression.
  var byteCount: Int {
    switch (table, form.layout) {
    case (.strings(let table), .bytes): table.dataByteCount + 4 * table.count
    default: count * form.physicalWidth
    }
  }

  /// Whether the chunk, if it ends here, is smaller with the dictionary than without.
  var pays: Bool {
    var progress = progress
    (progress.distinctCount, progress.dictionaryByteCount) = (count, byteCount)
    return limits.arePaid(progress)
  }

  /// Forgets everything, for the next chunk.
  mutating func removeAll() {
    switch table {
    case .four(let table): table.removeAll()
    case .eight(let table): table.removeAll()
    case .sixteen(let table): table.removeAll()
    case .strings(let table): table.removeAll()
    }
    progress = DictionaryLimits.Progress()
    nextCheckpoint = DictionaryLimits.firstCheckpoint
    isStopped = false
    translated = nil
  }

  /// Appends the codes of values, `UInt32` each, until one of them stops the dictionary.
  ///
  /// - Returns: how many values got codes; the others are still to be written.
  mutating func append(_ values: DenseValues, codes: inout EncodingBuffer) -> Int {
    precondition(values.form == form, "values of the dictionary's form")
    var done = 0
    while done < values.count, !isStopped {
      let half = nextCheckpoint / 2
      let stop = progress.valueCount < half ? half : nextCheckpoint
      let part = min(values.count - done, stop - progress.valueCount)
      let target = codes.reserve(part * 4).assumingMemoryBound(to: UInt32.self)
      let coded = append(part == values.count ? values : values.slice(done..<done + part), to: target)
      codes.fill(coded * 4)
      done += coded
      progress.valueCount += coded
      if coded < part { isStopped = true }
      if progress.valueCount == half { progress.distinctCountAtHalf = count }
      if progress.valueCount == nextCheckpoint { decide() }
    }
    return done
  }

  /// The different values, by code: for statistics, and to write coded values otherwise. Copies nothing.
  func values() -> DenseValues {
    let storage: DenseValues.Storage
    switch (table, form.layout) {
    case (.four(let table), _): storage = .fixed(table.values)
    case (.eight(let table), _): storage = .fixed(table.values)
    case (.sixteen(let table), _): storage = .fixed(table.values)
    case (.strings(let table), .bytes):
      let (offsets, data) = table.values
      storage = .bytes(offsets: offsets, data: data)
    case (.strings(let table), _): storage = .fixed(table.values.data)
    }
    return DenseValues(form: form, count: count, storage: storage)
  }

  /// Appends what the dictionary page holds: the different values, PLAIN.
  func appendPage(to target: inout EncodingBuffer) {
    PlainEncodeKernel.append(values(), to: &target)
  }

  /// Appends what a data page of codes holds: a byte with their width, and the codes.
  static func appendCodes(_ codes: borrowing EncodingBuffer, dictionaryCount: Int, to target: inout EncodingBuffer) {
    let width = RunLengthBitPackedEncoder.codeWidth(dictionaryCount: dictionaryCount)
    target.append(byte: UInt8(truncatingIfNeeded: width))
    codes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      RunLengthBitPackedEncoder.encode(
        base.assumingMemoryBound(to: UInt32.self), count: bytes.count / 4, width: width, into: &target)
    }
  }

  private mutating func decide() {
    (progress.distinctCount, progress.dictionaryByteCount) = (count, byteCount)
    if !limits.areWorthwhile(progress) { isStopped = true }
    nextCheckpoint *= DictionaryLimits.checkpointStep
  }

  private mutating func append(_ values: DenseValues, to codes: UnsafeMutablePointer<UInt32>) -> Int {
    switch (values.storage, table) {
    case (.coded(let source, let dictionary), _):
      return translate(source, of: dictionary, count: values.count, to: codes)
    case (.fixed(let buffer), .four(let table)):
      progress.plainByteCount += values.count * form.physicalWidth
      return buffer.withValues(of: Int32.self) { source in
        source.baseAddress.map { table.append($0, count: values.count, codes: codes) } ?? 0
      }
    case (.fixed(let buffer), .eight(let table)):
      progress.plainByteCount += values.count * form.physicalWidth
      return buffer.withValues(of: Int64.self) { source in
        source.baseAddress.map { table.append($0, count: values.count, codes: codes) } ?? 0
      }
    case (.fixed(let buffer), .sixteen(let table)):
      progress.plainByteCount += values.count * form.physicalWidth
      return buffer.withValues(of: Int128.self) { source in
        source.baseAddress.map { table.append($0, count: values.count, codes: codes) } ?? 0
      }
    case (.fixed(let buffer), .strings(let table)):
      progress.plainByteCount += values.count * form.physicalWidth
      return buffer.withUnsafeBytes { source in
        table.append(source, length: form.physicalWidth, count: values.count, codes: codes)
      }
    case (.bytes(let offsets, let data), .strings(let table)):
      return offsets.withValues(of: Int32.self) { offsets in
        guard let base = offsets.baseAddress else { return 0 }
        progress.plainByteCount += Int(base[values.count] &- base[0]) + 4 * values.count
        return data.withUnsafeBytes { table.append(offsets: base, $0, count: values.count, codes: codes) }
      }
    case (.bits, _), (.bytes, _):
      preconditionFailure("values of the dictionary's form")
    }
  }

  /// Codes of another dictionary are looked up once for each different one; as long as that dictionary stays the same,
  /// once for all batches.
  private mutating func translate(
    _ source: Buffer, of dictionary: DenseValues, count: Int, to codes: UnsafeMutablePointer<UInt32>
  ) -> Int {
    if translated.map({ !$0.isSameMemory(as: dictionary) }) ?? true {
      translation.removeAll()
      translation.reserve(dictionary.count * 4)
        .initializeMemory(as: Int32.self, repeating: -1, count: dictionary.count)
      translation.fill(dictionary.count * 4)
      translated = dictionary
    }
    let map = translation.base.assumingMemoryBound(to: Int32.self)
    return source.withValues(of: UInt32.self) { source in
      var index = 0
      while index < count {
        let code = map[Int(source[index])]
        if code < 0 {
          addTranslations(source, from: index, count, of: dictionary, codes)
          // Still missing: the dictionary is full.
          if map[Int(source[index])] < 0 { break }
          continue
        }
        codes[index] = UInt32(bitPattern: code)
        index &+= 1
      }
      progress.plainByteCount += dictionary.plainByteCount(ofCodes: source, count: index)
      return index
    }
  }

  /// Looks up all codes of a batch, from a row on, that have no translation yet.
  private mutating func addTranslations(
    _ source: UnsafeBufferPointer<UInt32>, from start: Int, _ count: Int, of dictionary: DenseValues,
    _ scratch: UnsafeMutablePointer<UInt32>
  ) {
    let map = translation.base.assumingMemoryBound(to: Int32.self)
    let missing = Buffer(uninitialized: (count - start) * 4)
    let codes = missing.mutablePointer.assumingMemoryBound(to: UInt32.self)
    var found = 0
    for index in start..<count where map[Int(source[index])] == -1 {
      map[Int(source[index])] = -2
      codes[found] = source[index]
      found &+= 1
    }
    // Different values of one dictionary: no more bytes than it has.
    let values = try? dictionary.gathered(missing, count: found)
    let plainByteCount = progress.plainByteCount
    let added = values.map { append($0, to: scratch + start) } ?? 0
    progress.plainByteCount = plainByteCount
    for index in 0..<found {
      map[Int(codes[index])] = index < added ? Int32(bitPattern: scratch[start &+ index]) : -1
    }
    withExtendedLifetime(missing) {}
  }
}

extension DenseValues {
  /// Whether both are the same bytes, not only equal ones.
  fileprivate func isSameMemory(as other: DenseValues) -> Bool {
    guard count == other.count, form == other.form else { return false }
    switch (storage, other.storage) {
    case (.fixed(let values), .fixed(let others)): return values.isSameMemory(as: others)
    case (.bytes(let offsets, let data), .bytes(let otherOffsets, let otherData)):
      return offsets.isSameMemory(as: otherOffsets) && data.isSameMemory(as: otherData)
    default: return false
    }
  }

  /// Bytes of the values that codes stand for, if they were written PLAIN.
  fileprivate func plainByteCount(ofCodes codes: UnsafeBufferPointer<UInt32>, count: Int) -> Int {
    guard case .bytes(let offsets, _) = storage else { return count * form.physicalWidth }
    return offsets.withValues(of: Int32.self) { offsets in
      var total = 4 * count
      for index in 0..<count {
        let code = Int(codes[index])
        total &+= Int(offsets[code &+ 1] &- offsets[code])
      }
      return total
    }
  }
}

extension Buffer {
  fileprivate func isSameMemory(as other: Buffer) -> Bool {
    memory === other.memory && offset == other.offset && count == other.count
  }
}
