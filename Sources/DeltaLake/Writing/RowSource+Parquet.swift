internal import Columnar
internal import DeltaLog
internal import Parquet

extension RowSource {
  /// The rows of Parquet files, one file after the other. All must have the columns of the first, in any order.
  ///
  /// - Throws: ``DeltaError`` with `.invalidArgument` for no files, and naming a file that can't be read or lacks a
  ///   column.
  public static func parquet(_ paths: [String], threadCount: Int? = nil) async throws -> RowSource {
    var files: [(path: String, file: ParquetFile)] = []
    for path in paths {
      do {
        files.append((path, try await ParquetFile.open(FileByteSource(path: path))))
      } catch let error as ParquetError {
        throw DeltaError(.invalidArgument, "\(path) can't be read: \(error)", path: path, cause: error)
      }
    }
    guard let first = files.first else { throw DeltaError(.invalidArgument, "There is no file to read.") }
    let schema = first.file.rowSchema
    for (path, file) in files.dropFirst() {
      for field in schema.fields {
        guard file.rowSchema[field.name]?.type == field.type else {
          throw DeltaError(
            .invalidArgument,
            "\(path) has no column \(field.name) of the type that it has in \(first.path). Write files of another schema "
              + "on their own.", path: path)
        }
      }
    }
    let all = files
    var source = RowSource(schema: schema, isRepeatable: true) {
      ParquetReader(all, schema: schema, threadCount: threadCount)
    }
    source.identity = FileStateHash.text(of: paths)
    return source
  }
}

private final class ParquetReader: RowReader {
  private let files: [(path: String, file: ParquetFile)]
  private let schema: Schema
  private let threadCount: Int?
  private var index = 0
  private var firstRow: Int64 = 0
  private var batches: RecordBatches.Iterator?

  init(_ files: [(path: String, file: ParquetFile)], schema: Schema, threadCount: Int?) {
    self.files = files
    self.schema = schema
    self.threadCount = threadCount
  }

  func next() async throws -> SourceBatch? {
    while index < files.count {
      let (path, file) = files[index]
      if batches == nil {
        var read = ParquetRead()
        read.schema = schema
        batches = RecordBatches(of: file, read: read, threadCount: threadCount).makeAsyncIterator()
      }
      do {
        if let batch = try await batches?.next() {
          defer { firstRow += Int64(batch.rowCount) }
          return SourceBatch(batch, file: path, firstRow: firstRow)
        }
      } catch let error as ParquetError {
        throw DeltaError(.invalidArgument, "\(path) can't be read: \(error)", path: path, cause: error)
      }
      batches = nil
      firstRow = 0
      index += 1
    }
    return nil
  }
}
