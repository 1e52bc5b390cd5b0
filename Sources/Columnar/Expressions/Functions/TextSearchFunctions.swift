extension FunctionTable {
  /// Functions that look for a string in another. Positions count code points from 1; 0: it is not there.
  static let textSearchFunctions: [FunctionRule] = [
    FunctionRule("instr", [], of: [.string, .string], gives: .integer) { columns, count, type in
      TextKernel.positions(of: columns[1], in: columns[0], from: nil, count, type)
    },
    FunctionRule("locate", ["position", "charindex"], of: [.string, .string, .integer], optional: 1, gives: .integer) {
      columns, count, type in
      TextKernel.positions(
        of: columns[0], in: columns[1], from: columns.count > 2 ? columns[2] : nil, count, type)
    },
    FunctionRule("substring_index", [], of: [.string, .string, .integer], gives: .string) {
      columns, count, _ throws(ColumnError) in
      try TextKernel.rows(columns, count) { row, bytes in
        TextKernel.part(of: bytes, before: columns[1].byteArray(at: row), Int(columns[2].integer(row)))
      }
    },
    FunctionRule("split_part", [], of: [.string, .string, .integer], gives: .string) {
      columns, count, _ throws(ColumnError) in
      try TextKernel.rows(columns, count) { row, bytes in
        TextKernel.part(of: bytes, at: Int(columns[2].integer(row)), between: columns[1].byteArray(at: row))
      }
    },
    FunctionRule("ascii", [], of: .string, gives: .integer) { column, type in
      column.mappedBytes(to: type, placeholder: Int32(0)) { bytes in
        Int32(truncatingIfNeeded: String(decoding: bytes.prefix(4), as: UTF8.self).unicodeScalars.first?.value ?? 0)
      }
    },
  ]
}

extension TextKernel {
  static func positions(
    of needles: Column, in texts: Column, from starts: Column?, _ count: Int, _ type: DataType
  ) -> Column {
    let validity = Bitmap.intersection(
      Bitmap.intersection(needles.validity, texts.validity), starts.flatMap(\.validity))
    let positions = (0..<count).map { row -> Int32 in
      guard validity?.isSet(row) ?? true else { return 0 }
      let start = starts.map { Int($0.integer(row)) } ?? 1
      return start < 1 ? 0 : position(of: needles.byteArray(at: row), in: texts.byteArray(at: row), from: start)
    }
    return Column(type, count: count, validity: validity, storage: .fixed(Buffer(copying: positions)))
  }

  private static func position(of needle: [UInt8], in text: [UInt8], from start: Int) -> Int32 {
    var at = 0
    var point = 1
    while point < start, at < text.count {
      at += 1
      while at < text.count, text[at] & 0xC0 == 0x80 { at += 1 }
      point += 1
    }
    guard point == start, let found = position(of: needle, in: text[at...]) else { return 0 }
    return Int32(truncatingIfNeeded: point + text[at..<found].count { $0 & 0xC0 != 0x80 })
  }

  /// What stands before the n-th separator, or for a negative n behind the n-th from the end; everything when there are
  /// fewer.
  static func part(of bytes: Bytes, before separator: [UInt8], _ n: Int) -> Bytes {
    let places = separators(separator, in: bytes)
    if n == 0 || separator.isEmpty { return Bytes(rebasing: bytes[0..<0]) }
    if n > 0 { return places.count < n ? bytes : Bytes(rebasing: bytes[..<places[n - 1]]) }
    guard n > -Int(Int32.max), places.count >= -n else { return bytes }
    return Bytes(rebasing: bytes[(places[places.count + n] + separator.count)...])
  }

  /// The n-th part from 1, or for a negative n from the end; empty when there is none.
  static func part(of bytes: Bytes, at n: Int, between separator: [UInt8]) -> Bytes {
    let places = separator.isEmpty ? [] : separators(separator, in: bytes)
    let index = n > 0 ? n - 1 : places.count + 1 + n
    guard n != 0, index >= 0, index <= places.count else { return Bytes(rebasing: bytes[0..<0]) }
    let start = index == 0 ? 0 : places[index - 1] + separator.count
    return Bytes(rebasing: bytes[start..<(index == places.count ? bytes.count : places[index])])
  }

  private static func separators(_ separator: [UInt8], in bytes: Bytes) -> [Int] {
    guard !separator.isEmpty else { return [] }
    let text = Array(bytes)
    var places: [Int] = []
    var at = 0
    while let found = position(of: separator, in: text[at...]) {
      places.append(found)
      at = found + separator.count
    }
    return places
  }
}
