package import Columnar

/// The columns of a table whose files' statistics are recorded: the first ones, or those that the table's properties name.
///
/// Every leaf that is not nested in a list or map counts, and lists and maps count as one leaf that has only a null count.
/// Partition columns have no statistics: their values say it all.
///
/// Spec: Delta § Per-file Statistics
package struct StatisticsSelection: Hashable, Sendable {
  package struct Leaf: Hashable, Sendable {
    /// As users name it.
    package var path: ColumnPath
    /// As statistics name it.
    package var physicalPath: ColumnPath
    package var type: DataType

    /// Whether the least and greatest value are recorded, too.
    package var hasBounds: Bool {
      switch type {
      case .byte, .short, .integer, .long, .float, .double, .decimal, .string, .date, .timestamp, .timestampNtz: true
      default: false
      }
    }
  }

  /// In schema order.
  package let leaves: [Leaf]
  /// How much of a text its bounds keep, in characters; of 0, texts have no bounds.
  package let prefixLength: Int

  /// - Parameters:
  ///   - partitionColumns: by logical name.
  ///   - clusteringColumns: have statistics whatever the properties say.
  package init(
    _ mapping: ColumnMapping, partitionColumns: [String], properties: TableProperties,
    clusteringColumns: [ColumnPath] = []
  ) {
    let all = Self.leaves(of: mapping, without: Set(partitionColumns.map { $0.lowercased() }))
    prefixLength = properties.statisticsPrefixLength
    if let wanted = properties.statisticsColumns {
      let paths = (wanted + clusteringColumns.map(\.names)).map { $0.map { $0.lowercased() } }
      leaves = all.filter { leaf in
        let names = leaf.path.names.map { $0.lowercased() }
        return paths.contains { names.starts(with: $0) }
      }
    } else {
      let limit = properties.indexedColumnLimit ?? all.count
      leaves = all.enumerated().filter { index, leaf in
        index < limit || clusteringColumns.contains { leaf.path.names.starts(with: $0.names) }
      }.map(\.element)
    }
  }

  /// All columns, whatever the table's properties say, and bounds as they are: for statistics that others have made.
  package init(all mapping: ColumnMapping, partitionColumns: [String]) {
    leaves = Self.leaves(of: mapping, without: Set(partitionColumns.map { $0.lowercased() }))
    prefixLength = .max
  }

  private static func leaves(of mapping: ColumnMapping, without partitionColumns: Set<String>) -> [Leaf] {
    var leaves: [Leaf] = []
    func visit(_ logical: StructType, _ physical: StructType, _ names: [String], _ physicalNames: [String]) {
      for (field, stored) in zip(logical.fields, physical.fields) {
        if names.isEmpty, partitionColumns.contains(field.name.lowercased()) { continue }
        let path = names + [field.name]
        let physicalPath = physicalNames + [stored.name]
        if case .struct(let inner) = field.type, case .struct(let storedInner) = stored.type {
          visit(inner, storedInner, path, physicalPath)
        } else {
          leaves.append(Leaf(path: ColumnPath(path), physicalPath: ColumnPath(physicalPath), type: field.type))
        }
      }
    }
    visit(mapping.logicalSchema, mapping.physicalSchema, [], [])
    return leaves
  }

  /// Fails for a list of columns that the table can't have statistics of.
  ///
  /// - Throws: `invalidArgument` naming the column.
  package static func check(
    _ paths: [[String]], in schema: StructType, partitionColumns: [String]
  ) throws(DeltaError) {
    var seen: Set<[String]> = []
    for path in paths {
      let name = path.joined(separator: ".")
      guard seen.insert(path.map { $0.lowercased() }).inserted else {
        throw .invalidArgument("delta.dataSkippingStatsColumns names '\(name)' twice.")
      }
      if path.count == 1, partitionColumns.contains(where: { $0.lowercased() == path[0].lowercased() }) {
        throw .invalidArgument(
          "delta.dataSkippingStatsColumns names the partition column '\(name)', which needs no statistics.")
      }
      var type = DataType.struct(schema)
      for part in path {
        guard case .struct(let fields) = type,
          let field = fields.fields.first(where: { $0.name.lowercased() == part.lowercased() })
        else {
          let known = schema.fields.map(\.name)
          let near = path.count == 1 ? Suggestion.nearest(to: name, among: known) : nil
          throw .invalidArgument(
            "delta.dataSkippingStatsColumns names '\(name)', which is no column of the table."
              + (near.map { " Did you mean \($0)?" } ?? ""))
        }
        type = field.type
      }
    }
  }
}
