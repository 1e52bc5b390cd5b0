import ArgumentParser
import DeltaLake
import Parquet

/// `deltalake parquet …`: one file, without a table.
struct ParquetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parquet",
    abstract: "Look into one Parquet file, or write it anew.",
    discussion: """
      Example:
        deltalake parquet meta part-00000.parquet
      """,
    subcommands: [Cat.self, Meta.self, SchemaTreeCommand.self, Pages.self, Copy.self])

  struct Cat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cat",
      abstract: "Print a file's rows.",
      discussion: """
        Example:
          deltalake parquet cat part-00000.parquet --format jsonl
        """)

    @Argument(help: "The file.")
    var file: String

    @Option(help: "How to print rows; null decodes them and prints nothing.")
    var format = RowFormat.table

    @OptionGroup var options: GlobalOptions

    func run() async throws {
      var timing = Timing()
      let parquet = try await ParquetFile.open(FileByteSource(path: file))
      timing.markOpen()
      let batches = RecordBatches(of: parquet, threadCount: options.threads, isOrdered: format != .null)
      timing.rows = try await print(batches, as: format, dialect: .parquet)
      try timing.finish(options)
    }
  }

  struct Meta: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "meta",
      abstract: "Print what a file's footer says: row groups, columns, codecs, sizes, statistics.",
      discussion: """
        Example:
          deltalake parquet meta part-00000.parquet
        """)

    @Argument(help: "The file.")
    var file: String

    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await ParquetCommand.output(file, options) { ParquetDescription.metadata(of: $0) }
    }
  }

  struct SchemaTreeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "schema",
      abstract: "Print a file's schema.",
      discussion: """
        Example:
          deltalake parquet schema part-00000.parquet
        """)

    @Argument(help: "The file.")
    var file: String

    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await ParquetCommand.output(file, options) { SchemaTree($0.rowSchema).description + "\n" }
    }
  }

  struct Pages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pages",
      abstract: "List the pages of a file's column chunks.",
      discussion: """
        Example:
          deltalake parquet pages part-00000.parquet
        """)

    @Argument(help: "The file.")
    var file: String

    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await ParquetCommand.output(file, options) { try await ParquetDescription.pages(of: $0) }
    }
  }

  /// Prints what is to be said of a file.
  private static func output(
    _ path: String, _ options: GlobalOptions, _ describe: (ParquetFile) async throws -> String
  ) async throws {
    var timing = Timing()
    let parquet = try await ParquetFile.open(FileByteSource(path: path))
    timing.markOpen()
    try Messages.output(try await describe(parquet))
    try timing.finish(options)
  }
}
