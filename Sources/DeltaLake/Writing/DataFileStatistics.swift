internal import Columnar
internal import DeltaLog
internal import Parquet

/// What the log notes of the values in a new data file.
///
/// Spec: Delta § Per-file Statistics
struct DataFileStatistics: Sendable {
  private let selection: StatisticsSelection
  /// `nil` in tables without deletion vectors.
  private let tightBounds: Bool?

  init(_ layout: DataFileLayout, _ metadata: TableMetadata) {
    let properties = TableProperties(metadata)
    selection = StatisticsSelection(
      layout.mapping, partitionColumns: metadata.partitionColumns, properties: properties)
    tightBounds = properties.enablesDeletionVectors ? true : nil
  }

  func text(of file: WrittenParquetFile) -> String {
    StatisticsJSON.text(
      rowCount: file.rowCount, selection, selection.leaves.map { _ in nil }, tightBounds: tightBounds)
  }
}
