import Columnar

/// The loops over leaf values, one for each type. Offsets and codes are those of a ``Column``, which vouches for them.
extension ColumnTextBuilder {
  mutating func appendLeaves(_ column: Column, _ rows: Range<Int>, _ style: TextStyle) {
    var leaf = column
    var codes: UnsafePointer<Int32>?
    if case .dictionary(let indices, let values) = column.storage {
      codes = indices.pointer.assumingMemoryBound(to: Int32.self)
      leaf = values
    }
    let selection = LeafRows(rows: rows, validity: column.validity?.bytes, codes: codes, isPlain: style == .plain)
    switch leaf.storage {
    case .boolean(let bits):
      let bytes = bits.bytes
      append(selection) { text, row in
        text.append((bytes[row >> 3] >> UInt8(row & 7)) & 1 == 1 ? "true" : "false")
      }
    case .fixed(let buffer):
      appendFixed(UnsafePointer(buffer.pointer.assumingMemoryBound(to: UInt8.self)), leaf.type, selection, style)
    case .bytes(let offsets, let data):
      let positions = offsets.pointer.assumingMemoryBound(to: Int32.self)
      appendBytes(positions, data.pointer, leaf.type, selection, style)
    default:
      // Type `null`.
      for _ in rows {
        if style != .plain { text.append("null") }
        offsets.append(text.count)
      }
    }
    withExtendedLifetime((column, leaf)) {}
  }

  /// Which rows to print, and where their values are.
  struct LeafRows {
    let rows: Range<Int>
    let validity: UnsafePointer<UInt8>?
    let codes: UnsafePointer<Int32>?
    let isPlain: Bool
  }

  /// One piece of text a row; `body` is inlined into a loop of its own for every type.
  @inline(__always)
  private mutating func append(_ selection: LeafRows, _ body: (inout TextBuffer, Int) -> Void) {
    func loop(_ text: inout TextBuffer, _ offsets: inout TextOffsets) {
      for row in selection.rows {
        if let validity = selection.validity, (validity[row >> 3] >> UInt8(row & 7)) & 1 == 0 {
          if !selection.isPlain { text.append("null") }
        } else if let codes = selection.codes {
          body(&text, Int(codes[row]))
        } else {
          body(&text, row)
        }
        offsets.append(text.count)
      }
    }
    loop(&text, &offsets)
  }

  /// The same with quotes around, where the style has them.
  @inline(__always)
  private mutating func appendQuoted(_ selection: LeafRows, _ isQuoted: Bool, _ body: (inout TextBuffer, Int) -> Void) {
    if isQuoted {
      append(selection) { text, row in
        text.append(0x22)
        body(&text, row)
        text.append(0x22)
      }
    } else {
      append(selection, body)
    }
  }

