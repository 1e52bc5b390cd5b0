internal import Columnar

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Decodes rows of batches into a `Decodable` type: fields by name, nested structs, arrays and maps too.
///
/// | column | Swift |
/// |---|---|
/// | integers | any integer type that holds the value |
/// | float, double | `Double`, `Float` |
/// | decimal | `Decimal`, or `String` with every digit |
/// | date, timestamp | `Date`, or the integer that is stored |
/// | string | `String`, and what decodes from one |
/// | binary | `Data`, `[UInt8]` |
/// | struct; map with string keys; array | a keyed type; `[String: Value]`; `[Element]` |
struct RowDecoder {
  private let batch: RecordBatch
  private let fields: FieldIndex

  init(_ batch: RecordBatch) {
    self.batch = batch
    fields = FieldIndex(batch.schema)
  }

  /// - Throws: `DecodingError`, which names the column.
  func decode<Row: Decodable>(_ type: Row.Type, at row: Int) throws -> Row {
    try Row(from: Node(content: .structure(fields, batch.columns, row), codingPath: []))
  }
}

/// The names of a struct's fields, hashed once a batch.
private final class FieldIndex: Sendable {
  let names: [String]
  let positions: [String: Int]
  /// For fields that are structs themselves.
  let nested: [FieldIndex?]

  init(_ type: StructType) {
    names = type.fields.map(\.name)
    positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    nested = type.fields.map { FieldIndex.of($0.type) }
  }

  static func of(_ type: DataType) -> FieldIndex? {
    switch type {
    case .struct(let type): FieldIndex(type)
    case .array(let type): of(type.element)
    case .map(let type): of(type.value)
    default: nil
    }
  }
}

private enum Content {
  case structure(FieldIndex, [Column], Int)
  case value(ColumnValue, FieldIndex?)
}

private struct Node: Decoder {
  let content: Content
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    switch content {
    case .structure(let fields, let columns, let row):
      return KeyedDecodingContainer(
        StructContainer<Key>(fields: fields, columns: columns, row: row, codingPath: codingPath))
    case .value(let value, let fields):
      if case .structure(let columns) = value.column.storage, let fields, !value.isNull {
        return KeyedDecodingContainer(
          StructContainer<Key>(fields: fields, columns: columns, row: value.row, codingPath: codingPath))
      }
      if let (keys, values, range) = value.entries, !value.isNull {
        var positions: [String: Int] = [:]
        for position in range {
          guard let key = ColumnValue(column: keys, row: position).string else {
            throw mismatch([String: Any].self, "the map's keys are \(keys.type), not strings")
          }
          positions[key] = position
        }
        return KeyedDecodingContainer(
          MapContainer<Key>(positions: positions, values: values, fields: fields, codingPath: codingPath))
      }
      throw mismatch([String: Any].self, "it is \(describe(value))")
    }
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .value(let value, let fields) = content, !value.isNull else {
      throw mismatch([Any].self, "it is not an array")
    }
    if let (elements, range) = value.elements {
      return ArrayContainer(elements: elements, range: range, fields: fields, codingPath: codingPath)
    }
    if value.isBinary, let bytes = value.bytes {
      let elements = Column(.unsignedByte, count: bytes.count, storage: .fixed(Buffer(copying: bytes)))
      return ArrayContainer(elements: elements, range: 0..<bytes.count, fields: nil, codingPath: codingPath)
    }
    throw mismatch([Any].self, "it is \(describe(value))")
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    self
  }

  private func describe(_ value: ColumnValue) -> String { value.isNull ? "null" : "\(value.column.type)" }

  private func mismatch(_ type: Any.Type, _ reason: String) -> DecodingError {
    let name = codingPath.map(\.stringValue).joined(separator: ".")
    return .typeMismatch(
      type, .init(codingPath: codingPath, debugDescription: "Column \(name) can't be read as \(type): \(reason)."))
  }
}

extension Node: SingleValueDecodingContainer {
  private func value(for type: Any.Type) throws -> ColumnValue {
    guard case .value(let value, _) = content else { throw mismatch(type, "it is a row") }
    guard !value.isNull else {
      let name = codingPath.map(\.stringValue).joined(separator: ".")
      throw DecodingError.valueNotFound(
        type,
        .init(codingPath: codingPath, debugDescription: "Column \(name) is null; declare it optional to accept that."))
    }
    return value
  }

  private func found<Value>(_ result: Value?, in value: ColumnValue) throws -> Value {
    guard let result else { throw mismatch(Value.self, "it is \(value.column.type)") }
    return result
  }

  private func decodeInteger<Value: FixedWidthInteger>() throws -> Value {
    let value = try value(for: Value.self)
    if let large = value.unsignedLong { return try exact(large) }
    return try exact(try found(value.integer, in: value))
  }

  private func exact<Value: FixedWidthInteger>(_ number: some FixedWidthInteger) throws -> Value {
    guard let result = Value(exactly: number) else { throw mismatch(Value.self, "\(number) does not fit") }
    return result
  }

  func decodeNil() -> Bool {
    if case .value(let value, _) = content { value.isNull } else { false }
  }

