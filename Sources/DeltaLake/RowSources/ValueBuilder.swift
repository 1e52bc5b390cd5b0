internal import Columnar
internal import DeltaLog

/// A column in the making, out of texts or of JSON. A class, since it grows in place; a class for each way of storing values.
///
/// What is no value of the type becomes a null, and the caller is told.
class ValueBuilder {
  final let type: DataType
  private(set) final var count = 0
  private final var nulls: [Int32] = []

  init(_ type: DataType) { self.type = type }

  /// Adds the value that a text is, all of it.
  ///
  /// - Returns: `false` when it is none of the type; a null was added then.
  func append(text: UnsafeBufferPointer<UInt8>) -> Bool { miss() }

  /// Adds the value at the scanner, which is not `null`, and moves behind it.
  ///
  /// - Returns: as ``append(text:)``.
  func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    try scanner.skipValue(depth: depth)
    return miss()
  }

  /// What takes a null's place, so that values keep their rows.
  func addPlaceholder() {}

  /// All values so far, which are gone from here then.
  func storage() -> ColumnStorage { .null }

  final func appendNull() {
    nulls.append(Int32(truncatingIfNeeded: count))
    count &+= 1
    addPlaceholder()
  }

  /// Notes that a value was added.
  final func hit() -> Bool {
    count &+= 1
    return true
  }

  /// Adds a null in place of what is no value.
  final func miss() -> Bool {
    appendNull()
    return false
  }

  final func finish() -> Column {
    var validity: Bitmap?
    if !nulls.isEmpty {
      validity = Bitmap(rows: nulls.lazy.map(Int.init), of: count).inverted()
    }
    let column = Column(type, count: count, validity: validity, nullCount: nulls.count, storage: storage())
    count = 0
    nulls.removeAll(keepingCapacity: true)
    return column
  }
}

extension Bitmap {
  /// Set bits for those rows.
  init(rows: some Sequence<Int>, of count: Int) {
    var bits = [Bool](repeating: false, count: count)
    for row in rows { bits[row] = true }
    self.init(bits)
  }
}

extension ValueBuilder {
  /// - Parameter isPlain: whether numbers must be spelt as numbers usually are: the type was only guessed.
  /// - Returns: `nil` for types that no text stands for.
  static func make(_ type: DataType, isPlain: Bool) -> ValueBuilder? {
    switch type {
    case .boolean: BooleanBuilder()
    case .byte: ParsedBuilder(type, WholeReading<Int8>(isPlain: isPlain))
    case .short: ParsedBuilder(type, WholeReading<Int16>(isPlain: isPlain))
    case .integer: ParsedBuilder(type, WholeReading<Int32>(isPlain: isPlain))
    case .long: ParsedBuilder(type, WholeReading<Int64>(isPlain: isPlain))
    case .float: ParsedBuilder(type, FloatReading())
    case .double: ParsedBuilder(type, DoubleReading(isPlain: isPlain))
    case .decimal(let precision, let scale) where precision <= 18:
      ParsedBuilder(type, DecimalReading<Int64>(precision: precision, scale: scale))
    case .decimal(let precision, let scale) where precision <= 38:
      ParsedBuilder(type, DecimalReading<Int128>(precision: precision, scale: scale))
    case .date: ParsedBuilder(type, DateReading())
    case .timestamp(.microseconds): ParsedBuilder(type, TimestampReading(keepsWallClock: false))
    case .timestampNtz(.microseconds): ParsedBuilder(type, TimestampReading(keepsWallClock: true))
    case .string: StringBuilder(type)
    case .binary: BinaryBuilder(type)
    case .variant: VariantTextBuilder()
    case .struct(let type): StructBuilder(type, isPlain: isPlain)
    case .array(let type): ArrayBuilder(type, isPlain: isPlain)
    case .map(let type): MapBuilder(type, isPlain: isPlain)
    default: nil
    }
  }
}
