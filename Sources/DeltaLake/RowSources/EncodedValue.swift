internal import Columnar
internal import DeltaLog

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What a value encoded itself as.
indirect enum EncodedValue {
  case null
  case boolean(Bool)
  /// The type is the one that a column of such values has.
  case integer(Int128, DataType)
  case float(Float), double(Double)
  case string(String)
  case date(Date)
  case binary([UInt8])
  case decimal(String)
  case object([(name: String, value: EncodedValue)])
  case array([EncodedValue])
}

extension EncodedValue {
  init(_ value: some Encodable, codingPath: [any CodingKey] = []) throws {
    switch value {
    case let date as Date: self = .date(date)
    case let data as Data: self = .binary([UInt8](data))
    case let decimal as Decimal: self = .decimal(decimal.description)
    case let url as URL: self = .string(url.absoluteString)
    case let id as UUID: self = .string(id.uuidString)
    default:
      let node = EncodingNode(codingPath: codingPath)
      try value.encode(to: node)
      self = node.value
    }
  }
}

/// Where a value puts what it encodes. A class, since containers that it hands out write into it.
private final class EncodingNode: Encoder {
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  private enum Content {
    case nothing
    case single(EncodedValue)
    case object([(String, EncodingNode)])
    case array([EncodingNode])
  }
  private var content = Content.nothing

  init(codingPath: [any CodingKey]) { self.codingPath = codingPath }

  var value: EncodedValue {
    switch content {
    case .nothing: .null
    case .single(let value): value
    case .object(let fields): .object(fields.map { ($0, $1.value) })
    case .array(let elements): .array(elements.map(\.value))
    }
  }

  func set(_ value: EncodedValue) { content = .single(value) }

  func becomeObject() { if case .object = content {} else { content = .object([]) } }
  func becomeArray() { if case .array = content {} else { content = .array([]) } }

  var elementCount: Int { if case .array(let elements) = content { elements.count } else { 0 } }

  func child(_ key: any CodingKey) -> EncodingNode {
    let node = EncodingNode(codingPath: codingPath + [key])
    if case .object(var fields) = content {
      content = .nothing
      if let known = fields.firstIndex(where: { $0.0 == key.stringValue }) { fields.remove(at: known) }
      fields.append((key.stringValue, node))
      content = .object(fields)
    }
    return node
  }

  func element() -> EncodingNode {
    let node = EncodingNode(codingPath: codingPath + [ElementKey(intValue: elementCount)])
    if case .array(var elements) = content {
      content = .nothing
      elements.append(node)
      content = .array(elements)
    }
    return node
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    becomeObject()
    return KeyedEncodingContainer(ObjectContainer<Key>(node: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    becomeArray()
    return ListContainer(node: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

private struct ElementKey: CodingKey {
  let intValue: Int?
  var stringValue: String { intValue.map { "\($0)" } ?? "" }
  init(intValue: Int) { self.intValue = intValue }
  init?(stringValue: String) { nil }
}

extension EncodingNode: SingleValueEncodingContainer {
  func encodeNil() { set(.null) }
  func encode(_ value: Bool) { set(.boolean(value)) }
  func encode(_ value: String) { set(.string(value)) }
  func encode(_ value: Double) { set(.double(value)) }
  func encode(_ value: Float) { set(.float(value)) }
  func encode(_ value: Int) { set(.integer(Int128(value), .long)) }
  func encode(_ value: Int8) { set(.integer(Int128(value), .byte)) }
  func encode(_ value: Int16) { set(.integer(Int128(value), .short)) }
  func encode(_ value: Int32) { set(.integer(Int128(value), .integer)) }
  func encode(_ value: Int64) { set(.integer(Int128(value), .long)) }
  func encode(_ value: UInt) { set(.integer(Int128(value), .decimal(precision: 20, scale: 0))) }
  func encode(_ value: UInt8) { set(.integer(Int128(value), .short)) }
  func encode(_ value: UInt16) { set(.integer(Int128(value), .integer)) }
  func encode(_ value: UInt32) { set(.integer(Int128(value), .long)) }
  func encode(_ value: UInt64) { set(.integer(Int128(value), .decimal(precision: 20, scale: 0))) }
  func encode<Value: Encodable>(_ value: Value) throws { set(try EncodedValue(value, codingPath: codingPath)) }
}

private struct ObjectContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: EncodingNode
  var codingPath: [any CodingKey] { node.codingPath }

  func encodeNil(forKey key: Key) { node.child(key).encodeNil() }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    let child = node.child(key)
    child.set(try EncodedValue(value, codingPath: child.codingPath))
  }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { node.child(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { node.child(key).unkeyedContainer() }
  func superEncoder() -> any Encoder { node }
  func superEncoder(forKey key: Key) -> any Encoder { node.child(key) }
}

private struct ListContainer: UnkeyedEncodingContainer {
  let node: EncodingNode
  var codingPath: [any CodingKey] { node.codingPath }
  var count: Int { node.elementCount }

  func encodeNil() { node.element().encodeNil() }
  func encode<Value: Encodable>(_ value: Value) throws {
    let element = node.element()
    element.set(try EncodedValue(value, codingPath: element.codingPath))
  }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    node.element().container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { node.element().unkeyedContainer() }
  func superEncoder() -> any Encoder { node.element() }
}
