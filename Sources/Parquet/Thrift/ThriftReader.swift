/// Reads Thrift's compact protocol from bytes that nobody vouches for.
///
/// A struct is a run of fields, each a byte (id delta in the high half, type in the low half) or, when the delta is 0,
/// that byte and the id as a zigzag varint; a zero byte ends it. Integers are zigzag varints, binaries a varint
/// length and bytes, lists a byte (count in the high half, 15 for "a varint follows"; element type in the low half)
/// and the elements. Booleans hide in the field's type.
///
/// Every length is held against the bytes that are left before anything is allocated, and nesting has a limit.
package struct ThriftReader {
  /// Structs and containers within one another at most. The deepest of Parquet's own structs is 7.
  package static let maximumDepth = 32

  private let bytes: UnsafeRawBufferPointer
  private let fileOffset: Int
  /// The bytes consumed so far.
  package private(set) var position = 0
  private var depth = 0
  /// The memory of the lists of structs so far.
  private var listMemory = 0

  /// - Parameter fileOffset: where `bytes` starts in its file; only errors need it.
  package init(_ bytes: UnsafeRawBufferPointer, at fileOffset: Int = 0) {
    self.bytes = bytes
    self.fileOffset = fileOffset
  }

  package var remaining: Int { bytes.count - position }

  /// A field's number and wire type, as its header says.
  package struct Field {
    package var id: Int16
    package var type: WireType
  }

  /// Where a struct being read stands: field ids are stored as differences.
  package struct StructState {
    fileprivate var lastID: Int16 = 0
  }

  package enum WireType: UInt8 {
    case `true` = 1
    case `false`, byte, int16, int32, int64, double, binary, list, set, map, structure, uuid

    package var isInteger: Bool { self == .byte || self == .int16 || self == .int32 || self == .int64 }
  }

  package func error(_ problem: String) -> ParquetError {
    .corruptThrift(problem, at: fileOffset + position)
  }
}

// MARK: Structs

/// A struct of parquet.thrift.
package protocol ThriftStruct {
  init(from reader: inout ThriftReader) throws(ParquetError)
}

extension ThriftReader {
  package mutating func beginStruct() throws(ParquetError) -> StructState {
    try enter()
    return StructState()
  }

  /// The next field's header, or `nil` at the end of the struct. The caller reads or skips the value.
  package mutating func nextField(_ state: inout StructState) throws(ParquetError) -> Field? {
    let header = try byte()
    if header == 0 {
      depth -= 1
      return nil
    }
    guard let type = WireType(rawValue: header & 0x0F) else { throw error("unknown field type \(header & 0x0F)") }
    let delta = Int16(header >> 4)
    if delta == 0 {
      state.lastID = try integer(Int16.self)
    } else {
      let (id, overflow) = state.lastID.addingReportingOverflow(delta)
      if overflow { throw error("field number out of range") }
      state.lastID = id
    }
    return Field(id: state.lastID, type: type)
  }

  /// Passes over a value that the reader has no use for.
  package mutating func skip(_ field: Field) throws(ParquetError) {
    if field.type == .true || field.type == .false { return }
    try skipValue(field.type)
  }

  private mutating func skipValue(_ type: WireType) throws(ParquetError) {
    switch type {
    case .true, .false, .byte: _ = try byte()
    case .int16, .int32, .int64: _ = try varint()
    case .double: try advance(8)
    case .uuid: try advance(16)
    case .binary: try advance(length())
    case .list, .set:
      let (element, count) = try listHeader()
      try enter()
      for _ in 0..<count { try skipValue(element) }
      depth -= 1
    case .map:
      let count = try length()
      if count == 0 { return }
      let types = try byte()
      guard let key = WireType(rawValue: types >> 4), let value = WireType(rawValue: types & 0x0F) else {
        throw error("unknown map types")
      }
      try enter()
      for _ in 0..<count {
        try skipValue(key)
        try skipValue(value)
      }
      depth -= 1
    case .structure:
      var state = try beginStruct()
      while let field = try nextField(&state) { try skip(field) }
    }
  }

  private mutating func enter() throws(ParquetError) {
    depth += 1
    if depth > Self.maximumDepth { throw error("nesting deeper than \(Self.maximumDepth)") }
  }
}

// MARK: Values

extension ThriftReader {
  package mutating func bool(_ field: Field) throws(ParquetError) -> Bool {
    switch field.type {
    case .true: true
    case .false: false
    default: throw unexpected(field, "a boolean")
    }
  }

  package mutating func int8(_ field: Field) throws(ParquetError) -> Int8 { try integer(field, Int8.self) }
  package mutating func int16(_ field: Field) throws(ParquetError) -> Int16 { try integer(field, Int16.self) }
  package mutating func int32(_ field: Field) throws(ParquetError) -> Int32 { try integer(field, Int32.self) }
  package mutating func int64(_ field: Field) throws(ParquetError) -> Int64 { try integer(field, Int64.self) }

  package mutating func double(_ field: Field) throws(ParquetError) -> Double {
    guard field.type == .double else { throw unexpected(field, "a double") }
    let start = position
    try advance(8)
    return Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
  }

  package mutating func binary(_ field: Field) throws(ParquetError) -> [UInt8] {
    guard field.type == .binary else { throw unexpected(field, "a binary") }
    return [UInt8](try binary())
  }

