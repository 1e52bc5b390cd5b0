/// What a part of an expression came to for a batch: a column of its rows, or one value that stands for all of them.
struct Operand {
  /// Of one row when ``isConstant``, whatever the batch.
  let column: Column
  let isConstant: Bool

  init(_ column: Column, isConstant: Bool = false) {
    self.column = column
    self.isConstant = isConstant
  }

  var type: DataType { column.type }

  var isNullConstant: Bool { isConstant && column.nullCount == 1 }

  /// A column of `count` rows.
  func expanded(to count: Int) throws(ColumnError) -> Column {
    guard isConstant, count != 1 else { return column }
    if column.nullCount == 1 { return Column(nulls: count, of: column.type) }
    return try column.gathered(Buffer(zeroed: count * 4))
  }

  /// The same with plain values in place of dictionary codes.
  func decoded() throws(ColumnError) -> Operand {
    guard case .dictionary = column.storage else { return self }
    return Operand(try column.decoded(), isConstant: isConstant)
  }
}

extension Column {
  /// Runs `body` on the dictionary's values when there are fewer of them than rows, and spreads what comes of it over
  /// the rows; else on the plain column. Only for functions that make a null of a null and look at nothing but the value.
  func eachDistinct(_ body: (Column) throws(ColumnError) -> Column) throws(ColumnError) -> Column {
    guard case .dictionary(let codes, let values) = storage else { return try body(self) }
    guard values.count <= count else { return try body(try decoded()) }
    let results = try body(values)
    if values.count == 0 { return Column(nulls: count, of: results.type) }
    return try results.taking(codes.slice(0..<count * 4)).masked(by: validity)
  }

  /// The bits of a boolean column's true rows.
  var trueBits: Bitmap {
    guard case .boolean(let bits) = storage else { return Bitmap(repeating: false, count: count) }
    return validity.map { bits.intersection($0) } ?? bits
  }

  init(truth bits: Bitmap, validity: Bitmap? = nil) {
    self.init(.boolean, count: bits.count, validity: validity, storage: .boolean(bits))
  }

  /// A bit a row: whether it is null.
  var nullBits: Bitmap {
    if case .null = storage { return Bitmap(repeating: true, count: count) }
    return validity?.inverted() ?? Bitmap(repeating: false, count: count)
  }

  /// A bit a row: whether it is a value.
  var validBits: Bitmap {
    if case .null = storage { return Bitmap(repeating: false, count: count) }
    return validity ?? Bitmap(repeating: true, count: count)
  }
}
