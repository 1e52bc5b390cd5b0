package import Columnar

// For the rare actions and small files, where a tree is handy and speed no matter.

extension JSONScanner {
  /// One value as a tree. Whole numbers of 64 bits become `.long`, all others `.double`; of a key that stands twice
  /// the last value counts.
  package mutating func readValue(depth: Int = 0) throws(JSONSyntaxError) -> MetadataValue {
    switch try peek() {
    case UInt8(ascii: "\""): return .string(string(try readString()))
    case UInt8(ascii: "{"):
      guard depth < Self.maximumDepth else { throw JSONSyntaxError(.tooDeep, at: position) }
      position += 1
      var fields: [String: MetadataValue] = [:]
      var isFirst = true
      while let key = try nextKey(&isFirst) { fields[string(key)] = try readValue(depth: depth + 1) }
      return .object(fields)
    case UInt8(ascii: "["):
      guard depth < Self.maximumDepth else { throw JSONSyntaxError(.tooDeep, at: position) }
      position += 1
      var elements: [MetadataValue] = []
      var isFirst = true
      while try nextElement(&isFirst) { elements.append(try readValue(depth: depth + 1)) }
      return .array(elements)
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean(try readBoolean())
    case UInt8(ascii: "n"):
      _ = try takeNull()
      return .null
    default:
      let start = position
      let text = string(try readNumber())
      if let value = Int64(text) { return .long(value) }
      guard let value = Double(text) else { throw JSONSyntaxError(.invalidNumber, at: start) }
      return .double(value)
    }
  }

  /// The single value that `bytes` hold, with nothing but blanks around it.
  package static func value(of bytes: UnsafeRawBufferPointer) throws(JSONSyntaxError) -> MetadataValue {
    var scanner = JSONScanner(bytes)
    let value = try scanner.readValue()
    if scanner.skipBlanks() {
      throw JSONSyntaxError(.unexpectedByte(scanner.base[scanner.position]), at: scanner.position)
    }
    return value
  }
}
