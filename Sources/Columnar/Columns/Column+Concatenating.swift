#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Column {
  /// The rows of all columns, one after the other. Columns of one dictionary keep it, others are merged or decoded.
  ///
  /// - Throws: `typeMismatch` when the types differ or there is no column; `tooLarge`.
  public static func concatenating(_ columns: [Column]) throws(ColumnError) -> Column {
    guard let first = columns.first else {
      throw ColumnError(.typeMismatch, "Nothing to concatenate: without a column there is no type.")
    }
    if columns.count == 1 { return first }
    for column in columns where column.type != first.type {
      throw ColumnError(.typeMismatch, "Columns of \(first.type) and \(column.type) cannot be one column.")
    }
    let parts = columns.filter { $0.count > 0 }
    guard parts.count > 1 else { return parts.first ?? first }
    var total = 0
    for part in parts { total += part.count }
    guard total < Int32.max else { throw .tooLarge("rows", total) }
    let hasNulls = parts.contains { $0.validity != nil }
    let validity =
      hasNulls
      ? Bitmap.concatenating(parts.map { $0.validity ?? Bitmap(repeating: true, count: $0.count) }) : nil
    var nullCount = 0
    for part in parts { nullCount += part.nullCount }
    return Column(
      first.type, count: total, validity: validity, nullCount: nullCount, storage: try storage(of: parts, total))
  }

  private static func storage(of parts: [Column], _ total: Int) throws(ColumnError) -> ColumnStorage {
    if let storage = try dictionaryStorage(of: parts, total) { return storage }
    let parts = try parts.mapThrowing { column throws(ColumnError) in
      if case .dictionary = column.storage { return try column.decoded() }
      return column
    }
    switch parts[0].storage {
    case .null: return .null
    case .boolean: return .boolean(.concatenating(parts.compactMap { $0.storage.bits }))
    case .fixed:
      let width = parts[0].type.fixedWidth ?? 0
      return .fixed(joined(parts.map { ($0.storage.buffer, 0..<$0.count * width) }))
    case .bytes:
      let (offsets, ranges) = try joinedOffsets(parts)
      let data = zip(parts, ranges).map { part, range -> (Buffer?, Range<Int>) in
        guard case .bytes(_, let data) = part.storage else { return (nil, 0..<0) }
        return (data, range)
      }
      return .bytes(offsets: offsets, data: joined(data))
    case .structure(let children):
      return .structure(
        try children.indices.mapThrowing { index throws(ColumnError) in
          try concatenating(parts.compactMap { $0.storage.children?[index] })
        })
    case .list:
      let (offsets, ranges) = try joinedOffsets(parts)
      return .list(
        offsets: offsets,
        elements: try concatenating(
          zip(parts, ranges).compactMap { part, range in
            guard case .list(_, let elements) = part.storage else { return nil }
            return elements.slice(range)
          }))
    case .map:
      let (offsets, ranges) = try joinedOffsets(parts)
      let pairs = zip(parts, ranges).compactMap { part, range -> (Column, Column)? in
        guard case .map(_, let keys, let values) = part.storage else { return nil }
        return (keys.slice(range), values.slice(range))
      }
      return .map(
        offsets: offsets, keys: try concatenating(pairs.map(\.0)), values: try concatenating(pairs.map(\.1)))
    case .variant:
      let pairs = parts.compactMap { part -> (Column, Column)? in
        guard case .variant(let metadata, let value) = part.storage else { return nil }
        return (metadata, value)
      }
      return .variant(metadata: try concatenating(pairs.map(\.0)), value: try concatenating(pairs.map(\.1)))
    case .dictionary: throw ColumnError(.unsupported, "A dictionary of dictionaries cannot be concatenated.")
    }
  }

  /// One dictionary for all, when all are coded and that is no more work than decoding.
  private static func dictionaryStorage(of parts: [Column], _ total: Int) throws(ColumnError) -> ColumnStorage? {
    var codes: [Buffer] = []
    var dictionaries: [Column] = []
    for part in parts {
      guard case .dictionary(let partCodes, let values) = part.storage else { return nil }
      codes.append(partCodes)
      dictionaries.append(values)
    }
    if dictionaries.dropFirst().allSatisfy({ $0.sharesStorage(with: dictionaries[0]) }) {
      let all = zip(codes, parts).map { buffer, part in (Optional(buffer), 0..<part.count * 4) }
      return .dictionary(codes: joined(all), values: dictionaries[0])
    }
    guard dictionaries.reduce(0, { $0 + $1.count }) <= total else { return nil }
    let result = Buffer(uninitialized: total * 4)
    var target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    var shift: Int32 = 0
    for (part, dictionary) in zip(zip(parts, codes), dictionaries) {
      part.1.withValues(of: Int32.self) { source in
        for row in 0..<part.0.count { target[row] = source[row] &+ shift }
      }
      target += part.0.count
      shift += Int32(dictionary.count)
    }
    return .dictionary(codes: result, values: try concatenating(dictionaries))
  }

  private func sharesStorage(with other: Column) -> Bool {
    guard count == other.count else { return false }
    switch (storage, other.storage) {
    case (.fixed(let a), .fixed(let b)): return a.isSame(as: b)
    case (.bytes(let a, let b), .bytes(let c, let d)): return a.isSame(as: c) && b.isSame(as: d)
    default: return false
    }
  }

  /// Offsets from 0 on over all parts, and the range that each part's own offsets span.
  private static func joinedOffsets(_ parts: [Column]) throws(ColumnError) -> (Buffer, [Range<Int>]) {
    var rows = 0
    for part in parts { rows += part.count }
    let result = Buffer(uninitialized: (rows + 1) * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    target[0] = 0
    var filled = 0
    var total = 0
    var ranges: [Range<Int>] = []
    for part in parts {
      guard let offsets = part.storage.offsets else {
        throw ColumnError(.typeMismatch, "Columns of different layouts.")
      }
      let range = offsets.withValues(of: Int32.self) { source in
        let first = Int(source[0])
        for row in 0..<part.count {
          target[filled &+ row &+ 1] = Int32(truncatingIfNeeded: Int(source[row &+ 1]) &- first &+ total)
        }
        return first..<Int(source[part.count])
      }
      ranges.append(range)
      filled += part.count
      total += range.count
      guard total <= Int32.max else { throw .tooLarge("bytes or elements", total) }
    }
    return (result, ranges)
  }

  private static func joined(_ parts: [(Buffer?, Range<Int>)]) -> Buffer {
    let result = Buffer(uninitialized: parts.reduce(0) { $0 + $1.1.count })
    var target = result.mutablePointer
    for (buffer, range) in parts {
      guard let buffer, !range.isEmpty else { continue }
      let window = buffer.slice(range)
      memcpy(target, window.pointer, range.count)
      withExtendedLifetime(window) {}
      target += range.count
    }
    return result
  }
}

