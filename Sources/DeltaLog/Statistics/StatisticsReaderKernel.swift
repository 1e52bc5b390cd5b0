internal import Columnar

extension StatisticsTable {
  /// Takes a file's statistics from their JSON text.
  ///
  /// Text that can't be understood leaves the row unknown: statistics are a hint, and no reason to fail.
  ///
  /// - Returns: whether the text was understood.
  @discardableResult
  public mutating func read(_ json: UnsafeRawBufferPointer, into row: Int) -> Bool {
    precondition(row >= 0 && row < count, "row outside of the table")
    var reader = StatisticsReader(JSONScanner(json), row: row)
    do throws(JSONSyntaxError) {
      try reader.readDocument(into: &self)
      return true
    } catch {
      clear(row)
      return false
    }
  }

  /// Takes a file's statistics from text as it stands in a commit's JSON string, escapes and all.
  ///
  /// - Parameter scratch: memory to unescape into, kept from call to call.
  @discardableResult
  public mutating func read(escaped text: UnsafeRawBufferPointer, into row: Int, scratch: inout [UInt8]) -> Bool {
    if scratch.count < text.count { scratch = [UInt8](repeating: 0, count: text.count * 2) }
    return scratch.withUnsafeMutableBufferPointer { scratch in
      guard let target = scratch.baseAddress, !text.isEmpty else { return false }
      let scanner = JSONScanner(text)
      let count = scanner.unescape(JSONText(start: 0, count: text.count, hasEscapes: true), into: target)
      return read(UnsafeRawBufferPointer(start: target, count: count), into: row)
    }
  }

  /// Takes the statistics of all files, from the first row on. An empty buffer means that a file has none.
  public mutating func read(_ documents: some Sequence<UnsafeRawBufferPointer>) {
    for (row, document) in documents.enumerated() where !document.isEmpty { read(document, into: row) }
  }
}

/// Walks over one document and takes the wanted values only.
private struct StatisticsReader {
  private enum Section { case minima, maxima, nullCounts }

  private var json: JSONScanner
  private let row: Int

  init(_ json: JSONScanner, row: Int) {
    self.json = json
    self.row = row
  }

  mutating func readDocument(into table: inout StatisticsTable) throws(JSONSyntaxError) {
    let roots = table.keys.roots
    try json.beginObject()
    var isFirst = true
    while let key = try json.nextKey(&isFirst) {
      switch key.count {
      case 10 where json.matches(key, "numRecords"): table.rowCounts[row] = try readCount()
      case 9 where json.matches(key, "minValues"): try readSection(.minima, roots, 0, &table)
      case 9 where json.matches(key, "maxValues"): try readSection(.maxima, roots, 0, &table)
      case 9 where json.matches(key, "nullCount"): try readSection(.nullCounts, roots, 0, &table)
      case 11 where json.matches(key, "tightBounds"):
        if try json.peek() == UInt8(ascii: "f") { table.hasWideBounds[row] = 1 }
        try json.skipValue()
      default: try json.skipValue()
      }
    }
  }

  /// A count, or -1 for whatever else is there.
  private mutating func readCount() throws(JSONSyntaxError) -> Int64 {
    let byte = try json.peek()
    guard byte &- 48 < 10 else {
      try json.skipValue()
      return -1
    }
    return try json.readInt64()
  }

  private mutating func readSection(
    _ section: Section, _ keys: Range<Int>, _ depth: Int, _ table: inout StatisticsTable
  ) throws(JSONSyntaxError) {
    guard try json.peek() == UInt8(ascii: "{"), !keys.isEmpty, depth < JSONScanner.maximumDepth else {
      return try json.skipValue(depth: depth)
    }
    json.position &+= 1
    var isFirst = true
    var expected = keys.lowerBound
    while let name = try json.nextKey(&isFirst) {
      guard let index = find(name, in: keys, from: &expected, of: table.keys) else {
        try json.skipValue(depth: depth)
        continue
      }
      let key = table.keys.keys[index]
      if key.column >= 0, try json.peek() != UInt8(ascii: "{") {
        switch section {
        case .nullCounts: table.entries[key.column].nullCounts[row] = try readCount()
        case .minima: try readBound(isMinimum: true, key.column, &table)
        case .maxima: try readBound(isMinimum: false, key.column, &table)
        }
      } else {
        try readSection(section, key.children, depth &+ 1, &table)
      }
    }
  }

  /// Files name their columns in the same order mostly: the one after the last found is tried first.
  @inline(__always)
  private func find(
    _ name: JSONText, in range: Range<Int>, from expected: inout Int, of keys: StatisticsKeys
  ) -> Int? {
    if name.hasEscapes {
      let unescaped = json.bytes(name)
      return range.first {
        keys.names[keys.keys[$0].nameStart..<keys.keys[$0].nameStart + keys.keys[$0].nameCount].elementsEqual(unescaped)
      }
    }
    return keys.names.withUnsafeBufferPointer { names in
      keys.keys.withUnsafeBufferPointer { keys in
        var index = expected
        for _ in range {
          let key = keys[index]
          if key.nameCount == name.count, isEqual(names, key.nameStart, name) {
            expected = index &+ 1 == range.upperBound ? range.lowerBound : index &+ 1
            return index
          }
          index = index &+ 1 == range.upperBound ? range.lowerBound : index &+ 1
        }
        return nil
      }
    }
  }

  @inline(__always)
  private func isEqual(_ names: UnsafeBufferPointer<UInt8>, _ start: Int, _ name: JSONText) -> Bool {
    let bytes = json.base + name.start
    for offset in 0..<name.count where names[start &+ offset] != bytes[offset] { return false }
    return true
  }

  private mutating func readBound(
    isMinimum: Bool, _ column: Int, _ table: inout StatisticsTable
  ) throws(JSONSyntaxError) {
    let type = table.columns[column].type
    let first = try json.peek()
    let text: JSONText
    if first == UInt8(ascii: "\"") {
      text = try json.readString()
    } else if first &- 48 < 10 || first == UInt8(ascii: "-") {
      text = try json.readNumber()
    } else if first == UInt8(ascii: "t") || first == UInt8(ascii: "f") {
      text = try json.readRaw()
    } else {
      return try json.skipValue()
    }
    let mayHoldFloats = table.columns[column].mayHoldFloats
    if text.hasEscapes {
      json.bytes(text).withUnsafeBufferPointer {
        StatisticsText.set($0, type, isMinimum, mayHoldFloats, row, &table.entries[column])
      }
    } else {
      let bytes = UnsafeBufferPointer(start: json.base + text.start, count: text.count)
      StatisticsText.set(bytes, type, isMinimum, mayHoldFloats, row, &table.entries[column])
    }
  }
}
