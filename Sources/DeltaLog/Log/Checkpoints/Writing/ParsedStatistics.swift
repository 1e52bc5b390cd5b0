internal import Columnar

/// Statistics as typed columns, `add.stats_parsed`: the JSON text of each file taken apart.
///
/// Bounds come out as wide as a reader would take the text, never narrower.
///
/// Spec: Delta § Checkpoint Schema
struct ParsedStatistics {
  private let type: StructType
  private let columns: [StatisticsColumn]

  /// - Parameter type: as ``StatisticsSelection/parsedType`` makes it.
  init(_ type: StructType) {
    self.type = type
    var columns: [StatisticsColumn] = []
    if case .struct(let counts)? = type["nullCount"]?.type { Self.collect(counts, [], &columns) }
    let values = type["minValues"].flatMap { if case .struct(let type) = $0.type { type } else { nil } }
    self.columns = columns.map { column in
      var column = column
      column.type = values.flatMap { Self.leaf(column.physicalPath.names[...], in: $0) } ?? .binary
      return column
    }
  }

  /// A row for each file; null without statistics.
  func column(_ texts: [String?]) -> Column {
    column(count: texts.count) { read in
      for (row, text) in texts.enumerated() {
        guard var text else { continue }
        text.withUTF8 { read(row, UnsafeRawBufferPointer($0)) }
      }
    }
  }

  /// The same, by a column of texts; `nil`: no file has statistics.
  func column(_ texts: TextLeaf?, count: Int) -> Column {
    column(count: count) { read in
      guard let texts else { return }
      for row in 0..<count where !texts.isNull(row) { read(row, UnsafeRawBufferPointer(texts.bytes(row))) }
    }
  }

  /// - Parameter forEachText: hands every text that is there to its argument, with the row.
  private func column(count: Int, _ forEachText: ((Int, UnsafeRawBufferPointer) -> Void) -> Void) -> Column {
    var table = StatisticsTable(columns: columns, count: count)
    var isThere = [UInt8](repeating: 0, count: count)
    forEachText { row, text in
      table.read(text, into: row)
      isThere[row] = 1
    }
    let validity = isThere.contains(0) ? Bitmap(nonzero: isThere) : nil
    var fields: [(name: String, column: Column)] = []
    for field in type.fields {
      let column: Column
      switch field.name {
      case "numRecords": column = Self.counts(table.rowCounts)
      case "tightBounds":
        column = Column(
          .boolean, count: count, validity: validity,
          storage: .boolean(Bitmap(nonzero: table.hasWideBounds.map { 1 - $0 })))
      case "minValues", "maxValues", "nullCount": column = tree(field, [], table, validity)
      default: column = Column(nulls: count, of: field.type)
      }
      fields.append((field.name, column))
    }
    return Column(fields: fields, count: count, validity: validity)
  }

  /// Counts of which a negative one is not known.
  private static func counts(_ counts: [Int64]) -> Column {
    Column(
      .long, count: counts.count, validity: Bitmap(nonzero: counts.map { $0 < 0 ? 0 : 1 }),
      storage: .fixed(Buffer(copying: counts)))
  }

  /// The column of one kind of statistic, or of a struct inside of it.
  private func tree(
    _ field: StructField, _ path: [String], _ table: StatisticsTable, _ validity: Bitmap?
  ) -> Column {
    guard case .struct(let type) = field.type else { return Column(nulls: table.count, of: field.type) }
    return Column(
      fields: type.fields.map { child in
        let childPath = path + [child.name]
        if case .struct = child.type {
          // The kind of statistic stays the outermost name.
          let nested = StructField(field.name, child.type)
          return (child.name, tree(nested, childPath, table, validity))
        }
        return (child.name, leaf(field.name, childPath, child.type, table))
      }, count: table.count, validity: validity)
  }

  private func leaf(_ kind: String, _ path: [String], _ type: DataType, _ table: StatisticsTable) -> Column {
    guard let index = columns.firstIndex(where: { $0.physicalPath.names == path }) else {
      return Column(nulls: table.count, of: type)
    }
    let entry = table.entries[index]
    if kind == "nullCount" { return Self.counts(entry.nullCounts) }
    let lane = kind == "minValues" ? entry.minima : entry.maxima
    return lane?.column(of: type) ?? Column(nulls: table.count, of: type)
  }

  private static func collect(_ type: StructType, _ path: [String], _ columns: inout [StatisticsColumn]) {
    for field in type.fields {
      let path = path + [field.name]
      if case .struct(let type) = field.type {
        collect(type, path, &columns)
      } else {
        columns.append(StatisticsColumn(path: ColumnPath(path), physicalPath: ColumnPath(path), type: field.type))
      }
    }
  }

  private static func leaf(_ path: ArraySlice<String>, in type: StructType) -> DataType? {
    guard let name = path.first, let field = type[name] else { return nil }
    if path.count == 1 { return field.type }
    guard case .struct(let type) = field.type else { return nil }
    return leaf(path.dropFirst(), in: type)
  }
}
