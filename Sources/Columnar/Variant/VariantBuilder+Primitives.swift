/// The primitive values. The widths are the caller's: a shredded `int64` that holds 1 stays 8 bytes.
///
/// Spec: Parquet VariantEncoding § Encoding types
extension VariantBuilder {
  public mutating func appendNull() { appendPrimitive(0) { _ in } }

  public mutating func append(_ value: Bool) { appendPrimitive(value ? 1 : 2) { _ in } }

  public mutating func append(_ value: Int8) { append(value, type: 3) }
  public mutating func append(_ value: Int16) { append(value, type: 4) }
  public mutating func append(_ value: Int32) { append(value, type: 5) }
  public mutating func append(_ value: Int64) { append(value, type: 6) }

  public mutating func append(_ value: Float) { append(value.bitPattern, type: 14) }
  public mutating func append(_ value: Double) { append(value.bitPattern, type: 7) }

  /// `unscaled / 10^scale` in the fewest of 4, 8 or 16 bytes that its digits allow.
  ///
  /// - Parameter scale: 0 to 38.
  public mutating func append(decimal unscaled: Int128, scale: Int) {
    precondition(scale >= 0 && scale <= 38, "a decimal's scale in a variant is 0 to 38")
    if unscaled.magnitude < 1_000_000_000 {
      append(decimal: Int32(unscaled), type: 8, scale: scale)
    } else if unscaled.magnitude < 1_000_000_000_000_000_000 {
      append(decimal: Int64(unscaled), type: 9, scale: scale)
    } else {
      append(decimal: unscaled, type: 10, scale: scale)
    }
  }

  /// Days since 1970-01-01.
  public mutating func append(date days: Int32) { append(days, type: 11) }

  /// Milliseconds are not in the encoding; they become microseconds, kept in range.
  public mutating func append(timestamp value: Int64, _ unit: TimeUnit) {
    append(Self.microseconds(value, unit), type: unit == .nanoseconds ? 18 : 12)
  }

  public mutating func append(timestampNtz value: Int64, _ unit: TimeUnit) {
    append(Self.microseconds(value, unit), type: unit == .nanoseconds ? 19 : 13)
  }

  /// Microseconds since midnight.
  public mutating func append(time value: Int64) { append(value, type: 17) }

  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(utf8: UnsafeRawBufferPointer($0)) }
  }

  /// Text as bytes, which the caller knows to be UTF-8. At most 2^32 - 1.
  package mutating func append(utf8 text: UnsafeRawBufferPointer) {
    guard text.count >= 64 else { return appendShortString(text) }
    append(lengthAnd: text, type: 16)
  }

  /// At most 2^32 - 1 bytes.
  public mutating func append(binary data: UnsafeRawBufferPointer) { append(lengthAnd: data, type: 15) }

  /// 16 bytes, big-endian.
  public mutating func append(uuid data: UnsafeRawBufferPointer) {
    precondition(data.count == 16, "a UUID has 16 bytes")
    appendPrimitive(20) { $0.append(contentsOf: data) }
  }

  private static func microseconds(_ value: Int64, _ unit: TimeUnit) -> Int64 {
    guard unit == .milliseconds else { return value }
    let (product, hasOverflowed) = value.multipliedReportingOverflow(by: 1_000)
    return hasOverflowed ? (value < 0 ? .min : .max) : product
  }

  private mutating func append<Value: FixedWidthInteger>(_ value: Value, type: Int) {
    appendPrimitive(type) { bytes in withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
  }

  private mutating func append<Value: FixedWidthInteger>(decimal value: Value, type: Int, scale: Int) {
    appendPrimitive(type) { bytes in
      bytes.append(UInt8(scale))
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  private mutating func append(lengthAnd data: UnsafeRawBufferPointer, type: Int) {
    precondition(data.count <= Int(UInt32.max), "a variant's strings and binaries are below 4 GiB")
    appendPrimitive(type) { bytes in
      withUnsafeBytes(of: UInt32(data.count).littleEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: data)
    }
  }
}
