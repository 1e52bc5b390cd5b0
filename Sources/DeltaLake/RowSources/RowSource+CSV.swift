public import Columnar
internal import DeltaLog

/// How CSV is spelt.
public struct CSVOptions: Sendable {
  /// What separates fields: one byte of ASCII.
  public var delimiter = UInt8(ascii: ",")
  /// The text that stands for null when it is not in quotes. Where a column has no strings, nothing at all does, too.
  public var nullText = ""
  /// Whether the first row has the columns' names. Without it they are those of the schema in its order, or `column1`,
  /// `column2` and so on.
  public var hasHeader = true

  public init() {}
}

extension RowSource {
  /// The rows of CSV files (RFC 4180, in UTF-8), one file after the other, all with the same columns.
  ///
  /// Types that no schema gives are guessed from the first rows: whole numbers, numbers, booleans, dates, timestamps,
  /// else strings. A later value that is not of its guessed type is an error. A value that is not of a type that was given
  /// breaks a rule of the table, as ``WriteOptions/onViolation`` says.
  ///
  /// - Parameter schema: types by column name, such as those of the table; files need not have all of its columns.
  /// - Throws: ``DeltaError``: `.invalidArgument` for files that can't be opened, `.schemaMismatch` naming file and line for
  ///   what is no CSV, also while reading.
  public static func csv(
    _ files: [TextFile], _ options: CSVOptions = CSVOptions(), schema: Schema? = nil
  ) async throws -> RowSource {
    let plan = try CSVPlan(files, options, schema: schema)
    var source = RowSource(
      schema: StructType(plan.columns.map { StructField($0.name, $0.type) }),
      isRepeatable: plan.isRepeatable
    ) { try CSVReader(plan) }
    source.identity = TextFile.identity(of: files)
    return source
  }

  /// The rows of CSV files of the local disk.
  public static func csv(
    _ paths: [String], _ options: CSVOptions = CSVOptions(), schema: Schema? = nil
  ) async throws -> RowSource {
    try await csv(paths.map { .path($0) }, options, schema: schema)
  }
}

/// What is known of CSV files before their rows are read.
struct CSVPlan: Sendable {
  struct ColumnPlan: Sendable {
    var name: String
    var type: DataType
    /// Whether the type was given, not guessed.
    var isGiven: Bool
  }

  private(set) var inputs: [TextInput] = []
  let options: CSVOptions
  private(set) var columns: [ColumnPlan] = []
  var isRepeatable: Bool { inputs.allSatisfy(\.isRepeatable) }

  /// What is looked at to guess types: of the first file, and of a few more.
  private static let sampleSizes = (first: 4 << 20, next: 256 << 10, files: 16)

  init(_ files: [TextFile], _ options: CSVOptions, schema: Schema?) throws(DeltaError) {
    self.options = options
    guard !files.isEmpty else { throw .noFiles }
    guard options.delimiter < 0x80, options.delimiter != 0x22, options.delimiter != 0x0A, options.delimiter != 0x0D
    else {
      throw .invalidArgument("CSV can't be separated by a quote, a line end or a character beyond ASCII.")
    }
    var names: [String] = []
    var guesses: [TypeGuess] = []
    for (index, file) in files.enumerated() {
      var input = TextInput(file)
      if index < Self.sampleSizes.files || !input.isRepeatable {
        var sample = CSVSample(
          try input.head(index == 0 ? Self.sampleSizes.first : Self.sampleSizes.next), options, file.name)
        let found = try sample.header(schema)
        if index == 0 {
          names = found
          guesses = Array(repeating: TypeGuess(), count: names.count)
        }
        let positions = try Self.positions(of: names, in: found, file.name)
        try sample.guess(&guesses, positions, found.count)
      }
      inputs.append(input)
    }
    let hints = FieldHints(schema)
    for (name, guess) in zip(names, guesses) {
      let field = hints[name]
      if let field, ValueBuilder.make(field.type, isPlain: false) == nil { throw .unreadableType(field, "CSV") }
      columns.append(ColumnPlan(name: name, type: field?.type ?? guess.type, isGiven: field != nil))
    }
  }

  /// Where the columns are in a file.
  static func positions(of names: [String], in found: [String], _ file: String) throws(DeltaError) -> [Int] {
    if names == found { return Array(names.indices) }
    let places = Dictionary(found.enumerated().map { ($1, $0) }) { first, _ in first }
    var positions: [Int] = []
    for name in names {
      guard let place = places[name] else {
        throw .badText(
          file, 1, "there is no column \(name), which the first file has. Write files of other columns on their own.")
      }
      positions.append(place)
    }
    guard found.count == names.count else {
      let more = found.first { !names.contains($0) } ?? ""
      throw .badText(file, 1, "the first file has no column \(more). Write files of other columns on their own.")
    }
    return positions
  }

  /// The columns' names, as a file's first row says.
  static func names(
    _ rows: CSVRows, _ bytes: UnsafeBufferPointer<UInt8>, _ file: String
  ) throws(DeltaError) -> [String] {
    let names = rows.fields.map { $0.string(in: bytes) }
    if names.isEmpty { throw .badText(file, 1, "the file is empty: it has not even a header.") }
    var seen: Set<String> = []
    for (index, name) in names.enumerated() {
      guard !name.isEmpty else {
        throw .badText(file, 1, "column \(index + 1) has no name. If there is no header, say so: --no-header.")
      }
      guard seen.insert(name.lowercased()).inserted else {
        throw .badText(file, 1, "two columns are called \(name). If there is no header, say so: --no-header.")
      }
    }
    return names
  }

