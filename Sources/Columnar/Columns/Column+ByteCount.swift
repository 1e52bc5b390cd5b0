extension RecordBatch {
  /// The bytes of the columns' buffers: about what the batch takes in memory while it shares nothing.
  package var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }
}

extension Column {
  /// The bytes of the column's buffers, a dictionary's values included.
  package var byteCount: Int {
    let values =
      switch storage {
      case .null: 0
      case .boolean(let bits): bits.count / 8
      case .fixed(let buffer): buffer.count
      case .bytes(let offsets, let data): offsets.count + data.count
      case .dictionary(let codes, let values): codes.count + values.byteCount
      case .structure(let children): children.reduce(0) { $0 + $1.byteCount }
      case .list(let offsets, let elements): offsets.count + elements.byteCount
      case .map(let offsets, let keys, let values): offsets.count + keys.byteCount + values.byteCount
      case .variant(let metadata, let value): metadata.byteCount + value.byteCount
      }
    return values + (validity == nil ? 0 : count / 8)
  }
}
