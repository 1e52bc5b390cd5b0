import Columnar
import Testing

@Suite("Vectorised evaluation against one value at a time")
struct ReferenceTests {
  @Test("Random conditions on random batches agree", arguments: 0..<40)
  func conditions(_ seed: Int) throws {
    var generator = ExpressionGenerator(random: SeededRandom(seed: UInt64(seed)))
    let count = [1, 63, 64, 65, 130, 200][seed % 6]
    let batch = generator.batch(count)
    for _ in 0..<50 {
      let condition = generator.condition(3)
      let column = try condition.evaluate(on: batch)
      let wrong = (0..<count).first { row in
        column.scalar(at: row) != ReferenceEvaluator(batch: batch, row: row).value(condition)
      }
      if let row = wrong {
        let values = condition.columns.map { "\($0) = \(batch[$0.names[0]].map { $0.scalar(at: row).sqlText } ?? "")" }
        Issue.record(
          "\(condition) is \(column.scalar(at: row)) in row \(row), should be \(ReferenceEvaluator(batch: batch, row: row).value(condition)): \(values)"
        )
        return
      }
      // A slice of the batch, and the text of the condition, give the same.
      let part = min(3, count)..<count
      #expect(try condition.evaluate(on: batch.slice(part)) == column.slice(part))
      let again = try ColumnExpression(parsing: condition.description)
      #expect(try again.evaluate(on: batch) == column, "\(condition)")
    }
  }
}
