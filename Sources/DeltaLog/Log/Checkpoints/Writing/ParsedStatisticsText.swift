package import Columnar

/// Statistics as JSON text out of typed columns, `add.stats_parsed`, for what some writer kept in that form alone.
///
/// Spec: Delta § Checkpoint Schema
package struct ParsedStatisticsText: Sendable {
  private let selection: StatisticsSelection

  /// - Parameter partitionColumns: by logical name.
  package init(_ mapping: ColumnMapping, partitionColumns: [String]) {
    selection = StatisticsSelection(all: mapping, partitionColumns: partitionColumns)
  }

  /// What to read of `stats_parsed`; what a file lacks is to come back as nulls.
  package var type: StructType { selection.parsedType }

  /// A text for each row of a column of ``type``; `nil` where the number of records is not known, and for rows that are not
  /// wanted.
  package func texts(_ column: Column?, where isWanted: (Int) -> Bool) -> [String?] {
    guard let column else { return [] }
    var texts = [String?](repeating: nil, count: column.count)
    guard let counts = column.nested(["numRecords"]) else { return texts }
    let tight = column.nested(["tightBounds"])
    let leaves = selection.leaves.map { leaf in
      (
        min: leaf.hasBounds ? column.nested(["minValues"] + leaf.physicalPath.names) : nil,
        max: leaf.hasBounds ? column.nested(["maxValues"] + leaf.physicalPath.names) : nil,
        nullCount: column.nested(["nullCount"] + leaf.physicalPath.names)
      )
    }
    for row in 0..<column.count where isWanted(row) {
      guard case .long(let rowCount) = counts.scalar(at: row), rowCount >= 0 else { continue }
      let found = leaves.map { leaf in
        DataLeafStatistics(
          nullCount: leaf.nullCount?.long(at: row), min: leaf.min?.value(at: row), max: leaf.max?.value(at: row))
      }
      var isTight: Bool?
      if case .boolean(let flag)? = tight?.scalar(at: row) { isTight = flag }
      texts[row] = StatisticsJSON.text(rowCount: rowCount, selection, found, tightBounds: isTight)
    }
    return texts
  }
}

extension StatisticsSelection {
  /// The type of `stats_parsed`: every column counts nulls, and those that have an order have bounds.
  package var parsedType: StructType {
    let bounds = StatisticsTree.type(of: leaves.filter(\.hasBounds)) { $0.type }
    let counts = StatisticsTree.type(of: leaves) { _ in .long }
    var fields = [StructField("numRecords", .long)]
    if !bounds.fields.isEmpty {
      fields += [StructField("minValues", .struct(bounds)), StructField("maxValues", .struct(bounds))]
    }
    if !counts.fields.isEmpty { fields.append(StructField("nullCount", .struct(counts))) }
    return StructType(fields + [StructField("tightBounds", .boolean)])
  }
}

extension Column {
  /// A field by its path through structs, null where a struct around it is; `nil` when it isn't there.
  fileprivate func nested(_ path: [String]) -> Column? {
    var column = self
    for name in path {
      guard case .struct(let type) = column.type, case .structure(let children) = column.storage,
        let index = type.index(of: name), index < children.count
      else { return nil }
      column = children[index].masked(by: column.validity)
    }
    return column
  }

  fileprivate func value(at row: Int) -> Scalar? {
    let scalar = scalar(at: row)
    return scalar.isNull ? nil : scalar
  }

  fileprivate func long(at row: Int) -> Int64? { if case .long(let value) = scalar(at: row) { value } else { nil } }
}
