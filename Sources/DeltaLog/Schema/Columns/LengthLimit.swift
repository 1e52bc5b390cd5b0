/// How long the strings of a column may be, where they are nested too: `char(3)`, `array<varchar(5)>`.
///
/// Lengths count Unicode code points. A `char(n)` is filled up with blanks to exactly n, which is why n has a limit.
package indirect enum LengthLimit: Hashable, Sendable {
  case unlimited
  case char(Int)
  case varchar(Int)
  case array(LengthLimit)
  case map(key: LengthLimit, value: LengthLimit)
  /// By the fields' names.
  case structure([(name: String, limit: LengthLimit)])

  static let longestChar = 1 << 20

  package var isUnlimited: Bool {
    switch self {
    case .unlimited: true
    case .char, .varchar: false
    case .array(let element): element.isUnlimited
    case .map(let key, let value): key.isUnlimited && value.isUnlimited
    case .structure(let fields): fields.allSatisfy(\.limit.isUnlimited)
    }
  }

  /// The type's text as Spark keeps it in a field's metadata, or `nil` when it is none.
  package init?(_ text: String) {
    var parser = Parser(rest: Array(text.utf8)[...])
    guard let limit = parser.type(depth: 0), parser.rest.isEmpty else { return nil }
    self = limit
  }

  package static func == (a: LengthLimit, b: LengthLimit) -> Bool {
    switch (a, b) {
    case (.unlimited, .unlimited): true
    case (.char(let a), .char(let b)), (.varchar(let a), .varchar(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.map(let a, let b), .map(let c, let d)): a == c && b == d
    case (.structure(let a), .structure(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.name == $1.name && $0.limit == $1.limit }
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .unlimited: hasher.combine(0)
    case .char(let length): hasher.combine(length)
    case .varchar(let length): hasher.combine(-length)
    case .array(let element): hasher.combine(element)
    case .map(let key, let value): hasher.combine([key, value])
    case .structure(let fields): for field in fields { hasher.combine(field.limit) }
    }
  }
}

extension LengthLimit {
  private struct Parser {
    var rest: ArraySlice<UInt8>

    mutating func type(depth: Int) -> LengthLimit? {
      guard depth <= SchemaJSON.maximumDepth else { return nil }
      let name = word()
      switch name {
      case "char", "character":
        guard let length = length(), length <= LengthLimit.longestChar else { return nil }
        return .char(length)
      case "varchar": return length().map { .varchar($0) }
      case "array":
        guard take("<"), let element = type(depth: depth + 1), take(">") else { return nil }
        return .array(element)
      case "map":
        guard take("<"), let key = type(depth: depth + 1), take(","), let value = type(depth: depth + 1), take(">")
        else { return nil }
        return .map(key: key, value: value)
      case "struct": return fields(depth: depth)
      case "": return nil
      default:
        // Any other type, with numbers in parentheses or words behind it.
        while let byte = rest.first, byte != UInt8(ascii: ","), byte != UInt8(ascii: ">") {
          rest.removeFirst()
          if byte == UInt8(ascii: "("), !skip(past: ")") { return nil }
        }
        return .unlimited
      }
    }

    private mutating func fields(depth: Int) -> LengthLimit? {
      guard take("<") else { return nil }
      var fields: [(name: String, limit: LengthLimit)] = []
      if take(">") { return .structure([]) }
      repeat {
        guard let name = fieldName(), let limit = type(depth: depth + 1) else { return nil }
        fields.append((name, limit))
      } while take(",")
      return take(">") ? .structure(fields) : nil
    }

    /// Up to the colon, in backticks or not.
    private mutating func fieldName() -> String? {
      var name: [UInt8] = []
      if take("`") {
        while let byte = rest.popFirst() {
          if byte == UInt8(ascii: "`"), !take("`") { return take(":") ? String(decoding: name, as: UTF8.self) : nil }
          name.append(byte)
        }
        return nil
      }
      while let byte = rest.popFirst() {
        if byte == UInt8(ascii: ":") { return String(decoding: name, as: UTF8.self) }
        name.append(byte)
      }
      return nil
    }

    private mutating func length() -> Int? {
      guard take("(") else { return nil }
      var digits: [UInt8] = []
      while let byte = rest.first, byte != UInt8(ascii: ")") {
        digits.append(byte)
        rest.removeFirst()
      }
      guard take(")"), let length = Int(String(decoding: digits, as: UTF8.self)), length > 0 else { return nil }
      return length
    }

    private mutating func word() -> String {
      let letters = rest.prefix { (97...122).contains($0 | 0x20) || $0 == UInt8(ascii: "_") }
      rest = rest.dropFirst(letters.count)
      return String(decoding: letters, as: UTF8.self).lowercased()
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
      guard let first = rest.first, UInt32(first) == sign.value else { return false }
      rest.removeFirst()
      return true
    }

    private mutating func skip(past sign: Unicode.Scalar) -> Bool {
      while let byte = rest.popFirst() {
        if UInt32(byte) == sign.value { return true }
      }
      return false
    }
  }
}
