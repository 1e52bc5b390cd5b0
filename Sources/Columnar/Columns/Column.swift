/// The values of one field for the rows of a batch, in Arrow's memory layout. Immutable; a copy shares its buffers.
public struct Column: Sendable {
  public let type: DataType
  /// The rows.
  public let count: Int
  /// The rows that are null.
  public let nullCount: Int
  /// A clear bit for each null; `nil` when there is no null. `validity?.count == count`.
  public let validity: Bitmap?
  public let storage: ColumnStorage

  /// The storage must fit the type (see ``ColumnStorage``); `validity` with no clear bit is dropped.
  ///
  /// - Parameter nullCount: pass it when known; counting costs O(count / 64).
  public init(_ type: DataType, count: Int, validity: Bitmap? = nil, nullCount: Int? = nil, storage: ColumnStorage) {
    self.type = type
    self.count = count
    let nulls: Int
    if case .null = storage { nulls = count } else { nulls = nullCount ?? validity.map { count - $0.setCount } ?? 0 }
    self.nullCount = nulls
    self.validity = nulls == 0 ? nil : validity
    self.storage = storage
  }

  /// A column of nothing but nulls, of any type.
  public init(nulls count: Int, of type: DataType) {
    let validity = count == 0 ? nil : Bitmap(repeating: false, count: count)
    let storage: ColumnStorage
    switch type {
    case .null: storage = .null
    case .boolean: storage = .boolean(Bitmap(repeating: false, count: count))
    case .struct(let type): storage = .structure(type.fields.map { Column(nulls: count, of: $0.type) })
    case .array(let type):
      storage = .list(offsets: Buffer(zeroed: (count + 1) * 4), elements: Column(nulls: 0, of: type.element))
    case .map(let type):
      storage = .map(
        offsets: Buffer(zeroed: (count + 1) * 4), keys: Column(nulls: 0, of: type.key),
        values: Column(nulls: 0, of: type.value))
    case .variant:
      let empty = Column(.binary, count: count, storage: Self.emptyBytes(count))
      storage = .variant(metadata: empty, value: empty)
    default:
      if let width = type.fixedWidth {
        storage = .fixed(Buffer(zeroed: count * width))
      } else {
        storage = Self.emptyBytes(count)
      }
    }
    self.init(type, count: count, validity: validity, nullCount: count, storage: storage)
  }

  private static func emptyBytes(_ count: Int) -> ColumnStorage {
    .bytes(offsets: Buffer(zeroed: (count + 1) * 4), data: Buffer(uninitialized: 0))
  }

  /// Convenient, not fast: for hot loops take the bitmap.
  public func isNull(_ row: Int) -> Bool {
    if case .null = storage { return true }
    return validity.map { !$0[row] } ?? false
  }
}

/// Where a column's values are. Values under a null are unspecified but safe to read.
///
/// Offsets are `Int32`, `count + 1` of them, ascending; the first need not be 0.
public indirect enum ColumnStorage: Sendable {
  /// Type `null`: nothing is stored.
  case null
  /// Type `boolean`: a bit a row.
  case boolean(Bitmap)
  /// Types with a ``DataType/fixedWidth``: that many bytes a row, little-endian.
  case fixed(Buffer)
  /// `string`, `binary`, decimals beyond 38 digits: row `i` is `data[offsets[i]..<offsets[i + 1]]`.
  case bytes(offsets: Buffer, data: Buffer)
  /// Any type with `bytes` or `fixed` storage: row `i` is `values[codes[i]]`, codes being `Int32`. The dictionary has
  /// the column's type and no nulls; nulls are in the column's own validity, with any valid code or 0 under them.
  case dictionary(codes: Buffer, values: Column)
  /// `struct`: a child a field, each with the column's count.
  case structure([Column])
  /// `array`: row `i` is `elements[offsets[i]..<offsets[i + 1]]`.
  case list(offsets: Buffer, elements: Column)
  /// `map`: row `i` pairs `keys` and `values` over `offsets[i]..<offsets[i + 1]`. Keys are never null.
  case map(offsets: Buffer, keys: Column, values: Column)
  /// `variant`: two binary columns. Spec: Parquet VariantEncoding § Variant in Parquet
  case variant(metadata: Column, value: Column)
}
