internal import Columnar
internal import DeltaLog

/// Objects as structs: a field that is missing is null, one that the type does not have is an error.
final class StructBuilder: ValueBuilder {
  let fields: [ValueBuilder]
  private let names: [[UInt8]]
  private let positions: [String: Int]

  /// `nil` when no text stands for a field's type.
  init?(_ type: StructType, isPlain: Bool) {
    var fields: [ValueBuilder] = []
    for field in type.fields {
      guard let builder = ValueBuilder.make(field.type, isPlain: isPlain) else { return nil }
      fields.append(builder)
    }
    self.fields = fields
    names = type.fields.map { Array($0.name.utf8) }
    positions = Dictionary(type.fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
    super.init(.struct(type))
  }

  /// A field as JSON.
  override func append(text: UnsafeBufferPointer<UInt8>) -> Bool { appendWhole(text) }

  override func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    guard try scanner.peek() == UInt8(ascii: "{") else {
      try scanner.skipValue(depth: depth)
      return miss()
    }
    var isRight = true
    try appendFields(&scanner, depth: depth) { _, _ in isRight = false }
    return isRight
  }

  /// Adds an object.
  ///
  /// - Parameter misfit: called with the position of each field whose value is none of its type, and the place of the text.
  func appendFields(
    _ scanner: inout JSONScanner, depth: Int, misfit: (Int, Range<Int>) -> Void
  ) throws(JSONSyntaxError) {
    guard depth < NestingLimit.depth else { throw JSONSyntaxError(.tooDeep, at: scanner.position) }
    let row = count
    // Also when the object ends in an error: a row that is refused must not move others.
    defer {
      for field in fields where field.count == row { field.appendNull() }
      _ = hit()
    }
    try scanner.beginObject()
    var isFirst = true
    var expected = 0
    while let key = try scanner.nextKey(&isFirst) {
      guard let position = position(of: key, scanner, expected) else {
        throw JSONSyntaxError(.unknownKey, at: key.start)
      }
      expected = position + 1
      let field = fields[position]
      guard field.count == row else { throw JSONSyntaxError(.repeatedKey, at: key.start) }
      if try scanner.takeNull() {
        field.appendNull()
        continue
      }
      let start = scanner.position
      if try !field.append(json: &scanner, depth: depth + 1) { misfit(position, start..<scanner.position) }
    }
  }

  /// Objects mostly have their fields in one order.
  private func position(of key: JSONText, _ scanner: JSONScanner, _ expected: Int) -> Int? {
    if expected < names.count, !key.hasEscapes, names[expected].count == key.count {
      let bytes = scanner.base + key.start
      let isIt = names[expected].withUnsafeBufferPointer { name in
        for index in 0..<name.count where name[index] != bytes[index] { return false }
        return true
      }
      if isIt { return expected }
    }
    return positions[scanner.string(key)]
  }

  override func addPlaceholder() {
    for field in fields where field.count < count { field.appendNull() }
  }

  override func storage() -> ColumnStorage { .structure(fields.map { $0.finish() }) }
}

/// Values of any number, and where each row's end: arrays, and objects as maps.
class RepeatedBuilder: ValueBuilder {
  private final let opening: UInt8
  private final var ends: [Int32] = [0]

  init(_ type: DataType, opening: UInt8) {
    self.opening = opening
    super.init(type)
  }

  /// Of the values, all rows' together.
  var valueCount: Int { 0 }

  /// Adds the values of one row.
  ///
  /// - Returns: `false` when one of them is none of its type.
  func appendValues(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool { true }

  override final func append(text: UnsafeBufferPointer<UInt8>) -> Bool { appendWhole(text) }

  override final func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    guard try scanner.peek() == opening else {
      try scanner.skipValue(depth: depth)
      return miss()
    }
    guard depth < NestingLimit.depth else { throw JSONSyntaxError(.tooDeep, at: scanner.position) }
    // Also when they end in an error: what a refused row has added must not be the next one's.
    defer {
      addPlaceholder()
      _ = hit()
    }
    return try appendValues(&scanner, depth: depth)
  }

  override func addPlaceholder() { ends.append(Int32(truncatingIfNeeded: valueCount)) }

  /// All ends so far, which are gone from here then.
  final func takeEnds() -> Buffer {
    defer { ends = [0] }
    return Buffer(copying: ends)
  }
}

final class ArrayBuilder: RepeatedBuilder {
  private let elements: ValueBuilder

  init?(_ type: ArrayType, isPlain: Bool) {
    guard let elements = ValueBuilder.make(type.element, isPlain: isPlain) else { return nil }
    self.elements = elements
    super.init(.array(type), opening: UInt8(ascii: "["))
  }

  override var valueCount: Int { elements.count }

  override func appendValues(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    try scanner.beginArray()
    var isFirst = true
    var isRight = true
    while try scanner.nextElement(&isFirst) {
      if try scanner.takeNull() {
        elements.appendNull()
      } else if try !elements.append(json: &scanner, depth: depth + 1) {
        isRight = false
      }
    }
    return isRight
  }

  override func storage() -> ColumnStorage { .list(offsets: takeEnds(), elements: elements.finish()) }
}

/// Objects as maps.
final class MapBuilder: RepeatedBuilder {
  private let keys: ValueBuilder
  private let values: ValueBuilder

  init?(_ type: MapType, isPlain: Bool) {
    guard !type.key.isNested, let keys = ValueBuilder.make(type.key, isPlain: isPlain),
      let values = ValueBuilder.make(type.value, isPlain: isPlain)
    else { return nil }
    self.keys = keys
    self.values = values
    super.init(.map(type), opening: UInt8(ascii: "{"))
  }

  override var valueCount: Int { keys.count }

  override func appendValues(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    try scanner.beginObject()
    var isFirst = true
    var isRight = true
    while let key = try scanner.nextKey(&isFirst) {
      // A row with such a key is refused; the null only keeps its place.
      if !scanner.bytes(key).withUnsafeBufferPointer({ keys.append(text: $0) }) { isRight = false }
      if try scanner.takeNull() {
        values.appendNull()
      } else if try !values.append(json: &scanner, depth: depth + 1) {
        isRight = false
      }
    }
    return isRight
  }

  override func addPlaceholder() {
    while values.count < keys.count { values.appendNull() }
    super.addPlaceholder()
  }

  override func storage() -> ColumnStorage {
    // Keys are never null: nothing reads those of rows that are refused.
    let keys = keys.finish()
    let named = Column(keys.type, count: keys.count, storage: keys.storage)
    return .map(offsets: takeEnds(), keys: named, values: values.finish())
  }
}

extension ValueBuilder {
  /// Adds a text that is one JSON value, as nested values are written in CSV.
  final func appendWhole(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var scanner = JSONScanner(UnsafeRawBufferPointer(text))
    let before = count
    do throws(JSONSyntaxError) {
      try scanner.skipValue()
      guard !scanner.skipBlanks() else { return miss() }
      scanner = JSONScanner(UnsafeRawBufferPointer(text))
      return try append(json: &scanner, depth: 0)
    } catch {
      // A key that the type lacks, one that stands twice, or depth. What was begun has its place already.
      return count == before ? miss() : false
    }
  }
}
