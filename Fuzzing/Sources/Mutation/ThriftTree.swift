/// Any value in Thrift's compact protocol, without a schema: to change a part of it and write it again.
///
/// A struct is fields, each a byte of id difference and type, or a byte of type and a zigzag id, up to a zero byte.
/// Integers are zigzag varints; binaries a varint of length and bytes; lists a byte of count and type and elements;
/// maps a varint of count, a byte of two types and pairs; booleans are in the type, or a byte within lists.
indirect enum ThriftTree: Hashable {
  case boolean(Bool)
  case byte(UInt8)
  /// Type 4, 5 or 6: 16, 32 or 64 bits.
  case integer(type: UInt8, Int64)
  case double(UInt64)
  case binary([UInt8])
  /// Type 9 or 10. `claimed` is a count to write in place of the true one.
  case list(type: UInt8, element: UInt8, [ThriftTree], claimed: UInt64?)
  case map(key: UInt8, value: UInt8, [ThriftTree])
  case structure([Field])

  struct Field: Hashable {
    var id: Int16
    var value: ThriftTree
  }

  var type: UInt8 {
    switch self {
    case .boolean(let value): value ? 1 : 2
    case .byte: 3
    case .integer(let type, _): type
    case .double: 7
    case .binary: 8
    case .list(let type, _, _, _): type
    case .map: 11
    case .structure: 12
    }
  }
}

// MARK: Reaching in

extension ThriftTree {
  /// A struct's field by its id. Setting `nil` removes it; setting where there is no such struct does nothing.
  subscript(field id: Int16) -> ThriftTree? {
    get {
      guard case .structure(let fields) = self else { return nil }
      return fields.first { $0.id == id }?.value
    }
    set {
      guard case .structure(var fields) = self else { return }
      let index = fields.firstIndex { $0.id == id }
      switch (index, newValue) {
      case (let index?, let value?): fields[index].value = value
      case (let index?, nil): fields.remove(at: index)
      case (nil, let value?):
        fields.insert(Field(id: id, value: value), at: fields.firstIndex { $0.id > id } ?? fields.count)
      case (nil, nil): break
      }
      self = .structure(fields)
    }
  }

  /// A list's elements. Setting does nothing to anything else.
  var elements: [ThriftTree] {
    get { if case .list(_, _, let elements, _) = self { elements } else { [] } }
    set {
      guard case .list(let type, let element, _, let claimed) = self else { return }
      self = .list(type: type, element: element, newValue, claimed: claimed)
    }
  }

  var integer: Int? {
    if case .integer(_, let value) = self { Int(value) } else { nil }
  }

  /// Sets an integer that is there; others are left.
  mutating func setInteger(_ value: Int, field id: Int16) {
    if case .integer(let type, _)? = self[field: id] { self[field: id] = .integer(type: type, Int64(value)) }
  }
}

// MARK: Reading

extension ThriftTree {
  /// The struct at a position, and where it ends; `nil` when it is damaged.
  static func structure(in bytes: [UInt8], at start: Int) -> (tree: ThriftTree, end: Int)? {
    var reader = Reader(bytes: bytes, position: start)
    guard start >= 0, start < bytes.count, let tree = reader.value(12, depth: 0) else { return nil }
    return (tree, reader.position)
  }

  private struct Reader {
    let bytes: [UInt8]
    var position: Int

    mutating func byte() -> UInt8? {
      guard position < bytes.count else { return nil }
      defer { position += 1 }
      return bytes[position]
    }

