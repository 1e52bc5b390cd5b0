internal import Columnar

/// The `add` or `remove` column of a batch, to become rows of a ``FileTable``.
///
/// First the keys: hashed, and looked up among the newer files. Then the surviving rows of each leaf in one loop.
struct CheckpointFiles {
  let action: StructLeaf
  let isAdd: Bool
  let source: LogSource
  /// The batch's first row in its file.
  let firstRow: UInt32
  let keepsExtras: Bool

  func table(_ candidates: [Int32], unless newer: NewerFiles) throws(CheckpointDamage) -> FileTable {
    let keys = try CheckpointKeys(action)
    let (rows, hashes) = try keys.survivors(candidates, unless: newer)
    var table = FileTable()
    if rows.isEmpty { return table }
    table.keyHashes = hashes
    table.sources = [source]
    table.sourceIndices = [UInt32](repeating: 0, count: rows.count)
    table.sourcePositions = rows.map { firstRow &+ UInt32($0) }
    table.statsCounts = [UInt32](repeating: 0, count: rows.count)
    gatherPaths(keys.paths, rows, into: &table)
    try gatherNumbers(rows, into: &table)
    try keys.vectors?.gather(rows, into: &table)
    try gatherPartitions(rows, into: &table)
    if keepsExtras { gatherExtras(rows, into: &table) }
    return table
  }

  // MARK: Leaves

  private func gatherPaths(_ paths: TextLeaf, _ rows: [Int32], into table: inout FileTable) {
    let byteCount = rows.reduce(0) { $0 &+ paths.bytes(Int($1)).count }
    table.pathCounts = [UInt32](repeating: 0, count: rows.count)
    var starts = [Int](repeating: 0, count: rows.count)
    let chunk = [UInt8](unsafeUninitializedCapacity: byteCount) { target, filled in
      var position = 0
      for (index, row) in rows.enumerated() {
        let path = paths.bytes(Int(row))
        if let source = path.baseAddress, path.count > 0, let base = target.baseAddress {
          (base + position).update(from: source, count: path.count)
        }
        starts[index] = position
        table.pathCounts[index] = UInt32(path.count)
        position &+= path.count
      }
      filled = position
    }
    let number = table.texts.append(chunk: chunk)
    table.pathPlaces = starts.map { TextArena.Place(chunk: number, byte: $0) }
  }

  private func gatherNumbers(_ rows: [Int32], into table: inout FileTable) throws(CheckpointDamage) {
    let sizes = NumberLeaf(action["size"])?.gather(rows, missing: -1)
    table.sizes = sizes ?? [Int64](repeating: -1, count: rows.count)
    if isAdd, let index = table.sizes.firstIndex(where: { $0 < 0 }) {
      throw CheckpointDamage(problem: "an add action without a size", row: rows[index])
    }
    let times = NumberLeaf(action[isAdd ? "modificationTime" : "deletionTimestamp"])
    table.modificationTimes = times?.gather(rows, missing: 0) ?? [Int64](repeating: 0, count: rows.count)
    table.baseRowIds = rowTracking("baseRowId", rows)
    table.defaultRowCommitVersions = rowTracking("defaultRowCommitVersion", rows)
    table.dataChanges = [Bool](repeating: true, count: rows.count)
    if let changes = BooleanLeaf(action["dataChange"]) {
      for (index, row) in rows.enumerated() { table.dataChanges[index] = changes.value(Int(row)) ?? true }
    }
    table.recordCounts = recordCounts(rows)
  }

  private func rowTracking(_ name: String, _ rows: [Int32]) -> [Int64]? {
    guard let leaf = NumberLeaf(action[name]), leaf.column.nullCount < leaf.column.count else { return nil }
    return leaf.gather(rows, missing: FileTable.none)
  }

  private func recordCounts(_ rows: [Int32]) -> [Int64] {
    if let counts = NumberLeaf(StructLeaf(action["stats_parsed"])?["numRecords"]),
      counts.column.nullCount < counts.column.count
    {
      return counts.gather(rows, missing: -1).map { max($0, -1) }
    }
    if let stats = TextLeaf(action["stats"]), stats.column.nullCount < stats.column.count {
      return rows.map { row in
        stats.isNull(Int(row)) ? -1 : StatsText.recordCount(of: UnsafeRawBufferPointer(stats.bytes(Int(row)))) ?? -1
      }
    }
    return [Int64](repeating: -1, count: rows.count)
  }

