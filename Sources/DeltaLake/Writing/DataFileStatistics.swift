internal import Columnar
internal import DeltaLog
internal import Parquet

/// What the log notes of the values in a new data file, and what must be counted for it beside the file's own columns.
///
/// Spec: Delta § Per-file Statistics
struct DataFileStatistics: Sendable {
  private let selection: StatisticsSelection
  /// `nil` in tables without deletion vectors.
  private let tightBounds: Bool?

  init(_ layout: DataFileLayout, _ metadata: TableMetadata, clusteringColumns: [ColumnPath] = []) {
    let properties = TableProperties(metadata)
    selection = StatisticsSelection(
      layout.mapping, partitionColumns: metadata.partitionColumns, properties: properties,
      clusteringColumns: clusteringColumns)
    tightBounds = properties.enablesDeletionVectors ? true : nil
  }

  /// Null counts of lists and maps, which a file has no column of their own for.
  struct ContainerCounts: Sendable {
    fileprivate var counts: [ColumnPath: Int64] = [:]
  }

  var containerCounts: ContainerCounts {
    var result = ContainerCounts()
    for leaf in selection.leaves where leaf.type.isNested { result.counts[leaf.physicalPath] = 0 }
    return result
  }

  func text(of file: WrittenParquetFile, _ containers: ContainerCounts) -> String {
    var written: [[String]: WrittenLeaf] = [:]
    for leaf in file.leaves where !leaf.isRepeated { written[leaf.path] = leaf }
    let leaves = selection.leaves.map { leaf -> DataLeafStatistics? in
      if let count = containers.counts[leaf.physicalPath] { return DataLeafStatistics(nullCount: count) }
      // Variants are stored as two columns, of which metadata is null where the variant is.
      let path = leaf.physicalPath.names
      guard let found = written[path] ?? (leaf.type == .variant ? written[path + ["metadata"]] : nil) else {
        return nil
      }
      guard leaf.hasBounds else { return DataLeafStatistics(nullCount: found.nullCount) }
      return DataLeafStatistics(
        nullCount: found.nullCount, min: found.min, max: found.max, nanCount: found.nanCount)
    }
    return StatisticsJSON.text(rowCount: file.rowCount, selection, leaves, tightBounds: tightBounds)
  }
}

extension DataFileStatistics.ContainerCounts {
  /// Counts the nulls of a batch of the file.
  mutating func add(_ batch: RecordBatch) {
    for path in counts.keys { counts[path, default: 0] += Int64(Self.nullCount(of: path, in: batch)) }
  }

  private static func nullCount(of path: ColumnPath, in batch: RecordBatch) -> Int {
    guard var column = batch[path.names[0]] else { return 0 }
    for name in path.names.dropFirst() {
      guard case .struct(let type) = column.type, case .structure(let children) = column.storage,
        let index = type.index(of: name)
      else { return 0 }
      column = children[index].masked(by: column.validity)
    }
    return column.nullCount
  }
}
