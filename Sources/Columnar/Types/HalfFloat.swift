/// IEEE 754 binary16, by its bits: Swift's `Float16` is missing on some platforms.
package enum HalfFloat {
  /// Every half is a `Float`.
  package static func value(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    if exponent == 0x1F { return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13) }
    if exponent == 0 {
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    }
    return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }

  /// The bits of a half; of digits that no half has, the last are cut off.
  package static func bits(_ value: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    let magnitude = value.magnitude
    if value.isNaN { return sign | 0x7E00 }
    if magnitude >= 65536 { return sign | 0x7C00 }
    if magnitude < 0x1p-14 { return sign | UInt16(magnitude * 0x1p24) }
    let exponent = UInt16(truncatingIfNeeded: magnitude.bitPattern >> 23) - 112
    return sign | exponent << 10 | UInt16(truncatingIfNeeded: magnitude.bitPattern >> 13) & 0x3FF
  }
}
