import Columnar
import Testing

@Suite("Extreme values")
struct ExtremesTests {
  /// The sample batch's columns with the least, the greatest and other awkward values.
  private static let batch: RecordBatch = {
    var columns = SampleBatch.columns.map { ($0.0, $0.1.slice(0..<3)) }
    let extremes: [String: Column] = [
      "i8": Column(bytes: [.min, .max, -1]), "i16": Column(shorts: [.min, .max, -1]),
      "i32": Column(integers: [.min, .max, -1]), "i64": Column(longs: [.min, .max, -1]),
      "f32": Column(floats: [.infinity, -.greatestFiniteMagnitude, .nan]),
      "f64": Column(doubles: [-.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude]),
      "d9": Column(decimals: [Int128(Int64.min), Int128(Int64.max), 0], precision: 9, scale: 2),
      "d38": Column(decimals: [.min, .max, -1], precision: 38, scale: 3),
      "day": Column(dates: [.min, .max, -719_529]), "ts": Column(timestamps: [.min, .max, -1]),
      // Not UTF-8.
      "s": Column(.string, count: 3, storage: Column(binaries: [[0xFF, 0xC3], [0xE2, 0x82], [0x80]]).storage),
    ]
    for index in columns.indices { columns[index].1 = extremes[columns[index].0] ?? columns[index].1 }
    return RecordBatch(
      schema: Schema(columns.map { StructField($0.0, $0.1.type) }), columns: columns.map(\.1), rowCount: 3)
  }()

  @Test("No expression traps on them")
  func all() throws {
    for sql in EvaluationTests.truths.map(\.sql) + EvaluationTests.values.map(\.sql) {
      let column = try ColumnExpression(parsing: sql).evaluate(on: Self.batch)
      #expect(column.count == 3)
      _ = (0..<3).map { column.scalar(at: $0).sqlText }
    }
  }
}
