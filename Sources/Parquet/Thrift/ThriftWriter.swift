/// Writes Thrift's compact protocol; ``ThriftReader`` says what that is.
///
/// Fields are given in ascending order of their numbers.
package struct ThriftWriter {
  package private(set) var bytes: [UInt8] = []
  /// The number of the last field of the struct being written.
  private var lastID: Int16 = 0

  package init() {}

  /// Empties it; the memory is kept for what comes next.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    lastID = 0
  }
}

/// A struct of parquet.thrift that can be written.
package protocol ThriftWritable {
  /// Writes the fields. The writer ends the struct.
  func writeFields(to writer: inout ThriftWriter)
}

// MARK: Structs

extension ThriftWriter {
  package mutating func write(_ value: some ThriftWritable) {
    structure { value.writeFields(to: &$0) }
  }

  private mutating func structure(_ fields: (inout ThriftWriter) -> Void) {
    let outer = lastID
    lastID = 0
    fields(&self)
    bytes.append(0)
    lastID = outer
  }

  private mutating func header(_ id: Int16, _ type: ThriftReader.WireType) {
    assert(id > lastID, "fields in ascending order")
    if id - lastID <= 15 {
      bytes.append(UInt8(truncatingIfNeeded: id - lastID) << 4 | type.rawValue)
    } else {
      bytes.append(type.rawValue)
      integer(Int64(id))
    }
    lastID = id
  }
}

// MARK: Fields: nothing is written for nil

extension ThriftWriter {
  package mutating func field(_ id: Int16, _ value: Bool?) {
    guard let value else { return }
    header(id, value ? .true : .false)
  }

  package mutating func field(_ id: Int16, int8 value: Int8?) {
    guard let value else { return }
    header(id, .byte)
    bytes.append(UInt8(bitPattern: value))
  }

  package mutating func field(_ id: Int16, int16 value: Int16?) {
    guard let value else { return }
    header(id, .int16)
    integer(Int64(value))
  }

  package mutating func field(_ id: Int16, int32 value: Int32?) {
    guard let value else { return }
    header(id, .int32)
    integer(Int64(value))
  }

  package mutating func field(_ id: Int16, int64 value: Int64?) {
    guard let value else { return }
    header(id, .int64)
    integer(value)
  }

  package mutating func field(_ id: Int16, _ value: [UInt8]?) {
    guard let value else { return }
    header(id, .binary)
    binary(value)
  }

  package mutating func field(_ id: Int16, _ value: String?) {
    guard let value else { return }
    header(id, .binary)
    string(value)
  }

  package mutating func field(_ id: Int16, _ value: (some ThriftWritable)?) {
    guard let value else { return }
    header(id, .structure)
    write(value)
  }

  /// A union with that member set, its fields written by `fields`.
  package mutating func field(
    _ id: Int16, member: Int16, fields: (inout ThriftWriter) -> Void = { _ in }
  ) {
    header(id, .structure)
    union(member, fields: fields)
  }

  private mutating func union(_ member: Int16, fields: (inout ThriftWriter) -> Void = { _ in }) {
    structure {
      $0.header(member, .structure)
      $0.structure(fields)
    }
  }
}

// MARK: Lists

extension ThriftWriter {
  package mutating func field<Value: ThriftWritable>(_ id: Int16, _ values: [Value]) {
    list(id, of: .structure, count: values.count)
    for value in values { write(value) }
  }

  /// Unions, each with one member set that has no fields.
  package mutating func field(_ id: Int16, members: [Int16]) {
    list(id, of: .structure, count: members.count)
    for member in members { union(member) }
  }

  package mutating func field(_ id: Int16, strings: [String]) {
    list(id, of: .binary, count: strings.count)
    for value in strings { string(value) }
  }

  package mutating func field(_ id: Int16, binaries: [[UInt8]]) {
    list(id, of: .binary, count: binaries.count)
    for value in binaries { binary(value) }
  }

  package mutating func field(_ id: Int16, int32s: [Int32]) {
    list(id, of: .int32, count: int32s.count)
    for value in int32s { integer(Int64(value)) }
  }

  package mutating func field(_ id: Int16, int64s: [Int64]?) {
    guard let int64s else { return }
    list(id, of: .int64, count: int64s.count)
    for value in int64s { integer(value) }
  }

  /// True as 1, false as 2, under the element type 1: what every reader understands.
  package mutating func field(_ id: Int16, bools: [Bool]) {
    list(id, of: .true, count: bools.count)
    for value in bools { bytes.append(value ? 1 : 2) }
  }

  private mutating func list(_ id: Int16, of element: ThriftReader.WireType, count: Int) {
    header(id, .list)
    if count < 15 {
      bytes.append(UInt8(truncatingIfNeeded: count) << 4 | element.rawValue)
    } else {
      bytes.append(0xF0 | element.rawValue)
      varint(UInt64(count))
    }
  }
}

// MARK: Values

extension ThriftWriter {
  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func integer(_ value: Int64) {
    varint(UInt64(bitPattern: value << 1 ^ value >> 63))
  }

  private mutating func binary(_ value: [UInt8]) {
    varint(UInt64(value.count))
    bytes += value
  }

  private mutating func string(_ value: String) {
    var value = value
    value.withUTF8 {
      varint(UInt64($0.count))
      bytes.append(contentsOf: $0)
    }
  }
}
