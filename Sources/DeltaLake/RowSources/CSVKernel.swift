// RFC 4180: fields between delimiters, rows between line ends, which are LF or CRLF. A field that begins with a quote goes
// to the next single quote, whatever is in between; two quotes stand for one. A quote inside of a field that does not begin
// with one is an ordinary character. A line with nothing in it is no row, unless rows have one field.

/// Where a field is in the bytes of a window.
struct CSVField: BitwiseCopyable {
  let start: UInt32
  private let endAndFlags: UInt32

  @inline(__always)
  init(_ start: Int, _ end: Int, isQuoted: Bool = false, hasDoubledQuotes: Bool = false) {
    self.start = UInt32(truncatingIfNeeded: start)
    endAndFlags = UInt32(truncatingIfNeeded: end) | (isQuoted ? 1 << 31 : 0) | (hasDoubledQuotes ? 1 << 30 : 0)
  }

  var end: UInt32 { endAndFlags & (1 << 30 - 1) }
  var count: Int { Int(end &- start) }
  var isQuoted: Bool { endAndFlags >> 31 != 0 }
  var hasDoubledQuotes: Bool { endAndFlags >> 30 & 1 != 0 }
}

/// The rows of a window, taken apart.
struct CSVRows {
  enum Problem: Hashable {
    /// The row has that many fields.
    case ragged(Int)
    case openQuote
    /// Something other than a delimiter or line end stands behind the closing quote.
    case textAfterQuote
  }

  /// Row by row.
  var fields: [CSVField] = []
  /// Where each row starts.
  var starts: [UInt32] = []
  /// The bytes that the rows take.
  var consumed = 0
  /// What ended the taking apart early, in the row at ``consumed``.
  var problem: Problem?

  /// Takes whole rows apart.
  ///
  /// - Parameters:
  ///   - isLast: whether the file ends with these bytes.
  ///   - columnCount: the fields that each row must have; 0 for any.
  mutating func split(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, delimiter: UInt8, columnCount: Int, rowLimit: Int
  ) {
    fields.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    consumed = 0
    problem = nil
    rowFirst = 0
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    let count = bytes.count
    let quote = UInt8(ascii: "\"")
    let delimiters = UInt64(delimiter) &* 0x0101_0101_0101_0101
    var index = 0
    var start = 0
    scanning: while true {
      if index == start, index < count, base[index] == quote {
        guard let closing = Self.closingQuote(base, from: index &+ 1, count, isLast: isLast) else {
          if isLast { problem = .openQuote }
          return dropUnfinished()
        }
        let end = closing.index
        fields.append(CSVField(start &+ 1, end, isQuoted: true, hasDoubledQuotes: closing.isDoubled))
        let next = end &+ 1
        if next == count {
          guard isLast else { return dropUnfinished() }
          _ = endRow(at: count, columnCount)
          return
        }
        let byte = base[next]
        if byte == delimiter {
          start = next &+ 1
          index = start
          if start == count, isLast {
            fields.append(CSVField(start, start))
            _ = endRow(at: count, columnCount)
            return
          }
          continue
        }
        if byte == 0x0A {
          start = next &+ 1
        } else if byte == 0x0D, next &+ 1 < count, base[next &+ 1] == 0x0A {
          start = next &+ 2
        } else if byte == 0x0D, next &+ 1 == count {
          guard isLast else { return dropUnfinished() }
          start = count
        } else {
          problem = .textAfterQuote
          return dropUnfinished()
        }
        index = start
        guard endRow(at: start, columnCount), starts.count < rowLimit else { return }
        continue
      }
      while index &+ 8 <= count {
        let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
        var hits = LineKernel.zeros(word ^ delimiters) | LineKernel.zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A)
        while hits != 0 {
          let stop = index &+ (hits.trailingZeroBitCount >> 3)
          hits &= hits &- 1
          if base[stop] == 0x0A {
            let end = stop > start && base[stop &- 1] == 0x0D ? stop &- 1 : stop
            fields.append(CSVField(start, end))
            start = stop &+ 1
            guard endRow(at: start, columnCount), starts.count < rowLimit else { return }
          } else {
            fields.append(CSVField(start, stop))
            start = stop &+ 1
          }
          if start < count, base[start] == quote {
            index = start
            continue scanning
          }
        }
        index &+= 8
      }
      while index < count {
        let byte = base[index]
        if byte == delimiter || byte == 0x0A {
          let isEnd = byte == 0x0A
          let end = isEnd && index > start && base[index &- 1] == 0x0D ? index &- 1 : index
          fields.append(CSVField(start, end))
          start = index &+ 1
          if isEnd { guard endRow(at: start, columnCount), starts.count < rowLimit else { return } }
          if start < count, base[start] == quote {
            index = start
            continue scanning
          }
        }
        index &+= 1
      }
      guard isLast else { return dropUnfinished() }
      if start < count || fields.count > rowFirst {
        let end = count > start && base[count &- 1] == 0x0D ? count &- 1 : count
        fields.append(CSVField(start, end))
        _ = endRow(at: count, columnCount)
      } else {
        consumed = count
      }
      return
    }
  }

  /// The fields before the row that is being taken apart.
  private var rowFirst = 0

  /// - Returns: `false` when the row has another number of fields than it must.
  @inline(__always)
  private mutating func endRow(at end: Int, _ columnCount: Int) -> Bool {
    let found = fields.count &- rowFirst
    if found != columnCount, columnCount != 0 {
      let only = fields[rowFirst]
      if found == 1, only.count == 0, !only.isQuoted {
        fields.removeLast()
        consumed = end
        return true
      }
      problem = .ragged(found)
      dropUnfinished()
      return false
    }
    starts.append(UInt32(truncatingIfNeeded: consumed))
    consumed = end
    rowFirst = fields.count
    return true
  }

  private mutating func dropUnfinished() {
    fields.removeLast(fields.count &- rowFirst)
  }

  /// The quote that ends a field, and whether there are doubled ones before it.
  @inline(__always)
  private static func closingQuote(
    _ base: UnsafePointer<UInt8>, from start: Int, _ count: Int, isLast: Bool
  ) -> (index: Int, isDoubled: Bool)? {
    var from = start
    var isDoubled = false
    while from < count {
      guard let index = LineKernel.position(of: 0x22, base, from: from, to: count) else { return nil }
      if index &+ 1 < count, base[index &+ 1] == 0x22 {
        isDoubled = true
        from = index &+ 2
        continue
      }
      if index &+ 1 == count, !isLast { return nil }
      return (index, isDoubled)
    }
    return nil
  }
}

extension CSVField {
  /// The field's bytes, without the quotes around it; doubled quotes are made single in `scratch`.
  @inline(__always)
  func withText<Result>(
    in bytes: UnsafeBufferPointer<UInt8>, _ scratch: inout [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    let text = UnsafeBufferPointer(rebasing: bytes[Int(start)..<Int(end)])
    guard hasDoubledQuotes else { return body(text) }
    scratch.removeAll(keepingCapacity: true)
    var isSecond = false
    for byte in text {
      if byte == 0x22 {
        isSecond.toggle()
        if !isSecond { continue }
      }
      scratch.append(byte)
    }
    return scratch.withUnsafeBufferPointer { body($0) }
  }

  func string(in bytes: UnsafeBufferPointer<UInt8>) -> String {
    var scratch: [UInt8] = []
    return withText(in: bytes, &scratch) { String(decoding: $0, as: UTF8.self) }
  }
}
