import Columnar
import Testing

@Suite("Expressions that fuzzing found")
struct ExpressionTextRegressions {
  @Test("What is printed reads back as the same", arguments: [#"'\000' = s"#, #"s = 'x\00000FF'"#, #"s = '\0'"#])
  func printedAndParsed(_ text: String) throws {
    let expression = try ColumnExpression(parsing: text)
    #expect(try ColumnExpression(parsing: expression.description) == expression)
  }
}
