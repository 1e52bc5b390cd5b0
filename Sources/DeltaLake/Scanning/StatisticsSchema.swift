internal import Columnar
internal import DeltaLog

/// The statistics columns of a checkpoint: which to ask for, and how to take them.
///
/// Spec: Delta § Checkpoint Schema
enum StatisticsSchema {
  /// Whether a checkpoint has statistics as columns.
  static func holdsParsedStatistics(_ checkpoint: Schema) -> Bool {
    guard case .struct(let add)? = checkpoint["add"]?.type, case .struct(let parsed)? = add["stats_parsed"]?.type
    else { return false }
    return parsed["numRecords"] != nil
  }

  /// `stats_parsed` for just these columns.
  static func parsed(_ columns: [StatisticsColumn]) -> StructType {
    var values = Tree()
    var counts = Tree()
    for column in columns {
      values.insert(column.physicalPath.names[...], column.type)
      counts.insert(column.physicalPath.names[...], .long)
    }
    return parsed(values: values, counts: counts)
  }

  /// `stats_parsed` for all that files are to have statistics of; nulls are counted of columns without bounds, too.
  static func parsed(_ selection: StatisticsSelection) -> StructType {
    var values = Tree()
    var counts = Tree()
    for leaf in selection.leaves {
      if leaf.hasBounds { values.insert(leaf.physicalPath.names[...], leaf.type) }
      counts.insert(leaf.physicalPath.names[...], .long)
    }
    return parsed(values: values, counts: counts)
  }

  private static func parsed(values: Tree, counts: Tree) -> StructType {
    var fields = [StructField("numRecords", .long), StructField("tightBounds", .boolean)]
    // Groups without fields are nothing that Parquet can hold.
    if !values.isEmpty {
      fields += [StructField("minValues", .struct(values.type)), StructField("maxValues", .struct(values.type))]
    }
    if !counts.isEmpty { fields.append(StructField("nullCount", .struct(counts.type))) }
    return StructType(fields)
  }

  /// Whether the rows of an `add` column are these files, by their paths.
  static func names(_ add: Column, _ files: [Int], of table: FileTable) throws -> Bool {
    guard case .structure(let children) = add.storage, case .struct(let type) = add.type,
      let index = type.index(of: "path"), children[index].nullCount == 0
    else { return false }
    let paths = try children[index].decoded()
    guard case .bytes(let offsets, let data) = paths.storage, paths.count == files.count else { return false }
    return offsets.withValues(of: Int32.self) { offsets in
      data.withUnsafeBytes { data in
        files.indices.allSatisfy { row in
          let path = UnsafeRawBufferPointer(rebasing: data[Int(offsets[row])..<Int(offsets[row + 1])])
          return table.path(at: files[row]).utf8.elementsEqual(path)
        }
      }
    }
  }

  /// Takes the statistics of the rows of an `add` column.
  static func read(_ add: Column, into table: inout StatisticsTable) {
    guard case .structure(let children) = add.storage, case .struct(let type) = add.type else { return }
    if let index = type.index(of: "stats_parsed") {
      table.read(children[index])
    } else if let index = type.index(of: "stats") {
      guard let stats = try? children[index].decoded(), case .bytes(let offsets, let data) = stats.storage else {
        return
      }
      offsets.withValues(of: Int32.self) { offsets in
        data.withUnsafeBytes { data in
          for row in 0..<stats.count where !stats.isNull(row) && offsets[row + 1] > offsets[row] {
            table.read(UnsafeRawBufferPointer(rebasing: data[Int(offsets[row])..<Int(offsets[row + 1])]), into: row)
          }
        }
      }
    }
  }

  /// Fields in the order they came, nested by path.
  private struct Tree {
    private var names: [String] = []
    private var children: [Tree] = []
    private var leaves: [DataType?] = []

    mutating func insert(_ path: ArraySlice<String>, _ type: DataType) {
      guard let name = path.first else { return }
      var index = names.firstIndex(of: name)
      if index == nil {
        names.append(name)
        children.append(Tree())
        leaves.append(nil)
        index = names.count - 1
      }
      guard let index else { return }
      if path.count == 1 { leaves[index] = type } else { children[index].insert(path.dropFirst(), type) }
    }

    var isEmpty: Bool { names.isEmpty }

    var type: StructType {
      StructType(
        names.indices.map { StructField(names[$0], leaves[$0] ?? .struct(children[$0].type)) })
    }
  }
}