  private func gatherPartitions(_ rows: [Int32], into table: inout FileTable) throws(CheckpointDamage) {
    guard let map = TextMapLeaf(action["partitionValues"]) else { return }
    var gatherer = PartitionGatherer(map, rowCount: rows.count)
    for (index, row) in rows.enumerated() {
      for entry in map.entries(Int(row)) {
        guard gatherer.take(entry, for: index) else {
          throw CheckpointDamage(
            problem: "more than \(FileTable.maximumPartitionColumns) partition columns", row: row)
        }
      }
    }
    table.partitionColumns = gatherer.columns
  }

  private func gatherExtras(_ rows: [Int32], into table: inout FileTable) {
    let tags = TextMapLeaf(action["tags"])
    let providers = TextLeaf(action["clusteringProvider"])
    let extended = BooleanLeaf(action["extendedFileMetadata"])
    for (index, row) in rows.enumerated() {
      let extra = FileExtras(
        tags: tags?.map(Int(row)), clusteringProvider: providers?.string(Int(row)),
        extendedFileMetadata: extended?.value(Int(row)))
      if extra != FileExtras() { table.extras[index] = extra }
    }
  }
}

/// What tells the files of an `add` or `remove` column apart: path and deletion vector.
struct CheckpointKeys {
  let paths: TextLeaf
  fileprivate let vectors: VectorLeaves?

  init(_ action: StructLeaf) throws(CheckpointDamage) {
    guard let paths = TextLeaf(action["path"]) else {
      throw CheckpointDamage(problem: "there is no column of paths", row: 0)
    }
    self.paths = paths
    vectors = try VectorLeaves(action["deletionVector"])
  }

  /// The candidates that no newer action names, and their keys' hashes.
  func survivors(
    _ candidates: [Int32], unless newer: NewerFiles
  ) throws(CheckpointDamage) -> (rows: [Int32], hashes: [UInt32]) {
    var rows: [Int32] = []
    var hashes: [UInt32] = []
    rows.reserveCapacity(candidates.count)
    hashes.reserveCapacity(candidates.count)
    let isProbing = !newer.isEmpty
    let hasNulls = paths.column.nullCount > 0
    for candidate in candidates {
      let row = Int(candidate)
      if hasNulls, paths.isNull(row) { throw CheckpointDamage(problem: "an action without a path", row: candidate) }
      let path = paths.bytes(row)
      var hash = BytesKernel.hash(path)
      var letter: UInt8 = 0
      var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
      var offset = DeletionVectorTable.noOffset
      if let vectors, let vector = try vectors.key(row) {
        (letter, text, offset) = vector
        hash = BytesKernel.combine(hash, NewerFiles.vectorHash(letter, text, offset))
      }
      let key = UInt32(truncatingIfNeeded: hash >> 32)
      if isProbing, newer.contains(key, path, letter, text, offset) { continue }
      rows.append(candidate)
      hashes.append(key)
    }
    return (rows, hashes)
  }
}

/// Partition values by code. Repeated keys and values, of a dictionary page or of the row before, aren't hashed again.
private struct PartitionGatherer {
  let map: TextMapLeaf
  let rowCount: Int
  private(set) var columns: [PartitionColumn] = []
  /// By column: the code of each code of the page's dictionary, or -1 when not met yet.
  private var knownCodes: [[Int32]] = []
  /// By column: the code and entry of the last value.
  private var lastEntries: [(entry: Int, code: Int32)] = []
  private var nextColumn = 0

  init(_ map: TextMapLeaf, rowCount: Int) {
    self.map = map
    self.rowCount = rowCount
  }

  /// `false` when there are too many columns.
  mutating func take(_ entry: Int, for index: Int) -> Bool {
    guard let column = column(of: map.keys.bytes(entry)) else { return false }
    columns[column].codes[index] = map.values.isNull(entry) ? PartitionColumn.null : code(of: entry, column)
    return true
  }

