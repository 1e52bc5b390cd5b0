// Columns out of Swift arrays: for literals, partition values and tests. Readers fill buffers instead.

extension Column {
  public init(booleans values: [Bool?]) {
    self.init(
      .boolean, count: values.count, validity: Self.validity(values),
      storage: .boolean(Bitmap(values.map { $0 ?? false })))
  }

  public init(bytes values: [Int8?]) { self.init(.byte, numbers: values) }
  public init(shorts values: [Int16?]) { self.init(.short, numbers: values) }
  public init(integers values: [Int32?]) { self.init(.integer, numbers: values) }
  public init(longs values: [Int64?]) { self.init(.long, numbers: values) }

  public init(floats values: [Float?]) {
    self.init(
      .float, count: values.count, validity: Self.validity(values),
      storage: .fixed(Buffer(copying: values.map { $0 ?? 0 })))
  }

  public init(doubles values: [Double?]) {
    self.init(
      .double, count: values.count, validity: Self.validity(values),
      storage: .fixed(Buffer(copying: values.map { $0 ?? 0 })))
  }

  /// Days since 1970-01-01.
  public init(dates values: [Int32?]) { self.init(.date, numbers: values) }

  /// Microseconds since the epoch, UTC.
  public init(timestamps values: [Int64?]) { self.init(.timestamp(.microseconds), numbers: values) }

  public init(strings values: [String?]) {
    self.init(.string, rows: values.map { $0.map { Array($0.utf8) } })
  }

  public init(binaries values: [[UInt8]?]) { self.init(.binary, rows: values) }

  /// Values as `unscaled / 10^scale`, of at most 38 digits. Traps beyond.
  public init(decimals values: [Int128?], precision: Int, scale: Int) {
    precondition(precision <= 38, "decimals of 38 digits at most")
    let type = DataType.decimal(precision: precision, scale: scale)
    if precision <= 18 {
      self.init(type, numbers: values.map { $0.map { Int64($0) } })
    } else {
      self.init(type, numbers: values)
    }
  }

  /// Scalars of the type, or null; `nil` when one is of another type, or the type has no scalars.
  public init?(scalars: [Scalar], of type: DataType) {
    func values<Value>(_ value: (Scalar) -> Value?) -> [Value?]? {
      var values: [Value?] = []
      values.reserveCapacity(scalars.count)
      for scalar in scalars {
        let value = value(scalar)
        if value == nil, !scalar.isNull { return nil }
        values.append(value)
      }
      return values
    }
    let column: Column?
    switch type {
    case .boolean:
      column = values { if case .boolean(let value) = $0 { value } else { nil } }.map(Column.init(booleans:))
    case .byte: column = values { if case .byte(let value) = $0 { value } else { nil } }.map(Column.init(bytes:))
    case .short: column = values { if case .short(let value) = $0 { value } else { nil } }.map(Column.init(shorts:))
    case .integer:
      column = values { if case .integer(let value) = $0 { value } else { nil } }.map(Column.init(integers:))
    case .long: column = values { if case .long(let value) = $0 { value } else { nil } }.map(Column.init(longs:))
    case .float: column = values { if case .float(let value) = $0 { value } else { nil } }.map(Column.init(floats:))
    case .double: column = values { if case .double(let value) = $0 { value } else { nil } }.map(Column.init(doubles:))
    case .string: column = values { if case .string(let value) = $0 { value } else { nil } }.map(Column.init(strings:))
    case .binary: column = values { if case .binary(let value) = $0 { value } else { nil } }.map(Column.init(binaries:))
    case .date: column = values { if case .date(let value) = $0 { value } else { nil } }.map(Column.init(dates:))
    case .timestamp(.microseconds):
      column = values { if case .timestamp(let value) = $0 { value } else { nil } }.map(Column.init(timestamps:))
    case .timestampNtz(.microseconds):
      column = values { if case .timestampNtz(let value) = $0 { value } else { nil } }.map { Column(type, numbers: $0) }
    case .decimal(let precision, let scale) where precision <= 38:
      column = values { scalar -> Int128? in
        guard case .decimal(let unscaled, _, scale) = scalar else { return nil }
        return precision > 18 || Int64(exactly: unscaled) != nil ? unscaled : nil
      }.map { Column(decimals: $0, precision: precision, scale: scale) }
    default: column = scalars.allSatisfy(\.isNull) ? Column(nulls: scalars.count, of: type) : nil
    }
    guard let column else { return nil }
    self = column
  }

  /// A struct of named children, each with a value a row.
  ///
  /// - Parameter validity: which rows are not null themselves; `nil`: all of them. Traps unless children agree in count.
  public init(fields: [(name: String, column: Column)], count: Int, validity: Bitmap? = nil) {
    precondition(fields.allSatisfy { $0.column.count == count }, "children of one length")
    self.init(
      .struct(StructType(fields.map { StructField($0.name, $0.column.type) })), count: count, validity: validity,
      storage: .structure(fields.map(\.column)))
  }

  /// Arrays of `counts[i]` elements each (`nil`: a null), taken from `elements` in order.
  /// Traps unless the counts add up to the elements.
  public init(lists counts: [Int?], of elements: Column) {
    self.init(
      .array(ArrayType(elements.type)), count: counts.count, validity: Self.validity(counts),
      storage: .list(offsets: Self.offsets(counts, elements.count), elements: elements))
  }

  /// Maps of `counts[i]` pairs each (`nil`: a null), taken from `keys` and `values` in order.
  /// Traps unless the counts add up to the pairs.
  public init(maps counts: [Int?], keys: Column, values: Column) {
    precondition(keys.count == values.count && keys.nullCount == 0, "a value for each key, and no null key")
    self.init(
      .map(MapType(key: keys.type, value: values.type)), count: counts.count, validity: Self.validity(counts),
      storage: .map(offsets: Self.offsets(counts, keys.count), keys: keys, values: values))
  }

  /// A dictionary-coded column; `nil` is a null. Traps when a code is outside of `values`.
  public init(codes: [Int32?], values: Column) {
    precondition(codes.allSatisfy { $0 == nil || values.count > Int($0 ?? 0) }, "codes inside of the dictionary")
    self.init(
      values.type, count: codes.count, validity: Self.validity(codes),
      storage: .dictionary(codes: Buffer(copying: codes.map { $0 ?? 0 }), values: values))
  }

  init<Value: FixedWidthInteger & BitwiseCopyable>(_ type: DataType, numbers values: [Value?]) {
    self.init(
      type, count: values.count, validity: Self.validity(values),
      storage: .fixed(Buffer(copying: values.map { $0 ?? 0 })))
  }

  init(_ type: DataType, rows values: [[UInt8]?]) {
    var data: [UInt8] = []
    for case let value? in values { data += value }
    self.init(
      type, count: values.count, validity: Self.validity(values),
      storage: .bytes(offsets: Self.offsets(values.map { $0?.count }, data.count), data: Buffer(copying: data)))
  }

  static func validity<Value>(_ values: [Value?]) -> Bitmap? {
    values.contains { $0 == nil } ? Bitmap(values.map { $0 != nil }) : nil
  }

  private static func offsets(_ counts: [Int?], _ total: Int) -> Buffer {
    var offsets: [Int32] = [0]
    var end = 0
    for count in counts {
      end += count ?? 0
      offsets.append(Int32(end))
    }
    precondition(end == total, "counts that add up")
    return Buffer(copying: offsets)
  }
}
