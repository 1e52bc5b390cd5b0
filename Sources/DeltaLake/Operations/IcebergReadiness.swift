internal import Columnar
internal import DeltaLog
internal import Parquet

/// Whether the files that a table has may stay when a version of Iceberg compatibility is turned on. What they hold is
/// seen from their footers, one request each.
struct IcebergReadiness {
  private let base: Snapshot
  private let compat: IcebergCompat
  /// The columns that files written from now on have, hidden ones, too.
  private let fields: [StructField]
  /// Of those, the partition columns.
  private let partitionNames: [String]

  /// The table as it is to become; `nil` where nothing is turned on, or there are no files.
  init?(
    _ base: Snapshot, _ metadata: TableMetadata, _ versions: ProtocolVersions, _ schema: Schema
  ) throws(DeltaError) {
    guard base.state.files.count > 0, let compat = IcebergCompat.active(versions, metadata).last,
      !IcebergCompat.active(base.protocol, base.metadata).contains(compat)
    else { return nil }
    self.base = base
    self.compat = compat
    let layout = try DataFileLayout(metadata, versions, schema: schema)
    fields = layout.fileSchema.fields + (RowTracking(metadata, protocol: versions)?.writtenFields ?? [])
    partitionNames = layout.partitionNames
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
    guard compat.needsFieldIds || !partitionNames.isEmpty else { return }
    try await withThrowingTaskGroup(of: (row: Int, flaw: String?).self) { group in
      var next = 0
      func startNext() {
        guard next < files.count else { return }
        let row = next
        next += 1
        group.addTask { (row, try await flaw(ofFile: row)) }
      }
      for _ in 0..<16 { startNext() }
      while let (row, flaw) = try await group.next() {
        if let flaw { throw refused(row, flaw) }
        startNext()
      }
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
    return flaw(of: found)
  }

  /// What is wrong with a file of these columns, in words.
  func flaw(of found: [ParquetField]) -> String? {
    let places = Dictionary(zip(found.map(\.name), found.indices)) { first, _ in first }
    for name in partitionNames where places[name] == nil { return "lacks the partition column '\(name)'" }
    if compat.putsPartitionColumnsLast {
      let others = fields.filter { !partitionNames.contains($0.name) }.compactMap { places[$0.name] }
      let first = partitionNames.compactMap { places[$0] }.min()
      if let first, others.contains(where: { $0 > first }) { return "has partition columns before others" }
    }
    guard compat.needsFieldIds else { return nil }
    for field in fields {
      guard let place = places[field.name] else { continue }
      if let path = found[place].pathWithoutId(of: field) { return "lacks the field id of '\(path)'" }
    }
    return nil
  }

  private func refused(_ row: Int, _ flaw: String) -> DeltaError {
    let path = base.state.files.path(at: row)
    return DeltaError(
      .operationRefused,
      "\(compat.name) can't be turned on while the file \(path) \(flaw). Overwrite the table without rows, turn it on, and "
        + "write the rows again; or copy them into a new table that has \(compat.property) from the start.", path: path)
  }
}

extension ParquetField {
  /// Where an id is another than it would be written with; `nil` when all are as they should be.
  fileprivate func pathWithoutId(of field: StructField) -> String? {
    guard hasId(field.metadata[ColumnMapping.parquetIdKey]) else { return field.name }
    let nested = field.metadata[ColumnMapping.parquetNestedIdsKey]?.objectValue ?? [:]
    return pathWithoutId(inside: field.type, nested, field.name)
  }

  private func pathWithoutId(
    inside type: DataType, _ nested: [String: MetadataValue], _ path: String
  ) -> String? {
    func part(_ name: String, _ found: ParquetField?, _ type: DataType) -> String? {
      guard let found else { return nil }
      let path = "\(path).\(name)"
      return found.hasId(nested[path]) ? found.pathWithoutId(inside: type, nested, path) : path
    }
    switch (shape, type) {
    case (.structure(let children), .struct(let type)):
      for field in type.fields {
        // A field that was added later is in no older file.
        guard let child = children.first(where: { $0.name == field.name }) else { continue }
        if let inner = child.pathWithoutId(of: field) { return "\(path).\(inner)" }
      }
      return nil
    case (.list(_, let element), .array(let type)): return part("element", element, type.element)
    case (.map(_, let key, let value), .map(let type)):
      return part("key", key, type.key) ?? part("value", value, type.value)
    default: return nil
    }
  }

  private func hasId(_ wanted: MetadataValue?) -> Bool { wanted?.longValue == fieldID.map(Int64.init) }
}
