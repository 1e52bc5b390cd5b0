import Columnar

/// Batches of a few literal rows.
enum SampleBatch {
  static func fixed<Value: BitwiseCopyable>(_ type: DataType, _ values: [Value], nulls: [Int] = []) -> Column {
    Column(
      type, count: values.count, validity: validity(values.count, nulls), storage: .fixed(Buffer(copying: values)))
  }

  static func strings(_ values: [String?], _ type: DataType = .string) -> Column {
    bytes(values.map { $0.map { Array($0.utf8) } }, type)
  }

  static func bytes(_ values: [[UInt8]?], _ type: DataType) -> Column {
    var offsets: [Int32] = [0]
    var data: [UInt8] = []
    for value in values {
      data += value ?? []
      offsets.append(Int32(data.count))
    }
    return Column(
      type, count: values.count, validity: validity(values.count, values.indices.filter { values[$0] == nil }),
      storage: .bytes(offsets: Buffer(copying: offsets), data: Buffer(copying: data)))
  }

  static func list(_ elements: Column, offsets: [Int32], nulls: [Int] = []) -> Column {
    Column(
      .array(ArrayType(elements.type)), count: offsets.count - 1, validity: validity(offsets.count - 1, nulls),
      storage: .list(offsets: Buffer(copying: offsets), elements: elements))
  }

  static func map(_ keys: Column, _ values: Column, offsets: [Int32], nulls: [Int] = []) -> Column {
    Column(
      .map(MapType(key: keys.type, value: values.type)), count: offsets.count - 1,
      validity: validity(offsets.count - 1, nulls),
      storage: .map(offsets: Buffer(copying: offsets), keys: keys, values: values))
  }

  static func structs(_ fields: [(String, Column)], nulls: [Int] = []) -> Column {
    let count = fields.first?.1.count ?? 0
    return Column(
      .struct(StructType(fields.map { StructField($0.0, $0.1.type) })), count: count, validity: validity(count, nulls),
      storage: .structure(fields.map(\.1)))
  }

  static func batch(_ fields: [(String, Column)]) -> RecordBatch {
    RecordBatch(
      schema: StructType(fields.map { StructField($0.0, $0.1.type) }), columns: fields.map(\.1),
      rowCount: fields.first?.1.count ?? 0)
  }

  private static func validity(_ count: Int, _ nulls: [Int]) -> Bitmap? {
    nulls.isEmpty ? nil : Bitmap((0..<count).map { !nulls.contains($0) })
  }
}
