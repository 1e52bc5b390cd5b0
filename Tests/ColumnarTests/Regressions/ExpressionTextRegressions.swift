import Columnar
import Testing

@Suite("Expressions that fuzzing found")
struct ExpressionTextRegressions {
  @Test(
    "What is printed reads back as the same",
    arguments: [#"'\000' = s"#, #"s = 'x\00000FF'"#, #"s = '\0'"#, "`DECIMAL`(d) < `Upper`(s)", "`a``\u{331}b` = 1"])
  func printedAndParsed(_ text: String) throws {
    let expression = try ColumnExpression(parsing: text)
    #expect(try ColumnExpression(parsing: expression.description) == expression)
  }

  @Test("Binary cast to a string is UTF-8 whatever its bytes")
  func binaryAsText() throws {
    let binaries = Column(binaries: [[0, 255], nil, Array("é".utf8), [0xC3]])
    #expect(try binaries.cast(to: .string) == Column(strings: ["\0\u{FFFD}", nil, "é", "\u{FFFD}"]))
    let text = Column(binaries: [Array("é".utf8), nil, []])
    #expect(try text.cast(to: .string) == Column(strings: ["é", nil, ""]))
  }

  @Test("Resolving what is resolved changes nothing", arguments: ["NULL - NULL - NULL", "-(NULL * NULL)"])
  func resolvedTwice(_ text: String) throws {
    let once = try ColumnExpression(parsing: text).resolved(against: StructType([]))
    #expect(try once.resolved(against: StructType([])) == once)
  }
}
