import ArgumentParser
import Columnar
import DeltaLake
import Parquet

extension ParquetCommand {
  /// `deltalake parquet copy`: the same rows in a new file.
  struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "copy",
      abstract: "Write a file's rows to a new file, compressed and laid out anew.",
      discussion: """
        Examples:
          deltalake parquet copy part-00000.parquet smaller.parquet --compression zstd:9
          deltalake parquet copy part-00000.parquet smaller.parquet --profile compact
        """)

    @Argument(help: "The file to read.")
    var file: String

    @Argument(help: "The file to write, another one. One that is there is replaced.")
    var output: String

    @OptionGroup var writing: ParquetWriteOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      var timing = Timing()
      guard !FileIdentity.areSame(file, output) else {
        throw OutputError(.writeFailed, "\(output) is the file to be read. Write to another one.")
      }
      let parquet = try await ParquetFile.open(FileByteSource(path: file))
      timing.markOpen()
      let batches = RecordBatches(of: parquet, threadCount: options.threads)
      timing.rows = try await write(batches, to: output, writing.options, threads: options.threads)
      try timing.finish(options)
    }
  }
}

/// How a Parquet file is written.
struct ParquetWriteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "zstd, snappy, gzip, brotli, lz4 or none; with a level after a colon where there are levels.",
      valueName: "codec[:level]"))
  var compression = "zstd"

  @Option(help: "portable: every reader understands it; compact: smaller, for readers of today.")
  var profile = Profile.portable

  @Option(
    name: .customLong("row-group-rows"), help: ArgumentHelp("The most rows of a row group.", valueName: "n"))
  var rowGroupRows: Int?

  @Option(name: .customLong("page-rows"), help: ArgumentHelp("The most rows of a page.", valueName: "n"))
  var pageRows: Int?

  @Option(
    name: .customLong("bloom-filter"),
    help: ArgumentHelp("Columns that get a Bloom filter; nested ones with dots.", valueName: "a,b"))
  var bloomFilter: String?

  enum Profile: String, ExpressibleByArgument, CaseIterable {
    case portable, compact
  }

  func validate() throws {
    guard Self.compression(compression) != nil else {
      throw ValidationError(
        "There is no compression '\(compression)'. Take zstd, snappy, gzip, brotli, lz4 or none, and a level as in zstd:3."
      )
    }
    if let rowGroupRows, rowGroupRows < 1 { throw ValidationError("--row-group-rows takes a number from 1 on.") }
    if let pageRows, pageRows < 1 { throw ValidationError("--page-rows takes a number from 1 on.") }
  }

  var options: ParquetWriterOptions {
    var result = ParquetWriterOptions()
    result.compression = Self.compression(compression) ?? .zstd
    result.profile = profile == .compact ? .compact : .portable
    if let rowGroupRows { result.rowGroupRowLimit = rowGroupRows }
    if let pageRows { result.pageRowLimit = pageRows }
    if let bloomFilter { result.bloomFilterColumns = Set(bloomFilter.split(separator: ",").map(String.init)) }
    return result
  }

  private static func compression(_ text: String) -> Compression? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return Compression(named: text) }
    guard let level = Int(parts[1]), let compression = Compression(named: parts[0], level: level) else { return nil }
    return compression.level == nil ? nil : compression
  }
}

/// Writes batches to a Parquet file as they come, and says what it has become. A file that is not completed is removed.
///
/// - Returns: the rows written.
func write(
  _ batches: RecordBatches, to path: String, _ options: ParquetWriterOptions, threads: Int?
) async throws -> Int {
  let sink = try FileByteSink(path: path)
  do {
    let writer = try ParquetWriter(
      schema: batches.schema, options: options, to: sink, workers: threads == 1 ? nil : WorkerThreads.shared)
    for try await batch in batches { try await writer.write(batch) }
    let file = try await writer.finish()
    let groups = file.metadata.rowGroups.count
    try Messages.output(
      "\(path): \(file.rowCount) rows in \(groups) row group\(groups == 1 ? "" : "s"), "
        + ByteSize.text(Int64(file.byteCount)) + "\n")
    return Int(file.rowCount)
  } catch {
    sink.abandon()
    throw error
  }
}
