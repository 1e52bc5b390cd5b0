package import Columnar

/// JSON text as bytes, written from front to back. Nothing is indented, and nothing is escaped that need not be.
package struct JSONWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(reserving count: Int = 0) {
    if count > 0 { bytes.reserveCapacity(count) }
  }

  package mutating func write(_ literal: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  package mutating func write(_ flag: Bool) { write(flag ? "true" : "false") }

  package mutating func write(_ number: Int64) {
    if number >= 0, number < 10 { return bytes.append(48 + UInt8(truncatingIfNeeded: number)) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = number.magnitude
      var start = 20
      while rest > 0 {
        start -= 1
        digits[start] = 48 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      if number < 0 { bytes.append(UInt8(ascii: "-")) }
      bytes.append(contentsOf: digits[start...])
    }
  }

  /// JSON has no spelling for NaN and infinity; a number too large for a double is how an infinity came in.
  package mutating func write(_ number: Double) {
    if number.isNaN {
      write("null")
    } else if number.isInfinite {
      write(number < 0 ? "-1e999" : "1e999")
    } else {
      bytes.append(contentsOf: number.description.utf8)
    }
  }

  /// Takes back what was written after `count` bytes.
  package mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }

  /// The text as it is, without quotes.
  package mutating func write(raw text: String) {
    if text.utf8.withContiguousStorageIfAvailable({ bytes.append(contentsOf: $0) }) == nil {
      bytes.append(contentsOf: text.utf8)
    }
  }

  /// A string in quotes, with what JSON wants escaped.
  package mutating func write(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    if text.utf8.withContiguousStorageIfAvailable({ JSONEscaping.append($0, to: &bytes) }) == nil {
      Array(text.utf8).withUnsafeBufferPointer { JSONEscaping.append($0, to: &bytes) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A tree, with the keys of objects sorted.
  package mutating func write(_ value: MetadataValue) {
    switch value {
    case .null: write("null")
    case .boolean(let flag): write(flag)
    case .long(let number): write(number)
    case .double(let number): write(number)
    case .string(let text): write(quoted: text)
    case .array(let values):
      write("[")
      for (index, value) in values.enumerated() {
        if index > 0 { write(",") }
        write(value)
      }
      write("]")
    case .object(let members):
      write("{")
      for member in members.sorted(by: { $0.key < $1.key }) {
        key(member.key)
        write(member.value)
      }
      write("}")
    }
  }
}

// Members of objects. The comma before one is written unless the object has just begun.

extension JSONWriter {
  package mutating func key(_ key: StaticString) {
    separate()
    write("\"")
    write(key)
    write("\":")
  }

  package mutating func key(_ key: String) {
    separate()
    write(quoted: key)
    write(":")
  }

  package mutating func separate() {
    if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: "\n") {
      write(",")
    }
  }

  /// A member that is left out when it has no value, as are all the others below.
  package mutating func member(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    key(name)
    write(quoted: text)
  }

  package mutating func member(_ name: StaticString, _ number: Int64?) {
    guard let number else { return }
    key(name)
    write(number)
  }

  package mutating func member(_ name: StaticString, _ number: Int32?) { member(name, number.map(Int64.init)) }

  package mutating func member(_ name: StaticString, _ flag: Bool?) {
    guard let flag else { return }
    key(name)
    write(flag)
  }

  package mutating func member(_ name: StaticString, _ time: Timestamp?) { member(name, time?.milliseconds) }

  package mutating func member(_ name: StaticString, _ texts: [String]?) {
    guard let texts else { return }
    key(name)
    write("[")
    for text in texts {
      separate()
      write(quoted: text)
    }
    write("]")
  }

  /// A map, its keys sorted so that the same map is the same text.
  package mutating func member(_ name: StaticString, _ map: [String: String?]?) {
    guard let map else { return }
    key(name)
    write("{")
    if map.count < 2 {
      for entry in map { write(entry.key, entry.value) }
    } else {
      for entry in map.sorted(by: { $0.key < $1.key }) { write(entry.key, entry.value) }
    }
    write("}")
  }

  package mutating func member(_ name: StaticString, _ map: [String: String]?) {
    member(name, map?.mapValues(Optional.some))
  }

  private mutating func write(_ key: String, _ value: String?) {
    self.key(key)
    if let value { write(quoted: value) } else { write("null") }
  }
}
