public import Columnar

/// How the rows of a table get their stable ids and commit versions.
///
/// Spec: Delta § Row Tracking
public struct RowTracking: Hashable, Sendable {
  /// The hidden column of data files that holds row ids; `nil` when none was ever made.
  public var materializedRowIdName: String?
  /// The hidden column of data files that holds row commit versions.
  public var materializedRowCommitVersionName: String?

  /// Whether the hidden columns that are written have field ids, as Iceberg's readers look for them.
  private let writesFieldIds: Bool

  /// How reads name the two columns.
  public static let rowIdName = "_row_id"
  public static let rowCommitVersionName = "_row_commit_version"
  /// The domain whose `rowIdHighWaterMark` says which ids are taken.
  public static let domain = "delta.rowTracking"

  package static let rowIdProperty = "delta.rowTracking.materializedRowIdColumnName"
  package static let rowCommitVersionProperty = "delta.rowTracking.materializedRowCommitVersionColumnName"

  /// `nil` unless row tracking is enabled: only then all rows have ids.
  public init?(_ metadata: TableMetadata, protocol versions: ProtocolVersions) {
    guard Self.isEnabled(metadata, versions) else { return nil }
    materializedRowIdName = metadata.configuration[Self.rowIdProperty]
    materializedRowCommitVersionName = metadata.configuration[Self.rowCommitVersionProperty]
    writesFieldIds = versions.hasActive("icebergCompatV3", metadata)
  }

  /// Whether writers must assign ids.
  public static func isSupported(_ versions: ProtocolVersions) -> Bool {
    versions.minWriterVersion >= 7 && versions.writerFeatures?.contains("rowTracking") == true
  }

  public static func isEnabled(_ metadata: TableMetadata, _ versions: ProtocolVersions) -> Bool {
    isSupported(versions) && metadata.configuration["delta.enableRowTracking"]?.lowercased() == "true"
  }

  /// The fields to read from a data file beside its own columns: `nil` where nothing is materialised.
  public var materializedFields: (rowId: StructField?, rowCommitVersion: StructField?) {
    (
      materializedRowIdName.map { StructField($0, .long) },
      materializedRowCommitVersionName.map { StructField($0, .long) }
    )
  }

  /// The fields that data files get which hold rows of other files: the row's id and its commit version; `nil` for a
  /// table that has no names for both.
  ///
  /// Their ids are those that Iceberg reserves. Nobody must look for the columns by them: older files have none.
  package var writtenFields: [StructField]? {
    guard let rowId = materializedRowIdName, let commitVersion = materializedRowCommitVersionName else { return nil }
    return [(rowId, 2_147_483_540), (commitVersion, 2_147_483_539)].map { name, id in
      StructField(name, .long, metadata: writesFieldIds ? [ColumnMapping.parquetIdKey: .long(id)] : [:])
    }
  }

  /// The stable ids of rows of one file: the materialised one, else the file's base plus the row's position.
  ///
  /// - Parameters:
  ///   - positions: of the rows in the file, as longs without nulls.
  ///   - materialized: the hidden column, or `nil` when the file lacks it.
  ///   - baseRowId: of the file's `add` or `remove`. Without it, rows that are not materialised have no id.
  public static func rowIds(positions: Column, materialized: Column?, baseRowId: Int64?) -> Column {
    column(count: positions.count, materialized: materialized) { target in
      guard let baseRowId, case .fixed(let buffer) = positions.storage else { return false }
      buffer.withValues(of: Int64.self) { positions in
        for row in 0..<target.count { target[row] = positions[row] &+ baseRowId }
      }
      return true
    }
  }

  /// The stable commit versions of rows of one file: the materialised one, else the file's default.
  public static func rowCommitVersions(count: Int, materialized: Column?, defaultVersion: Version?) -> Column {
    column(count: count, materialized: materialized) { target in
      guard let defaultVersion else { return false }
      target.update(repeating: defaultVersion)
      return true
    }
  }

  /// Fills defaults, and puts what is materialised over them.
  private static func column(
    count: Int, materialized: Column?, _ fill: (UnsafeMutableBufferPointer<Int64>) -> Bool
  ) -> Column {
    let buffer = Buffer(zeroed: count * 8)
    let target = UnsafeMutableBufferPointer(
      start: buffer.mutablePointer.assumingMemoryBound(to: Int64.self), count: count)
    let hasDefaults = fill(target)
    guard let materialized, materialized.type == .long, materialized.count == count, materialized.nullCount < count
    else {
      return hasDefaults ? Column(.long, count: count, storage: .fixed(buffer)) : Column(nulls: count, of: .long)
    }
    if materialized.nullCount == 0 { return materialized }
    if case .fixed(let values) = materialized.storage, let validity = materialized.validity {
      values.withValues(of: Int64.self) { values in
        for row in 0..<count where validity.isSet(row) { target[row] = values[row] }
      }
    } else {
      for row in 0..<count {
        if case .long(let value) = materialized.scalar(at: row) { target[row] = value }
      }
    }
    return Column(
      .long, count: count, validity: hasDefaults ? nil : materialized.validity, storage: .fixed(buffer))
  }
}
