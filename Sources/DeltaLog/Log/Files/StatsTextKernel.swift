/// What replay itself wants of a file's statistics. Everything else is read when a predicate names it.
enum StatsText {
  private static let prefix = Array(#"{\"numRecords\":"#.utf8)

  /// `numRecords` of statistics in a commit, still escaped; `nil` when there is none or they are damaged.
  static func recordCount(_ json: JSONScanner, _ stats: JSONText) -> Int64? {
    if stats.isAbsent { return nil }
    let text = UnsafeBufferPointer(start: json.base + stats.start, count: stats.count)
    // Every known writer puts it first and without blanks.
    if stats.hasEscapes, text.count > prefix.count, text.count >= prefix.count + 2,
      prefix.indices.allSatisfy({ text[$0] == prefix[$0] })
    {
      var value: Int64 = 0
      var index = prefix.count
      while index < text.count, text[index] >= 48, text[index] <= 57, index < prefix.count + 18 {
        value = value * 10 + Int64(text[index] - 48)
        index += 1
      }
      if index > prefix.count, index < text.count, text[index] == UInt8(ascii: ",") || text[index] == UInt8(ascii: "}")
      {
        return value
      }
    }
    let plain = json.bytes(stats)
    return plain.withUnsafeBytes { recordCount(of: $0) }
  }

  /// `numRecords` of statistics as JSON text.
  static func recordCount(of text: UnsafeRawBufferPointer) -> Int64? {
    var scanner = JSONScanner(text)
    return try? scanner.readRecordCount()
  }
}

extension JSONScanner {
  fileprivate mutating func readRecordCount() throws(JSONSyntaxError) -> Int64? {
    try beginObject()
    var isFirst = true
    while let key = try nextKey(&isFirst) {
      if matches(key, "numRecords") {
        if try takeNull() { return nil }
        let count = try readInt64()
        return count < 0 ? nil : count
      }
      try skipValue()
    }
    return nil
  }

  /// The unescaped bytes of a text, copied only when there are escapes.
  @inline(__always)
  func withBytes<Result>(of text: JSONText, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if !text.hasEscapes { return body(UnsafeBufferPointer(start: base + text.start, count: text.count)) }
    return bytes(text).withUnsafeBufferPointer(body)
  }

  /// Whether a key reads as `name`.
  @inline(__always)
  func matches(_ text: JSONText, _ name: String) -> Bool {
    withBytes(of: text) { bytes in
      var name = name
      return name.withUTF8 { BytesKernel.equal($0, bytes) }
    }
  }
}
