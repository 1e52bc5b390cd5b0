/// Loops over strings. Columns are plain and of `bytes` storage.
enum TextKernel {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// Each string through `body`; strings of ASCII alone byte by byte through `ascii`, if that is given.
  static func map(
    _ column: Column, ascii: ((UInt8) -> UInt8)?, _ body: (String) -> String
  ) throws(ColumnError) -> Column {
    if let ascii, let result = mapASCII(column, ascii) { return result }
    var builder = BytesBuilder(capacity: column.count)
    var failure: ColumnError?
    column.forEachBytes { _, bytes in
      guard failure == nil else { return }
      guard let bytes else { return builder.appendNull() }
      do throws(ColumnError) {
        if let ascii, bytes.allSatisfy({ $0 < 0x80 }) {
          try builder.append(bytes.lazy.map(ascii))
        } else {
          try builder.append(body(String(decoding: bytes, as: UTF8.self)))
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return builder.finish(.string)
  }

  /// A column of nothing but ASCII at one go, keeping its offsets; `nil` for others.
  private static func mapASCII(_ column: Column, _ body: (UInt8) -> UInt8) -> Column? {
    guard case .bytes(let offsets, let data) = column.storage else { return nil }
    let start = Int(offsets.value(Int32.self, at: 0))
    let end = Int(offsets.value(Int32.self, at: column.count))
    let result = Buffer(uninitialized: end)
    let target = result.mutablePointer.assumingMemoryBound(to: UInt8.self)
    let isASCII = data.withValues(of: UInt8.self) { bytes in
      var all: UInt8 = 0
      for at in start..<end {
        all |= bytes[at]
        target[at] = body(bytes[at])
      }
      return all < 0x80
    }
    return isASCII ? column.with(.string, .bytes(offsets: offsets, data: result)) : nil
  }

  /// A part of each string.
  static func window(_ column: Column, _ body: (Bytes) -> Bytes) throws(ColumnError) -> Column {
    try rows([column], column.count) { _, bytes in body(bytes) }
  }

  /// A part of each of the first column's strings; null where any column is.
  static func rows(_ columns: [Column], _ count: Int, _ body: (Int, Bytes) -> Bytes) throws(ColumnError) -> Column {
    var builder = BytesBuilder(capacity: count)
    var failure: ColumnError?
    columns[0].forEachBytes { row, bytes in
      guard failure == nil else { return }
      guard let bytes, !columns.dropFirst().contains(where: { $0.isNull(row) }) else { return builder.appendNull() }
      do throws(ColumnError) { try builder.append(body(row, bytes)) } catch { failure = error }
    }
    if let failure { throw failure }
    return builder.finish(.string)
  }

  /// The strings of a row as arrays; null where any is.
  static func eachString(
    _ columns: [Column], _ count: Int, _ body: ([[UInt8]]) -> [UInt8]
  ) throws(ColumnError) -> Column {
    var builder = BytesBuilder(capacity: count)
    for row in 0..<count {
      if columns.contains(where: { $0.isNull(row) }) {
        builder.appendNull()
      } else {
        try builder.append(body(columns.map { $0.byteArray(at: row) }))
      }
    }
    return builder.finish(.string)
  }

  static func test(_ columns: [Column], _ count: Int, _ body: ([UInt8], [UInt8]) -> Bool) -> Column {
    let validity = Bitmap.intersection(columns[0].validity, columns[1].validity)
    let bits = (0..<count).map { row in
      (validity?.isSet(row) ?? true) && body(columns[0].byteArray(at: row), columns[1].byteArray(at: row))
    }
    return Column(truth: Bitmap(bits), validity: validity)
  }

  static func concatenate(_ columns: [Column], _ count: Int) throws(ColumnError) -> Column {
    var builder = BytesBuilder(capacity: count)
    for row in 0..<count {
      if columns.contains(where: { $0.isNull(row) }) {
        builder.appendNull()
        continue
      }
      for column in columns {
        guard case .bytes(let offsets, let data) = column.storage else { continue }
        let range = Int(offsets.value(Int32.self, at: row))..<Int(offsets.value(Int32.self, at: row + 1))
        data.slice(range).withValues(of: UInt8.self) { builder.add($0) }
      }
      try builder.end()
    }
    return builder.finish(.string)
  }

  static func byteCounts(_ column: Column, _ type: DataType) -> Column {
    column.mappedBytes(to: type, placeholder: Int32(0)) { Int32(truncatingIfNeeded: $0.count) }
  }

  static func codePoints(_ bytes: Bytes) -> Int {
    var count = 0
    for byte in bytes { count &+= byte & 0xC0 == 0x80 ? 0 : 1 }
    return count
  }

  /// Spark's: 1 is the first, 0 too, negative counts from the end; parts that reach outside are cut.
  static func substring(_ bytes: Bytes, from start: Int, count: Int) -> Bytes {
    let total = codePoints(bytes)
    let first = start > 0 ? start - 1 : start < 0 ? total + start : 0
    let end = min(total, first + max(0, count))
    let begin = max(0, first)
    guard begin < end else { return Bytes(rebasing: bytes[0..<0]) }
    if total == bytes.count { return Bytes(rebasing: bytes[begin..<end]) }
    var at = 0
    var index = -1
    var from = bytes.count
    var to = bytes.count
    while at < bytes.count {
      if bytes[at] & 0xC0 != 0x80 {
        index += 1
        if index == begin { from = at }
        if index == end {
          to = at
          break
        }
      }
      at += 1
    }
    return Bytes(rebasing: bytes[min(from, to)..<to])
  }

  static func trimmed(_ bytes: Bytes, head: Bool, tail: Bool) -> Bytes {
    var rest = bytes[...]
    while head, rest.first == 32 { rest = rest.dropFirst() }
    while tail, rest.last == 32 { rest = rest.dropLast() }
    return Bytes(rebasing: rest)
  }

  static func position(of needle: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    if needle.isEmpty { return text.startIndex }
    guard text.count >= needle.count else { return nil }
    return (text.startIndex...text.endIndex - needle.count).first { at in
      text[at] == needle[0] && text[at..<at + needle.count].elementsEqual(needle)
    }
  }

  static func replacing(_ text: [UInt8], _ old: [UInt8], with new: [UInt8]) -> [UInt8] {
    if old.isEmpty { return text }
    var result: [UInt8] = []
    var rest = text[...]
    while let found = position(of: old, in: rest) {
      result += rest[rest.startIndex..<found]
      result += new
      rest = rest[(found + old.count)...]
    }
    return result + rest
  }
}
