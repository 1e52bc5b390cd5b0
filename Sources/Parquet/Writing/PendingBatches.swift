internal import Columnar

/// Small batches that wait until together they are worth encoding.
struct PendingBatches {
  private(set) var rowCount = 0
  /// About the bytes of their values.
  private(set) var byteCount = 0
  private var batches: [[Column]] = []

  /// A batch of so many rows is encoded alone.
  static let largeRowCount = 1 << 10
  private static let rowLimit = 1 << 13
  private static let byteLimit = 4 << 20

  var isFull: Bool { rowCount >= Self.rowLimit || byteCount >= Self.byteLimit }

  mutating func append(_ batch: RecordBatch) {
    guard batch.rowCount > 0 else { return }
    batches.append(batch.columns)
    rowCount += batch.rowCount
    byteCount += batch.columns.reduce(0) { $0 + $1.approximateByteCount }
  }

  /// All columns, one batch after the other; nothing waits any more.
  mutating func take(_ schema: Schema) throws(ParquetError) -> [Column] {
    defer { self = PendingBatches() }
    if batches.count == 1 { return batches[0] }
    var columns: [Column] = []
    for (index, field) in schema.fields.enumerated() {
      // They differ in labels at most.
      let parts = batches.map { $0[index].relabeled(as: field.type) ?? $0[index] }
      do throws(ColumnError) {
        columns.append(try Column.concatenating(parts))
      } catch {
        throw ParquetError(.invalidValue, "Small batches cannot be put together.", column: field.name, cause: error)
      }
    }
    return columns
  }
}

extension Column {
  /// The bytes of the values, those of lists also where no list of this column has them.
  var approximateByteCount: Int {
    switch storage {
    case .null: 0
    case .boolean: count / 8
    case .fixed: count * (type.fixedWidth ?? 1)
    case .dictionary: count * 4
    case .bytes(let offsets, _):
      offsets.count < (count + 1) * 4
        ? 0 : offsets.withValues(of: Int32.self) { Int($0[count]) - Int($0[0]) } + 4 * count
    case .structure(let children): children.reduce(0) { $0 + $1.approximateByteCount }
    case .list(_, let elements): elements.approximateByteCount
    case .map(_, let keys, let values): keys.approximateByteCount + values.approximateByteCount
    case .variant(let metadata, let value): metadata.approximateByteCount + value.approximateByteCount
    }
  }
}
