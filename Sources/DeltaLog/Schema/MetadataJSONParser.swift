internal import Columnar

/// A recursive parser of strict JSON.
struct MetadataJSONParser {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func document() throws(MetadataJSON.Fault) -> MetadataValue {
    let value = try self.value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw fault("text after the end of the document") }
    return value
  }

  private mutating func value(depth: Int) throws(MetadataJSON.Fault) -> MetadataValue {
    guard depth < MetadataJSON.maximumDepth else { throw fault("nested too deeply") }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw fault("the text ends too early")
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(MetadataJSON.Fault) -> MetadataValue {
    position += 1
    var members: [String: MetadataValue] = [:]
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw fault("a key in quotes is missing") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw fault("a colon is missing") }
      members[key] = try value(depth: depth + 1)
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw fault("a comma or the end of an object is missing") }
    }
  }

  private mutating func array(depth: Int) throws(MetadataJSON.Fault) -> MetadataValue {
    position += 1
    var values: [MetadataValue] = []
    skipSpace()
    if take("]") { return .array(values) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(values) }
      guard take(",") else { throw fault("a comma or the end of an array is missing") }
    }
  }

  private mutating func string() throws(MetadataJSON.Fault) -> String {
    position += 1
    let start = position
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    if peek == UInt8(ascii: "\"") {
      defer { position += 1 }
      return try text(bytes[start..<position])
    }
    var unescaped = Array(bytes[start..<position])
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(unescaped[...])
      case UInt8(ascii: "\\"): try escape(into: &unescaped)
      case 0..<0x20: throw fault("a control character in a string")
      default: unescaped.append(byte)
      }
    }
    throw fault("a string has no end")
  }

  private func text(_ utf8: ArraySlice<UInt8>) throws(MetadataJSON.Fault) -> String {
    guard let text = String(validating: utf8, as: UTF8.self) else { throw fault("a string is not UTF-8") }
    return text
  }

  private mutating func escape(into unescaped: inout [UInt8]) throws(MetadataJSON.Fault) {
    guard let letter = peek else { throw fault("a string has no end") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(letter)
    case UInt8(ascii: "b"): unescaped.append(8)
    case UInt8(ascii: "f"): unescaped.append(12)
    case UInt8(ascii: "n"): unescaped.append(10)
    case UInt8(ascii: "r"): unescaped.append(13)
    case UInt8(ascii: "t"): unescaped.append(9)
    case UInt8(ascii: "u"): unescaped.append(contentsOf: String(try unicodeScalar()).utf8)
    default: throw fault("an unknown escape in a string")
    }
  }

  /// A surrogate without its partner becomes U+FFFD, as a text decoder makes it.
  private mutating func unicodeScalar() throws(MetadataJSON.Fault) -> Unicode.Scalar {
    let high = try fourHexDigits()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { return "\u{FFFD}" }
    let restart = position
    position += 2
    let low = try fourHexDigits()
    guard 0xDC00...0xDFFF ~= low else {
      position = restart
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func fourHexDigits() throws(MetadataJSON.Fault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch peek {
      case .some(let byte) where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"): digit = byte - 48
      case .some(let byte) where byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"):
        digit = (byte | 0x20) - 87
      default: throw fault("four hexadecimal digits are missing")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func number() throws(MetadataJSON.Fault) -> MetadataValue {
    let start = position
    _ = take("-")
    let leadsWithZero = peek == UInt8(ascii: "0")
    let wholeDigits = skipDigits()
    guard wholeDigits > 0, wholeDigits == 1 || !leadsWithZero else {
      throw fault("no value starts here, and it is not a number")
    }
    var isWhole = true
    if take(".") {
      isWhole = false
      guard skipDigits() > 0 else { throw fault("not a number") }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if !take("+") { _ = take("-") }
      guard skipDigits() > 0 else { throw fault("not a number") }
    }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let value = Int64(digits) { return .long(value) }
    guard let value = Double(digits) else { throw fault("not a number") }
    return .double(value)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  private mutating func word(_ word: StaticString, _ value: MetadataValue) throws(MetadataJSON.Fault) -> MetadataValue {
    let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[position...].starts(with: letters) else { throw fault("an unknown word") }
    position += letters.count
    return value
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ reason: String) -> MetadataJSON.Fault {
    MetadataJSON.Fault(offset: position, reason: reason)
  }
}