    mutating func varint() -> UInt64? {
      var result: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 70, by: 7) {
        guard let byte = byte() else { return nil }
        result |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return result }
      }
      return nil
    }

    mutating func zigzag() -> Int64? {
      varint().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
    }

    mutating func take(_ count: UInt64) -> [UInt8]? {
      guard count <= UInt64(bytes.count - position) else { return nil }
      defer { position += Int(count) }
      return Array(bytes[position..<position + Int(count)])
    }

    mutating func value(_ type: UInt8, depth: Int) -> ThriftTree? {
      guard depth < 32 else { return nil }
      switch type {
      case 1, 2: return byte().map { .boolean($0 == 1) }
      case 3: return byte().map { .byte($0) }
      case 4, 5, 6: return zigzag().map { .integer(type: type, $0) }
      case 7: return take(8).map { .double($0.reversed().reduce(0) { $0 << 8 | UInt64($1) }) }
      case 8: return varint().flatMap { take($0) }.map { .binary($0) }
      case 9, 10: return list(type, depth)
      case 11: return map(depth)
      case 12: return fields(depth)
      default: return nil
      }
    }

    private mutating func list(_ type: UInt8, _ depth: Int) -> ThriftTree? {
      guard let header = byte(), let count = header >> 4 == 15 ? varint() : UInt64(header >> 4),
        count <= UInt64(bytes.count)
      else { return nil }
      var elements: [ThriftTree] = []
      for _ in 0..<Int(count) {
        guard let element = value(header & 15, depth: depth + 1) else { return nil }
        elements.append(element)
      }
      return .list(type: type, element: header & 15, elements, claimed: nil)
    }

    private mutating func map(_ depth: Int) -> ThriftTree? {
      guard let count = varint(), count <= UInt64(bytes.count) else { return nil }
      if count == 0 { return .map(key: 0, value: 0, []) }
      guard let types = byte() else { return nil }
      var pairs: [ThriftTree] = []
      for index in 0..<2 * Int(count) {
        guard let item = value(index % 2 == 0 ? types >> 4 : types & 15, depth: depth + 1) else { return nil }
        pairs.append(item)
      }
      return .map(key: types >> 4, value: types & 15, pairs)
    }

    private mutating func fields(_ depth: Int) -> ThriftTree? {
      var fields: [Field] = []
      var id: Int16 = 0
      while let header = byte() {
        if header == 0 { return .structure(fields) }
        if header >> 4 == 0 {
          guard let next = zigzag() else { return nil }
          id = Int16(truncatingIfNeeded: next)
        } else {
          id &+= Int16(header >> 4)
        }
        let type = header & 15
        guard let value = type <= 2 ? .boolean(type == 1) : value(type, depth: depth + 1) else { return nil }
        fields.append(Field(id: id, value: value))
      }
      return nil
    }
  }
}

// MARK: Writing

extension ThriftTree {
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  private func append(to bytes: inout [UInt8]) {
    switch self {
    case .boolean(let value): bytes.append(value ? 1 : 2)
    case .byte(let value): bytes.append(value)
    case .integer(_, let value): Self.append(varint: Self.zigzag(value), to: &bytes)
    case .double(let bits): withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    case .binary(let data):
      Self.append(varint: UInt64(data.count), to: &bytes)
      bytes.append(contentsOf: data)
    case .list(_, let element, let elements, let claimed):
      let count = claimed ?? UInt64(elements.count)
      bytes.append(UInt8(min(count, 15)) << 4 | element)
      if count >= 15 { Self.append(varint: count, to: &bytes) }
      for element in elements { element.append(to: &bytes) }
    case .map(let key, let value, let pairs):
      Self.append(varint: UInt64(pairs.count / 2), to: &bytes)
      if !pairs.isEmpty { bytes.append(key << 4 | value) }
      for item in pairs { item.append(to: &bytes) }
    case .structure(let fields):
      var last: Int16 = 0
      for field in fields {
        let step = Int(field.id) - Int(last)
        if (1...15).contains(step) {
          bytes.append(UInt8(step) << 4 | field.value.type)
        } else {
          bytes.append(field.value.type)
          Self.append(varint: Self.zigzag(Int64(field.id)), to: &bytes)
        }
        last = field.id
        if case .boolean = field.value { continue }
        field.value.append(to: &bytes)
      }
      bytes.append(0)
    }
  }

  private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

  private static func append(varint value: UInt64, to bytes: inout [UInt8]) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}
