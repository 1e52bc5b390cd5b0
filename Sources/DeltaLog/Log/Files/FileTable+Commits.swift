// Rows from the JSON of commits, one by one.

extension FileTable {
  /// Adds a row for an add or remove. `path` are its unescaped bytes; the action's source is the last of ``sources``.
  mutating func append(
    _ action: ScannedFileAction, path: UnsafeBufferPointer<UInt8>, keyHash: UInt32, in json: JSONScanner,
    keepingExtras: Bool
  ) throws(JSONSyntaxError) {
    let row = count
    pathPlaces.append(texts.append(path))
    pathCounts.append(UInt32(path.count))
    keyHashes.append(keyHash)
    modificationTimes.append(action.modificationTime ?? action.deletionTimestamp ?? 0)
    dataChanges.append(action.dataChange ?? true)
    sourceIndices.append(UInt32(sources.count - 1))
    sourcePositions.append(action.stats.isAbsent ? 0 : UInt32(action.stats.start))
    statsCounts.append(action.stats.isAbsent ? 0 : UInt32(action.stats.count))
    recordCounts.append(StatsText.recordCount(json, action.stats) ?? -1)
    Self.append(action.baseRowId, to: &baseRowIds, row)
    Self.append(action.defaultRowCommitVersion, to: &defaultRowCommitVersions, row)
    try appendVector(action.deletionVector, row, json)
    try appendPartitionValues(action.partitionValues, row, json)
    if keepingExtras {
      let extra = FileExtras(
        tags: try json.stringMap(action.tags),
        clusteringProvider: action.clusteringProvider.isAbsent ? nil : json.string(action.clusteringProvider),
        extendedFileMetadata: action.extendedFileMetadata)
      if extra != FileExtras() { extras[row] = extra }
    }
    sizes.append(action.size ?? -1)
  }

  private static func append(_ value: Int64?, to values: inout [Int64]?, _ row: Int) {
    guard value != nil || values != nil else { return }
    if values == nil { values = [Int64](repeating: none, count: row) }
    values?.append(value ?? none)
  }

  private mutating func appendVector(
    _ vector: ScannedDeletionVector, _ row: Int, _ json: JSONScanner
  ) throws(JSONSyntaxError) {
    if vector.isAbsent {
      deletionVectorIndices?.append(-1)
      return
    }
    let letter = json.bytes(vector.storageType)
    guard letter.count == 1, letter[0] < 0x80, let size = Int32(exactly: vector.sizeInBytes ?? 0),
      vector.offset.map({ Int32(exactly: $0) != nil }) ?? true
    else { throw JSONSyntaxError(.wrongType(expected: "a deletion vector"), at: vector.storageType.start) }
    if deletionVectorIndices == nil { deletionVectorIndices = [Int32](repeating: -1, count: row) }
    deletionVectorIndices?.append(Int32(deletionVectors.count))
    let text = json.bytes(vector.pathOrInlineDv)
    deletionVectors.append(
      DeletionVectorTable.Row(
        place: text.withUnsafeBufferPointer { texts.append($0) }, textCount: UInt32(text.count),
        storageType: letter[0], offset: vector.offset ?? DeletionVectorTable.noOffset, size: size,
        cardinality: vector.cardinality ?? 0))
  }

  private mutating func appendPartitionValues(
    _ map: JSONText, _ row: Int, _ json: JSONScanner
  ) throws(JSONSyntaxError) {
    for index in partitionColumns.indices { partitionColumns[index].codes.append(PartitionColumn.absent) }
    if map.isAbsent || map.count <= 2 { return }
    var scanner = json
    scanner.position = map.start
    try scanner.beginObject()
    var isFirst = true
    while let key = try scanner.nextKey(&isFirst) {
      let column = try partitionIndex(key, row, scanner)
      var code = PartitionColumn.null
      if try !scanner.takeNull() {
        let isText = try scanner.peek() == UInt8(ascii: "\"")
        let value = isText ? try scanner.readString() : try scanner.readRaw()
        code = scanner.withBytes(of: value) { partitionColumns[column].values.code(of: $0) }
      }
      partitionColumns[column].codes[row] = code
    }
  }

  private mutating func partitionIndex(
    _ key: JSONText, _ row: Int, _ json: JSONScanner
  ) throws(JSONSyntaxError) -> Int {
    for index in partitionColumns.indices where json.matches(key, partitionColumns[index].name) { return index }
    guard partitionColumns.count < Self.maximumPartitionColumns else { throw JSONSyntaxError(.tooDeep, at: key.start) }
    partitionColumns.append(PartitionColumn(name: json.string(key), absent: row + 1))
    return partitionColumns.count - 1
  }
}
