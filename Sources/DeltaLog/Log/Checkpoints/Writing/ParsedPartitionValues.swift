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
      var distinct = DistinctValues(field)
      for map in values { try distinct.append(map?[field.name] ?? nil) }
      fields.append((field.name, try distinct.column()))
    }
    return Column(
      fields: fields, count: values.count,
      validity: values.contains { $0 == nil } ? Bitmap(values.map { $0 != nil }) : nil)
  }

  /// The same, by a column of maps; `nil`: no file has values.
  func column(_ maps: TextMapLeaf?, count: Int) throws(DeltaError) -> Column {
    guard let maps else { return Column(nulls: count, of: .struct(type)) }
    var fields: [(name: String, column: Column)] = []
    for field in type.fields {
      var distinct = DistinctValues(field)
      let name = Array(field.name.utf8)
      for row in 0..<count { try distinct.append(maps.values, at: maps.entry(of: name, row)) }
      fields.append((field.name, try distinct.column()))
    }
    return Column(fields: fields, count: count, validity: maps.column.validity)
  }
}

/// The values of one partition column, each text parsed once: many files share few.
private struct DistinctValues {
  private let field: StructField
  private var scalars: [Scalar] = []
  private var indices: [Int32] = []
  private var byText: [ExactText?: Int32] = [:]
  /// By the code of a dictionary-coded column.
  private var byCode: [Int32] = []

  init(_ field: StructField) {
    self.field = field
  }

  mutating func append(_ text: String?) throws(DeltaError) { indices.append(try index(of: text)) }

  /// - Parameter entry: `nil`: the file has no value.
  mutating func append(_ texts: TextLeaf, at entry: Int?) throws(DeltaError) {
    // A dictionary that is much larger than the batch is not worth a table.
    guard let entry, let count = texts.dictionaryCount, count <= 4 * texts.column.count, !texts.isNull(entry) else {
      return try append(entry.flatMap(texts.string))
    }
    if byCode.isEmpty { byCode = [Int32](repeating: -1, count: count) }
    let code = texts.code(entry)
    if byCode[code] < 0 { byCode[code] = try index(of: texts.string(entry)) }
    indices.append(byCode[code])
  }

  private mutating func index(of text: String?) throws(DeltaError) -> Int32 {
    let key = text.map(ExactText.init)
    if let known = byText[key] { return known }
    let index = Int32(scalars.count)
    scalars.append(try PartitionValues.scalar(text, of: field.type, column: field.name))
    byText[key] = index
    return index
  }

  func column() throws(DeltaError) -> Column {
    do {
      if let column = try Column(scalars: scalars, of: field.type)?.taking(indices) { return column }
    } catch {
      throw .corruptLog("The values of the partition column \(field.name) can't be held: \(error)")
    }
    throw .corruptLog("The partition column \(field.name) has values that its type \(field.type) can't hold.")
  }
}
