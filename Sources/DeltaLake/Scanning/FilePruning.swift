internal import Columnar
internal import DeltaLog

/// Rules out files by their partition values, then by their statistics.
struct FilePruning {
  let plan: DataSkipping.Plan
  private let snapshot: Snapshot
  private let dictionaries: [PartitionDictionary]

  init(_ snapshot: Snapshot, _ predicate: ColumnPredicate) throws {
    self.snapshot = snapshot
    let mapping = try snapshot.columnMapping()
    let partitionColumns = snapshot.metadata.partitionColumns
    plan = DataSkipping.Plan(predicate, mapping: mapping, partitionColumns: partitionColumns)
    let named = Set(predicate.expression.columns.map { $0.names[0] })
    let table = snapshot.state.files
    dictionaries = try partitionColumns.filter(named.contains).compactMap { name throws in
      guard let field = snapshot.schema[name], let physical = mapping.physicalName(of: name) else { return nil }
      guard let column = table.partitionColumn(named: physical) else {
        return try PartitionDictionary(field, texts: [], codes: Array(repeating: -1, count: table.count))
      }
      let texts = (0..<column.values.count).map { column.values[Int32($0)] }
      return try PartitionDictionary(field, texts: texts, codes: column.codes)
    }
  }

  /// The files for whose partition values the predicate may be true.
  func filesByPartition() throws -> [Int] {
    let count = snapshot.state.files.count
    let matches: [Bool]?
    do {
      matches = try plan.partitionMatches(dictionaries, fileCount: count) { try $0.evaluate(on: $1) }
    } catch let error as ExpressionError {
      throw DeltaError.invalidArgument("The condition can't be evaluated: \(error)", cause: error)
    }
    guard let matches else { return Array(0..<count) }
    return (0..<count).filter { matches[$0] }
  }

  /// Those of `files` whose statistics don't refute the predicate, in the same order.
  func filesByStatistics(_ files: [Int]) async throws -> [Int] {
    guard !plan.statisticsClauses.isEmpty, !files.isEmpty else { return files }
    var isKept = [Bool](repeating: true, count: snapshot.state.files.count)
    do {
      try await StatisticsLoader(snapshot: snapshot).forEachChunk(of: files, columns: plan.statisticsColumns) { chunk in
        var matches = [Bool](repeating: true, count: chunk.files.count)
        plan.refute(&matches, with: chunk.table, dictionaries.map { $0.taking(chunk.files) })
        for (row, file) in chunk.files.enumerated() where !matches[row] { isKept[file] = false }
      }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      // Statistics only save work: what can't be read rules out nothing.
      return files
    }
    return files.filter { isKept[$0] }
  }
}

extension PartitionDictionary {
  /// The same values for some of the files.
  fileprivate func taking(_ files: [Int]) -> PartitionDictionary {
    PartitionDictionary(name: name, values: values, codes: files.map { codes[$0] })
  }
}
