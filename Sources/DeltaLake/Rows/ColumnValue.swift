internal import Columnar

/// One row of one column, read without building a `Scalar`: what decoding rows needs.
struct ColumnValue {
  let column: Column
  let row: Int

  var isNull: Bool { column.isNull(row) }

  /// The column that stores the value and the row there: the dictionary's, if there is one.
  private var stored: (Column, Int) {
    guard case .dictionary(let codes, let values) = column.storage else { return (column, row) }
    return (values, Int(codes.value(at: row, as: Int32.self)))
  }

  /// Any integer type, dates and times included, or `nil` for another type.
  var integer: Int64? {
    let (column, row) = stored
    guard case .fixed(let buffer) = column.storage else { return nil }
    switch column.type {
    case .byte: return Int64(buffer.value(at: row, as: Int8.self))
    case .short: return Int64(buffer.value(at: row, as: Int16.self))
    case .integer, .date: return Int64(buffer.value(at: row, as: Int32.self))
    case .long, .time, .timestamp, .timestampNtz: return buffer.value(at: row, as: Int64.self)
    case .unsignedByte: return Int64(buffer.value(at: row, as: UInt8.self))
    case .unsignedShort: return Int64(buffer.value(at: row, as: UInt16.self))
    case .unsignedInteger: return Int64(buffer.value(at: row, as: UInt32.self))
    default: return nil
    }
  }

  var unsignedLong: UInt64? {
    let (column, row) = stored
    guard case .fixed(let buffer) = column.storage, column.type == .unsignedLong else { return nil }
    return buffer.value(at: row, as: UInt64.self)
  }

  var double: Double? {
    let (column, row) = stored
    guard case .fixed(let buffer) = column.storage else { return nil }
    switch column.type {
    case .float: return Double(buffer.value(at: row, as: Float.self))
    case .double: return buffer.value(at: row, as: Double.self)
    default: return nil
    }
  }

  var boolean: Bool? {
    guard case .boolean(let bits) = column.storage else { return nil }
    return bits[row]
  }

  /// The unscaled value and the scale.
  var decimal: (unscaled: Int128, scale: Int)? {
    let (column, row) = stored
    guard case .decimal(let precision, let scale) = column.type, case .fixed(let buffer) = column.storage else {
      return nil
    }
    return precision <= 18
      ? (Int128(buffer.value(at: row, as: Int64.self)), scale) : (buffer.value(at: row, as: Int128.self), scale)
  }

  /// Whether ``bytes`` are what the value is, rather than how it is stored.
  var isBinary: Bool {
    switch column.type {
    case .binary, .fixedBinary: true
    default: false
    }
  }

  /// The bytes that store the value, where it has some of its own.
  var bytes: [UInt8]? {
    let (column, row) = stored
    switch column.storage {
    case .bytes(let offsets, let data):
      let start = Int(offsets.value(at: row, as: Int32.self))
      let end = Int(offsets.value(at: row + 1, as: Int32.self))
      return data.withUnsafeBytes { Array($0[start..<end]) }
    case .fixed(let buffer):
      guard let width = column.type.fixedWidth else { return nil }
      return buffer.withUnsafeBytes { Array($0[row * width..<(row + 1) * width]) }
    default: return nil
    }
  }

  var string: String? {
    let (column, row) = stored
    guard column.type == .string, case .bytes(let offsets, let data) = column.storage else { return nil }
    let start = Int(offsets.value(at: row, as: Int32.self))
    let end = Int(offsets.value(at: row + 1, as: Int32.self))
    return data.withUnsafeBytes { String(decoding: $0[start..<end], as: UTF8.self) }
  }

  /// The elements of an array.
  var elements: (Column, Range<Int>)? {
    guard case .list(let offsets, let elements) = column.storage else { return nil }
    return (elements, Int(offsets.value(at: row, as: Int32.self))..<Int(offsets.value(at: row + 1, as: Int32.self)))
  }

  /// The entries of a map.
  var entries: (keys: Column, values: Column, range: Range<Int>)? {
    guard case .map(let offsets, let keys, let values) = column.storage else { return nil }
    let range = Int(offsets.value(at: row, as: Int32.self))..<Int(offsets.value(at: row + 1, as: Int32.self))
    return (keys, values, range)
  }
}

extension Buffer {
  /// The value at an index of the buffer seen as an array. Traps outside.
  fileprivate func value<Value: BitwiseCopyable>(at index: Int, as type: Value.Type) -> Value {
    withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.stride, as: Value.self) }
  }
}
