internal import Columnar
internal import DeltaLog
internal import Parquet

/// Files of a snapshot as whole actions, with what a snapshot doesn't keep: statistics and tags are read again from where
/// the log has them.
struct AddFileLoader {
  let snapshot: Snapshot

  /// - Parameter rows: of the snapshot's file table.
  /// - Returns: the files in that order, as the log has them.
  /// - Throws: ``DeltaError`` naming the log file that can't be read.
  func files(_ rows: [Int]) async throws -> [AddFile] {
    let table = snapshot.state.files
    var actions: [ExactText: AddFile] = [:]
    let names = Set(rows.map { Int(table.sourceIndices[$0]) }).map { table.sources[$0] }
    let log = LogDirectory(location: snapshot.location)
    for source in names.filter({ $0.kind == .json }) {
      let bytes: [UInt8]
      if let kept = source.bytes { bytes = kept } else { bytes = try await log.read(source.name) }
      for case .add(let file) in try CommitScanner.actions(in: bytes, file: source.name, version: source.version) {
        actions[file.key] = file
      }
    }
    let wanted = Set(rows.map { table.path(at: $0) })
    for name in Set(names.filter { $0.kind == .parquet }.map(\.name)) {
      try await read(try log.file(name), wanted) { actions[$0.key] = $0 }
    }
    return try rows.map { row throws(DeltaError) in
      var file = table.addFile(at: row)
      guard let found = actions[file.key] else {
        throw .corruptLog(
          "The log no longer names the file \(file.path): it changed while it was read.", path: file.path)
      }
      file.stats = found.stats
      file.tags = found.tags
      file.clusteringProvider = found.clusteringProvider
      return file
    }
  }

  private func read(_ file: FileReference, _ wanted: Set<String>, _ body: (AddFile) -> Void) async throws {
    do {
      let parquet = try await ParquetFile.open(ObjectByteSource(file: file, knownSize: nil))
      var schema = CheckpointSchema()
      schema.includesExtras = true
      schema.statistics = .json
      schema.includesTableActions = false
      let text = try StatisticsSchema.text(for: snapshot, missingIn: parquet)
      schema.parsedStatistics = text?.type
      var read = ParquetRead()
      read.schema = schema.schema
      for task in try await parquet.rowGroups(read) {
        var reader = try await task.reader()
        while let batch = try await reader.next() {
          CheckpointAdds(batch.batch, making: text).forEach(where: wanted.contains, body)
        }
      }
    } catch {
      throw DeltaError.checkpointFile(file.name, version: nil, failure: error)
    }
  }
}

extension AddFile {
  fileprivate var key: ExactText { ExactText(path + (deletionVector.map { "\0" + $0.uniqueId } ?? "")) }
}
