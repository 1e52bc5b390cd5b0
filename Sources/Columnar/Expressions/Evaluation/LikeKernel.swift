/// A LIKE pattern, compiled: the common shapes to comparisons of bytes, the rest to a matcher that remembers the last
/// `%`. `_` is one UTF-8 character.
struct LikePattern: Sendable {
  private enum Shape {
    case equal([UInt8])
    case prefix([UInt8])
    case suffix([UInt8])
    case contains([UInt8])
    /// Starts with the one, ends with the other, not overlapping.
    case both([UInt8], [UInt8])
    case general([Element])
  }

  private enum Element: Equatable { case byte(UInt8), one, any }

  private let shape: Shape

  /// `nil` when the escape stands before anything but `%`, `_` or itself, or at the end.
  init?(_ pattern: String, escape: Character) {
    var elements: [Element] = []
    var isEscaped = false
    for character in pattern.unicodeScalars {
      if isEscaped {
        guard character == "%" || character == "_" || Character(character) == escape else { return nil }
        for byte in String(character).utf8 { elements.append(.byte(byte)) }
        isEscaped = false
      } else if Character(character) == escape {
        isEscaped = true
      } else if character == "%" {
        if elements.last != .any { elements.append(.any) }
      } else if character == "_" {
        elements.append(.one)
      } else {
        for byte in String(character).utf8 { elements.append(.byte(byte)) }
      }
    }
    guard !isEscaped else { return nil }
    shape = Self.shape(of: elements)
  }

  private static func shape(of elements: [Element]) -> Shape {
    if elements.contains(.one) { return .general(elements) }
    let parts = elements.split(separator: .any, omittingEmptySubsequences: false).map { part in
      part.compactMap { element -> UInt8? in if case .byte(let byte) = element { byte } else { nil } }
    }
    switch parts.count {
    case 1: return .equal(parts[0])
    case 2:
      if parts[1].isEmpty { return .prefix(parts[0]) }
      return parts[0].isEmpty ? .suffix(parts[1]) : .both(parts[0], parts[1])
    case 3 where parts[0].isEmpty && parts[2].isEmpty: return .contains(parts[1])
    default: return .general(elements)
    }
  }

  /// A bit a row of a plain string column. Bits under nulls are clear.
  func matches(_ column: Column) -> Bitmap {
    switch shape {
    case .equal(let part):
      test(column, part) { $0.count == $1.count && ByteOrder.areEqual($0.start, $1.start, $1.count) }
    case .prefix(let part):
      test(column, part) { $0.count >= $1.count && ByteOrder.areEqual($0.start, $1.start, $1.count) }
    case .suffix(let part):
      test(column, part) {
        $0.count >= $1.count && ByteOrder.areEqual($0.start + ($0.count - $1.count), $1.start, $1.count)
      }
    case .contains(let part): test(column, part) { Self.contains($0, $1) }
    case .both(let head, let tail):
      test(column, head) { value, head in
        guard value.count >= head.count + tail.count, ByteOrder.areEqual(value.start, head.start, head.count) else {
          return false
        }
        return tail.withUnsafeBytes {
          ByteOrder.areEqual(value.start + (value.count - tail.count), $0.baseAddress ?? value.start, tail.count)
        }
      }
    case .general(let elements): test(column, []) { value, _ in Self.matches(value, elements) }
    }
  }

  private struct Bytes {
    let start: UnsafeRawPointer
    let count: Int
  }

  @inline(__always)
  private func test(_ column: Column, _ part: [UInt8], _ body: (Bytes, Bytes) -> Bool) -> Bitmap {
    let result = Buffer(zeroed: (column.count + 7) / 8)
    let bits = result.mutablePointer.assumingMemoryBound(to: UInt8.self)
    part.withUnsafeBytes { part in
      let needle = Bytes(start: part.baseAddress ?? UnsafeRawPointer(bits), count: part.count)
      column.forEachBytes { row, bytes in
        guard let bytes, let start = bytes.baseAddress else { return }
        if body(Bytes(start: start, count: bytes.count), needle) { bits[row &>> 3] |= 1 &<< UInt8(row & 7) }
      }
    }
    return Bitmap(buffer: result, count: column.count)
  }

  private static func contains(_ value: Bytes, _ needle: Bytes) -> Bool {
    if needle.count == 0 { return true }
    let first = needle.start.load(as: UInt8.self)
    var at = 0
    while value.count &- at >= needle.count {
      let last = value.count &- needle.count &- at &+ 1
      guard let found = ByteOrder.index(of: first, in: value.start + at, last) else { return false }
      at &+= found
      if ByteOrder.areEqual(value.start + at, needle.start, needle.count) { return true }
      at &+= 1
    }
    return false
  }

  private static func matches(_ value: Bytes, _ elements: [Element]) -> Bool {
    var at = 0
    var element = 0
    var resume: (element: Int, at: Int)?
    while true {
      if element < elements.count, elements[element] == .any {
        element += 1
        resume = (element, at)
        continue
      }
      if element == elements.count, at == value.count { return true }
      if element < elements.count, at < value.count {
        switch elements[element] {
        case .byte(let byte):
          if value.start.load(fromByteOffset: at, as: UInt8.self) == byte {
            at += 1
            element += 1
            continue
          }
        case .one:
          at += characterLength(value, at)
          element += 1
          continue
        case .any: break
        }
      }
      // Let the last % take one character more.
      guard let last = resume, last.at < value.count else { return false }
      at = last.at + characterLength(value, last.at)
      element = last.element
      resume = (element, at)
    }
  }

  private static func characterLength(_ value: Bytes, _ at: Int) -> Int {
    let first = value.start.load(fromByteOffset: at, as: UInt8.self)
    let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    return min(length, value.count - at)
  }
}
