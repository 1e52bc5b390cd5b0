// Choosing rows and putting tables after each other, array by array.

extension FileTable {
  /// These rows in this order. Texts are shared, not copied.
  package func selecting(_ rows: [Int32]) -> FileTable {
    var result = FileTable()
    result.sizes = Self.gather(sizes, rows)
    result.modificationTimes = Self.gather(modificationTimes, rows)
    result.recordCounts = Self.gather(recordCounts, rows)
    result.dataChanges = Self.gather(dataChanges, rows)
    result.baseRowIds = baseRowIds.map { Self.gather($0, rows) }
    result.defaultRowCommitVersions = defaultRowCommitVersions.map { Self.gather($0, rows) }
    result.sources = sources
    result.sourceIndices = Self.gather(sourceIndices, rows)
    result.sourcePositions = Self.gather(sourcePositions, rows)
    result.statsCounts = Self.gather(statsCounts, rows)
    result.texts = texts
    result.pathPlaces = Self.gather(pathPlaces, rows)
    result.pathCounts = Self.gather(pathCounts, rows)
    result.keyHashes = Self.gather(keyHashes, rows)
    result.partitionColumns = partitionColumns.map {
      PartitionColumn(name: $0.name, codes: Self.gather($0.codes, rows), values: $0.values)
    }
    if let deletionVectorIndices {
      result.deletionVectorIndices = rows.map { row in
        let index = deletionVectorIndices[Int(row)]
        guard index >= 0 else { return -1 }
        result.deletionVectors.append(deletionVectors[Int(index)])
        return Int32(result.deletionVectors.count - 1)
      }
      if result.deletionVectors.count == 0 { result.deletionVectorIndices = nil }
    }
    if !extras.isEmpty {
      for (index, row) in rows.enumerated() { result.extras[index] = extras[Int(row)] }
    }
    return result
  }

  private static func gather<Value: BitwiseCopyable>(_ values: [Value], _ rows: [Int32]) -> [Value] {
    [Value](unsafeUninitializedCapacity: rows.count) { target, count in
      values.withUnsafeBufferPointer { source in
        for index in 0..<rows.count { target.initializeElement(at: index, to: source[Int(rows[index])]) }
      }
      count = rows.count
    }
  }

  /// Makes room for rows to come, so that appending tables copies each once.
  mutating func reserve(_ rows: Int) {
    sizes.reserveCapacity(rows)
    modificationTimes.reserveCapacity(rows)
    recordCounts.reserveCapacity(rows)
    dataChanges.reserveCapacity(rows)
    baseRowIds?.reserveCapacity(rows)
    defaultRowCommitVersions?.reserveCapacity(rows)
    deletionVectorIndices?.reserveCapacity(rows)
    sourceIndices.reserveCapacity(rows)
    sourcePositions.reserveCapacity(rows)
    statsCounts.reserveCapacity(rows)
    pathPlaces.reserveCapacity(rows)
    pathCounts.reserveCapacity(rows)
    keyHashes.reserveCapacity(rows)
    for index in partitionColumns.indices { partitionColumns[index].codes.reserveCapacity(rows) }
  }

  /// Puts another table's rows after these.
  package mutating func append(_ other: FileTable) throws(DeltaError) {
    let (rows, added) = (count, other.count)
    guard added > 0 else { return }
    try appendPartitions(other, rows)
    let movedChunks = texts.append(contentsOf: other.texts)
    let movedSources = appendSources(other.sources)
    let movedVectors = Int32(deletionVectors.count)
    for vector in 0..<other.deletionVectors.count {
      var row = other.deletionVectors[vector]
      row.place = row.place.moved(by: movedChunks)
      deletionVectors.append(row)
    }
    if deletionVectorIndices != nil || other.deletionVectorIndices != nil {
      var indices = deletionVectorIndices ?? [Int32](repeating: -1, count: rows)
      deletionVectorIndices = nil  // or the append would copy
      indices.reserveCapacity(sizes.capacity)
      if let added = other.deletionVectorIndices {
        indices.append(contentsOf: added.lazy.map { $0 < 0 ? -1 : $0 + movedVectors })
      } else {
        indices.append(contentsOf: repeatElement(-1, count: added))
      }
      deletionVectorIndices = indices
    }
    Self.append(&baseRowIds, other.baseRowIds, rows, added, sizes.capacity)
    Self.append(&defaultRowCommitVersions, other.defaultRowCommitVersions, rows, added, sizes.capacity)
    sourceIndices.append(contentsOf: other.sourceIndices.lazy.map { $0 &+ movedSources })
    sourcePositions.append(contentsOf: other.sourcePositions)
    statsCounts.append(contentsOf: other.statsCounts)
    pathPlaces.append(contentsOf: other.pathPlaces.lazy.map { $0.moved(by: movedChunks) })
    pathCounts.append(contentsOf: other.pathCounts)
    keyHashes.append(contentsOf: other.keyHashes)
    modificationTimes.append(contentsOf: other.modificationTimes)
    recordCounts.append(contentsOf: other.recordCounts)
    dataChanges.append(contentsOf: other.dataChanges)
    for (row, extra) in other.extras { extras[rows + row] = extra }
    sizes.append(contentsOf: other.sizes)
  }

  private static func append(_ values: inout [Int64]?, _ other: [Int64]?, _ rows: Int, _ added: Int, _ capacity: Int) {
    guard values != nil || other != nil else { return }
    var result = values ?? [Int64](repeating: none, count: rows)
    values = nil
    result.reserveCapacity(capacity)
    if let other {
      result.append(contentsOf: other)
    } else {
      result.append(contentsOf: repeatElement(none, count: added))
    }
    values = result
  }

  /// Returns how far the other table's source indices move. Batches of one checkpoint file share their source.
  private mutating func appendSources(_ other: [LogSource]) -> UInt32 {
    if let last = sources.last, let next = other.first, other.count == 1, last.isSameFile(as: next) {
      return UInt32(sources.count - 1)
    }
    sources.append(contentsOf: other)
    return UInt32(sources.count - other.count)
  }

  private mutating func appendPartitions(_ other: FileTable, _ rows: Int) throws(DeltaError) {
    for column in other.partitionColumns {
      let index: Int
      if let known = partitionColumns.firstIndex(where: { $0.name == column.name }) {
        index = known
      } else {
        guard partitionColumns.count < Self.maximumPartitionColumns else { throw .tooManyPartitionColumns() }
        index = partitionColumns.count
        partitionColumns.append(PartitionColumn(name: column.name, absent: rows))
        partitionColumns[index].codes.reserveCapacity(sizes.capacity)
      }
      let codes = partitionColumns[index].values.merge(column.values)
      partitionColumns[index].codes.append(contentsOf: column.codes.lazy.map { $0 < 0 ? $0 : codes[Int($0)] })
    }
    for index in partitionColumns.indices {
      let missing = rows + other.count - partitionColumns[index].codes.count
      partitionColumns[index].codes.append(contentsOf: repeatElement(PartitionColumn.absent, count: missing))
    }
  }
}

extension DeltaError {
  static func tooManyPartitionColumns(fileID: String = #fileID, line: Int = #line) -> DeltaError {
    .corruptLog(
      "The files of the table name more than \(FileTable.maximumPartitionColumns) partition columns.", fileID: fileID,
      line: line)
  }
}
