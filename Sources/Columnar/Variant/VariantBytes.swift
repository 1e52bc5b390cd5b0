/// Checked loads from the bytes of a variant: every position is tested before it is read.
extension Buffer {
  /// An unsigned little-endian number of 1 to 4 bytes.
  func variantUnsigned(at offset: Int, width: Int) throws(VariantError) -> Int {
    guard offset >= 0, width >= 1, width <= 4, count >= width, offset <= count - width else {
      throw .truncated(at: offset)
    }
    defer { withExtendedLifetime(self) {} }
    if width == 1 { return Int(pointer.load(fromByteOffset: offset, as: UInt8.self)) }
    var result = 0
    for index in 0..<width {
      result |= Int(pointer.load(fromByteOffset: offset + index, as: UInt8.self)) << (8 * index)
    }
    return result
  }

  /// A little-endian integer of its type's width, at any alignment.
  func variantInteger<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Value.Type
  ) throws(VariantError) -> Value {
    let width = MemoryLayout<Value>.size
    guard offset >= 0, count >= width, offset <= count - width else { throw .truncated(at: offset) }
    defer { withExtendedLifetime(self) {} }
    return Value(littleEndian: pointer.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// A window, when it lies inside.
  func variantSlice(at offset: Int, count length: Int) throws(VariantError) -> Buffer {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { throw .truncated(at: offset) }
    return slice(offset..<offset + length)
  }

  /// Byte by byte, as unsigned numbers; a prefix comes first.
  func isLexicographicallyLess(than other: Buffer) -> Bool {
    compareLexicographically(other) < 0
  }

  func compareLexicographically(_ other: Buffer) -> Int {
    withUnsafeBytes { left in
      other.withUnsafeBytes { right in
        let shared = min(left.count, right.count)
        for index in 0..<shared where left[index] != right[index] {
          return Int(left[index]) - Int(right[index])
        }
        return left.count - right.count
      }
    }
  }

  /// The bytes as text, when they are UTF-8.
  func variantString() throws(VariantError) -> String {
    guard let text = withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else {
      throw .corrupt("A string in a variant is not UTF-8.")
    }
    return text
  }
}
