import ArgumentParser
import DeltaLake

struct WriteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Write rows from files into a table, which is created where there is none.",
    discussion: """
      Files are Parquet, CSV with a header, or JSON lines, by their names' ends; - is standard input and needs \
      --input-format. Rows must fit the table's schema unless --schema says otherwise. Text is read as the types of the \
      table's columns; for a new table they are guessed from the first rows, or given by --columns.

      Examples:
        deltalake write rides --from monday.csv
        deltalake write rides --from 'more/*.jsonl' --on-violation skip
        deltalake write trips --from part-00000.parquet --compression zstd:3
        deltalake write new --from monday.csv --columns "km DECIMAL(6, 1)"
        deltalake write rides --from monday.csv --mode overwrite
      """)

  enum Mode: String, ExpressibleByArgument, CaseIterable {
    case append, overwrite, error, ignore
  }

  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "append adds rows; overwrite replaces all, or those of --where; error refuses where there is a table; ignore does nothing there."
    ))
  var mode = Mode.append

  @Option(name: .customLong("partition-by"), help: ArgumentHelp("Columns that become folders.", valueName: "a,b"))
  var partitionBy: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("With overwrite: only rows for which this SQL condition is true go.", valueName: "condition"))
  var condition: String?

  @Flag(name: .customLong("dynamic-partitions"), help: "With overwrite: only the partitions that get new rows go.")
  var overwritesPartitions = false

  @Option(
    name: .customLong("schema"),
    help: ArgumentHelp(
      "enforce refuses columns that the table has not; merge adds them; overwrite takes the rows' schema."))
  var schemaMode = SchemaModeArgument.enforce

  @Option(
    name: .customLong("on-violation"),
    help: ArgumentHelp(
      "What becomes of rows that break a rule of the table: fail, skip, or quarantine=TABLE.",
      valueName: "fail|skip|quarantine=TABLE"))
  var onViolation = ViolationArgument.fail

  @Option(help: ArgumentHelp("none, snappy, zstd, gzip, brotli or lz4, with a level as in zstd:3.", valueName: "codec"))
  var compression: CompressionArgument?

  @Option(
    name: .customLong("target-file-size"), help: ArgumentHelp("Close a data file at this many bytes.", valueName: "n"))
  var targetFileSize: Int64?

  @Option(
    name: .customLong("property"),
    help: ArgumentHelp("A property of a table that is created; may be repeated.", valueName: "name=value"))
  var properties: [Assignment] = []

  @Option(
    name: .customLong("app-transaction"),
    help: ArgumentHelp(
      "Write these rows once: not if the table has seen this version of the application, or a later one.",
      valueName: "app=version"))
  var appTransaction: Assignment?

  @OptionGroup var committing: CommittingOptions
  @OptionGroup var options: GlobalOptions

  // For measuring.
  @Option(help: .hidden) var `repeat` = 1
  @Flag(help: .hidden) var hold = false
  @Flag(help: .hidden) var preload = false

  func validate() throws {
    if condition != nil || overwritesPartitions, mode != .overwrite {
      throw ValidationError("--where and --dynamic-partitions go with --mode overwrite.")
    }
    if condition != nil, overwritesPartitions {
      throw ValidationError("--where and --dynamic-partitions say two different things: give one of them.")
    }
    if schemaMode == .overwrite, mode != .overwrite {
      throw ValidationError("--schema overwrite goes with --mode overwrite.")
    }
    if let appTransaction, Int64(appTransaction.value) == nil {
      throw ValidationError("--app-transaction takes a whole number after the =, such as loader=7.")
    }
    if let targetFileSize, targetFileSize < 1 { throw ValidationError("--target-file-size takes a number from 1 on.") }
  }

  func run() async throws {
    let write = try writeOptions()
    let handle = try DeltaTable(table)
    var timing = Timing()
    var held: Snapshot?
    var source = try await input.source(options) {
      // With the rows' own schema in place of the table's, the table's types mean nothing.
      if schemaMode == .overwrite { return nil }
      held = try await handle.existing()
      return held?.schema
    }
    if preload || self.repeat > 1 {
      source = try await source.inMemory()
      timing = Timing()
    } else {
      source = Progress.counting(source, options)
    }
    for _ in 0..<self.repeat {
      let start = timing.now
      let report = try await handle.write(source, write, onto: held)
      held = hold ? report.commit?.snapshot : nil
      if self.repeat > 1 { timing.commits.append(timing.seconds(since: start)) }
      timing.rows += Int(report.rowCount)
      if self.repeat == 1 { Messages.report(report, options) }
    }
    try timing.finish(options)
  }

  private func writeOptions() throws -> WriteOptions {
    var write = WriteOptions()
    switch mode {
    case .append: write.mode = .append
    case .error: write.mode = .create
    case .ignore: write.mode = .createIfAbsent
    case .overwrite where overwritesPartitions: write.mode = .overwritePartitions
    case .overwrite: write.mode = try condition.map { .overwriteWhere(try ColumnPredicate(parsing: $0)) } ?? .overwrite
    }
    write.schemaMode = schemaMode.mode
    write.onViolation = try onViolation.policy()
    write.partitionColumns = partitionBy.map(ColumnNames.list)
    write.compression = compression?.compression
    write.targetFileSize = targetFileSize
    write.properties = properties.dictionary
    write.commit = try committing.commitOptions()
    if let appTransaction, let version = Int64(appTransaction.value) {
      write.commit.appTransaction = AppTransaction(
        appId: appTransaction.name, version: version, lastUpdated: .now())
    }
    return write
  }
}
