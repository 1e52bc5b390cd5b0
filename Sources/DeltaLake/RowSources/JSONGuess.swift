internal import Columnar
internal import DeltaLog

/// What type JSON values may have that are seen one after the other.
indirect enum JSONGuess: Sendable {
  case null, boolean, long, double, string
  /// A whole number beyond 64 bits.
  case bigNumber
  case array(JSONGuess)
  case object(ObjectGuess)
  /// Values of kinds that have no type in common.
  case mixed(String, String)

  struct ObjectGuess: Sendable {
    /// In the order in which they are seen first.
    var fields: [(name: String, guess: JSONGuess)] = []
    var positions: [String: Int] = [:]
    var isOverfull = false

    /// More fields than any table has: such objects are maps.
    static let limit = 10_000
  }

  /// Takes a value into account and moves behind it.
  mutating func see(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) {
    switch try scanner.peek() {
    case UInt8(ascii: "n"): _ = try scanner.takeNull()
    case UInt8(ascii: "t"), UInt8(ascii: "f"):
      _ = try scanner.readBoolean()
      merge(.boolean)
    case UInt8(ascii: "\""):
      _ = try scanner.readString()
      merge(.string)
    case UInt8(ascii: "["):
      guard depth < NestingLimit.depth else { throw JSONSyntaxError(.tooDeep, at: scanner.position) }
      var element = JSONGuess.null
      var isArray = true
      switch self {
      case .array(let known): element = known
      case .null: break
      default: isArray = false
      }
      try scanner.beginArray()
      var isFirst = true
      while try scanner.nextElement(&isFirst) { try element.see(&scanner, depth: depth + 1) }
      if isArray { self = .array(element) } else { merge(.array(element)) }
    case UInt8(ascii: "{"):
      guard depth < NestingLimit.depth else { throw JSONSyntaxError(.tooDeep, at: scanner.position) }
      var object = ObjectGuess()
      var isObject = true
      switch self {
      case .object(let known):
        object = known
        self = .null
      case .null: break
      default: isObject = false
      }
      try object.see(&scanner, depth: depth)
      if isObject { self = .object(object) } else { merge(.object(object)) }
    default:
      let number = try scanner.readNumber()
      let text = UnsafeBufferPointer(start: scanner.base + number.start, count: number.count)
      if TextValue.whole(text, isPlain: true) != nil {
        merge(.long)
      } else {
        merge(text.contains { $0 &- 48 > 9 && $0 != 45 } ? .double : .bigNumber)
      }
    }
  }

  private mutating func merge(_ other: JSONGuess) {
    switch (self, other) {
    case (.null, _): self = other
    case (.boolean, .boolean), (.long, .long), (.double, .double), (.string, .string), (.bigNumber, .bigNumber),
      (.double, .long), (.bigNumber, .long), (.mixed, _):
      break
    case (.long, .double): self = .double
    case (.long, .bigNumber): self = .bigNumber
    default: self = .mixed(kind, other.kind)
    }
  }

  private var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .long, .double: "a number"
    case .bigNumber: "a whole number beyond 64 bits"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    case .mixed(let kind, _): kind
    }
  }

  /// The type: the one that is given, with what values have beyond it.
  func type(given: DataType?, at path: String, in file: String) throws(DeltaError) -> DataType {
    switch (given, self) {
    case (.struct(let known)?, .object(let object)): return .struct(try object.type(given: known, at: path, in: file))
    case (.array(let known)?, .array(let element)):
      return .array(
        ArrayType(try element.type(given: known.element, at: path + "[]", in: file), containsNull: known.containsNull))
    case (let given?, _): return given
    case (nil, .null), (nil, .string): return .string
    case (nil, .boolean): return .boolean
    case (nil, .long): return .long
    case (nil, .double): return .double
    case (nil, .array(let element)): return .array(ArrayType(try element.type(given: nil, at: path + "[]", in: file)))
    case (nil, .object(let object)):
      guard !object.fields.isEmpty, !object.isOverfull else {
        throw .invalidArgument(
          "\(file): \(path) is an object \(object.fields.isEmpty ? "without fields" : "of ever new fields"): a map? "
            + Self.advice + ", such as MAP<STRING, STRING>.")
      }
      return .struct(try object.type(given: nil, at: path, in: file))
    case (nil, .bigNumber):
      throw .invalidArgument(
        "\(file): \(path) is a whole number beyond 64 bits. " + Self.advice + ", such as DECIMAL(38, 0) or DOUBLE.")
    case (nil, .mixed(let one, let other)):
      throw .invalidArgument(
        "\(file): \(path) is \(one) in one row and \(other) in another. " + Self.advice + ", such as STRING or VARIANT."
      )
    }
  }

  private static let advice = DeltaError.schemaAdvice.dropLast()
}

extension JSONGuess.ObjectGuess {
  mutating func see(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) {
    try scanner.beginObject()
    var isFirst = true
    var expected = 0
    while let key = try scanner.nextKey(&isFirst) {
      let name = scanner.string(key)
      let position: Int
      if expected < fields.count, fields[expected].name == name {
        position = expected
      } else if let known = positions[name] {
        position = known
      } else {
        guard fields.count < Self.limit else {
          isOverfull = true
          try scanner.skipValue(depth: depth + 1)
          continue
        }
        position = fields.count
        fields.append((name, .null))
        positions[name] = position
      }
      expected = position + 1
      try fields[position].guess.see(&scanner, depth: depth + 1)
    }
  }

  /// Known fields in their order, then new ones.
  func type(given: StructType?, at path: String, in file: String) throws(DeltaError) -> StructType {
    let hints = FieldHints(given)
    var result: [StructField] = []
    var seen: Set<String> = []
    for (name, guess) in fields {
      let known = hints[name]
      if let known { seen.insert(known.name) }
      let type = try guess.type(given: known?.type, at: path.isEmpty ? name : "\(path).\(name)", in: file)
      result.append(StructField(name, type))
    }
    for field in given?.fields ?? [] where !seen.contains(field.name) && !field.makesItselfUp {
      result.append(StructField(field.name, field.type))
    }
    return StructType(result)
  }
}

extension StructField {
  /// Whether the table fills the column where rows lack it: a null would be in the way.
  fileprivate var makesItselfUp: Bool {
    metadata.keys.contains {
      $0 == "delta.generationExpression" || $0.hasPrefix("delta.identity.") || $0 == "CURRENT_DEFAULT"
    }
  }
}
