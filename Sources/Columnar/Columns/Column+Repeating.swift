extension Column {
  /// A column of one value in every row, such as a partition value.
  ///
  /// Strings and binary are stored as a dictionary of one entry. `value` is null or of the very type; passing
  /// another is a programmer's mistake.
  public init(repeating value: Scalar, count: Int, of type: DataType) {
    switch (value, type) {
    case (.null, _): self.init(nulls: count, of: type)
    case (.boolean(let bit), .boolean):
      self.init(type, count: count, nullCount: 0, storage: .boolean(Bitmap(repeating: bit, count: count)))
    case (.byte(let value), .byte): self.init(repeating: value, count, type)
    case (.short(let value), .short): self.init(repeating: value, count, type)
    case (.integer(let value), .integer), (.date(let value), .date): self.init(repeating: value, count, type)
    case (.long(let value), .long), (.timestamp(let value), .timestamp(.microseconds)),
      (.timestampNtz(let value), .timestampNtz(.microseconds)):
      self.init(repeating: value, count, type)
    case (.unsignedLong(let value), .unsignedLong): self.init(repeating: value, count, type)
    case (.float(let value), .float): self.init(repeating: value, count, type)
    case (.double(let value), .double): self.init(repeating: value, count, type)
    case (.decimal(let unscaled, _, let scale), .decimal(let precision, let columnScale))
    where scale == columnScale && precision <= 38:
      if precision <= 18 {
        self.init(repeating: Int64(truncatingIfNeeded: unscaled), count, type)
      } else {
        self.init(repeating: unscaled, count, type)
      }
    case (.string(let text), .string): self.init(repeatingBytes: Array(text.utf8), count, type)
    case (.binary(let bytes), .binary): self.init(repeatingBytes: bytes, count, type)
    default: preconditionFailure("a value of the column's type")
    }
  }

  private init<Value: BitwiseCopyable>(repeating value: Value, _ count: Int, _ type: DataType) {
    let buffer = Buffer(uninitialized: count * MemoryLayout<Value>.stride)
    buffer.mutablePointer.initializeMemory(as: Value.self, repeating: value, count: count)
    self.init(type, count: count, nullCount: 0, storage: .fixed(buffer))
  }

  private init(repeatingBytes bytes: [UInt8], _ count: Int, _ type: DataType) {
    let offsets: [Int32] = [0, Int32(bytes.count)]
    let entry = Column(
      type, count: 1, nullCount: 0, storage: .bytes(offsets: Buffer(copying: offsets), data: Buffer(copying: bytes)))
    self.init(
      type, count: count, nullCount: 0, storage: .dictionary(codes: Buffer(zeroed: count * 4), values: entry))
  }
}
