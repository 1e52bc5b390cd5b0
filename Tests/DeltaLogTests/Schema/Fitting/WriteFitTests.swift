import Columnar
import DeltaLog
import Testing
import _TestSupport

@Suite("Fitting incoming data to a table")
struct WriteFitTests {
  @Test("The same columns need nothing but a table's names on them")
  func plain() throws {
    let table = try StructType(sql: "id INT NOT NULL, s STRUCT<a: INT, b: ARRAY<STRING>>")
    #expect(try WriteFit(table, to: table).isPlain)
    #expect(try WriteFit(StructType(sql: "ID INT, S STRUCT<A: INT, b: ARRAY<STRING>>"), to: table).isPlain)
    #expect(try !WriteFit(StructType(sql: "ID BIGINT, S STRUCT<A: INT, b: ARRAY<STRING>>"), to: table).isPlain)
  }

  @Test("Columns and fields are matched by name in any order and case, the exact one first")
  func order() throws {
    let table = try StructType(sql: "id INT, s STRUCT<a: INT, b: STRING, c: DATE>, m MAP<STRING, STRUCT<x: BIGINT>>")
    let incoming = try StructType(sql: "M MAP<STRING, STRUCT<X: INT>>, S STRUCT<B: STRING, A: SMALLINT>, Id INT")
    let fit = try WriteFit(incoming, to: table)
    #expect(
      fit.sources == [
        .incoming(2, .same),
        .incoming(
          1,
          .structure([
            WriteFit.FieldFit(index: 1, fit: .cast(.total)), WriteFit.FieldFit(index: 0, fit: .same), nil,
          ])),
        .incoming(0, .map(key: .same, value: .structure([WriteFit.FieldFit(index: 0, fit: .cast(.total))]))),
      ])
  }

  @Test("What the data lacks comes from the column's rule, else it is null")
  func missing() throws {
    let table = try StructType(sql: "id BIGINT, g INT, d INT, n INT, v INT").with([
      "id": ["delta.identity.start": .long(1), "delta.identity.step": .long(1)],
      "g": ["delta.generationExpression": .string("v + 1")], "d": ["CURRENT_DEFAULT": .string("7")],
    ])
    let fit = try WriteFit(StructType(sql: "v INT"), to: table)
    #expect(fit.sources == [.identity, .generated, .defaultValue("7"), .nulls, .incoming(0, .same)])
    #expect(!fit.isGiven(1) && fit.isGiven(4))
  }

  @Test("Rows that the table had keep their identities")
  func rewriting() throws {
    let table = try StructType(sql: "id BIGINT").with([
      "id": ["delta.identity.start": .long(1), "delta.identity.step": .long(1)]
    ])
    #expect(try WriteFit(table, to: table, purpose: .rewrite).isPlain)
  }
}
