internal import Columnar

/// The values of some rows of a leaf that are not null, one after the other, as encoders and statistics take them.
///
/// Nothing is copied where no row is null and no value is widened or narrowed.
struct DenseValues: Sendable {
  let form: ValueForm
  let count: Int
  let storage: Storage

  enum Storage: Sendable {
    /// Bits from a position on.
    case bits(Bitmap, from: Int)
    /// The layout's width a value.
    case fixed(Buffer)
    /// `count + 1` offsets as `Int32`; value `i` is `data[offsets[i]..<offsets[i + 1]]`. The first need not be 0.
    case bytes(offsets: Buffer, data: Buffer)
    /// `Int32` codes, each the index of one of `values`, which are not coded themselves.
    indirect case coded(codes: Buffer, values: DenseValues)
  }

  init(form: ValueForm, count: Int, storage: Storage) {
    self.form = form
    self.count = count
    self.storage = storage
  }

  /// - Parameters:
  ///   - column: of the type that `form` was made of.
  ///   - rows: which of its rows; all when `nil`.
  ///   - present: a bit for each row of the column, clear where there is no value; `nil`: every row has one.
  /// - Throws: `schemaMismatch` when the column's storage is not one of the form, or dictionary codes are out of range.
  init(
    _ column: Column, rows: Range<Int>? = nil, present: Bitmap?, form: ValueForm
  ) throws(ParquetError) {
    let rows = rows ?? 0..<column.count
    precondition(rows.lowerBound >= 0 && rows.upperBound <= column.count, "rows outside of the column")
    precondition(present.map { $0.count == column.count } ?? true, "a bit a row")
    self.form = form
    let present = present.map { PresentRows($0, rows) }.flatMap { $0.count == rows.count ? nil : $0 }
    switch (column.storage, form.layout) {
    case (.null, _):
      count = 0
      storage = .fixed(Buffer(uninitialized: 0))
    case (.boolean(let bits), .bits):
      count = present?.count ?? rows.count
      storage = present.map { .bits($0.compacted(bits), from: 0) } ?? .bits(bits, from: rows.lowerBound)
    case (.fixed(let values), .fixed(let width)):
      guard let stored = column.type.fixedWidth else { throw .notOfForm(column.type) }
      count = present?.count ?? rows.count
      let dense =
        present?.compacted(values, width: stored)
        ?? values.slice(rows.lowerBound * stored..<rows.upperBound * stored)
      storage = .fixed(
        try Self.converted(dense, count: count, from: stored, to: width, isUnsigned: form.order == .unsigned, column))
    case (.bytes(let offsets, let data), .bytes):
      count = present?.count ?? rows.count
      if let present {
        let (offsets, data) = present.compacted(offsets: offsets, data)
        storage = .bytes(offsets: offsets, data: data)
      } else {
        storage = .bytes(offsets: offsets.slice(rows.lowerBound * 4..<(rows.upperBound + 1) * 4), data: data)
      }
    case (.dictionary(let codes, let values), _):
      count = present?.count ?? rows.count
      let dense = present?.compacted(codes, width: 4) ?? codes.slice(rows.lowerBound * 4..<rows.upperBound * 4)
      let dictionary = try DenseValues(values, present: nil, form: form)
      guard CompactionKernel.areCodes(dense, count: count, below: dictionary.count) else {
        throw ParquetError(
          .schemaMismatch, "The codes of a dictionary-coded column point outside of its \(dictionary.count) values.")
      }
      storage = .coded(codes: dense, values: dictionary)
    default:
      throw .notOfForm(column.type)
    }
  }

  /// Some of the values; copies nothing.
  func slice(_ range: Range<Int>) -> DenseValues {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "values outside of those there are")
    let storage: Storage
    switch (self.storage, form.layout) {
    case (.bits(let bits, let start), _): storage = .bits(bits, from: start + range.lowerBound)
    case (.fixed(let values), .fixed(let width)):
      storage = .fixed(values.slice(range.lowerBound * width..<range.upperBound * width))
    case (.fixed, _): storage = self.storage
    case (.bytes(let offsets, let data), _):
      storage = .bytes(offsets: offsets.slice(range.lowerBound * 4..<(range.upperBound + 1) * 4), data: data)
    case (.coded(let codes, let values), _):
      storage = .coded(codes: codes.slice(range.lowerBound * 4..<range.upperBound * 4), values: values)
    }
    return DenseValues(form: form, count: range.count, storage: storage)
  }

  /// The same values without codes.
  ///
  /// - Throws: `unsupported` when that makes more than 2 GiB of strings.
  func decoded() throws(ParquetError) -> DenseValues {
    guard case .coded(let codes, let values) = storage else { return self }
    return try values.gathered(codes, count: count)
  }

  /// The values that codes stand for. The codes are in range.
  ///
  /// - Throws: `unsupported` when they are more than 2 GiB of strings.
  func gathered(_ codes: Buffer, count: Int) throws(ParquetError) -> DenseValues {
    let storage: Storage
    switch self.storage {
    case .fixed(let values):
      guard case .fixed(let width) = form.layout else { preconditionFailure("fixed values of no width") }
      storage = .fixed(CompactionKernel.gather(values, width: width, codes, count: count))
    case .bytes(let offsets, let data):
      guard let (offsets, data) = CompactionKernel.gather(offsets: offsets, data, codes, count: count) else {
        throw ParquetError(.unsupported, "More than 2 GiB of strings at once. Write smaller batches.")
      }
      storage = .bytes(offsets: offsets, data: data)
    case .bits, .coded:
      preconditionFailure("a dictionary of bits or codes")
    }
    return DenseValues(form: form, count: count, storage: storage)
  }

  private static func converted(
    _ values: Buffer, count: Int, from stored: Int, to width: Int, isUnsigned: Bool, _ column: Column
  ) throws(ParquetError) -> Buffer {
    switch (stored, width) {
    case (let stored, let width) where stored == width: values
    case (1, 4) where isUnsigned: CompactionKernel.widen(values, count: count, from: UInt8.self)
    case (1, 4): CompactionKernel.widen(values, count: count, from: Int8.self)
    case (2, 4) where isUnsigned: CompactionKernel.widen(values, count: count, from: UInt16.self)
    case (2, 4): CompactionKernel.widen(values, count: count, from: Int16.self)
    case (8, 4):
      if let narrowed = CompactionKernel.narrow(values, count: count) {
        narrowed
      } else {
        throw ParquetError(.invalidValue, "A value of the type \(column.type) has more digits than the type.")
      }
    default: throw .notOfForm(column.type)
    }
  }
}

extension ParquetError {
  static func notOfForm(_ type: DataType) -> ParquetError {
    ParquetError(.schemaMismatch, "A column of the type \(type) is not stored as a column of that type is.")
  }
}
