internal import Columnar
internal import DeltaLog

/// Rules out files by their partition values, then by their statistics.
struct FilePruning {
  let plan: DataSkipping.Plan
  private let snapshot: Snapshot
  private let mapping: ColumnMapping
  private let dictionaries: [PartitionDictionary]

  init(_ snapshot: Snapshot, _ predicate: ColumnPredicate) throws {
    self.snapshot = snapshot
    mapping = try snapshot.columnMapping()
    let mapping = mapping
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
      throw DeltaError.invalidCondition(error)
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

extension FilePruning {
  /// Why each of some files is ruled out by its partition values: the first clause that isn't true for them.
  func refutations(byPartitionOf files: [Int]) throws -> [ScanExplanation.Refutation] {
    let own = dictionaries.map { $0.taking(files) }
    var clauses = [ColumnExpression?](repeating: nil, count: files.count)
    for clause in plan.partitionClauses {
      let single = DataSkipping.Plan(
        ColumnPredicate(clause), mapping: mapping, partitionColumns: plan.partitionColumns)
      let matches = try single.partitionMatches(own, fileCount: files.count) { try $0.evaluate(on: $1) }
      for (row, isMatch) in (matches ?? []).enumerated() where !isMatch && clauses[row] == nil { clauses[row] = clause }
    }
    return files.indices.map { row in
      ScanExplanation.Refutation(
        evidence: .partitionValues, clause: clauses[row], known: clauses[row].map { known(in: $0, own, row, nil) } ?? []
      )
    }
  }

  /// Why each of some files is ruled out by its statistics.
  func refutations(byStatisticsOf files: [Int]) async throws -> [Int: ScanExplanation.Refutation] {
    var result: [Int: ScanExplanation.Refutation] = [:]
    guard !files.isEmpty else { return result }
    let loader = StatisticsLoader(snapshot: snapshot)
    try await loader.forEachChunk(of: files, columns: plan.statisticsColumns) { chunk in
      let own = dictionaries.map { $0.taking(chunk.files) }
      for (row, file) in chunk.files.enumerated() {
        let statistics = FileStatistics(chunk.table, row: row)
        let values = Dictionary(own.map { ($0.name, $0.value(at: row)) }, uniquingKeysWith: { first, _ in first })
        let clause = plan.refutedClause(partitionValues: values, statistics: statistics)
        result[file] = ScanExplanation.Refutation(
          evidence: statistics.numRecords == 0 ? .rowCount : .fileStatistics, clause: clause,
          known: clause.map { known(in: $0, own, row, statistics) } ?? [])
      }
    }
    return result
  }

  private func known(
    in clause: ColumnExpression, _ dictionaries: [PartitionDictionary], _ row: Int, _ statistics: FileStatistics?
  ) -> [ScanExplanation.Known] {
    clause.columns.sorted { $0.names.lexicographicallyPrecedes($1.names) }.compactMap { column in
      if column.names.count == 1, let dictionary = dictionaries.first(where: { $0.name == column.names[0] }) {
        let value = dictionary.value(at: row)
        let bounds = Bounds(min: value, max: value, mayHaveNulls: value.isNull, mayHaveValues: !value.isNull)
        return ScanExplanation.Known(column: column, bounds: bounds)
      }
      return statistics?.bounds(for: column).map { ScanExplanation.Known(column: column, bounds: $0) }
    }
  }
}

extension PartitionDictionary {
  fileprivate func value(at row: Int) -> Scalar {
    let code = Int(codes[row])
    return code < 0 || code >= values.count ? .null : values.scalar(at: code)
  }

  /// The same values for some of the files.
  fileprivate func taking(_ files: [Int]) -> PartitionDictionary {
    PartitionDictionary(name: name, values: values, codes: files.map { codes[$0] })
  }
}
