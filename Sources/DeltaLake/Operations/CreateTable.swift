public import Columnar
public import DeltaLog

/// What a new table is to be.
///
/// ```swift
/// let columns = try ColumnDefinition.parse("id BIGINT NOT NULL, city STRING, day DATE")
/// var create = CreateTable(StructType(columns.map(StructField.init)))
/// create.partitionColumns = ["day"]
/// try await table.create(create)
/// ```
public struct CreateTable: Sendable {
  public var schema: Schema
  /// Whose values become directories.
  public var partitionColumns: [String] = []
  /// By which OPTIMIZE lays rows out; `nil`: the table is not clustered. Not together with partitions.
  public var clusteringColumns: [ColumnPath]?
  /// As users set them; features (`delta.feature.NAME`) and protocol versions among them.
  public var properties: [String: String] = [:]
  public var name: String?
  public var comment: String?
  /// Whether a table that is there is left as it is, rather than an error.
  public var isSkippedIfExists = false

  public init(_ schema: Schema) {
    self.schema = schema
  }
}

extension DeltaTable {
  /// Makes a table without rows.
  ///
  /// Its protocol is the lowest that its columns and properties allow, so that as many clients as possible can use it.
  ///
  /// - Returns: `nil` where there is a table and ``CreateTable/isSkippedIfExists``.
  /// - Throws: ``DeltaError``: `.alreadyExists`, `.schemaMismatch`, `.invalidArgument` for properties, `.operationRefused`
  ///   for what doesn't go together, `.storageFailed`.
  @discardableResult
  public func create(_ table: CreateTable, options: CommitOptions = CommitOptions()) async throws -> Commit? {
    if try await existing() != nil {
      if table.isSkippedIfExists { return nil }
      throw DeltaError.tableExists(location)
    }
    let definition = try NewTable.definition(
      columns: table.schema, partitionColumns: table.partitionColumns, clusteringColumns: table.clusteringColumns,
      properties: table.properties, name: table.name, comment: table.comment)
    var transaction = Transaction(location: location, base: nil, options: options)
    let metadata = try definition.writtenMetadata()
    transaction.changes.metadata = metadata
    transaction.changes.protocolVersions = definition.protocolVersions
    if let domain = try definition.clusteringDomain() { transaction.changes.domains.append(domain) }
    transaction.changes.operation = .createTable(
      metadata, clusterBy: (table.clusteringColumns ?? []).map { $0.names.joined(separator: ".") })
    do {
      return try await transaction.commit()
    } catch let error as DeltaError where error.code == .alreadyExists && table.isSkippedIfExists {
      return nil
    }
  }
}
