internal import Columnar

/// Partition values as typed columns, `add.partitionValues_parsed`.
///
/// Spec: Delta § Checkpoint Schema
struct ParsedPartitionValues {
  private let type: StructType

  /// - Parameter type: the partition columns by their physical names.
  init(_ type: StructType) {
    self.type = type
  }

  /// - Throws: `corruptLog` for a text that is no value of its column's type.
  func column(_ values: [[String: String?]?]) throws(DeltaError) -> Column {
    var fields: [(name: String, column: Column)] = []
    for field in type.fields {
      var scalars: [Scalar] = []
      scalars.reserveCapacity(values.count)
      for map in values {
        let text = map?[field.name] ?? nil
        scalars.append(try PartitionValues.scalar(text, of: field.type, column: field.name))
      }
      guard let column = Column(scalars: scalars, of: field.type) else {
        throw .corruptLog("The partition column \(field.name) has values that its type \(field.type) can't hold.")
      }
      fields.append((field.name, column))
    }
    return Column(
      fields: fields, count: values.count,
      validity: values.contains { $0 == nil } ? Bitmap(values.map { $0 != nil }) : nil)
  }
}
