internal import Columnar

/// The rows of one row group, to be read by one worker. Tasks of a file are independent of each other.
public struct RowGroupTask: Sendable {
  /// The row group's position in the file.
  public let rowGroup: Int
  /// The position in the file of the group's first row.
  public let firstRow: Int64
  /// The rows in the group, before anything is filtered.
  public let rowCount: Int
  /// The bytes of the column chunks that the reading wants, in the order of the plan's leaves.
  public let byteRanges: [Range<Int>]
  /// Their bytes in all.
  public var byteCount: Int { byteRanges.reduce(0) { $0 + $1.count } }

  let file: ParquetFile
  let read: ParquetRead
  let plan: ReadPlan

  /// A reader of its own for each call; nothing is fetched yet.
  ///
  /// - Throws: ``ParquetError`` when the group's metadata contradict themselves.
  public func reader() throws(ParquetError) -> RowGroupReader {
    try RowGroupReader(self)
  }
}

extension ParquetFile {
  /// The row groups that can have rows of a reading.
  ///
  /// - Throws: ``ParquetError`` with code `schemaMismatch` when a column can't be read as the type asked for,
  ///   `unsupported` or `encrypted` when its chunks can't be read at all, `corrupt` when they are not within the file.
  public func rowGroups(_ read: ParquetRead) async throws -> [RowGroupTask] {
    let name = source.name
    return try located(file: name) { () throws(ParquetError) -> [RowGroupTask] in
      let plan = try ReadPlan(schema, schema: read.schema, matching: read.matching)
      var tasks: [RowGroupTask] = []
      for (index, group) in metadata.rowGroups.enumerated() {
        guard group.rowCount > 0 else { continue }
        var ranges: [Range<Int>] = []
        for leaf in plan.leaves {
          let chunk = try group.columns[leaf.index].readableMetadata(column: leaf.name)
          ranges.append(try located(column: leaf.name) { () throws(ParquetError) in try chunk.byteRange(fileSize: size) })
        }
        tasks.append(
          RowGroupTask(
            rowGroup: index, firstRow: firstRows[index], rowCount: Int(group.rowCount), byteRanges: ranges, file: self, read: read, plan: plan))
      }
      return tasks
    }
  }
}
