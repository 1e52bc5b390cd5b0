package import Columnar

/// How the values of a leaf stand in a file, and while they are on the way there.
///
/// What a ``DenseValues`` holds a value in is `layout`; the file holds `physicalType`. They differ for wide decimals
/// only, which are turned to big-endian bytes as late as possible.
///
/// Spec: Parquet LogicalTypes § Numeric Types
package struct ValueForm: Hashable, Sendable {
  package let physicalType: PhysicalType
  /// The bytes of a `fixedLengthByteArray`, else 0.
  package let typeLength: Int
  package let layout: Layout
  package let order: Order

  package enum Layout: Hashable, Sendable {
    /// A bit a value.
    case bits
    /// So many bytes a value, little-endian where it is a number.
    case fixed(Int)
    /// Offsets and bytes.
    case bytes
  }

  /// How values compare in statistics.
  package enum Order: Hashable, Sendable {
    /// They don't: no bounds are written.
    case undefined
    /// `false` before `true`.
    case boolean
    /// `Int32`, `Int64` and `Int128`, by the layout's width.
    case signed
    case unsigned
    /// `Float` and `Double`, by the layout's width; 2 bytes are a half.
    case floating
    /// Unsigned, byte by byte.
    case lexicographic
  }

  private init(_ physicalType: PhysicalType, typeLength: Int = 0, _ layout: Layout, _ order: Order) {
    self.physicalType = physicalType
    self.typeLength = typeLength
    self.layout = layout
    self.order = order
  }

  /// `nil` for types with children.
  package init?(_ type: DataType) {
    switch type {
    case .boolean: self.init(.boolean, .bits, .boolean)
    // A column of nothing but nulls stores nothing; the physical type is a placeholder.
    case .null: self.init(.int32, .fixed(4), .undefined)
    case .byte, .short, .integer, .date: self.init(.int32, .fixed(4), .signed)
    case .unsignedByte, .unsignedShort, .unsignedInteger: self.init(.int32, .fixed(4), .unsigned)
    case .time(.milliseconds): self.init(.int32, .fixed(4), .signed)
    case .long, .time, .timestamp, .timestampNtz: self.init(.int64, .fixed(8), .signed)
    case .unsignedLong: self.init(.int64, .fixed(8), .unsigned)
    case .float: self.init(.float, .fixed(4), .floating)
    case .double: self.init(.double, .fixed(8), .floating)
    case .float16: self.init(.fixedLengthByteArray, typeLength: 2, .fixed(2), .floating)
    case .int96: self.init(.int96, .fixed(12), .undefined)
    case .interval: self.init(.fixedLengthByteArray, typeLength: 12, .fixed(12), .undefined)
    case .uuid: self.init(.fixedLengthByteArray, typeLength: 16, .fixed(16), .lexicographic)
    case .fixedBinary(let length):
      self.init(.fixedLengthByteArray, typeLength: length, .fixed(length), .lexicographic)
    case .string, .binary: self.init(.byteArray, .bytes, .lexicographic)
    case .decimal(let precision, _):
      switch precision {
      case ...9: self.init(.int32, .fixed(4), .signed)
      case ...18: self.init(.int64, .fixed(8), .signed)
      case ...38:
        self.init(
          .fixedLengthByteArray, typeLength: Self.decimalLength(precision: precision), .fixed(16), .signed)
      default: self.init(.byteArray, .bytes, .undefined)
      }
    case .variant, .struct, .array, .map: return nil
    }
  }

  /// The fewest bytes of a two's complement number that hold every decimal of a precision up to 38.
  ///
  /// Spec: Parquet LogicalTypes § DECIMAL
  package static func decimalLength(precision: Int) -> Int {
    var largest: Int128 = 1
    for _ in 0..<precision { largest *= 10 }
    return (Int128.bitWidth - (largest - 1).leadingZeroBitCount) / 8 + 1
  }

  /// Whether values are turned around on their way into the file.
  var isBigEndian: Bool { physicalType == .fixedLengthByteArray && order == .signed }

  /// The bytes of a value in the file; 0 for bits and byte arrays.
  var physicalWidth: Int {
    switch layout {
    case .bits, .bytes: 0
    case .fixed(let width): isBigEndian ? typeLength : width
    }
  }
}
