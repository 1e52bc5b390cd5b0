extension Column {
  /// The values as another type, by Spark's rules for `TRY_CAST`: a value that has no counterpart becomes null, and so
  /// does one that overflows. Fractions are cut off towards zero for whole numbers and rounded half away from zero for
  /// decimals; times without a zone are UTC.
  ///
  /// Dictionary-coded columns are cast once a distinct value. Structs are cast field by field, in order.
  ///
  /// - Throws: `unsupported` when no value of the one type can be one of the other; `tooLarge`.
  public func cast(to target: DataType) throws(ColumnError) -> Column {
    if type == target { return self }
    guard type.canCast(to: target) else {
      throw ColumnError(.unsupported, "\(type.sqlName) cannot be cast to \(target.sqlName).")
    }
    switch storage {
    case .null: return Column(nulls: count, of: target)
    case .dictionary(let codes, let values): return try castDictionary(codes, values, to: target)
    case .structure(let children):
      guard case .struct(let type) = target, type.fields.count == children.count else { break }
      var cast: [Column] = []
      for (child, field) in zip(children, type.fields) { cast.append(try child.cast(to: field.type)) }
      return with(target, .structure(cast))
    case .list(let offsets, let elements):
      guard case .array(let type) = target else { break }
      return with(target, .list(offsets: offsets, elements: try elements.cast(to: type.element)))
    case .map(let offsets, let keys, let values):
      guard case .map(let type) = target else { break }
      let cast = try keys.cast(to: type.key)
      guard cast.nullCount == 0 else {
        throw ColumnError(.unsupported, "A map's key has no counterpart as \(type.key.sqlName).")
      }
      return with(target, .map(offsets: offsets, keys: cast, values: try values.cast(to: type.value)))
    case .boolean, .fixed, .bytes, .variant: break
    }
    if let result = try castFlat(to: target) { return result }
    throw ColumnError(.unsupported, "\(type.sqlName) cannot be cast to \(target.sqlName).")
  }

  func with(_ type: DataType, _ storage: ColumnStorage) -> Column {
    Column(type, count: count, validity: validity, nullCount: nullCount, storage: storage)
  }

  private func castDictionary(_ codes: Buffer, _ values: Column, to target: DataType) throws(ColumnError) -> Column {
    // A slice of a batch can have a dictionary greater than itself.
    if values.count > count { return try decoded().cast(to: target) }
    let cast = try values.cast(to: target)
    if cast.nullCount == 0, target.fixedWidth != nil || target == .string || target == .binary {
      return with(target, .dictionary(codes: codes, values: cast))
    }
    if values.count == 0 { return Column(nulls: count, of: target) }
    return try cast.taking(codes.slice(0..<count * 4)).masked(by: validity)
  }

  private func castFlat(to target: DataType) throws(ColumnError) -> Column? {
    switch (type, target) {
    case (.variant, _), (_, .variant): return nil
    case (.string, .binary): return with(target, storage)
    case (.binary, .string): return try castBinaryToText()
    case (.string, _): return castFromText(to: target)
    case (_, .string): return try castToText()
    case (.boolean, _): return castFromBoolean(to: target)
    case (.uuid, .binary), (.fixedBinary, .binary): return try castToBinary()
    case (.date, _), (.timestamp, _), (.timestampNtz, _), (.int96, _), (.time, _): return castFromTime(to: target)
    default: return castFromNumber(to: target)
    }
  }

  /// Bytes that are no UTF-8 become U+FFFD, so that a column of strings holds text whatever it was made of.
  private func castBinaryToText() throws(ColumnError) -> Column {
    var isText = true
    forEachBytes { _, bytes in
      if isText, let bytes { isText = UTF8Validation.isValid(UnsafeRawBufferPointer(bytes)) }
    }
    if isText { return with(.string, storage) }
    var builder = BytesBuilder(capacity: count)
    for row in 0..<count {
      if isNull(row) {
        builder.appendNull()
      } else {
        try builder.append(String(decoding: byteArray(at: row), as: UTF8.self).utf8)
      }
    }
    return builder.finish(.string)
  }

  private func castToBinary() throws(ColumnError) -> Column {
    var builder = BytesBuilder(capacity: count)
    for row in 0..<count {
      if isNull(row) { builder.appendNull() } else { try builder.append(byteArray(at: row)) }
    }
    return builder.finish(.binary)
  }
}

extension DataType {
  /// Whether ``Column/cast(to:)`` has a meaning from this type to another.
  package func canCast(to target: DataType) -> Bool {
    if self == target || self == .null { return true }
    switch (self, target) {
    case (.variant, _), (_, .variant), (.interval, _), (_, .interval), (_, .uuid), (_, .fixedBinary), (_, .int96),
      (_, .float16), (_, .null):
      return false
    case (.decimal(let precision, _), _) where precision > 38: return false
    case (_, .decimal(let precision, let scale)) where precision > 38 || scale < 0 || scale > precision: return false
    case (.struct(let a), .struct(let b)):
      return a.fields.count == b.fields.count && zip(a.fields, b.fields).allSatisfy { $0.type.canCast(to: $1.type) }
    case (.array(let a), .array(let b)): return a.element.canCast(to: b.element)
    case (.map(let a), .map(let b)): return a.key.canCast(to: b.key) && a.value.canCast(to: b.value)
    case (.struct, _), (.array, _), (.map, _), (_, .struct), (_, .array), (_, .map): return false
    case (.string, .time), (.time, .string): return false
    case (.string, _), (_, .string): return true
    case (.uuid, .binary), (.fixedBinary, .binary): return true
    case (.uuid, _), (.fixedBinary, _), (.binary, _), (_, .binary): return false
    case (.time, .time): return true
    case (.time, _), (_, .time): return false
    case (.date, _), (_, .date): return isInstant && target.isInstant
    case (.boolean, .timestamp), (.boolean, .timestampNtz): return false
    case (.timestampNtz, _), (.int96, _): return target.isInstant
    case (.timestamp, _): return target.isInstant || target == .long || target == .double
    case (_, .timestampNtz): return false
    case (_, .timestamp): return isNumber
    default: return true
    }
  }

  /// Dates and timestamps.
  package var isInstant: Bool {
    switch self {
    case .date, .timestamp, .timestampNtz, .int96: true
    default: false
    }
  }

  /// Whole numbers, signed or not.
  package var isWholeNumber: Bool {
    switch self {
    case .byte, .short, .integer, .long, .unsignedByte, .unsignedShort, .unsignedInteger, .unsignedLong: true
    default: false
    }
  }

  package var isFloatingPoint: Bool { self == .float || self == .double || self == .float16 }

  package var isDecimal: Bool { if case .decimal = self { true } else { false } }

  package var isNumber: Bool { isWholeNumber || isFloatingPoint || isDecimal }
}
