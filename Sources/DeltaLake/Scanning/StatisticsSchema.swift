internal import Columnar
internal import DeltaLog
internal import Parquet

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

  /// How the text of a checkpoint's statistics is made, when it has typed ones and not the text of each.
  ///
  /// - Parameter snapshot: of the table, for its columns.
  static func text(for snapshot: Snapshot, missingIn checkpoint: ParquetFile) throws -> ParsedStatisticsText? {
    guard holdsParsedStatistics(checkpoint.rowSchema), !hasText(checkpoint) else { return nil }
    return ParsedStatisticsText(try snapshot.columnMapping(), partitionColumns: snapshot.metadata.partitionColumns)
  }

  /// Whether there are as many texts as files, as far as the checkpoint's own statistics say.
  private static func hasText(_ checkpoint: ParquetFile) -> Bool {
    func leaf(_ path: [String]) -> Int? { checkpoint.schema.leaves.firstIndex { $0.path == path } }
    guard let text = leaf(["add", "stats"]), let path = leaf(["add", "path"]) else { return false }
    return checkpoint.metadata.rowGroups.allSatisfy { rowGroup in
      guard text < rowGroup.columns.count, path < rowGroup.columns.count,
        let missing = rowGroup.columns[text].metadata?.statistics?.nullCount,
        let others = rowGroup.columns[path].metadata?.statistics?.nullCount
      else { return false }
      return missing == others
    }
  }

  /// `stats_parsed` for just these columns.
  static func parsed(_ columns: [StatisticsColumn]) -> StructType {
    var values = Tree()
    var counts = Tree()
    for column in columns {
      values.insert(column.physicalPath.names[...], column.type)
      counts.insert(column.physicalPath.names[...], .long)
    }
    var fields = [StructField("numRecords", .long), StructField("tightBounds", .boolean)]
    if !columns.isEmpty {
      fields += [
        StructField("minValues", .struct(values.type)), StructField("maxValues", .struct(values.type)),
        StructField("nullCount", .struct(counts.type)),
      ]
    }
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

    var type: StructType {
      StructType(
        names.indices.map { StructField(names[$0], leaves[$0] ?? .struct(children[$0].type)) })
    }
  }
}
