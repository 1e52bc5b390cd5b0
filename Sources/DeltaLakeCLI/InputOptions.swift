import ArgumentParser
import DeltaLake

/// The files that rows come from.
struct InputOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The files; patterns with *, ? and [ ] are resolved; - is standard input.", valueName: "file"))
  var from: [String] = []

  @Option(
    name: .customLong("input-format"),
    help: ArgumentHelp("What the files are, whatever their names.", valueName: "parquet|csv|tsv|jsonl"))
  var format: InputFormat?

  @Option(
    help: ArgumentHelp(
      "The types of columns in CSV and JSON, as in SQL; others are the table's, or guessed.", valueName: "definitions"))
  var columns: String?

  @Option(
    name: .customLong("schema-file"),
    help: ArgumentHelp(
      "The same from a file: as in SQL, or JSON as deltalake schema --json prints it.", valueName: "file"))
  var schemaFile: String?

  @Option(help: ArgumentHelp("What separates the fields of CSV: a character, or tab.", valueName: "character"))
  var delimiter: String?

  @Option(
    name: .customLong("null"), help: ArgumentHelp("What stands for null in CSV (default: nothing).", valueName: "text"))
  var nullText: String?

  @Flag(name: .customLong("no-header"), help: "The first row of CSV is a row, not the columns' names.")
  var hasNoHeader = false

  func validate() throws {
    if from.isEmpty { throw ValidationError("--from names no file.") }
    if from.contains("-"), format == nil {
      throw ValidationError("Standard input has no name to tell its format by: give --input-format.")
    }
    if from.contains("-"), from.count > 1 {
      throw ValidationError("Standard input goes alone: write files and standard input one after the other.")
    }
    if columns != nil, schemaFile != nil {
      throw ValidationError("--columns and --schema-file say the same thing: give one of them.")
    }
    if let delimiter, Self.delimiterByte(delimiter) == nil {
      throw ValidationError("--delimiter takes one character of ASCII, or the word tab, not '\(delimiter)'.")
    }
  }

  /// The rows.
  ///
  /// - Parameter schema: of the table, if there is one whose types the text is to have. Asked for only when types matter.
  func source(_ options: GlobalOptions, schema: () async throws -> Schema?) async throws -> RowSource {
    let paths = from == ["-"] ? from : try FilePattern.files(from)
    let format = try format ?? InputFormat.common(of: paths)
    if format == .parquet, columns != nil || schemaFile != nil || delimiter != nil || nullText != nil || hasNoHeader {
      throw ValidationError(
        "Parquet files say their types themselves: --columns, --schema-file and the options of CSV go with text.")
    }
    if format == .jsonl, delimiter != nil || nullText != nil || hasNoHeader {
      throw ValidationError("--delimiter, --null and --no-header go with CSV.")
    }
    if format == .parquet {
      guard paths != ["-"] else {
        throw ValidationError("Parquet can't be read from standard input: its directory is at the end. Give a file.")
      }
      return try await RowSource.parquet(paths, threadCount: options.threads)
    }
    let files = paths.map { $0 == "-" ? TextFile.standardInput : .path($0) }
    var types = try givenTypes()
    if types == nil { types = try await schema() }
    if format == .jsonl { return try await RowSource.jsonLines(files, schema: types) }
    var csv = CSVOptions()
    csv.delimiter = delimiter.flatMap(Self.delimiterByte) ?? (format == .tsv ? 0x09 : csv.delimiter)
    csv.nullText = nullText ?? ""
    csv.hasHeader = !hasNoHeader
    return try await RowSource.csv(files, csv, schema: types)
  }

  private func givenTypes() throws -> Schema? {
    if let columns { return try Self.schema(sql: columns) }
    guard let schemaFile else { return nil }
    let text = try TextFileContents.read(schemaFile)
    if text.first(where: { !$0.isWhitespace }) == "{" { return try SchemaJSON.parse(text) }
    return try Self.schema(sql: text)
  }

  private static func schema(sql: String) throws -> Schema {
    StructType(try ColumnDefinition.parse(sql).map { StructField($0) })
  }

  private static func delimiterByte(_ text: String) -> UInt8? {
    if text == "tab" || text == "\\t" { return 0x09 }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, byte != 0x22, byte != 0x0A, byte != 0x0D else {
      return nil
    }
    return byte
  }
}

enum InputFormat: String, ExpressibleByArgument, CaseIterable {
  case parquet, csv, tsv, jsonl

  /// What all the files are, by the ends of their names.
  static func common(of paths: [String]) throws -> InputFormat {
    var format: InputFormat?
    for path in paths {
      let own = try self.init(path: path)
      if let format, format != own {
        throw ValidationError(
          "The files are of more than one format, as '\(paths[0])' and '\(path)'. Write those of one format at a time.")
      }
      format = own
    }
    return format ?? .parquet
  }

  private init(path: String) throws {
    let name = path.lowercased()
    let end = name.split(separator: ".").last.map(String.init) ?? ""
    switch end {
    case "parquet", "parq": self = .parquet
    case "csv": self = .csv
    case "tsv", "tab": self = .tsv
    case "jsonl", "ndjson", "json": self = .jsonl
    case "gz", "zst", "bz2", "xz", "zip", "lz4", "br":
      throw ValidationError(
        "'\(path)' is compressed. Unpack it on the way, as in: gunzip -c FILE | deltalake write TABLE --from - --input-format csv"
      )
    default:
      throw ValidationError(
        "'\(path)' does not say by its name what it is: give --input-format parquet, csv, tsv or jsonl.")
    }
  }
}
