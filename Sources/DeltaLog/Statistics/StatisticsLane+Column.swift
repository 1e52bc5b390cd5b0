internal import Columnar

extension StatisticsLane {
  /// The bounds as a column of their type: null where none is known, or none that the type can hold.
  func column(of type: DataType) -> Column {
    let count = isKnown.count
    switch type {
    case .boolean where kind == .integers:
      return Column(
        type, count: count, validity: Bitmap(nonzero: isKnown),
        storage: .boolean(Bitmap(nonzero: integers.map { $0 == 0 ? 0 : 1 })))
    case .byte where kind == .integers: return narrowed(to: Int8.self, type)
    case .short where kind == .integers: return narrowed(to: Int16.self, type)
    case .integer where kind == .integers, .date where kind == .integers: return narrowed(to: Int32.self, type)
    case .long where kind == .integers, .timestamp(.microseconds) where kind == .integers,
      .timestampNtz(.microseconds) where kind == .integers:
      return fixed(integers, type)
    case .decimal(let precision, _) where precision <= 18 && kind == .integers: return fixed(integers, type)
    case .decimal(let precision, _) where precision > 18 && precision <= 38 && kind == .wideIntegers:
      return fixed(wideIntegers, type)
    case .float where kind == .doubles: return fixed(doubles.map { Float($0) }, type)
    case .double where kind == .doubles: return fixed(doubles, type)
    case .string where kind == .texts: return texts(type) ?? repairedTexts()
    // Nothing of another kind is a value of the type.
    default: return Column(nulls: count, of: type)
    }
  }

  private func repairedTexts() -> Column {
    Column(
      strings: isKnown.indices.map {
        isKnown[$0] == 0 ? nil : String(decoding: textBytes[textRanges[$0]], as: UTF8.self)
      })
  }

  private func fixed<Value: BitwiseCopyable>(_ values: [Value], _ type: DataType) -> Column {
    Column(
      type, count: isKnown.count, validity: Bitmap(nonzero: isKnown), storage: .fixed(Buffer(copying: values)))
  }

  private func narrowed<Value: FixedWidthInteger & BitwiseCopyable>(to _: Value.Type, _ type: DataType) -> Column {
    var isKnown = isKnown
    var values = [Value](repeating: 0, count: integers.count)
    for row in integers.indices {
      if let value = Value(exactly: integers[row]) { values[row] = value } else { isKnown[row] = 0 }
    }
    return Column(
      type, count: values.count, validity: Bitmap(nonzero: isKnown), storage: .fixed(Buffer(copying: values)))
  }

  /// `nil` for bytes that are no text, or too many of them.
  private func texts(_ type: DataType) -> Column? {
    var offsets: [Int32] = [0]
    offsets.reserveCapacity(isKnown.count + 1)
    var data: [UInt8] = []
    data.reserveCapacity(textBytes.count)
    for row in isKnown.indices {
      if isKnown[row] != 0 { data += textBytes[textRanges[row]] }
      guard let end = Int32(exactly: data.count) else { return nil }
      offsets.append(end)
    }
    // Each was valid by itself in its JSON, so that none ends within a character.
    guard UTF8Kernel.isValid(data) else { return nil }
    return Column(
      type, count: isKnown.count, validity: Bitmap(nonzero: isKnown),
      storage: .bytes(offsets: Buffer(copying: offsets), data: Buffer(copying: data)))
  }
}
