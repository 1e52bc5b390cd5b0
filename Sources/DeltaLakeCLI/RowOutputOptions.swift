import ArgumentParser
import Columnar
import DeltaLake
import Parquet

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

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
      "How to print rows (default: by the name of --output, else table); null decodes them and prints nothing."))
  var format: OutputFormat?

  @Option(help: ArgumentHelp("Write the rows to this file, which is replaced.", valueName: "file"))
  var output: String?

  func validate() throws {
    if format == .parquet, output == nil {
      throw ValidationError("Parquet goes to a file: give --output FILE.")
    }
  }

  private var chosen: OutputFormat { format ?? output.flatMap { OutputFormat(path: $0) } ?? .rows(.table) }

  /// Whether rows are only decoded, or compared by value.
  func isRows(_ rowFormat: RowFormat) -> Bool { chosen == .rows(rowFormat) }

  /// - Returns: the rows printed.
  func print(
    _ batches: RecordBatches, _ options: GlobalOptions, _ writing: ParquetWriterOptions = ParquetWriterOptions()
  ) async throws -> Int {
    switch (chosen, output) {
    case (.parquet, let path?):
      return try await write(batches, to: path, writing, threads: options.threads)
    case (.rows(let format), let path?):
      return try await Self.writing(to: path) { try await DeltaLakeCLI.print(batches, as: format, to: $0) }
    case (.rows(let format), nil): return try await DeltaLakeCLI.print(batches, as: format)
    case (.parquet, nil): return 0
    }
  }

  /// A file that is not completed is removed.
  private static func writing(to path: String, _ body: (ByteSink) async throws -> Int) async throws -> Int {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw OutputError(.writeFailed, "Cannot write \(path): \(String(cString: strerror(errno))).")
    }
    do {
      let count = try await body(ByteSink(descriptor: file))
      guard close(file) == 0 else {
        throw OutputError(.writeFailed, "Cannot write \(path): \(String(cString: strerror(errno))).")
      }
      return count
    } catch {
      unlink(path)
      throw error
    }
  }
}
