internal import Columnar

/// Puts shredded variants together again, row after row.
///
/// For a variant and each part of it: only `value` set: the variant as it is. Only `typed_value`: the shredded type.
/// Both: an object of which some fields are shredded. Neither: a missing field, else a variant null.
///
/// Spec: Parquet VariantShredding § Reconstructing a Shredded Variant
struct VariantRebuilding {
  private let metadata: Column
  private let validity: Bitmap?
  private var builder = VariantBuilder()

  init(metadata: Column, validity: Bitmap?) {
    self.metadata = metadata
    self.validity = validity
  }

  mutating func column(value: Column?, typedValue: Column?, count: Int) throws(VariantError) -> Column {
    let part = Part(value: value, typedValue: typedValue)
    var result = VariantColumnBuilder()
    for row in 0..<count {
      if let validity, !validity.isSet(row) {
        result.appendNull()
        continue
      }
      let names = try VariantMetadata(metadata.binary(at: row))
      builder.reset(extending: names)
      if try !append(part, row: row, names) { builder.appendNull() }
      try result.append(builder)
    }
    return result.finish()
  }

  /// A variant or a part of one, as its two columns.
  private struct Part {
    var value: Column?
    var typedValue: Column?

    init(value: Column?, typedValue: Column?) {
      self.value = value
      self.typedValue = typedValue
    }

    /// The group of a shredded field or element.
    init(_ group: Column) {
      guard case .struct(let type) = group.type, case .structure(let children) = group.storage else { return }
      value = type.index(of: "value").map { children[$0] }
      typedValue = type.index(of: "typed_value").map { children[$0] }
    }

    func value(at row: Int, _ names: VariantMetadata) throws(VariantError) -> VariantValue? {
      guard let value, !value.isNull(row) else { return nil }
      return try VariantValue(metadata: names, value: value.binary(at: row))
    }

    func isMissing(_ row: Int) -> Bool { (value?.isNull(row) ?? true) && (typedValue?.isNull(row) ?? true) }
  }

  /// Appends a part; false, and nothing appended, when it is missing.
  private mutating func append(_ part: Part, row: Int, _ names: VariantMetadata) throws(VariantError) -> Bool {
    let value = try part.value(at: row, names)
    guard let typed = part.typedValue, !typed.isNull(row) else {
      guard let value else { return false }
      try builder.append(value)
      return true
    }
    switch typed.storage {
    case .structure(let groups):
      try appendObject(typed.type, groups, row: row, rest: value, names)
    case .list(let offsets, let elements):
      guard value == nil else { throw Self.conflict }
      try builder.beginArray()
      let bounds = offsets.withValues(of: Int32.self) { Int($0[row])..<Int($0[row + 1]) }
      let element = Part(elements)
      for index in bounds where try !append(element, row: index, names) { builder.appendNull() }
      try builder.endArray()
    default:
      guard value == nil else { throw Self.conflict }
      try appendPrimitive(typed, row: row)
    }
    return true
  }

  private mutating func appendObject(
    _ type: DataType, _ groups: [Column], row: Int, rest: VariantValue?, _ names: VariantMetadata
  ) throws(VariantError) {
    guard case .struct(let type) = type else { return }
    try builder.beginObject()
    for (field, group) in zip(type.fields, groups) where !group.isNull(row) {
      let part = Part(group)
      guard !part.isMissing(row) else { continue }
      try builder.field(field.name)
      _ = try append(part, row: row, names)
    }
    if let rest { try builder.appendFields(of: rest) }
    try builder.endObject()
  }

  /// Spec: Parquet VariantShredding § Shredded Value Types
  private mutating func appendPrimitive(_ column: Column, row: Int) throws(VariantError) {
    switch column.type {
    case .boolean:
      guard case .boolean(let bits) = column.storage else { return }
      builder.append(bits.isSet(row))
    case .byte: builder.append(fixed(column, row, Int8.self))
    case .short: builder.append(fixed(column, row, Int16.self))
    case .integer: builder.append(fixed(column, row, Int32.self))
    case .long: builder.append(fixed(column, row, Int64.self))
    case .float: builder.append(fixed(column, row, Float.self))
    case .double: builder.append(fixed(column, row, Double.self))
    case .decimal(let precision, let scale) where precision <= 38:
      let unscaled = precision <= 18 ? Int128(fixed(column, row, Int64.self)) : fixed(column, row, Int128.self)
      builder.append(decimal: unscaled, scale: scale)
    case .date: builder.append(date: fixed(column, row, Int32.self))
    case .time(.microseconds): builder.append(time: fixed(column, row, Int64.self))
    case .timestamp(let unit): builder.append(timestamp: fixed(column, row, Int64.self), unit)
    case .timestampNtz(let unit): builder.append(timestampNtz: fixed(column, row, Int64.self), unit)
    case .string: column.binary(at: row).withUnsafeBytes { builder.append(utf8: $0) }
    case .binary: column.binary(at: row).withUnsafeBytes { builder.append(binary: $0) }
    case .uuid:
      guard case .fixed(let buffer) = column.storage else { return }
      buffer.slice(row * 16..<row * 16 + 16).withUnsafeBytes { builder.append(uuid: $0) }
    default:
      throw VariantError(.unsupported, "A variant cannot be shredded as \(column.type).")
    }
  }

  private func fixed<Value: BitwiseCopyable>(_ column: Column, _ row: Int, _ type: Value.Type) -> Value {
    guard case .fixed(let buffer) = column.storage else { preconditionFailure("a fixed-width column") }
    return buffer.withValues(of: type) { $0[row] }
  }

  private static var conflict: VariantError {
    VariantError(.corrupt, "A shredded variant has both a value and a typed value that is no object.")
  }
}
