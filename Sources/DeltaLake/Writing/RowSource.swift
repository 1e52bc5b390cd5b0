public import Columnar

/// Rows on their way into a table: a schema, and batches that are made as they are asked for.
///
/// ```swift
/// let rides = RowSource([batch])
/// try await table.append(rides)
/// ```
///
/// A source can be read more than once where it says so; each reading starts at the first row.
public struct RowSource: Sendable {
  /// What each batch's columns are.
  public let schema: Schema
  /// Whether a second reading gives the same rows, so that an operation that lost to another commit may start again.
  public let isRepeatable: Bool
  /// What tells these rows from others, such as the files they are in; `nil` when nothing does.
  public var identity: String?
  private let open: @Sendable () async throws -> sending any RowReader

  public init(
    schema: Schema, isRepeatable: Bool, open: @escaping @Sendable () async throws -> sending any RowReader
  ) {
    self.schema = schema
    self.isRepeatable = isRepeatable
    self.open = open
  }

  /// The same rows, all in memory.
  public func inMemory() async throws -> RowSource {
    let reader = try await makeReader()
    var batches: [SourceBatch] = []
    while let batch = try await reader.next() { batches.append(batch) }
    let all = batches
    var source = RowSource(schema: schema, isRepeatable: true) { StoredReader(all) }
    source.identity = identity
    return source
  }

  /// Begins a reading.
  public func makeReader() async throws -> sending any RowReader { try await open() }
}

/// One reading of a source, for one task at a time. A class, since reading moves on.
public protocol RowReader: AnyObject {
  /// The next rows; `nil` after the last.
  func next() async throws -> SourceBatch?
}

/// Rows, and where they came from.
public struct SourceBatch: Sendable {
  public var rows: RecordBatch
  /// The file, for messages; `nil` for rows that were in memory.
  public var file: String?
  /// The position of the first row in its file or source, starting at 0.
  public var firstRow: Int64
  /// Values that are none of their column's type; nulls stand for them in ``rows``.
  package var misfits: [SourceMisfit] = []

  public init(_ rows: RecordBatch, file: String? = nil, firstRow: Int64) {
    self.rows = rows
    self.file = file
    self.firstRow = firstRow
  }
}

/// Texts of a column that are no values of its type.
package struct SourceMisfit: Sendable {
  package var column: String
  package var type: DataType
  /// A set bit for each row with such a text.
  package var rows: Bitmap
  /// The texts in those rows, nulls in the others.
  package var texts: Column
}

extension RowSource {
  /// Batches in memory, all of the schema of the first. Traps when there is none: give a schema then.
  public init(_ batches: [RecordBatch]) {
    precondition(!batches.isEmpty, "a source of no batches needs a schema")
    self.init(schema: batches[0].schema, batches: batches)
  }

  /// Batches in memory.
  public init(schema: Schema, batches: [RecordBatch]) {
    self.init(schema: schema, isRepeatable: true) { MemoryReader(batches) }
  }

  /// What a scan gives: to copy rows from one table to another.
  public init(_ scan: Scan) {
    self.init(scan.batches())
  }

  /// Batches of a scan or of a Parquet file.
  public init(_ batches: RecordBatches) {
    self.init(schema: batches.schema, isRepeatable: true) { SequenceReader(batches.makeAsyncIterator()) }
  }
}

private final class StoredReader: RowReader {
  private let batches: [SourceBatch]
  private var index = 0

  init(_ batches: [SourceBatch]) { self.batches = batches }

  func next() async throws -> SourceBatch? {
    guard index < batches.count else { return nil }
    defer { index += 1 }
    return batches[index]
  }
}

private final class MemoryReader: RowReader {
  private let batches: [RecordBatch]
  private var index = 0
  private var firstRow: Int64 = 0

  init(_ batches: [RecordBatch]) { self.batches = batches }

  func next() async throws -> SourceBatch? {
    guard index < batches.count else { return nil }
    defer {
      firstRow += Int64(batches[index].rowCount)
      index += 1
    }
    return SourceBatch(batches[index], firstRow: firstRow)
  }
}

private final class SequenceReader: RowReader {
  private var iterator: RecordBatches.Iterator
  private var firstRow: Int64 = 0

  init(_ iterator: RecordBatches.Iterator) { self.iterator = iterator }

  func next() async throws -> SourceBatch? {
    guard let batch = try await iterator.next() else { return nil }
    defer { firstRow += Int64(batch.rowCount) }
    return SourceBatch(batch, firstRow: firstRow)
  }
}
