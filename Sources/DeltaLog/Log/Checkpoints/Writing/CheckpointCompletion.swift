package import Columnar

/// Makes rows of an older checkpoint, whose writer may have kept statistics in the other form, rows of a new one.
///
/// Spec: Delta § Checkpoint Schema
package struct CheckpointCompletion: Sendable {
  private let layout: CheckpointLayout
  private let schema: Schema
  /// How the text of statistics is made where the older checkpoint may lack it; `nil`: it has what there is.
  private let text: ParsedStatisticsText?

  /// - Parameter text: for an older checkpoint, or a file of one, that has typed statistics without their text.
  package init(_ layout: CheckpointLayout, making text: ParsedStatisticsText? = nil) {
    self.layout = layout
    self.text = layout.hasJSONStatistics ? text : nil
    schema = layout.schema
  }

  /// What to read of the older checkpoint: its files, with their statistics in both forms where either may be missing.
  package var schemaToRead: Schema {
    var read = layout
    read.hasTableActions = false
    read.hasJSONStatistics = true
    read.parsedPartitionValues = nil
    if let text { read.parsedStatistics = text.type }
    return read.schema
  }

  /// A batch of ``schemaToRead``, without rows that are no files, as a batch of the layout.
  ///
  /// - Throws: `corruptLog` for partition values that are none of their column's type.
  package func complete(_ batch: RecordBatch) throws(DeltaError) -> RecordBatch {
    var columns: [Column] = []
    for field in schema.fields {
      switch field.name {
      case "add": columns.append(try add(batch["add"], field, batch.rowCount))
      case "remove": columns.append(batch["remove"] ?? Column(nulls: batch.rowCount, of: field.type))
      default: columns.append(Column(nulls: batch.rowCount, of: field.type))
      }
    }
    return RecordBatch(schema: schema, columns: columns, rowCount: batch.rowCount)
  }

  private func add(_ column: Column?, _ field: StructField, _ count: Int) throws(DeltaError) -> Column {
    guard let column, let leaf = StructLeaf(column), case .struct(let type) = field.type else {
      return Column(nulls: count, of: field.type)
    }
    var children: [Column] = []
    let made = text.map { completed(leaf, $0, count) }
    for child in type.fields {
      let found = leaf[child.name]
      switch child.name {
      case "stats":
        children.append(made.map { Column(strings: $0) } ?? found ?? Column(nulls: count, of: child.type))
      case "stats_parsed":
        if let made, let parsed = layout.parsedStatistics {
          children.append(ParsedStatistics(parsed).column(made))
          continue
        }
        let isComplete = found.map { $0.nullCount <= column.nullCount } ?? false
        if isComplete, let found {
          children.append(found)
        } else if let parsed = layout.parsedStatistics {
          children.append(ParsedStatistics(parsed).column(TextLeaf(leaf["stats"]), count: count))
        }
      case "partitionValues_parsed":
        guard let parsed = layout.parsedPartitionValues else { continue }
        children.append(
          try ParsedPartitionValues(parsed).column(TextMapLeaf(leaf["partitionValues"]), count: count))
      default: children.append(found ?? Column(nulls: count, of: child.type))
      }
    }
    let named = zip(type.fields, children).map { $1.relabeled(as: $0.type) ?? Column(nulls: count, of: $0.type) }
    return Column(field.type, count: count, validity: column.validity, storage: .structure(named))
  }

  /// The texts that are there, and those that typed statistics make.
  private func completed(_ add: StructLeaf, _ text: ParsedStatisticsText, _ count: Int) -> [String?] {
    let present = texts(add["stats"], count)
    let made = text.texts(add["stats_parsed"]) { present[$0] == nil }
    return zip(present, made).map { $0 ?? $1 }
  }

  private func texts(_ column: Column?, _ count: Int) -> [String?] {
    guard let texts = TextLeaf(column) else { return [String?](repeating: nil, count: count) }
    return (0..<count).map { texts.string($0) }
  }
}
