public import Columnar

/// The rows of a scan as values of a Swift type.
///
/// Columns are matched to coding keys by name. Decoding costs about a microsecond a field: for computing over many
/// rows take the batches.
public struct Rows<Row: Decodable & Sendable>: AsyncSequence, Sendable {
  public typealias Element = Row

  let batches: RecordBatches

  package init(batches: RecordBatches) { self.batches = batches }

  public func makeAsyncIterator() -> Iterator {
    Iterator(batches: batches.makeAsyncIterator())
  }

  public struct Iterator: AsyncIteratorProtocol {
    fileprivate var batches: RecordBatches.Iterator
    private var rows: [Row] = []
    private var position = 0

    fileprivate init(batches: RecordBatches.Iterator) { self.batches = batches }

    /// - Throws: ``DeltaError``, with a `DecodingError` as its cause when a row doesn't fit the type;
    ///   `CancellationError`.
    public mutating func next() async throws -> Row? {
      while position == rows.count {
        guard let batch = try await batches.next() else { return nil }
        do {
          let decoder = RowDecoder(batch)
          rows = try (0..<batch.rowCount).map { try decoder.decode(Row.self, at: $0) }
        } catch {
          throw DeltaError.cannotDecode(Row.self, cause: error)
        }
        position = 0
      }
      defer { position += 1 }
      return rows[position]
    }
  }
}
