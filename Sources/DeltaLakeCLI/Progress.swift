import DeltaLake

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Rows so far, once a second on a terminal; nothing anywhere else.
enum Progress {
  static var isShown: Bool { isatty(2) == 1 && Terminal.of(descriptor: 2).isDecorated }

  /// The same rows, counted as they are read.
  static func counting(_ source: RowSource, _ options: GlobalOptions) -> RowSource {
    guard isShown, options.logLevel >= .warning else { return source }
    var counted = RowSource(schema: source.schema, isRepeatable: source.isRepeatable) {
      CountingReader(try await source.makeReader())
    }
    counted.identity = source.identity
    return counted
  }

  fileprivate static func show(_ text: String) {
    // To the line's start, which is emptied.
    try? Messages.write(Array("\r\u{1B}[K\(text)".utf8), to: ByteSink(descriptor: 2))
  }
}

private final class CountingReader: RowReader {
  private let reader: any RowReader
  private var count: Int64 = 0
  private let clock = ContinuousClock()
  private var due: ContinuousClock.Instant
  private var isShown = false

  init(_ reader: sending any RowReader) {
    self.reader = reader
    due = clock.now + .seconds(1)
  }

  deinit { if isShown { Progress.show("") } }

  func next() async throws -> SourceBatch? {
    do {
      guard let batch = try await reader.next() else {
        erase()
        return nil
      }
      count += Int64(batch.rows.rowCount)
      if clock.now >= due {
        isShown = true
        due = clock.now + .seconds(1)
        Progress.show("\(count) rows")
      }
      return batch
    } catch {
      erase()
      throw error
    }
  }

  private func erase() {
    if isShown { Progress.show("") }
    isShown = false
  }
}
