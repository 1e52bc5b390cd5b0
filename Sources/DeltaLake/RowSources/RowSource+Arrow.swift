public import Columnar
internal import DeltaLog

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension RowSource {
  /// Rows that another library gives as an `ArrowArrayStream`, the C stream interface; read once.
  ///
  /// - Parameter stream: a filled `struct ArrowArrayStream`. It is taken over and marked released.
  /// - Throws: ``DeltaError`` with `.invalidArgument` for a stream that was released, fails, or has types that can't be
  ///   imported.
  public init(arrowStream stream: UnsafeMutableRawPointer) throws(DeltaError) {
    let taken: ArrowStreamReader
    do throws(ColumnError) {
      taken = try ArrowStreamReader(importing: stream)
    } catch {
      throw .invalidArgument("The Arrow stream can't be read: \(error)", cause: error)
    }
    let single = SingleReading(taken)
    self.init(schema: taken.schema, isRepeatable: false) { try single.take() }
  }
}

/// A stream until it is read. A class, since only one reading gets it.
private final class SingleReading: @unchecked Sendable {
  private var stream: ArrowStreamReader?
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init(_ stream: ArrowStreamReader) {
    self.stream = stream
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  func take() throws(DeltaError) -> sending ArrowRowReader {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard let taken = stream else {
      throw .invalidArgument("The Arrow stream has been read already. Give a new one for another write.")
    }
    stream = nil
    nonisolated(unsafe) let reader = ArrowRowReader(taken)
    return reader
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
