/// Puts a text's bytes behind others, with a backslash before what JSON wants escaped.
enum JSONEscaping {
  static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    guard let source = text.baseAddress else { return }
    var escapes = 0
    var controls = 0
    for index in 0..<text.count {
      let byte = source[index]
      escapes &+= byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 1 : 0
      controls &+= byte < 0x20 ? 1 : 0
    }
    if controls > 0 { return appendControls(text, to: &bytes) }
    bytes.append(contentsOf: text)
    guard escapes > 0 else { return }
    // From the end, so that what is moved is never in the way of what comes.
    let start = bytes.count - text.count
    bytes.append(contentsOf: repeatElement(0, count: escapes))
    bytes.withUnsafeMutableBufferPointer { buffer in
      guard let target = buffer.baseAddress else { return }
      var read = start + text.count
      var write = buffer.count
      while read < write {
        read &-= 1
        write &-= 1
        let byte = target[read]
        target[write] = byte
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
          write &-= 1
          target[write] = UInt8(ascii: "\\")
        }
      }
    }
  }

  /// The rare text that has control characters, too.
  private static func appendControls(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x08: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
      case 0x09: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0x0A: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0x0C: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
      case 0x0D: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case ..<0x20: bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
  }
}
