import ArgumentParser
import Columnar
import DeltaLake

struct ScanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Print a table's rows, or write them to a file.",
    discussion: """
      Examples:
        deltalake scan events
        deltalake scan events --where "km > 100 AND city LIKE 'O%'" --limit 20
        deltalake scan events --columns city,km --format markdown
        deltalake scan events --as-of 3 --format jsonl
        deltalake scan events --as-of 2024-02-29T12:00:00Z --format csv
        deltalake scan events --where "km > 10" --output far.parquet
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var writing: ParquetWriteOptions
  @OptionGroup var options: GlobalOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("Print at most this many rows.", valueName: "n"))
  var limit: Int?

  @OptionGroup var output: RowOutputOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a number from 0 on.") }
  }

  func run() async throws {
    var timing = Timing()
    let snapshot = try await table.snapshot(options, &timing)
    var scan = try rows.scan(of: snapshot)
    scan.limit = limit
    if output.isRows(.null) { scan.isOrdered = false }
    timing.rows = try await output.print(scan.batches(), options, writing.options)
    try timing.finish(options)
  }
}

struct HeadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "head",
    abstract: "Print a table's first rows.",
    discussion: """
      Examples:
        deltalake head events
        deltalake head events 5 --columns city,km
      """)

  @OptionGroup var table: TableOptions
  @Argument(help: "How many rows.")
  var count = 10
  @OptionGroup var rows: RowOptions
  @OptionGroup var options: GlobalOptions

  @OptionGroup var output: RowOutputOptions

  func validate() throws {
    if count < 0 { throw ValidationError("The number of rows is from 0 on.") }
  }

  func run() async throws {
    var timing = Timing()
    let snapshot = try await table.snapshot(options, &timing)
    var scan = try rows.scan(of: snapshot)
    scan.limit = count
    timing.rows = try await output.print(scan.batches(), options)
    try timing.finish(options)
  }
}

/// Which rows and columns.
struct RowOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b"))
  var columns: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only rows for which this SQL condition is true.", valueName: "condition"))
  var condition: String?

  @Flag(name: .customLong("row-tracking"), help: "Add the columns _row_id and _row_commit_version.")
  var includesRowTracking = false

  func scan(of snapshot: Snapshot) throws -> Scan {
    var scan = snapshot.scan()
    if let columns {
      scan = try scan.select(columns.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init))
    }
    if let condition { scan = try scan.where(sql: condition) }
    if includesRowTracking { scan = try scan.includingRowTracking() }
    return scan
  }
}

/// Prints batches as they come.
///
/// - Parameter file: `nil` for standard output.
/// - Returns: the rows printed.
func print(
  _ batches: RecordBatches, as format: RowFormat, dialect: CanonicalDialect = .delta, to file: ByteSink? = nil
) async throws -> Int {
  let sink = file ?? ByteSink(descriptor: 1)
  let writer = format.writer(
    for: batches.schema, to: sink, dialect: dialect, terminal: file == nil ? Terminal.of(descriptor: 1) : nil)
  var count = 0
  for try await batch in batches {
    count += batch.rowCount
    try writer.write(batch)
    if sink.isClosed { return count }
  }
  try writer.finish()
  return count
}

/// Prints one batch.
func print(_ batch: RecordBatch, as format: RowFormat) throws {
  let writer = format.writer(
    for: batch.schema, to: ByteSink(descriptor: 1), terminal: Terminal.of(descriptor: 1))
  try writer.write(batch)
  try writer.finish()
}
