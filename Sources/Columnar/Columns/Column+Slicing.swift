extension Column {
  /// The rows of a range; copies nothing but bitmaps that do not start at a byte. Traps when `range` reaches outside.
  public func slice(_ range: Range<Int>) -> Column {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "slice outside of the column")
    if range.count == count { return self }
    let rows = range.lowerBound * 4..<(range.upperBound + 1) * 4
    let storage: ColumnStorage
    switch self.storage {
    case .null: storage = .null
    case .boolean(let bits): storage = .boolean(bits.slice(range))
    case .fixed(let values):
      let width = type.fixedWidth ?? 0
      storage = .fixed(values.slice(range.lowerBound * width..<range.upperBound * width))
    case .dictionary(let codes, let values):
      storage = .dictionary(codes: codes.slice(range.lowerBound * 4..<range.upperBound * 4), values: values)
    case .bytes(let offsets, let data): storage = .bytes(offsets: offsets.slice(rows), data: data)
    case .structure(let children): storage = .structure(children.map { $0.slice(range) })
    case .variant(let metadata, let value):
      storage = .variant(metadata: metadata.slice(range), value: value.slice(range))
    case .list(let offsets, let elements): storage = .list(offsets: offsets.slice(rows), elements: elements)
    case .map(let offsets, let keys, let values):
      storage = .map(offsets: offsets.slice(rows), keys: keys, values: values)
    }
    return Column(type, count: range.count, validity: validity?.slice(range), storage: storage)
  }

  /// The rows whose bit is set, in order. Traps unless there is a bit a row.
  public func filtered(by selection: Bitmap) -> Column {
    precondition(selection.count == count, "a bit a row")
    return filtered(by: Selection(selection))
  }

  func filtered(by selection: Selection) -> Column {
    switch selection {
    case .range(let range): return slice(range)
    case .rows(let rows):
      // Fewer rows, each once, in order: offsets cannot overflow.
      do { return try gathered(rows) } catch { preconditionFailure("a filtered column outgrew its source") }
    }
  }
}

/// Which rows a filter keeps, worked out once for all columns of a batch.
enum Selection {
  case range(Range<Int>)
  /// Rows as `Int32`, ascending.
  case rows(Buffer)

  init(_ bitmap: Bitmap) {
    let total = bitmap.setCount
    if total == 0 { self = .range(0..<0); return }
    if total == bitmap.count { self = .range(0..<total); return }
    let rows = bitmap.setIndices()
    self = rows.withValues(of: Int32.self) { indices in
      let first = Int(indices[0])
      return Int(indices[total - 1]) - first == total - 1 ? .range(first..<first + total) : .rows(rows)
    }
  }

  var count: Int {
    switch self {
    case .range(let range): range.count
    case .rows(let rows): rows.count / 4
    }
  }
}
