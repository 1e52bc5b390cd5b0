public import Columnar
public import DeltaLog

extension DeltaTable {
  /// Writes rows as one commit.
  ///
  /// Rows are streamed: memory is bounded by a row group of each file that is open, whatever their number. Files are
  /// written before the commit that names them; when anything fails, they are removed and the table is as it was.
  ///
  /// - Throws: ``DeltaError``: `.schemaMismatch` and `.constraintViolation` for rows that don't fit (the message names
  ///   column, rule, row and value), `.alreadyExists`, `.conflict`, `.unsupportedFeatures`, `.storageFailed`;
  ///   `CancellationError`.
  @discardableResult
  public func write(_ source: RowSource, _ options: WriteOptions = WriteOptions()) async throws -> WriteReport {
    try await write(source, options, onto: nil)
  }

  /// Adds rows; the table is created where there is none.
  @discardableResult
  public func append(_ source: RowSource, options: CommitOptions = CommitOptions()) async throws -> WriteReport {
    var write = WriteOptions()
    write.commit = options
    return try await self.write(source, write)
  }

  /// Replaces all rows, or those for which a condition is true.
  @discardableResult
  public func overwrite(
    _ source: RowSource, where predicate: ColumnPredicate? = nil, options: CommitOptions = CommitOptions()
  ) async throws -> WriteReport {
    var write = WriteOptions()
    write.mode = predicate.map { .overwriteWhere($0) } ?? .overwrite
    write.commit = options
    return try await self.write(source, write)
  }

  /// As ``write(_:_:)``, onto a state of the table that the caller has and that is brought up to date first.
  package func write(
    _ source: RowSource, _ options: WriteOptions, onto held: Snapshot?
  ) async throws -> WriteReport {
    let base: Snapshot?
    if let held { base = try await held.refreshed() } else { base = try await existing() }
    return try await WriteExecution(location: location, base: base, source: source, options: options).run()
  }

  /// The newest version, or `nil` where there is no table.
  package func existing() async throws -> Snapshot? {
    do {
      return try await snapshot()
    } catch let error as DeltaError where error.code == .notFound {
      return nil
    }
  }
}