  func decode(_ type: Bool.Type) throws -> Bool {
    let value = try value(for: type)
    return try found(value.boolean, in: value)
  }
  func decode(_ type: String.Type) throws -> String {
    let value = try value(for: type)
    if let (unscaled, scale) = value.decimal { return Decimal128.text(unscaled, scale: scale) }
    return try found(value.string, in: value)
  }
  func decode(_ type: Double.Type) throws -> Double {
    let value = try value(for: type)
    return try found(value.double, in: value)
  }
  func decode(_ type: Float.Type) throws -> Float {
    let value = try value(for: type)
    guard case .float = value.column.type, let number = value.double else {
      throw mismatch(type, "it is \(value.column.type)")
    }
    return Float(number)
  }
  func decode(_ type: Int.Type) throws -> Int { try decodeInteger() }
  func decode(_ type: Int8.Type) throws -> Int8 { try decodeInteger() }
  func decode(_ type: Int16.Type) throws -> Int16 { try decodeInteger() }
  func decode(_ type: Int32.Type) throws -> Int32 { try decodeInteger() }
  func decode(_ type: Int64.Type) throws -> Int64 { try decodeInteger() }
  func decode(_ type: UInt.Type) throws -> UInt { try decodeInteger() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try decodeInteger() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try decodeInteger() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try decodeInteger() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try decodeInteger() }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if type == Date.self || type == Data.self || type == Decimal.self {
      let value = try value(for: type)
      return try found(foundationValue(type, of: value) as? Value, in: value)
    }
    return try Value(from: self)
  }

  private func foundationValue(_ type: Any.Type, of value: ColumnValue) -> Any? {
    if type == Data.self { return value.isBinary ? value.bytes.map { Data($0) } : nil }
    if type == Decimal.self {
      if let (unscaled, scale) = value.decimal { return Decimal(string: Decimal128.text(unscaled, scale: scale)) }
      return value.integer.map { Decimal($0) }
    }
    guard let number = value.integer else { return nil }
    switch value.column.type {
    case .date: return Date(timeIntervalSince1970: Double(number) * 86_400)
    case .timestamp(let unit), .timestampNtz(let unit):
      return Date(timeIntervalSince1970: Double(number) / Double(unit.perSecond))
    default: return nil
    }
  }
}

private struct StructContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let fields: FieldIndex
  let columns: [Column]
  let row: Int
  let codingPath: [any CodingKey]

  var allKeys: [Key] { fields.names.compactMap { Key(stringValue: $0) } }
  func contains(_ key: Key) -> Bool { fields.positions[key.stringValue] != nil }

  private func node(_ key: any CodingKey) throws -> Node {
    guard let position = fields.positions[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "There is no column \(key.stringValue)."))
    }
    let value = ColumnValue(column: columns[position], row: row)
    return Node(content: .value(value, fields.nested[position]), codingPath: codingPath + [key])
  }

  func decodeNil(forKey key: Key) throws -> Bool { try node(key).decodeNil() }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try node(key).decode(type) }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try node(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try node(key).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder {
    Node(content: .structure(fields, columns, row), codingPath: codingPath)
  }
  func superDecoder(forKey key: Key) throws -> any Decoder { try node(key) }
}

private struct MapContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let positions: [String: Int]
  let values: Column
  let fields: FieldIndex?
  let codingPath: [any CodingKey]

  var allKeys: [Key] { positions.keys.compactMap { Key(stringValue: $0) } }
  func contains(_ key: Key) -> Bool { positions[key.stringValue] != nil }

  private func node(_ key: any CodingKey) throws -> Node {
    guard let position = positions[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "The map has no key \(key.stringValue)."))
    }
    return Node(content: .value(ColumnValue(column: values, row: position), fields), codingPath: codingPath + [key])
  }

  func decodeNil(forKey key: Key) throws -> Bool { try node(key).decodeNil() }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try node(key).decode(type) }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try node(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try node(key).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { try node(ElementKey(intValue: 0)) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try node(key) }
}

private struct ArrayContainer: UnkeyedDecodingContainer {
  let elements: Column
  let range: Range<Int>
  let fields: FieldIndex?
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(elements: Column, range: Range<Int>, fields: FieldIndex?, codingPath: [any CodingKey]) {
    self.elements = elements
    self.range = range
    self.fields = fields
    self.codingPath = codingPath
  }

  var count: Int? { range.count }
  var isAtEnd: Bool { currentIndex >= range.count }

  private mutating func advance() throws -> Node {
    let key = ElementKey(intValue: currentIndex)
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        Any.self, .init(codingPath: codingPath + [key], debugDescription: "The array has \(range.count) elements."))
    }
    let value = ColumnValue(column: elements, row: range.lowerBound + currentIndex)
    currentIndex += 1
    return Node(content: .value(value, fields), codingPath: codingPath + [key])
  }

  mutating func decodeNil() throws -> Bool {
    let isNull = try advance().decodeNil()
    if !isNull { currentIndex -= 1 }
    return isNull
  }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try advance().decode(type) }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try advance().container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try advance().unkeyedContainer() }
  mutating func superDecoder() throws -> any Decoder { try advance() }
}

/// An array's index as a coding key.
private struct ElementKey: CodingKey {
  let index: Int
  init(intValue: Int) { index = intValue }
  init?(stringValue: String) { return nil }
  var stringValue: String { "[\(index)]" }
  var intValue: Int? { index }
}