  @inline(__always)
  private mutating func appendIntegers<Value: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafeRawPointer, _ type: Value.Type, _ selection: LeafRows
  ) {
    let width = MemoryLayout<Value>.size
    append(selection) { text, row in
      let value = values.loadUnaligned(fromByteOffset: row &* width, as: type)
      if Value.isSigned {
        text.append(integer: Int64(truncatingIfNeeded: value))
      } else {
        text.append(unsigned: UInt64(truncatingIfNeeded: value))
      }
    }
  }

  private mutating func appendFixed(
    _ values: UnsafeRawPointer, _ type: DataType, _ selection: LeafRows, _ style: TextStyle
  ) {
    let isQuoted = style.isQuoted
    let signs = style.signsLongYears
    switch type {
    case .byte: appendIntegers(values, Int8.self, selection)
    case .short: appendIntegers(values, Int16.self, selection)
    case .integer: appendIntegers(values, Int32.self, selection)
    case .long: appendIntegers(values, Int64.self, selection)
    case .unsignedByte: appendIntegers(values, UInt8.self, selection)
    case .unsignedShort: appendIntegers(values, UInt16.self, selection)
    case .unsignedInteger: appendIntegers(values, UInt32.self, selection)
    case .unsignedLong: appendIntegers(values, UInt64.self, selection)
    case .float16:
      append(selection) { text, row in
        text.append(
          float16: values.loadUnaligned(fromByteOffset: row &* 2, as: UInt16.self), quotesWords: isQuoted)
      }
    case .float:
      append(selection) { text, row in
        text.append(float: values.loadUnaligned(fromByteOffset: row &* 4, as: Float.self), quotesWords: isQuoted)
      }
    case .double:
      append(selection) { text, row in
        text.append(double: values.loadUnaligned(fromByteOffset: row &* 8, as: Double.self), quotesWords: isQuoted)
      }
    case .decimal(let precision, let scale) where precision <= 18:
      appendQuoted(selection, style.isCanonical) { text, row in
        text.append(decimal: values.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self), scale: scale)
      }
    case .decimal(_, let scale):
      appendQuoted(selection, style.isCanonical) { text, row in
        text.append(decimal: values.loadUnaligned(fromByteOffset: row &* 16, as: Int128.self), scale: scale)
      }
    case .date:
      appendQuoted(selection, isQuoted) { text, row in
        text.append(days: values.loadUnaligned(fromByteOffset: row &* 4, as: Int32.self), signsLongYears: signs)
      }
    case .time(let unit):
      appendQuoted(selection, isQuoted) { text, row in
        text.append(time: values.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self), unit)
      }
    case .timestamp(let unit): appendTimestamps(values, unit, hasZone: true, selection, style)
    case .timestampNtz(let unit): appendTimestamps(values, unit, hasZone: false, selection, style)
    case .int96:
      appendQuoted(selection, isQuoted) { text, row in
        let nanoseconds = values.loadUnaligned(fromByteOffset: row &* 12, as: Int64.self)
        let day = values.loadUnaligned(fromByteOffset: row &* 12 &+ 8, as: Int32.self)
        text.append(int96: nanoseconds, julianDay: day, signsLongYears: signs)
      }
    case .uuid:
      appendQuoted(selection, isQuoted) { text, row in
        text.append(uuid: UnsafeRawBufferPointer(start: values + row &* 16, count: 16))
      }
    default:
      let width = type.fixedWidth ?? 0
      appendBinary(selection, style) { UnsafeRawBufferPointer(start: values + $0 &* width, count: width) }
    }
  }

  private mutating func appendTimestamps(
    _ values: UnsafeRawPointer, _ unit: TimeUnit, hasZone: Bool, _ selection: LeafRows, _ style: TextStyle
  ) {
    let isCanonical = style.isCanonical
    let signs = style.signsLongYears
    appendQuoted(selection, style.isQuoted) { text, row in
      let value = values.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self)
      if isCanonical {
        text.append(timestamp: value, unit, signsLongYears: signs)
      } else {
        text.append(shortTimestamp: value, unit)
      }
      if hasZone { text.append(0x5A) }
    }
  }

  private mutating func appendBinary(
    _ selection: LeafRows, _ style: TextStyle, _ bytes: (Int) -> UnsafeRawBufferPointer
  ) {
    let isBase64 = style == .natural
    appendQuoted(selection, style.isQuoted) { text, row in
      if isBase64 { text.append(base64: bytes(row)) } else { text.append(hex: bytes(row)) }
    }
  }

  private mutating func appendBytes(
    _ offsets: UnsafePointer<Int32>, _ data: UnsafeRawPointer, _ type: DataType, _ selection: LeafRows,
    _ style: TextStyle
  ) {
    func bytes(_ row: Int) -> UnsafeRawBufferPointer {
      let start = Int(offsets[row])
      return UnsafeRawBufferPointer(start: data + start, count: Int(offsets[row &+ 1]) &- start)
    }
    switch type {
    case .string where style == .plain:
      append(selection) { text, row in text.append(copying: bytes(row)) }
    case .string:
      append(selection) { text, row in text.append(jsonString: bytes(row)) }
    case .decimal(_, let scale):
      appendLongDecimals(selection, scale, isQuoted: style.isCanonical, bytes)
    default: appendBinary(selection, style, bytes)
    }
  }

  private mutating func appendLongDecimals(
    _ selection: LeafRows, _ scale: Int, isQuoted: Bool, _ bytes: (Int) -> UnsafeRawBufferPointer
  ) {
    for row in selection.rows {
      if let validity = selection.validity, (validity[row >> 3] >> UInt8(row & 7)) & 1 == 0 {
        if !selection.isPlain { text.append("null") }
      } else {
        let value = bytes(selection.codes.map { Int($0[row]) } ?? row)
        if isQuoted { text.append(0x22) }
        if scale.magnitude > TextBuffer.maximumDecimalBytes || !text.append(bigEndianDecimal: value, scale: scale) {
          failures[row - selection.rows.lowerBound] = OutputError(
            .corruptValue, "A decimal of \(value.count) bytes with scale \(scale) is too long to print.")
        }
        if isQuoted { text.append(0x22) }
      }
      offsets.append(text.count)
    }
  }
}

/// Where the text of each row ends: one allocation of the right size, shared once it is full.
struct TextOffsets {
  private let memory: Memory
  private var count = 1

  private final class Memory {
    let base: UnsafeMutablePointer<Int>
    let capacity: Int

    init(capacity: Int) {
      base = .allocate(capacity: capacity)
      self.capacity = capacity
    }

    deinit { base.deallocate() }
  }

  init(rowCount: Int) {
    memory = Memory(capacity: rowCount + 1)
    memory.base[0] = 0
  }

  /// For as long as this value, or a copy, lives.
  var pointer: UnsafePointer<Int> { UnsafePointer(memory.base) }

  mutating func append(_ end: Int) {
    precondition(count < memory.capacity, "more rows than announced")
    memory.base[count] = end
    count &+= 1
  }

  subscript(index: Int) -> Int {
    precondition(index >= 0 && index < count, "no such row")
    return memory.base[index]
  }
}
