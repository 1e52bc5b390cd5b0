package import Columnar

/// The `add` actions of a checkpoint's batch as structs, for the few callers that want whole ones.
package struct CheckpointAdds {
  private let leaf: StructLeaf?
  private let vectors: StructLeaf?
  private let batch: RecordBatch
  /// How typed statistics become text.
  private let text: ParsedStatisticsText?

  /// - Parameters:
  ///   - batch: read with a ``CheckpointSchema``.
  ///   - text: how the text of statistics is made where there are only typed ones, which are to be in the batch.
  package init(_ batch: RecordBatch, making text: ParsedStatisticsText? = nil) {
    self.batch = batch
    leaf = StructLeaf(batch["add"])
    self.text = text
    vectors = StructLeaf(leaf?["deletionVector"])
  }

  package func forEach(where isWanted: (String) -> Bool, _ body: (AddFile) -> Void) {
    guard let leaf else { return }
    let rows = leaf.rows.map(Int.init).filter { leaf.text("path", $0).map(isWanted) ?? false }
    let wanted = Set(rows)
    let texts = text?.texts(leaf["stats_parsed"], where: wanted.contains) ?? []
    for row in rows {
      guard let path = leaf.text("path", row) else { continue }
      body(
        AddFile(
          path: path, partitionValues: leaf.map("partitionValues", row) ?? [:],
          sizeInBytes: leaf.number("size", row) ?? 0,
          modificationTime: Timestamp(milliseconds: leaf.number("modificationTime", row) ?? 0), dataChange: false,
          stats: leaf.text("stats", row) ?? (row < texts.count ? texts[row] : nil), tags: leaf.map("tags", row),
          deletionVector: vector(row),
          baseRowId: leaf.number("baseRowId", row),
          defaultRowCommitVersion: leaf.number("defaultRowCommitVersion", row),
          clusteringProvider: leaf.text("clusteringProvider", row)))
    }
  }

  private func vector(_ row: Int) -> DeletionVectorDescriptor? {
    guard let vectors, let type = vectors.text("storageType", row), let text = vectors.text("pathOrInlineDv", row)
    else {
      return nil
    }
    return DeletionVectorDescriptor(
      storageType: .init(type), pathOrInlineDv: text,
      offset: vectors.number("offset", row).flatMap(Int32.init(exactly:)),
      sizeInBytes: Int32(clamping: vectors.number("sizeInBytes", row) ?? 0),
      cardinality: vectors.number("cardinality", row) ?? 0)
  }
}
