import ArgumentParser
import Columnar
import DeltaLake
import Parquet

/// What rows are printed as, or written to a file as.
enum OutputFormat: ExpressibleByArgument, Hashable {
  case rows(RowFormat)
  case parquet

  init?(argument: String) {
    if argument == "parquet" {
      self = .parquet
    } else if let format = RowFormat(rawValue: argument) {
      self = .rows(format)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] { RowFormat.allCases.map(\.rawValue) + ["parquet"] }
  var defaultValueDescription: String { if case .rows(let format) = self { format.rawValue } else { "parquet" } }

  /// What a file's name says that it is.
  init?(path: String) {
    switch path.split(separator: ".").last.map({ $0.lowercased() }) {
    case "parquet": self = .parquet
    case "csv": self = .rows(.csv)
    case "jsonl", "ndjson": self = .rows(.jsonl)
    case "md": self = .rows(.markdown)
    default: return nil
    }
  }
}

/// Where rows go, and as what.
struct RowOutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How to print rows (default: by the name of --output, else table, or csv for a query whose answer no terminal \
      shows); null decodes them and prints nothing.
      """
    ))
  var format: OutputFormat?

  @Option(help: ArgumentHelp("Write the rows to this file, which is replaced.", valueName: "file"))
  var output: String?

  func validate() throws {
    if format == .parquet, output == nil {
      throw ValidationError("Parquet goes to a file: give --output FILE.")
    }
    if let output { try OutputFile.check(output) }
  }

  private func chosen(unlessSaid: RowFormat = .table) -> OutputFormat {
    format ?? output.flatMap { OutputFormat(path: $0) } ?? .rows(unlessSaid)
  }

  /// Whether rows are only decoded, or compared by value.
  func isRows(_ rowFormat: RowFormat) -> Bool { chosen() == .rows(rowFormat) }

  /// - Parameter unlessSaid: the format where neither an option nor a file's name says one.
  /// - Returns: the rows printed.
  func print(
    _ batches: RecordBatches, _ options: GlobalOptions, _ writing: ParquetWriterOptions = ParquetWriterOptions(),
    unlessSaid: RowFormat = .table
  ) async throws -> Int {
    switch (chosen(unlessSaid: unlessSaid), output) {
    case (.parquet, let path?):
      return try await write(batches, to: path, writing, threads: options.threads)
    case (.rows(let format), let path?):
      return try await OutputFile.write(path) {
        try await DeltaLakeCLI.print(batches, as: format, to: ByteSink(descriptor: $0.descriptor))
      }
    case (.rows(let format), nil): return try await DeltaLakeCLI.print(batches, as: format)
    case (.parquet, nil): return 0
    }
  }
}