  static func failure(
    _ problem: CSVRows.Problem, _ file: String, _ line: Int64, columnCount: Int
  ) -> DeltaError {
    switch problem {
    case .ragged(let count):
      .badText(
        file, line,
        "\(count) fields, where there are \(columnCount) columns. Fields with delimiters or line ends in them belong in quotes; "
          + "if fields are not separated as expected, give --delimiter.")
    case .openQuote: .badText(file, line, "a quote in this row is never closed.")
    case .textAfterQuote:
      .badText(
        file, line,
        "text follows a closing quote in this row. A quote inside of a field in quotes is written twice; if fields are not "
          + "separated as expected, give --delimiter.")
    }
  }
}

/// The beginning of a file, to guess from.
private struct CSVSample {
  private let bytes: [UInt8]
  private let isWhole: Bool
  private let options: CSVOptions
  private let file: String
  private var start: Int
  private var rows = CSVRows()

  init(_ head: (bytes: [UInt8], isWhole: Bool), _ options: CSVOptions, _ file: String) {
    (bytes, isWhole) = head
    self.options = options
    self.file = file
    start = bytes.withUnsafeBufferPointer { LineKernel.markLength($0) }
  }

  /// The names; the sample then starts with the first row.
  mutating func header(_ schema: Schema?) throws(DeltaError) -> [String] {
    let text = bytes[start...]
    let names = try text.withUnsafeBufferPointer { bytes throws(DeltaError) -> [String] in
      rows.split(bytes, isLast: isWhole, delimiter: options.delimiter, columnCount: 0, rowLimit: 1)
      if let problem = rows.problem { throw CSVPlan.failure(problem, file, 1, columnCount: 0) }
      if options.hasHeader { return try CSVPlan.names(rows, bytes, file) }
      guard let schema else { return rows.fields.indices.map { "column\($0 + 1)" } }
      guard rows.fields.isEmpty || schema.fields.count == rows.fields.count else {
        throw CSVPlan.failure(.ragged(rows.fields.count), file, 1, columnCount: schema.fields.count)
      }
      return schema.fields.map(\.name)
    }
    if options.hasHeader { start += rows.consumed }
    return names
  }

  mutating func guess(_ guesses: inout [TypeGuess], _ positions: [Int], _ width: Int) throws(DeltaError) {
    let text = bytes[start...]
    let line = Int64(options.hasHeader ? 2 : 1)
    let nullText = Array(options.nullText.utf8)
    let delimiter = options.delimiter
    let isWhole = isWhole
    var rows = rows
    let file = file
    try text.withUnsafeBufferPointer { bytes throws(DeltaError) in
      rows.split(bytes, isLast: isWhole, delimiter: delimiter, columnCount: width, rowLimit: 100_000)
      if let problem = rows.problem {
        throw CSVPlan.failure(
          problem, file, line + Int64(LineKernel.lineCount(bytes, upTo: rows.consumed)), columnCount: width)
      }
      var scratch: [UInt8] = []
      for (column, position) in positions.enumerated() {
        var index = position
        while index < rows.fields.count {
          let field = rows.fields[index]
          index += width
          if field.count == 0 || !field.isQuoted && field.withText(in: bytes, &scratch, { $0.elementsEqual(nullText) })
          {
            continue
          }
          field.withText(in: bytes, &scratch) { guesses[column].see($0) }
        }
      }
    }
  }
}

/// What type the texts of a column may have.
struct TypeGuess: Sendable {
  private var sawAny = false
  private var mayBe = Candidates.all

  private struct Candidates: OptionSet, Sendable {
    let rawValue: UInt8
    static let long = Candidates(rawValue: 1)
    static let double = Candidates(rawValue: 2)
    static let boolean = Candidates(rawValue: 4)
    static let date = Candidates(rawValue: 8)
    static let timestamp = Candidates(rawValue: 16)
    static let all: Candidates = [.long, .double, .boolean, .date, .timestamp]
  }

  mutating func see(_ text: UnsafeBufferPointer<UInt8>) {
    sawAny = true
    if mayBe.isEmpty { return }
    let isWhole = !mayBe.isDisjoint(with: [.long, .double]) && TextValue.whole(text, isPlain: true) != nil
    if !isWhole {
      mayBe.remove(.long)
      // Digits alone that are no Int64 are kept as they stand.
      let isNumber =
        mayBe.contains(.double) && !TextValue.hasLeadingZero(text) && text.contains { $0 &- 48 > 9 && $0 != 45 }
        && TextValue.double(text) != nil
      if !isNumber { mayBe.remove(.double) }
    }
    if mayBe.contains(.boolean), TextValue.boolean(text) == nil { mayBe.remove(.boolean) }
    if mayBe.contains(.date), TextValue.date(text) == nil { mayBe.remove(.date) }
    if mayBe.contains(.timestamp), TextValue.timestamp(text, keepsWallClock: false) == nil { mayBe.remove(.timestamp) }
  }

  var type: DataType {
    guard sawAny else { return .string }
    if mayBe.contains(.long) { return .long }
    if mayBe.contains(.double) { return .double }
    if mayBe.contains(.boolean) { return .boolean }
    if mayBe.contains(.date) { return .date }
    return mayBe.contains(.timestamp) ? .timestamp() : .string
  }
}
