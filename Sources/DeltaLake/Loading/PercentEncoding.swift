internal import DeltaLog

/// URI percent-encoding, as paths in the log have it.
enum PercentEncoding {
  /// The decoded text. A `%` that no two hex digits follow stays as it is, since some writers don't encode.
  ///
  /// - Throws: `corruptLog` when the decoded bytes aren't UTF-8 or contain a zero byte.
  static func decode(_ text: String) throws(DeltaError) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2, let value = hexValue(digits) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw DeltaError(.corruptLog, "The path \(text) in the log does not decode to UTF-8 text.", path: text)
    }
    return decoded
  }

  private static func hexValue(_ digits: Substring.UTF8View) -> UInt8? {
    var value: UInt8 = 0
    for digit in digits {
      let number: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): number = digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): number = digit - UInt8(ascii: "A") + 10
      default: return nil
      }
      value = value << 4 | number
    }
    return value
  }
}