  package mutating func string(_ field: Field) throws(ParquetError) -> String {
    guard field.type == .binary else { throw unexpected(field, "a string") }
    return String(decoding: try binary(), as: UTF8.self)
  }

  package mutating func structure<Value: ThriftStruct>(
    _ field: Field, _ type: Value.Type = Value.self
  ) throws(ParquetError) -> Value {
    guard field.type == .structure else { throw unexpected(field, "a struct") }
    return try Value(from: &self)
  }

  private mutating func integer<Value: FixedWidthInteger & SignedInteger>(
    _ field: Field, _ type: Value.Type
  ) throws(ParquetError) -> Value {
    switch field.type {
    case .byte: return Value(Int8(bitPattern: try byte()))
    case .int16, .int32, .int64: return try integer(type)
    default: throw unexpected(field, "an integer")
    }
  }

  private func unexpected(_ field: Field, _ expectation: String) -> ParquetError {
    error("field \(field.id) is not \(expectation)")
  }
}

// MARK: Lists

extension ThriftReader {
  package mutating func structures<Value: ThriftStruct>(
    _ field: Field, _ type: Value.Type = Value.self
  ) throws(ParquetError) -> [Value] {
    let count = try listHeader(field, of: .structure)
    // A struct takes a byte at least, but may take hundreds in memory: megabytes of empty ones are no footer.
    listMemory += count * MemoryLayout<Value>.stride
    guard listMemory <= 64 << 20 + 32 * bytes.count else { throw error("more structs than a file can need") }
    var result: [Value] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try Value(from: &self)) }
    return result
  }

  package mutating func binaries(_ field: Field) throws(ParquetError) -> [[UInt8]] {
    let count = try listHeader(field, of: .binary)
    var result: [[UInt8]] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append([UInt8](try binary())) }
    return result
  }

  package mutating func strings(_ field: Field) throws(ParquetError) -> [String] {
    let count = try listHeader(field, of: .binary)
    var result: [String] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(String(decoding: try binary(), as: UTF8.self)) }
    return result
  }

  package mutating func int32s(_ field: Field) throws(ParquetError) -> [Int32] { try integers(field, .int32) }
  package mutating func int64s(_ field: Field) throws(ParquetError) -> [Int64] { try integers(field, .int64) }

  /// Writers disagree on a list's booleans: true is 1, false is 0 or 2, and the element type says 1 or 2.
  package mutating func bools(_ field: Field) throws(ParquetError) -> [Bool] {
    guard field.type == .list else { throw unexpected(field, "a list") }
    let (element, count) = try listHeader()
    guard count == 0 || element == .true || element == .false else { throw unexpected(field, "a list of booleans") }
    var result: [Bool] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try byte() == 1) }
    return result
  }

  private mutating func integers<Value: FixedWidthInteger & SignedInteger>(
    _ field: Field, _ type: WireType
  ) throws(ParquetError) -> [Value] {
    let count = try listHeader(field, of: type)
    var result: [Value] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try integer(Value.self)) }
    return result
  }

  private mutating func listHeader(_ field: Field, of expected: WireType) throws(ParquetError) -> Int {
    guard field.type == .list else { throw unexpected(field, "a list") }
    let (element, count) = try listHeader()
    guard count == 0 || element == expected else { throw unexpected(field, "a list of \(expected)") }
    return count
  }

  /// The element type and count. Each element takes a byte at least, so the bytes left bound the count.
  private mutating func listHeader() throws(ParquetError) -> (WireType, Int) {
    let header = try byte()
    let count = header >> 4 == 15 ? try length() : Int(header >> 4)
    if count > remaining { throw error("list of \(count) elements in \(remaining) bytes") }
    guard let type = WireType(rawValue: header & 0x0F) else {
      if count == 0 { return (.true, 0) }
      throw error("unknown element type \(header & 0x0F)")
    }
    return (type, count)
  }
}

// MARK: Bytes

extension ThriftReader {
  private mutating func byte() throws(ParquetError) -> UInt8 {
    guard position < bytes.count else { throw error("the data ends early") }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func advance(_ count: Int) throws(ParquetError) {
    guard count <= remaining else { throw error("the data ends early") }
    position += count
  }

  private mutating func varint() throws(ParquetError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      if shift == 63 && next > 1 { throw error("varint too long") }
      result |= UInt64(next & 0x7F) << shift
      if next & 0x80 == 0 { return result }
      shift += 7
    }
  }

  private mutating func integer<Value: FixedWidthInteger & SignedInteger>(
    _ type: Value.Type
  ) throws(ParquetError) -> Value {
    let raw = try varint()
    let value = Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    guard let exact = Value(exactly: value) else { throw error("\(value) does not fit \(Value.bitWidth) bits") }
    return exact
  }

  /// A length of bytes or a count of elements that take a byte each.
  private mutating func length() throws(ParquetError) -> Int {
    let raw = try varint()
    guard raw <= UInt64(remaining) else { throw error("length \(raw) where \(remaining) bytes are left") }
    return Int(raw)
  }

  private mutating func binary() throws(ParquetError) -> UnsafeRawBufferPointer {
    let count = try length()
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }
}
