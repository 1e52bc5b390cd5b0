internal import Columnar

/// The bounds of a predicate's columns in one row group, or in a run of its rows.
struct LeafBounds: ColumnBounds {
  let columns: PredicateColumns
  let schema: ParquetSchema
  /// By leaf; leaves that are not here are unknown.
  var bounds: [Int: Bounds] = [:]
  /// By leaf.
  var filters: [Int: BloomFilter] = [:]

  func bounds(for column: ColumnPath) -> Bounds? {
    switch columns.targets[column] {
    case .leaf(let index): bounds[index]
    case .missing: Bounds(mayHaveValues: false)
    case nil: nil
    }
  }

  func mayContain(_ value: Scalar, in column: ColumnPath) -> Bool {
    guard case .leaf(let index) = columns.targets[column], let filter = filters[index],
      let keys = PlainKey.keys(of: value, in: schema.leaves[index])
    else { return true }
    return keys.contains { filter.mayContain($0) }
  }
}

extension ParquetFile {
  /// The typed statistics of a row group's column; `nil` where the file has none.
  public func statistics(rowGroup: Int, leaf: Int) -> LeafStatistics? {
    let chunk = metadata.rowGroups[rowGroup].columns[leaf]
    guard let statistics = chunk.metadata?.statistics else { return nil }
    return LeafStatistics(statistics, of: schema.leaves[leaf], order: columnOrder(leaf: leaf), writer: writer)
  }

  /// The order of a column's bounds; `nil` where the footer has none.
  func columnOrder(leaf: Int) -> ColumnOrder? {
    guard let orders = metadata.columnOrders, orders.count == schema.leaves.count else { return nil }
    return orders[leaf]
  }

  /// What the footer knows of the predicate's columns in a row group.
  func bounds(rowGroup: Int, columns: PredicateColumns) -> LeafBounds {
    var result = LeafBounds(columns: columns, schema: schema)
    let group = metadata.rowGroups[rowGroup]
    for index in columns.leaves where schema.leaves[index].maxRepetitionLevel == 0 {
      guard let statistics = statistics(rowGroup: rowGroup, leaf: index), !group.columns[index].isEncrypted else {
        continue
      }
      var bounds = statistics.bounds(rowCount: group.rowCount, isNaNExcluded: writer.isNaNExcludedFromBounds)
      // A flat column has a value or null for each row; where it has not, its counts are not to be trusted.
      if group.columns[index].metadata?.valueCount != group.rowCount {
        (bounds.mayHaveNulls, bounds.mayHaveValues) = (true, true)
      }
      if schema.leaves[index].maxDefinitionLevel == 0 { (bounds.mayHaveNulls, bounds.mayHaveValues) = (false, true) }
      result.bounds[index] = bounds
    }
    return result
  }
}
