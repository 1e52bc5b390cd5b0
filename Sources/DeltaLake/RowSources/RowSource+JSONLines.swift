public import Columnar
internal import DeltaLog

extension RowSource {
  /// The rows of files with a JSON object a line, one file after the other.
  ///
  /// Columns and types that no schema gives are those of the first rows put together: fields that some lack are null there,
  /// whole and other numbers make a `double`. A later value of another type, and a field that none of the first rows has, is
  /// an error. Where a schema gives types, strings are read as dates, timestamps, decimals or base64, and a value that is not
  /// of its type breaks a rule of the table, as ``WriteOptions/onViolation`` says.
  ///
  /// - Parameter schema: types by name, such as those of the table.
  /// - Throws: ``DeltaError``: `.invalidArgument` for files that can't be opened or have no types, `.schemaMismatch` naming
  ///   file and line for what is no JSON, also while reading.
  public static func jsonLines(_ files: [TextFile], schema: Schema? = nil) async throws -> RowSource {
    let plan = try JSONLinesPlan(files, schema: schema)
    var source = RowSource(schema: plan.schema, isRepeatable: plan.isRepeatable) {
      try JSONLinesReader(plan)
    }
    source.identity = TextFile.identity(of: files)
    return source
  }

  /// The rows of JSON lines files of the local disk.
  public static func jsonLines(_ paths: [String], schema: Schema? = nil) async throws -> RowSource {
    try await jsonLines(paths.map { .path($0) }, schema: schema)
  }
}

/// What is known of JSON lines before they are read.
struct JSONLinesPlan: Sendable {
  private(set) var inputs: [TextInput] = []
  let schema: Schema
  /// For each column whether its type was given, not guessed.
  let isGiven: [Bool]
  var isRepeatable: Bool { inputs.allSatisfy(\.isRepeatable) }

  private static let sampleSizes = (first: 4 << 20, next: 256 << 10, files: 16)

  init(_ files: [TextFile], schema: Schema?) throws(DeltaError) {
    guard let first = files.first else { throw .noFiles }
    var guess = JSONGuess.ObjectGuess()
    for (index, file) in files.enumerated() {
      var input = TextInput(file)
      if index < Self.sampleSizes.files || !input.isRepeatable {
        try Self.see(try input.head(index == 0 ? Self.sampleSizes.first : Self.sampleSizes.next), &guess, file.name)
      }
      inputs.append(input)
    }
    let hints = FieldHints(schema)
    let all = try guess.type(given: schema, at: "", in: first.name)
    self.schema = all
    isGiven = all.fields.map { hints[$0.name] != nil }
    for field in all.fields where ValueBuilder.make(field.type, isPlain: true) == nil {
      throw .unreadableType(field, "JSON")
    }
    guard !all.fields.isEmpty else {
      throw .invalidArgument("\(first.name) has no fields to make columns of: it is empty, or its objects are.")
    }
  }

  private static func see(
    _ head: (bytes: [UInt8], isWhole: Bool), _ guess: inout JSONGuess.ObjectGuess, _ file: String
  ) throws(DeltaError) {
    var guessed = guess
    try head.bytes.withUnsafeBufferPointer { bytes throws(DeltaError) in
      var lines = LineCursor(bytes, at: LineKernel.markLength(bytes))
      var number: Int64 = 0
      while let line = lines.next(isLast: head.isWhole) {
        number += 1
        do throws(JSONSyntaxError) {
          var scanner = JSONScanner(UnsafeRawBufferPointer(line))
          guard scanner.skipBlanks() else { continue }
          try guessed.see(&scanner, depth: 0)
          try scanner.expectEnd()
        } catch {
          throw .badJSON(error, line, file, number)
        }
      }
    }
    guess = guessed
  }
}

/// Lines of text, one after the other.
struct LineCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  /// The next line without its end. The last needs none, when nothing follows.
  mutating func next(isLast: Bool) -> UnsafeBufferPointer<UInt8>? {
    guard position < bytes.count else { return nil }
    let rest = UnsafeBufferPointer(rebasing: bytes[position...])
    guard let end = LineKernel.lineEnd(rest) else {
      guard isLast else { return nil }
      position = bytes.count
      return rest
    }
    position += end + 1
    return UnsafeBufferPointer(rebasing: rest[..<end])
  }
}

extension JSONScanner {
  /// Nothing but blanks may follow.
  mutating func expectEnd() throws(JSONSyntaxError) {
    if skipBlanks() { throw JSONSyntaxError(.unexpectedByte(base[position]), at: position) }
  }
}

extension DeltaError {
  static func badJSON(
    _ error: JSONSyntaxError, _ line: UnsafeBufferPointer<UInt8>, _ file: String, _ number: Int64
  ) -> DeltaError {
    switch error.problem {
    case .unexpectedByte(UInt8(ascii: "[")) where line.first == UInt8(ascii: "["):
      return .badText(
        file, number,
        "an array, where each line is to be an object. Write its elements a line each: jq -c '.[]' does that.")
    case .unknownKey, .repeatedKey:
      var scanner = JSONScanner(UnsafeRawBufferPointer(line))
      scanner.position = max(0, error.offset - 1)
      let name = (try? scanner.readString()).map { scanner.string($0) } ?? ""
      if error.problem == .repeatedKey {
        return .badText(file, number, "the field \(name.prefix(100)) stands twice in an object.")
      }
      return .badText(
        file, number, "the field \(name.prefix(100)) is not among those of the first rows. \(schemaAdvice)")
    case .tooDeep:
      return .badText(file, number, "values nested more than \(NestingLimit.depth) deep.")
    default:
      return .badText(file, number, "not JSON: \(error.message), at byte \(error.offset + 1) of the line.")
    }
  }
}
