public import Columnar
internal import DeltaLog

extension RowSource {
  /// Rows that another library gives as an `ArrowArrayStream`, the C stream interface; read once.
  ///
  /// - Parameter stream: a filled `struct ArrowArrayStream`. It is taken over and marked released.
  /// - Throws: ``DeltaError`` with `.invalidArgument` for a stream that was released, fails, or has types that can't be
  ///   imported.
  public init(arrowStream stream: UnsafeMutableRawPointer) throws(DeltaError) {
    // It is moved out of the caller's struct, which keeps nothing of it.
    nonisolated(unsafe) let taken: ArrowStreamReader
    do throws(ColumnError) {
      taken = try ArrowStreamReader(importing: stream)
    } catch {
      throw .invalidArgument("The Arrow stream can't be read: \(error)", cause: error)
    }
    let schema = taken.schema
    let single = ReadOnce(taken)
    self.init(schema: schema, isRepeatable: false) {
      guard let stream = single.take() else {
        throw DeltaError.invalidArgument("The Arrow stream has been read already. Give a new one for another write.")
      }
      return ArrowRowReader(stream)
    }
  }
}

private final class ArrowRowReader: RowReader {
  private let stream: ArrowStreamReader
  private var firstRow: Int64 = 0

  init(_ stream: ArrowStreamReader) { self.stream = stream }

  func next() async throws -> SourceBatch? {
    do throws(ColumnError) {
      guard let batch = try stream.next() else { return nil }
      defer { firstRow += Int64(batch.rowCount) }
      return SourceBatch(batch, firstRow: firstRow)
    } catch {
      throw DeltaError.invalidArgument("The Arrow stream can't be read: \(error)", cause: error)
    }
  }
}
