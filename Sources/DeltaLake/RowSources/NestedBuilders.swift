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

final class ArrayBuilder: ValueBuilder {
  private let elements: ValueBuilder
  private var offsets: [Int32] = [0]

  init?(_ type: ArrayType, isPlain: Bool) {
    guard let elements = ValueBuilder.make(type.element, isPlain: isPlain) else { return nil }
    self.elements = elements
    super.init(.array(type))
  }

  override func append(text: UnsafeBufferPointer<UInt8>) -> Bool { appendWhole(text) }

  override func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    guard try scanner.peek() == UInt8(ascii: "[") else {
      try scanner.skipValue(depth: depth)
      return miss()
    }
    guard depth < NestingLimit.depth else { throw JSONSyntaxError(.tooDeep, at: scanner.position) }
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
    addPlaceholder()
    _ = hit()
    return isRight
  }

  override func addPlaceholder() { offsets.append(Int32(truncatingIfNeeded: elements.count)) }

  override func storage() -> ColumnStorage {
    defer { offsets = [0] }
    return .list(offsets: Buffer(copying: offsets), elements: elements.finish())
  }
}

/// Objects as maps.
final class MapBuilder: ValueBuilder {
  private let keys: ValueBuilder
  private let values: ValueBuilder
  private var offsets: [Int32] = [0]

  init?(_ type: MapType, isPlain: Bool) {
    guard !type.key.isNested, let keys = ValueBuilder.make(type.key, isPlain: isPlain),
      let values = ValueBuilder.make(type.value, isPlain: isPlain)
    else { return nil }
    self.keys = keys
    self.values = values
    super.init(.map(type))
  }

  override func append(text: UnsafeBufferPointer<UInt8>) -> Bool { appendWhole(text) }

  override func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    guard try scanner.peek() == UInt8(ascii: "{") else {
      try scanner.skipValue(depth: depth)
      return miss()
    }
    guard depth < NestingLimit.depth else { throw JSONSyntaxError(.tooDeep, at: scanner.position) }
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
    addPlaceholder()
    _ = hit()
    return isRight
  }

  override func addPlaceholder() {
    while values.count < keys.count { values.appendNull() }
    offsets.append(Int32(truncatingIfNeeded: keys.count))
  }

  override func storage() -> ColumnStorage {
    defer { offsets = [0] }
    // Keys are never null: nothing reads those of rows that are refused.
    let keys = keys.finish()
    let named = Column(keys.type, count: keys.count, storage: keys.storage)
    return .map(offsets: Buffer(copying: offsets), keys: named, values: values.finish())
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
      // A key that the type lacks, or depth: nested columns may have grown, and are made level again.
      if count == before { return miss() }
      return false
    }
  }
}
