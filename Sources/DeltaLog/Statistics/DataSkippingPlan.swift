public import Columnar

extension DataSkipping {
  /// A predicate taken apart by what can decide each of its AND-ed clauses.
  public struct Plan: Sendable {
    /// Clauses on partition columns alone: exact, and true or false (or null) for a whole file.
    public let partitionClauses: [ColumnExpression]
    /// Clauses that statistics may refute. They may also name partition columns.
    public let statisticsClauses: [ColumnExpression]
    /// What must still be evaluated on the rows; `nil` when partition values decide everything.
    public let residual: ColumnPredicate?
    /// The columns whose statistics the clauses need.
    public let statisticsColumns: [StatisticsColumn]
    /// Logical names.
    public let partitionColumns: [String]

    /// - Parameters:
    ///   - predicate: with columns by their logical names, resolved against the schema.
    ///   - partitionColumns: by logical name, as in ``TableMetadata/partitionColumns``.
    public init(_ predicate: ColumnPredicate, mapping: ColumnMapping, partitionColumns: [String]) {
      self.partitionColumns = partitionColumns
      let names = Set(partitionColumns)
      var partition: [ColumnExpression] = []
      var rest: [ColumnExpression] = []
      var wanted: [ColumnPath] = []
      for clause in predicate.expression.conjuncts {
        let paths = clause.columns
        guard paths.contains(where: { $0.names.count > 1 || !names.contains($0.names[0]) }) else {
          partition.append(clause)
          continue
        }
        rest.append(clause)
        for path in paths.sorted(by: { $0.names.lexicographicallyPrecedes($1.names) })
        where (path.names.count > 1 || !names.contains(path.names[0])) && !wanted.contains(path) {
          wanted.append(path)
        }
      }
      partitionClauses = partition
      let columns = wanted.compactMap { StatisticsColumn($0, in: mapping) }
      statisticsColumns = columns
      let known = Set(columns.map(\.path))
      statisticsClauses = Self.joined(
        rest.filter { !$0.columns.isDisjoint(with: known) || $0.columns.isEmpty }, columns)
      residual = rest.isEmpty ? nil : ColumnPredicate(rest.count == 1 ? rest[0] : .and(rest))
    }

    /// Clauses on floating point columns are judged together: NaN may fulfil one of them, and rarely all.
    private static func joined(
      _ clauses: [ColumnExpression], _ columns: [StatisticsColumn]
    ) -> [ColumnExpression] {
      let floats = Set(columns.filter { $0.type == .float || $0.type == .double }.map(\.path))
      let isFloat = { (clause: ColumnExpression) in !clause.columns.isDisjoint(with: floats) }
      let joined = clauses.filter(isFloat)
      return clauses.filter { !isFloat($0) } + (joined.count > 1 ? [.and(joined)] : joined)
    }
  }
}
