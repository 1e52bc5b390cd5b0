internal import Columnar

/// Values of a leaf, one after the other without nulls, as the file stores them: numbers little-endian in the physical
/// type's width, fixed-length values in their length.
struct LeafValues {
  let count: Int
  let storage: Storage

  enum Storage {
    /// There are none, and never will be.
    case none
    case bits(Bitmap)
    case fixed(Buffer)
    /// `Int32` offsets, `count + 1` of them.
    case strings(offsets: Buffer, data: Buffer)
    /// `Int32` codes of values that a source had as a dictionary.
    case codes(Buffer, StoredDictionary)
  }
}

/// A source's dictionary, its values as the file stores them. A class, so that it can be recognised.
final class StoredDictionary: Sendable {
  /// Not coded themselves.
  let values: LeafValues
  fileprivate let source: Column

  fileprivate init(_ source: Column, values: LeafValues) {
    self.source = source
    self.values = values
  }

  /// Whether it was made from that very column.
  fileprivate func isMade(of column: Column) -> Bool {
    guard column.count == source.count else { return false }
    switch (column.storage, source.storage) {
    case (.fixed(let a), .fixed(let b)): return a.pointer == b.pointer
    case (.bytes(let a, let data), .bytes(let b, let other)):
      return a.pointer == b.pointer && data.pointer == other.pointer
    default: return false
    }
  }
}

/// Takes values out of columns. It remembers the last dictionary, since batches come with the same one.
struct LeafValueReader {
  private let type: DataType
  private let conversion: StoredConversion
  private var dictionary: StoredDictionary?

  init(_ leaf: WriteLeaf) {
    type = leaf.type
    conversion = StoredConversion(leaf)
  }

  /// The values that the levels found in the leaf's column.
  ///
  /// - Throws: ``ParquetError`` with code `invalidValue` for values that the stored type can't hold.
  mutating func values(_ levels: LeafLevels, of column: Column) throws(ParquetError) -> LeafValues {
    guard levels.valueCount > 0 else { return LeafValues(count: 0, storage: .none) }
    try check(column)
    switch column.storage {
    case .dictionary(let codes, let values):
      let dictionary = try stored(values)
      // Codes are gathered as if they were numbers.
      let coded = Column(.integer, count: column.count, storage: .fixed(codes))
      guard case .fixed(let dense) = try dense(levels, of: coded) else { throw Self.mismatch }
      guard StoringKernel.areCodes(dense, count: levels.valueCount, below: values.count) else {
        throw .damagedColumn("codes point outside of its dictionary")
      }
      return LeafValues(count: levels.valueCount, storage: .codes(dense, dictionary))
    default:
      let dense = try dense(levels, of: Column(column.type, count: column.count, storage: column.storage))
      return try stored(dense, count: levels.valueCount)
    }
  }

  private mutating func stored(_ values: Column) throws(ParquetError) -> StoredDictionary {
    if let dictionary, dictionary.isMade(of: values) { return dictionary }
    guard values.nullCount == 0 else { throw .damagedColumn("its dictionary has nulls") }
    try check(values)
    let made = StoredDictionary(values, values: try stored(values.storage, count: values.count))
    dictionary = made
    return made
  }

  /// Values in memory, without nulls, as stored ones.
  private func stored(_ storage: ColumnStorage, count: Int) throws(ParquetError) -> LeafValues {
    switch storage {
    case .boolean(let bits):
      return LeafValues(count: count, storage: .bits(bits))
    case .fixed(let buffer):
      return LeafValues(count: count, storage: .fixed(try conversion.convert(buffer, count: count, type: type)))
    case .bytes(let offsets, let data):
      if case .decimalBytes(let length) = conversion {
        let fixed = try conversion.convert(offsets, data, count: count, length: length, type: type)
        return LeafValues(count: count, storage: .fixed(fixed))
      }
      return LeafValues(count: count, storage: .strings(offsets: offsets, data: data))
    default: throw Self.mismatch
    }
  }

  /// The storage of just the values.
  private func dense(_ levels: LeafLevels, of column: Column) throws(ParquetError) -> ColumnStorage {
    switch levels.values {
    case .range(let range):
      return column.slice(range).storage
    case .valid(let validity, let range):
      let part = column.slice(range)
      switch part.storage {
      case .fixed(let buffer):
        return .fixed(
          StoringKernel.compact(
            buffer, width: part.type.fixedWidth ?? 0, validity, from: range.lowerBound, slots: range.count,
            values: levels.valueCount))
      default: return try taking(validity.slice(range).setIndices(), of: part)
      }
    case .rows(let rows):
      return try taking(rows, of: column)
    }
  }

  private func taking(_ rows: Buffer, of column: Column) throws(ParquetError) -> ColumnStorage {
    if case .bytes(let offsets, let data) = column.storage,
      let dense = StoringKernel.denseOffsets(offsets, rows: rows)
    {
      return .bytes(offsets: dense, data: data)
    }
    do throws(ColumnError) {
      return try column.taking(rows).storage
    } catch {
      throw ParquetError(.invalidValue, "The column's values cannot be gathered.", cause: error)
    }
  }

  /// That what the column says of its size is there: its values are read through pointers.
  private func check(_ column: Column) throws(ParquetError) {
    let isComplete: Bool
    switch column.storage {
    case .boolean(let bits): isComplete = bits.count >= column.count
    case .fixed(let buffer): isComplete = buffer.count >= column.count * (type.fixedWidth ?? Int.max >> 32)
    case .dictionary(let codes, _): isComplete = codes.count >= column.count * 4
    case .bytes(let offsets, let data):
      isComplete =
        offsets.count >= (column.count + 1) * 4
        && offsets.withValues(of: Int32.self) {
          $0[0] >= 0 && $0[column.count] >= $0[0] && Int($0[column.count]) <= data.count
        }
    default: isComplete = false
    }
    guard isComplete else { throw Self.mismatch }
  }

  private static var mismatch: ParquetError { .damagedColumn("its values are not stored as its type says") }
}