  private mutating func column(of key: UnsafeBufferPointer<UInt8>) -> Int? {
    // Writers keep the order of keys, so the column after the last one is the likeliest.
    for step in 0..<columns.count {
      let column = (nextColumn + step) % columns.count
      var name = columns[column].name
      if name.withUTF8({ BytesKernel.equal($0, key) }) {
        nextColumn = column + 1
        return column
      }
    }
    guard columns.count < FileTable.maximumPartitionColumns else { return nil }
    columns.append(PartitionColumn(name: String(decoding: key, as: UTF8.self), absent: rowCount))
    knownCodes.append(map.values.dictionaryCount.map { [Int32](repeating: -1, count: $0) } ?? [])
    lastEntries.append((-1, PartitionColumn.null))
    nextColumn = columns.count
    return columns.count - 1
  }

  private mutating func code(of entry: Int, _ column: Int) -> Int32 {
    let value = map.values.bytes(entry)
    if map.values.dictionaryCount != nil {
      let pageCode = map.values.code(entry)
      if knownCodes[column][pageCode] >= 0 { return knownCodes[column][pageCode] }
      let code = columns[column].values.code(of: value)
      knownCodes[column][pageCode] = code
      return code
    }
    let last = lastEntries[column]
    if last.entry >= 0, BytesKernel.equal(map.values.bytes(last.entry), value) { return last.code }
    let code = columns[column].values.code(of: value)
    lastEntries[column] = (entry, code)
    return code
  }
}

/// The leaves of `deletionVector`.
private struct VectorLeaves {
  private let leaf: StructLeaf
  private let storageTypes: TextLeaf
  private let texts: TextLeaf
  private let offsets: NumberLeaf?
  private let sizes: NumberLeaf?
  private let cardinalities: NumberLeaf?

  /// `nil` when no row has a deletion vector.
  init?(_ column: Column?) throws(CheckpointDamage) {
    guard let leaf = StructLeaf(column), leaf.column.nullCount < leaf.column.count else { return nil }
    guard let types = TextLeaf(leaf["storageType"]), let texts = TextLeaf(leaf["pathOrInlineDv"]) else {
      throw CheckpointDamage(problem: "deletion vectors that say not where they are", row: 0)
    }
    self.leaf = leaf
    storageTypes = types
    self.texts = texts
    offsets = NumberLeaf(leaf["offset"])
    sizes = NumberLeaf(leaf["sizeInBytes"])
    cardinalities = NumberLeaf(leaf["cardinality"])
  }

  /// The parts of the unique id, or `nil` without a vector. Some writers give absent vectors as structs of nulls.
  func key(_ row: Int) throws(CheckpointDamage) -> (UInt8, UnsafeBufferPointer<UInt8>, Int64)? {
    if let validity = leaf.column.validity, !validity.isSet(row) { return nil }
    if storageTypes.isNull(row), texts.isNull(row) { return nil }
    let type = storageTypes.bytes(row)
    guard !storageTypes.isNull(row), !texts.isNull(row), type.count == 1, type[0] < 0x80 else {
      throw CheckpointDamage(problem: "a deletion vector that says not where it is", row: Int32(row))
    }
    return (type[0], texts.bytes(row), offsets?.value(row) ?? DeletionVectorTable.noOffset)
  }

  func gather(_ rows: [Int32], into table: inout FileTable) throws(CheckpointDamage) {
    var indices = [Int32](repeating: -1, count: rows.count)
    for (index, row) in rows.enumerated() {
      guard let (letter, text, offset) = try key(Int(row)) else { continue }
      guard let size = sizes?.value(Int(row)).flatMap(Int32.init(exactly:)) else {
        throw CheckpointDamage(problem: "a deletion vector without a size", row: row)
      }
      indices[index] = Int32(table.deletionVectors.count)
      table.deletionVectors.append(
        DeletionVectorTable.Row(
          place: table.texts.append(text), textCount: UInt32(text.count), storageType: letter, offset: offset,
          size: size, cardinality: cardinalities?.value(Int(row)) ?? 0))
    }
    if table.deletionVectors.count > 0 { table.deletionVectorIndices = indices }
  }
}