extension Column {
  /// The column with plain values in place of dictionary codes, at any depth.
  ///
  /// - Throws: `tooLarge` when the strings outgrow one column; `damaged` when a code points outside the dictionary.
  public func decoded() throws(ColumnError) -> Column {
    let storage: ColumnStorage
    switch self.storage {
    case .null, .boolean, .fixed, .bytes, .variant: return self
    case .dictionary(let codes, let values):
      return try Self.decoding(codes, values, self)
    case .structure(let children):
      storage = .structure(try children.mapThrowing { child throws(ColumnError) in try child.decoded() })
    case .list(let offsets, let elements): storage = .list(offsets: offsets, elements: try elements.decoded())
    case .map(let offsets, let keys, let values):
      storage = .map(offsets: offsets, keys: try keys.decoded(), values: try values.decoded())
    }
    return Column(type, count: count, validity: validity, nullCount: nullCount, storage: storage)
  }

  private static func decoding(_ codes: Buffer, _ values: Column, _ column: Column) throws(ColumnError) -> Column {
    guard column.count > 0 else { return Column(nulls: 0, of: column.type) }
    if values.count == 0 {
      guard column.nullCount == column.count else { throw .codesOutside(of: 0) }
      return Column(nulls: column.count, of: column.type)
    }
    let codes = codes.slice(0..<column.count * 4)
    let bounds = codes.withValues(of: Int32.self) { source -> (least: Int32, greatest: Int32) in
      source.baseAddress.map { GatherKernel.bounds($0, count: source.count) } ?? (0, -1)
    }
    guard bounds.least >= 0, Int(bounds.greatest) < values.count else { throw .codesOutside(of: values.count) }
    let plain = try values.gathered(codes)
    return Column(
      column.type, count: column.count, validity: column.validity, nullCount: column.nullCount, storage: plain.storage)
  }
}

extension ColumnStorage {
  var bits: Bitmap? { if case .boolean(let bits) = self { bits } else { nil } }
  var buffer: Buffer? { if case .fixed(let buffer) = self { buffer } else { nil } }
  var children: [Column]? { if case .structure(let children) = self { children } else { nil } }
  /// Of strings, lists and maps.
  var offsets: Buffer? {
    switch self {
    case .bytes(let offsets, _), .list(let offsets, _), .map(let offsets, _, _): offsets
    default: nil
    }
  }
}

extension Buffer {
  /// Whether it is the same window onto the same memory.
  func isSame(as other: Buffer) -> Bool {
    memory === other.memory && offset == other.offset && count == other.count
  }
}

extension Sequence {
  /// `map` whose closure throws one type.
  func mapThrowing<Result, Failure: Error>(
    _ body: (Element) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try body(element)) }
    return results
  }
}
