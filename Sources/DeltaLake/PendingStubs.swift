public import Columnar
public import DeltaLog
public struct CommitHistoryEntry: Sendable { public var version: Version; public var timestamp: Timestamp?; public var operation: String?; public var operationParameters: [String: MetadataValue]; public var operationMetrics: [String: MetadataValue]; public var engineInfo: String?; public var userMetadata: String?
 package init(_ v: Version, _ i: CommitInfo?, fileTime: Timestamp?) { version = v; timestamp = fileTime; operation = i?.operation; operationParameters = i?.operationParameters ?? [:]; operationMetrics = i?.operationMetrics ?? [:]; engineInfo = i?.engineInfo; userMetadata = i?.userMetadata } }
struct VersionChecksum { init?(parsing: [UInt8]) { return nil }; func disagreements(with: TableState) -> [String] { [] } }
enum RowTracking { static func rowIds(materialized: Column, positions: Column?, baseRowId: Int64?) -> Column { materialized }
 static func rowCommitVersions(materialized: Column, default: Version?) -> Column { materialized } }
enum FeatureGate { static func checkReadable(_ p: ProtocolVersions, _ m: TableMetadata) throws(DeltaError) {} }
extension ColumnExpression { func resolved(against: Schema) throws -> ColumnExpression { self }; var columns: Set<ColumnPath> { [] } }
public struct ColumnReferences { public init() {} }
extension ColumnPredicate { init(parsing: String) throws { fatalError() } }
extension Snapshot { var rowTrackingColumns: RowTrackingColumns? { nil } }
struct FilePruning { let n: Int; init(_ s: Snapshot, _ p: ColumnPredicate) throws { n = s.state.files.count }; func filesByPartition() throws -> [Int] { Array(0..<n) }; func filesByStatistics(_ f: [Int]) async throws -> [Int] { f } }
