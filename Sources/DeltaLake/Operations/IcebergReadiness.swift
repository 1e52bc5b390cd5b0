internal import Columnar
internal import DeltaLog
internal import Parquet

/// Whether the files that a table has may stay when a version of Iceberg compatibility is turned on. What they hold is
/// seen from their footers, one request each.
struct IcebergReadiness {
  private let base: Snapshot
  private let compat: IcebergCompat
  private let columns: IcebergFileColumns

  /// The table as it is to become; `nil` where nothing is turned on.
  init?(
    _ base: Snapshot, _ metadata: TableMetadata, _ versions: ProtocolVersions, _ schema: Schema
  ) throws(DeltaError) {
    guard let compat = IcebergCompat.active(versions, metadata).last,
      !IcebergCompat.active(base.protocol, base.metadata).contains(compat)
    else { return nil }
    self.base = base
    self.compat = compat
    let layout = try DataFileLayout(metadata, versions, schema: schema)
    columns = IcebergFileColumns(layout, hidden: RowTracking(metadata, protocol: versions)?.writtenFields ?? [], compat)
  }

  /// - Throws: ``DeltaError``: `.operationRefused` naming a file and the way out, and those of reading footers.
  func check() async throws {
    let files = base.state.files
    if compat.excludesDeletionVectors,
      let row = (0..<files.count).first(where: { files.deletionVector(at: $0) != nil })
    {
      throw refused(row, "has a deletion vector")
    }
    try await checkRecordCounts()
    guard columns.areDemanding else { return }
    try await (0..<files.count).forEach(workingAhead: 16) { row in
      try await flaw(ofFile: row)
    } then: { row, flaw in
      if let flaw { throw refused(row, flaw) }
    }
  }

  private func checkRecordCounts() async throws {
    let rows = Array(0..<base.state.files.count)
    try await StatisticsLoader(snapshot: base).forEachChunk(of: rows, columns: []) { chunk in
      for (index, row) in chunk.files.enumerated() where chunk.table.rowCount(at: index) == nil {
        throw refused(row, "has no number of records among its statistics")
      }
    }
  }

  private func flaw(ofFile row: Int) async throws -> String? {
    let files = base.state.files
    let file = try FileReference(decoding: files.path(at: row), in: base.location)
    let found: [ParquetField]
    do {
      let source = ObjectByteSource(file: file, knownSize: files.sizes[row] > 0 ? Int(exactly: files.sizes[row]) : nil)
      found = try await ParquetFile.open(source).schema.fields
    } catch {
      throw DeltaError.dataFile(file.name, failure: error)
    }
    return columns.flaw(of: found)
  }

  private func refused(_ row: Int, _ flaw: String) -> DeltaError {
    let path = base.state.files.path(at: row)
    return DeltaError(
      .operationRefused,
      "\(compat.name) can't be turned on while the file \(path) \(flaw). Overwrite the table without rows, turn it on, and "
        + "write the rows again; or copy them into a new table that has \(compat.property) from the start.", path: path)
  }
}
