/// A value that describes itself: a view over the encoded bytes and the dictionary its objects refer to.
///
/// Opening a value reads its first byte. ``content()`` decodes one level; objects and arrays hand out views of their
/// members. Every offset is checked when it is followed, so hostile bytes throw.
///
/// ```swift
/// let value = try VariantValue(metadata: metadataBytes, value: valueBytes)
/// if case .object(let object) = try value.content(), let city = try object["city"] { print(try city.json()) }
/// ```
///
/// Spec: Parquet VariantEncoding § Value encoding
public struct VariantValue: Sendable {
  /// How deep values may nest for the operations that walk them.
  public static let maximumDepth = 128

  public let metadata: VariantMetadata
  /// From this value's first byte to the end of what encloses it: maybe more than its own bytes.
  let bytes: Buffer

  /// - Throws: `corrupt` or `unsupported` for metadata that cannot be read, or a value of no bytes.
  public init(metadata: Buffer, value: Buffer) throws(VariantError) {
    try self.init(metadata: VariantMetadata(metadata), value: value)
  }

  public init(metadata: VariantMetadata, value: Buffer) throws(VariantError) {
    guard value.count > 0 else { throw .truncated(at: 0) }
    self.metadata = metadata
    bytes = value
  }

  /// What a variant holds.
  public enum Content: Sendable {
    case null
    case boolean(Bool)
    case byte(Int8), short(Int16), integer(Int32), long(Int64)
    case float(Float), double(Double)
    /// `unscaled / 10^scale`, the scale being 0 to 38; `width` is 4, 8 or 16 bytes.
    case decimal(Int128, scale: Int, width: Int)
    /// Days since 1970-01-01.
    case date(Int32)
    /// An instant, and a wall clock's reading: microseconds or nanoseconds since 1970-01-01T00:00:00.
    case timestamp(Int64, TimeUnit), timestampNtz(Int64, TimeUnit)
    /// Microseconds since midnight.
    case time(Int64)
    /// UTF-8, not yet validated; ``VariantValue/string()`` validates.
    case string(Buffer)
    case binary(Buffer)
    /// 16 bytes, big-endian.
    case uuid(Buffer)
    case object(VariantObject)
    case array(VariantArray)
  }

  /// The value, decoded one level deep.
  ///
  /// Spec: Parquet VariantEncoding § Encoding types
  public func content() throws(VariantError) -> Content {
    let first = try bytes.variantUnsigned(at: 0, width: 1)
    let header = first >> 2
    switch first & 3 {
    case 0: return try primitive(header)
    case 1: return .string(try bytes.variantSlice(at: 1, count: header))
    case 2: return .object(try VariantObject(header: header, bytes: bytes, metadata: metadata))
    default: return .array(try VariantArray(header: header, bytes: bytes, metadata: metadata))
    }
  }

  private func primitive(_ type: Int) throws(VariantError) -> Content {
    switch type {
    case 0: return .null
    case 1: return .boolean(true)
    case 2: return .boolean(false)
    case 3: return .byte(try bytes.variantInteger(at: 1, as: Int8.self))
    case 4: return .short(try bytes.variantInteger(at: 1, as: Int16.self))
    case 5: return .integer(try bytes.variantInteger(at: 1, as: Int32.self))
    case 6: return .long(try bytes.variantInteger(at: 1, as: Int64.self))
    case 7: return .double(Double(bitPattern: try bytes.variantInteger(at: 1, as: UInt64.self)))
    case 8: return .decimal(Int128(try bytes.variantInteger(at: 2, as: Int32.self)), scale: try scale(), width: 4)
    case 9: return .decimal(Int128(try bytes.variantInteger(at: 2, as: Int64.self)), scale: try scale(), width: 8)
    case 10: return .decimal(try bytes.variantInteger(at: 2, as: Int128.self), scale: try scale(), width: 16)
    case 11: return .date(try bytes.variantInteger(at: 1, as: Int32.self))
    case 12: return .timestamp(try bytes.variantInteger(at: 1, as: Int64.self), .microseconds)
    case 13: return .timestampNtz(try bytes.variantInteger(at: 1, as: Int64.self), .microseconds)
    case 14: return .float(Float(bitPattern: try bytes.variantInteger(at: 1, as: UInt32.self)))
    case 15: return .binary(try bytes.variantSlice(at: 5, count: bytes.variantUnsigned(at: 1, width: 4)))
    case 16: return .string(try bytes.variantSlice(at: 5, count: bytes.variantUnsigned(at: 1, width: 4)))
    case 17: return .time(try bytes.variantInteger(at: 1, as: Int64.self))
    case 18: return .timestamp(try bytes.variantInteger(at: 1, as: Int64.self), .nanoseconds)
    case 19: return .timestampNtz(try bytes.variantInteger(at: 1, as: Int64.self), .nanoseconds)
    case 20: return .uuid(try bytes.variantSlice(at: 1, count: 16))
    default:
      throw VariantError(.unsupported, "A variant value has the type \(type), which this library does not know.", at: 0)
    }
  }

  private func scale() throws(VariantError) -> Int {
    let scale = try bytes.variantUnsigned(at: 1, width: 1)
    guard scale <= 38 else { throw .corrupt("A decimal in a variant has the scale \(scale), above 38.", at: 1) }
    return scale
  }

  /// The text of a string value, or `nil` for every other type.
  public func string() throws(VariantError) -> String? {
    guard case .string(let bytes) = try content() else { return nil }
    return try bytes.variantString()
  }

  /// The bytes of this value alone, without what may follow them.
  public func valueBytes() throws(VariantError) -> Buffer {
    let count: Int
    switch try content() {
    case .null, .boolean: count = 1
    case .byte: count = 2
    case .short: count = 3
    case .integer, .float, .date: count = 5
    case .long, .double, .timestamp, .timestampNtz, .time: count = 9
    case .decimal(_, _, let width): count = 2 + width
    case .uuid: count = 17
    case .string(let text):
      let first = try bytes.variantUnsigned(at: 0, width: 1)
      count = text.count + (first & 3 == 1 ? 1 : 5)
    case .binary(let data): count = data.count + 5
    case .object(let object): count = object.members.end
    case .array(let array): count = array.members.end
    }
    return try bytes.variantSlice(at: 0, count: count)
  }
}
