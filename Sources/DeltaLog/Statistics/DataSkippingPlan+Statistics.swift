public import Columnar

extension DataSkipping.Plan {
  /// Clears the mark of each file that statistics or partition values show to have no matching row.
  ///
  /// - Parameters:
  ///   - matches: a mark for each file; cleared ones stay cleared and are not looked at.
  ///   - table: the statistics of some of the files, made for ``statisticsColumns``.
  ///   - firstFile: the place in `matches` of the table's first row, so that large tables can go in chunks.
  ///   - dictionaries: as in ``partitionMatches(_:fileCount:evaluate:)``, for clauses that name both kinds of columns.
  public func refute(
    _ matches: inout [Bool], with table: StatisticsTable, firstFile: Int = 0,
    _ dictionaries: [PartitionDictionary] = []
  ) {
    precondition(firstFile >= 0 && firstFile + table.count <= matches.count, "a mark for each file")
    precondition(table.columns == statisticsColumns, "a table of the plan's columns")
    for clause in statisticsClauses {
      let filter = BoundsFilter(clause, table.columns)
      filter.refute(&matches, table, firstFile)
      if filter.isComplete { continue }
      let predicate = ColumnPredicate(clause)
      for row in 0..<table.count where matches[firstFile + row] {
        let bounds = TableBounds(table: table, row: row, file: firstFile + row, dictionaries: dictionaries)
        if predicate.verdict(over: bounds) == .noRows { matches[firstFile + row] = false }
      }
    }
    for row in 0..<table.count where table.rowCounts[row] == 0 { matches[firstFile + row] = false }
  }

  /// The first clause that a file's partition values or statistics refute, or `nil`: for showing why it was skipped.
  public func refutedClause(
    partitionValues: [String: Scalar], statistics: FileStatistics?
  ) -> ColumnExpression? {
    let bounds = FileBounds(partitionValues: partitionValues, statistics: statistics)
    return (partitionClauses + statisticsClauses).first {
      ColumnPredicate($0).verdict(over: bounds) == .noRows
    }
  }
}

/// One row of a table as a source of bounds.
private struct TableBounds: ColumnBounds {
  let table: StatisticsTable
  let row: Int
  let file: Int
  let dictionaries: [PartitionDictionary]

  func bounds(for column: ColumnPath) -> Bounds? {
    if let index = table.columns.firstIndex(where: { $0.path == column }) {
      return table.bounds(at: row, column: index)
    }
    guard column.names.count == 1, let dictionary = dictionaries.first(where: { $0.name == column.names[0] }),
      file < dictionary.codes.count
    else { return nil }
    let code = Int(dictionary.codes[file])
    return Bounds(exactly: code < 0 || code >= dictionary.values.count ? .null : dictionary.values.scalar(at: code))
  }
}
