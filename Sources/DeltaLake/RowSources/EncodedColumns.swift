internal import Columnar
internal import DeltaLog

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension EncodedValue {
  /// The type of a column with these values; `nil` when all are null.
  static func type(of values: [EncodedValue], at path: String) throws(DeltaError) -> DataType? {
    var type: DataType?
    for value in values {
      guard let next = value.ownType else { continue }
      guard let known = type else {
        type = next
        continue
      }
      guard let common = common(known, next) else {
        throw .invalidArgument("\(path) is \(known.sqlName) in one row and \(next.sqlName) in another. Give a schema.")
      }
      type = common
    }
    switch type {
    case .struct:
      return .struct(try schema(of: values.compactMap(\.fields), at: path))
    case .array:
      let elements = values.flatMap { $0.elements ?? [] }
      return .array(ArrayType(try Self.type(of: elements, at: path + "[]") ?? .string))
    default: return type
    }
  }

  /// Fields in the order in which they are first seen.
  static func schema(of rows: [[(name: String, value: EncodedValue)]], at path: String) throws(DeltaError) -> StructType
  {
    var names: [String] = []
    var values: [String: [EncodedValue]] = [:]
    for row in rows {
      for (name, value) in row {
        if values[name] == nil { names.append(name) }
        values[name, default: []].append(value)
      }
    }
    var fields: [StructField] = []
    for name in names {
      let place = path.isEmpty ? name : "\(path).\(name)"
      // Nothing is known of a field that is always null.
      guard let type = try type(of: values[name] ?? [], at: place) else { continue }
      fields.append(StructField(name, type))
    }
    return StructType(fields)
  }

  private var fields: [(name: String, value: EncodedValue)]? {
    if case .object(let fields) = self { fields } else { nil }
  }

  private var elements: [EncodedValue]? { if case .array(let elements) = self { elements } else { nil } }

  private var ownType: DataType? {
    switch self {
    case .null: nil
    case .boolean: .boolean
    case .integer(_, let type): type
    case .float: .float
    case .double: .double
    case .string: .string
    case .date: .timestamp()
    case .binary: .binary
    case .decimal: .decimal(precision: 38, scale: 18)
    case .object: .struct(StructType([]))
    case .array: .array(ArrayType(.null))
    }
  }

  private static func common(_ one: DataType, _ other: DataType) -> DataType? {
    if one == other { return one }
    let widening: [DataType] = [.byte, .short, .integer, .long, .decimal(precision: 20, scale: 0)]
    guard let left = widening.firstIndex(of: one), let right = widening.firstIndex(of: other) else { return nil }
    return widening[max(left, right)]
  }

  // MARK: Columns

  /// - Throws: ``DeltaError`` naming a row (from 1) and column whose value is none of the type.
  static func column(of values: [EncodedValue], _ type: DataType, at path: String, rows: [Int]) throws(DeltaError)
    -> Column
  {
    let validity = values.contains { $0.isNull } ? Bitmap(values.map { !$0.isNull }) : nil
    switch type {
    case .struct(let structure):
      var children: [[EncodedValue]] = Array(repeating: [], count: structure.fields.count)
      let positions = Dictionary(structure.fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
      for (value, row) in zip(values, rows) {
        var found = [EncodedValue](repeating: .null, count: structure.fields.count)
        switch value {
        case .null: break
        case .object(let fields):
          for (name, value) in fields {
            guard let position = positions[name] else {
              if value.isNull { continue }
              throw .invalidArgument("Row \(row) has a field \(name) in \(path), which the schema does not have.")
            }
            found[position] = value
          }
        default: throw mismatch(value, type, path, row)
        }
        for (index, value) in found.enumerated() { children[index].append(value) }
      }
      var columns: [Column] = []
      for (field, values) in zip(structure.fields, children) {
        columns.append(try column(of: values, field.type, at: "\(path).\(field.name)", rows: rows))
      }
      return Column(type, count: values.count, validity: validity, storage: .structure(columns))
    case .array(let array):
      var elements: [EncodedValue] = []
      var places: [Int] = []
      var offsets: [Int32] = [0]
      for (value, row) in zip(values, rows) {
        switch value {
        case .null: break
        case .array(let own):
          elements += own
          places += repeatElement(row, count: own.count)
        default: throw mismatch(value, type, path, row)
        }
        offsets.append(Int32(clamping: elements.count))
      }
      let inner = try column(of: elements, array.element, at: path + "[]", rows: places)
      return Column(
        type, count: values.count, validity: validity,
        storage: .list(offsets: Buffer(copying: offsets), elements: inner))
    case .map(let map):
      var keys: [EncodedValue] = []
      var items: [EncodedValue] = []
      var places: [Int] = []
      var offsets: [Int32] = [0]
      for (value, row) in zip(values, rows) {
        switch value {
        case .null: break
        case .object(let fields):
          keys += fields.map { .string($0.name) }
          items += fields.map(\.value)
          places += repeatElement(row, count: fields.count)
        default: throw mismatch(value, type, path, row)
        }
        offsets.append(Int32(clamping: keys.count))
      }
      return Column(
        type, count: values.count, validity: validity,
        storage: .map(
          offsets: Buffer(copying: offsets), keys: try column(of: keys, map.key, at: path + " (key)", rows: places),
          values: try column(of: items, map.value, at: path + " (value)", rows: places)))
    default:
      var scalars: [Scalar] = []
      scalars.reserveCapacity(values.count)
      for (value, row) in zip(values, rows) {
        guard let scalar = value.scalar(type) else { throw mismatch(value, type, path, row) }
        scalars.append(scalar)
      }
      guard let column = Column(scalars: scalars, of: type) else {
        throw .invalidArgument("\(path) is \(type.sqlName), which encoded values can't be written as.")
      }
      return column
    }
  }

  private var isNull: Bool { if case .null = self { true } else { false } }

  private static func mismatch(_ value: EncodedValue, _ type: DataType, _ path: String, _ row: Int) -> DeltaError {
    DeltaError(
      .schemaMismatch, "Row \(row) has \(value.shown) as \(path), which is no value of \(type.sqlName.prefix(80)).")
  }

  private var shown: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value, _): "\(value)"
    case .float(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): "'\(value.prefix(100))'"
    case .date(let value): "the time \(value.timeIntervalSince1970)"
    case .binary(let bytes): "\(bytes.count) bytes"
    case .decimal(let text): text
    case .object: "an object"
    case .array: "an array"
    }
  }

  /// The value as one of the type; `nil` when it is none.
  private func scalar(_ type: DataType) -> Scalar? {
    switch (self, type) {
    case (.null, _): .null
    case (.boolean(let value), .boolean): .boolean(value)
    case (.integer(let value, _), .byte): Int8(exactly: value).map { .byte($0) }
    case (.integer(let value, _), .short): Int16(exactly: value).map { .short($0) }
    case (.integer(let value, _), .integer): Int32(exactly: value).map { .integer($0) }
    case (.integer(let value, _), .long): Int64(exactly: value).map { .long($0) }
    case (.integer(let value, _), .double): Double(exactly: Int64(clamping: value)).map { .double($0) }
    case (.integer(let value, _), .date): Int32(exactly: value).map { .date($0) }
    case (.integer(let value, _), .timestamp(.microseconds)): Int64(exactly: value).map { .timestamp($0) }
    case (.integer(let value, _), .timestampNtz(.microseconds)): Int64(exactly: value).map { .timestampNtz($0) }
    case (.integer(let value, _), .decimal(let precision, let scale)):
      Self.decimal("\(value)", precision, scale)
    case (.float(let value), .float): .float(value)
    case (.float(let value), .double): .double(Double(value))
    case (.double(let value), .double): .double(value)
    case (.double(let value), .float): Float(exactly: value).map { .float($0) } ?? (value.isNaN ? .float(.nan) : nil)
    case (.decimal(let text), .decimal(let precision, let scale)),
      (.string(let text), .decimal(let precision, let scale)):
      Self.decimal(text, precision, scale)
    case (.string(let text), .string): .string(text)
    case (.string(let text), .date): Self.read(text) { TextValue.date($0) }.map { .date($0) }
    case (.string(let text), .timestamp(.microseconds)):
      Self.read(text) { TextValue.timestamp($0, keepsWallClock: false) }.map { .timestamp($0) }
    case (.date(let date), .date):
      Int32(exactly: (date.timeIntervalSince1970 / 86_400).rounded(.down)).map { .date($0) }
    case (.date(let date), .timestamp(.microseconds)): Self.microseconds(date).map { .timestamp($0) }
    case (.date(let date), .timestampNtz(.microseconds)): Self.microseconds(date).map { .timestampNtz($0) }
    case (.binary(let bytes), .binary): .binary(bytes)
    case (.array(let elements), .binary): Self.bytes(elements).map { .binary($0) }
    default: nil
    }
  }

  private static func read<Value>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Value?) -> Value? {
    Array(text.utf8).withUnsafeBufferPointer(body)
  }

  private static func decimal(_ text: String, _ precision: Int, _ scale: Int) -> Scalar? {
    read(text) { TextValue.decimal($0, precision: precision, scale: scale) }
      .map { .decimal($0, precision: precision, scale: scale) }
  }

  private static func microseconds(_ date: Date) -> Int64? {
    Int64(exactly: (date.timeIntervalSince1970 * 1e6).rounded())
  }

  private static func bytes(_ elements: [EncodedValue]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for element in elements {
      guard case .integer(let value, _) = element, let byte = UInt8(exactly: value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
