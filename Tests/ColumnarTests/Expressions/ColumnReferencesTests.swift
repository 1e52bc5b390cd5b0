import Columnar
import Testing

@Suite("Conditions written in Swift")
struct ColumnReferencesTests {
  @Test("Closures say the same as SQL")
  func closures() {
    let limit = 5
    expect("km > 5L AND city = 'Oslo'") { $0.km > limit && $0.city == "Oslo" }
    expect("km > 5L AND city = 'Oslo' AND day IS NOT NULL AND x <> 2.5D") {
      $0.km > 5 && $0.city == "Oslo" && $0.day.isNotNull && $0.x != 2.5
    }
    expect("a = b OR NOT c < -1L") { $0.a == $0.b || !($0.c < -1) }
    expect("price * (1L - discount) + 2L * tax >= 100L AND flag = TRUE") {
      $0.price * (1 - $0.discount) + 2 * $0.tax >= 100 && $0.flag == true
    }
    expect("a IN (1L, 2L) AND s LIKE 'x%' AND (n >= 1L AND n <= 9L) AND `odd name` <=> NULL AND st.x = 1Y") {
      $0.a.isIn([1, 2]) && $0.s.isLike("x%") && $0.n.isBetween(1, 9) && $0["odd name"].isSame(as: Scalar.null)
        && $0["st", "x"] == Int8(1)
    }
    expect("CAST(a AS STRING) = 'x' AND st.name = NULL") {
      $0.a.cast(to: .string) == "x" && $0.st.field("name") == String?.none
    }
    expect("flag") { $0.flag.isTrue }
  }

  private func expect(_ sql: String, _ build: (ColumnReferences) -> ColumnPredicate) {
    #expect(ColumnPredicate(build).description == sql)
  }

  @Test("Equality of expressions as values stays what it was")
  func equality() {
    let a = ColumnExpression.column(ColumnPath("a"))
    #expect(a == ColumnExpression.column(ColumnPath("a")))
    #expect(a != .literal(.null))
    #expect(Set([a, a]).count == 1)
  }

  @Test("Closures evaluate")
  func evaluation() throws {
    let predicate = ColumnPredicate { $0.i32 > 0 && $0.c == "red" }
    #expect(try predicate.evaluate(on: SampleBatch.batch) == Bitmap([true, false, false, true]))
  }
}
