public import Columnar

/// The values that files have in one partition column: each once, and a code a file.
public struct PartitionDictionary: Sendable {
  /// The column's logical name.
  public var name: String
  /// Typed, distinct, none null.
  public var values: Column
  /// By file; negative for null.
  public var codes: [Int32]

  public init(name: String, values: Column, codes: [Int32]) {
    self.name = name
    self.values = values
    self.codes = codes
  }

  /// A dictionary of values as the log spells them. Null and empty ones become null, whatever their code.
  ///
  /// - Throws: ``DeltaError`` `corruptLog` when a text is no value of the field's type.
  public init(_ field: StructField, texts: [String?], codes: [Int32]) throws(DeltaError) {
    var scalars: [Scalar] = []
    var moved: [Int32] = []
    moved.reserveCapacity(texts.count)
    for text in texts {
      let scalar = try PartitionValues.scalar(text, of: field.type, column: field.name)
      moved.append(scalar.isNull ? -1 : Int32(scalars.count))
      if !scalar.isNull { scalars.append(scalar) }
    }
    self.init(
      name: field.name, values: try Column.concatenated(scalars, of: field.type, column: field.name),
      codes: codes.map { $0 >= 0 && Int($0) < moved.count ? moved[Int($0)] : -1 })
  }

  /// A row for each value, and one more that is null.
  var valuesAndNull: Column {
    let count = values.count + 1
    guard values.count > 0 else { return Column(nulls: 1, of: values.type) }
    var codes = (0..<Int32(values.count)).map { $0 }
    codes.append(0)
    return Column(
      values.type, count: count, validity: Bitmap((0..<count).map { $0 < values.count }), nullCount: 1,
      storage: .dictionary(codes: Buffer(copying: codes), values: values))
  }

  /// A row for each file.
  var column: Column {
    guard values.count > 0 else { return Column(nulls: codes.count, of: values.type) }
    return Column(
      values.type, count: codes.count, validity: codes.contains { $0 < 0 } ? Bitmap(codes.map { $0 >= 0 }) : nil,
      storage: .dictionary(codes: Buffer(copying: codes.map { max($0, 0) }), values: values))
  }
}

extension DataSkipping.Plan {
  /// Which files the partition clauses are true for; `nil` when there are no such clauses.
  ///
  /// A clause on one column is evaluated once for each distinct value: O(files) look-ups, O(values) evaluations.
  ///
  /// - Parameters:
  ///   - dictionaries: one for each of ``partitionColumns`` that the clauses name, each with a code a file.
  ///   - evaluate: evaluates a predicate on a batch, exactly; a set bit for each row where it is true.
  public func partitionMatches(
    _ dictionaries: [PartitionDictionary], fileCount: Int,
    evaluate: (ColumnPredicate, RecordBatch) throws -> Bitmap
  ) throws -> [Bool]? {
    guard !partitionClauses.isEmpty else { return nil }
    var matches = [Bool](repeating: true, count: fileCount)
    for clause in partitionClauses {
      let names = Set(clause.columns.map { $0.names[0] })
      let used = dictionaries.filter { names.contains($0.name) && $0.codes.count == fileCount }
      guard used.count == names.count else { throw DeltaError.invalidArgument("A partition column has no values.") }
      let fields = used.map { StructField($0.name, $0.values.type) }
      guard let first = used.first, used.count == 1 else {
        let count = used.isEmpty ? 1 : fileCount
        let batch = RecordBatch(schema: StructType(fields), columns: used.map(\.column), rowCount: count)
        let bits = try evaluate(ColumnPredicate(clause), batch)
        for file in 0..<fileCount where !bits[used.isEmpty ? 0 : file] { matches[file] = false }
        continue
      }
      let values = first.valuesAndNull
      let batch = RecordBatch(schema: StructType(fields), columns: [values], rowCount: values.count)
      let bits = try evaluate(ColumnPredicate(clause), batch)
      let isTrue = (0..<values.count).map { bits[$0] }
      let null = isTrue.count - 1
      first.codes.withUnsafeBufferPointer { codes in
        for file in 0..<fileCount {
          let code = Int(codes[file])
          if !isTrue[code < 0 || code >= null ? null : code] { matches[file] = false }
        }
      }
    }
    return matches
  }
}

extension Column {
  /// A column of scalars of one type.
  static func concatenated(_ scalars: [Scalar], of type: DataType, column: String) throws(DeltaError) -> Column {
    func mismatch() -> DeltaError { .invalidPartitionValue("", of: column, as: SchemaJSON.name(of: type) ?? "type") }
    switch type {
    case .boolean: return Column(booleans: scalars.map { if case .boolean(let value) = $0 { value } else { nil } })
    case .byte: return Column(bytes: scalars.map { if case .byte(let value) = $0 { value } else { nil } })
    case .short: return Column(shorts: scalars.map { if case .short(let value) = $0 { value } else { nil } })
    case .integer: return Column(integers: scalars.map { if case .integer(let value) = $0 { value } else { nil } })
    case .long: return Column(longs: scalars.map { if case .long(let value) = $0 { value } else { nil } })
    case .float: return Column(floats: scalars.map { if case .float(let value) = $0 { value } else { nil } })
    case .double: return Column(doubles: scalars.map { if case .double(let value) = $0 { value } else { nil } })
    case .date: return Column(dates: scalars.map { if case .date(let value) = $0 { value } else { nil } })
    case .timestamp(.microseconds):
      return Column(timestamps: scalars.map { if case .timestamp(let value) = $0 { value } else { nil } })
    case .timestampNtz(.microseconds):
      let values = scalars.map { if case .timestampNtz(let value) = $0 { value } else { Int64(0) } }
      return Column(type, count: values.count, storage: .fixed(Buffer(copying: values)))
    case .decimal(let precision, let scale) where precision <= 38:
      return Column(
        decimals: scalars.map { if case .decimal(let value, _, _) = $0 { value } else { nil } }, precision: precision,
        scale: scale)
    case .string: return Column(strings: scalars.map { if case .string(let value) = $0 { value } else { nil } })
    case .binary: return Column(binaries: scalars.map { if case .binary(let value) = $0 { value } else { nil } })
    default: throw mismatch()
    }
  }
}
