import Columnar
import Testing

private struct Known: ColumnBounds {
  var columns: [String: Bounds] = [:]
  /// Values that a filter says are not there.
  var absent: [Scalar] = []

  func bounds(for column: ColumnPath) -> Bounds? { columns[column.names.joined(separator: ".")] }
  func mayContain(_ value: Scalar, in column: ColumnPath) -> Bool { !absent.contains(value) }
}

private let a = ColumnExpression.column(ColumnPath("a"))
private let b = ColumnExpression.column(ColumnPath("b"))
private func int(_ value: Int32) -> ColumnExpression { .literal(.integer(value)) }

@Suite("What bounds say of a predicate")
struct BoundsEvaluationTests {
  /// a: 10 to 20 without nulls; b: 5 to 5 with nulls; n: nulls only; u: unknown.
  private let known = Known(columns: [
    "a": Bounds(min: .integer(10), max: .integer(20), mayHaveNulls: false),
    "b": Bounds(min: .integer(5), max: .integer(5)),
    "n": Bounds(nullCount: 7, rowCount: 7),
  ])

  private func verdict(_ expression: ColumnExpression, _ bounds: Known? = nil) -> PruningVerdict {
    ColumnPredicate(expression).verdict(over: bounds ?? known)
  }

  @Test(
    "Comparisons with a literal",
    arguments: [
      (.equal, 9, .noRows), (.equal, 10, .someRows), (.equal, 20, .someRows), (.equal, 21, .noRows),
      (.notEqual, 9, .allRows), (.notEqual, 10, .someRows),
      (.less, 10, .noRows), (.less, 11, .someRows), (.less, 20, .someRows), (.less, 21, .allRows),
      (.lessOrEqual, 9, .noRows), (.lessOrEqual, 10, .someRows), (.lessOrEqual, 20, .allRows),
      (.greater, 20, .noRows), (.greater, 19, .someRows), (.greater, 10, .someRows), (.greater, 9, .allRows),
      (.greaterOrEqual, 21, .noRows), (.greaterOrEqual, 20, .someRows), (.greaterOrEqual, 10, .allRows),
      (.nullSafeEqual, 9, .noRows), (.nullSafeEqual, 10, .someRows),
    ] as [(Comparison, Int32, PruningVerdict)])
  func comparisons(_ comparison: Comparison, _ value: Int32, _ expected: PruningVerdict) {
    #expect(verdict(.comparison(comparison, a, int(value))) == expected)
    let mirrored: Comparison =
      switch comparison {
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      default: comparison
      }
    #expect(verdict(.comparison(mirrored, int(value), a)) == expected)
  }

  @Test("Nulls keep a predicate from being true everywhere, and columns of nulls from being true anywhere")
  func nulls() {
    let n = ColumnExpression.column(ColumnPath("n"))
    #expect(verdict(.comparison(.equal, b, int(5))) == .someRows)
    #expect(verdict(.comparison(.notEqual, b, int(5))) == .noRows)
    #expect(verdict(.comparison(.equal, a, b)) == .noRows)
    for comparison in Comparison.allCases where comparison != .nullSafeEqual {
      #expect(verdict(.comparison(comparison, n, int(1))) == .noRows)
      #expect(verdict(.not(.comparison(comparison, n, int(1)))) == .noRows)
      #expect(verdict(.comparison(comparison, a, .literal(.null))) == .noRows)
    }
    #expect(verdict(.comparison(.nullSafeEqual, n, .literal(.null))) == .allRows)
    #expect(verdict(.comparison(.nullSafeEqual, a, .literal(.null))) == .noRows)
    #expect(verdict(.isNull(n)) == .allRows)
    #expect(verdict(.not(.isNull(n))) == .noRows)
    #expect(verdict(.isNull(a)) == .noRows)
    #expect(verdict(.isNull(b)) == .someRows)
    #expect(verdict(n) == .noRows)
  }

  @Test("AND, OR and NOT follow three-valued logic")
  func logic() {
    let never = ColumnExpression.comparison(.less, a, int(0))
    let always = ColumnExpression.comparison(.less, a, int(100))
    let unknown = ColumnExpression.comparison(.less, .column(ColumnPath("u")), int(0))
    #expect(verdict(.and([always, unknown])) == .someRows)
    #expect(verdict(.and([never, unknown])) == .noRows)
    #expect(verdict(.or([never, unknown])) == .someRows)
    #expect(verdict(.or([always, unknown])) == .allRows)
    #expect(verdict(.or([never, never])) == .noRows)
    #expect(verdict(.not(never)) == .allRows)
    #expect(verdict(.not(always)) == .noRows)
    #expect(verdict(.not(unknown)) == .someRows)
    #expect(verdict(.and([])) == .allRows)
    #expect(verdict(.or([])) == .noRows)
    #expect(ColumnPredicate(.and([unknown, .and([always, never])])).refutedClause(over: known) == never)
    #expect(ColumnPredicate(unknown).refutedClause(over: known) == nil)
  }

  @Test("IN needs a value within the bounds that the filter does not deny")
  func lists() {
    #expect(verdict(.isIn(a, [.integer(1), .integer(30)])) == .noRows)
    #expect(verdict(.isIn(a, [.integer(1), .long(15)])) == .someRows)
    #expect(verdict(.isIn(a, [.null])) == .noRows)
    #expect(verdict(.not(.isIn(a, [.integer(1), .null]))) == .noRows)
    #expect(verdict(.not(.isIn(a, [.integer(1)]))) == .allRows)
    let point = Known(columns: ["a": Bounds(min: .integer(5), max: .integer(5), mayHaveNulls: false)])
    #expect(verdict(.isIn(a, [.integer(5)]), point) == .allRows)
    var filtered = known
    filtered.absent = [.integer(15), .integer(16)]
    #expect(verdict(.isIn(a, [.integer(15), .integer(16)]), filtered) == .noRows)
    #expect(verdict(.isIn(a, [.integer(15), .integer(17)]), filtered) == .someRows)
    #expect(verdict(.comparison(.equal, a, int(15)), filtered) == .noRows)
    #expect(verdict(.comparison(.equal, .cast(a, .long), .literal(.integer(15))), filtered) == .noRows)
    #expect(verdict(.comparison(.notEqual, a, int(15)), filtered) == .allRows)
  }

  @Test(
    "LIKE is judged by what stands before its first wildcard",
    arguments: [
      ("ca%", .someRows), ("c%", .allRows), ("b%", .noRows), ("d%", .noRows), ("%", .allRows), ("_a%", .someRows),
      ("cb%t", .someRows), ("c%t", .someRows), ("cat", .someRows), ("cu", .someRows), ("cz", .noRows), ("b", .noRows),
      ("c\\%%", .noRows), ("\u{301}c%", .noRows), ("%\u{301}", .someRows),
    ] as [(String, PruningVerdict)])
  func like(_ pattern: String, _ expected: PruningVerdict) {
    let text = Known(columns: ["a": Bounds(min: .string("cab"), max: .string("cut"), mayHaveNulls: false)])
    #expect(verdict(.like(a, pattern: pattern, escape: "\\"), text) == expected)
    #expect(verdict(.like(a, pattern: pattern, escape: nil), text) == expected)
  }

  @Test("Values of different types compare by value, or not at all")
  func mixedTypes() {
    func bounds(_ min: Scalar?, _ max: Scalar?) -> Known {
      Known(columns: ["a": Bounds(min: min, max: max, mayHaveNulls: false)])
    }
    func equal(_ value: Scalar, _ known: Known) -> PruningVerdict {
      verdict(.comparison(.equal, a, .literal(value)), known)
    }
    #expect(equal(.long(1 << 40), bounds(.integer(1), .integer(9))) == .noRows)
    #expect(equal(.unsignedLong(.max), bounds(.integer(-1), .integer(-1))) == .noRows)
    #expect(equal(.decimal(950, precision: 5, scale: 2), bounds(.integer(1), .integer(9))) == .noRows)
    #expect(
      equal(.decimal(.max, precision: 38, scale: 0), bounds(.decimal(1, precision: 38, scale: 30), nil)) == .someRows)
    #expect(equal(.double(9.5), bounds(.integer(1), .integer(9))) == .noRows)
    // As doubles the two are equal.
    #expect(equal(.double(0x1p53), bounds(.long(1 << 53 + 1), .long(1 << 53 + 1))) == .someRows)
    #expect(equal(.double(.nan), bounds(.double(1), .double(2))) == .noRows)
    #expect(equal(.double(.nan), bounds(.double(1), nil)) == .someRows)
    #expect(equal(.double(-0.0), bounds(.double(0.0), .double(0.0))) == .allRows)
    #expect(equal(.string("z"), bounds(.integer(1), .integer(2))) == .someRows)
    #expect(equal(.timestamp(5), bounds(.timestampNtz(1), .timestampNtz(2))) == .someRows)
    #expect(equal(.timestampNtz(-1), bounds(.date(0), .date(.max))) == .noRows)
    // By bytes, not by Unicode's rules: the two spellings of é differ, and come in another order.
    #expect(equal(.string("e\u{301}"), bounds(.string("\u{e9}"), .string("\u{e9}"))) == .noRows)
    #expect(equal(.string("\u{ffff}"), bounds(.string("\u{10000}"), nil)) == .noRows)
  }

  @Test("Casts that keep the order carry bounds along, others do not")
  func casts() {
    let wide = ColumnExpression.cast(a, .decimal(precision: 20, scale: 2))
    #expect(verdict(.comparison(.greater, wide, .literal(.decimal(2001, precision: 20, scale: 2)))) == .noRows)
    #expect(verdict(.comparison(.greater, .cast(a, .long), .literal(.long(20)))) == .noRows)
    #expect(verdict(.comparison(.greater, .cast(a, .double), .literal(.double(20.5)))) == .noRows)
    #expect(verdict(.comparison(.greater, .cast(a, .string), .literal(.string("9")))) == .someRows)
    #expect(verdict(.comparison(.less, .negate(a), int(-20))) == .noRows)
    #expect(verdict(.comparison(.less, .negate(a), int(-19))) == .someRows)
    // The cast may wrap around.
    let large = Known(columns: ["a": Bounds(min: .long(0), max: .long(1 << 40))], absent: [.integer(5)])
    #expect(verdict(.comparison(.equal, .cast(a, .integer), int(5)), large) == .someRows)
    #expect(verdict(.comparison(.less, .cast(a, .integer), int(0)), large) == .someRows)
    // Rounded down, values may come below the bound.
    let times = Known(columns: ["a": Bounds(min: .timestamp(1500), max: .timestamp(1600))])
    let rounded = ColumnExpression.cast(a, .timestamp(.milliseconds))
    #expect(verdict(.comparison(.less, rounded, .literal(.timestamp(1500))), times) == .someRows)
    #expect(verdict(.comparison(.equal, .arithmetic(.add, a, int(1)), int(0))) == .someRows)
  }

  @Test("NaN that bounds leave out is greater than every number, and equal to none")
  func unseenNaN() {
    let known = Known(columns: [
      "a": Bounds(min: .double(1), max: .double(5), mayHaveNulls: false, mayHaveNaN: true),
      "b": Bounds(min: .float(7), max: .float(9), mayHaveNulls: false, mayHaveNaN: true),
    ])
    #expect(verdict(.comparison(.greater, a, int(6)), known) == .someRows)
    #expect(verdict(.comparison(.greater, a, int(0)), known) == .allRows)
    #expect(verdict(.comparison(.less, a, int(1)), known) == .noRows)
    #expect(verdict(.comparison(.less, a, int(6)), known) == .someRows)
    #expect(verdict(.comparison(.equal, a, .literal(.double(6))), known) == .noRows)
    #expect(verdict(.isIn(a, [.double(6), .double(.nan)]), known) == .someRows)
    #expect(verdict(.comparison(.equal, .cast(b, .double), a), known) == .someRows)
    #expect(verdict(.comparison(.greater, .negate(a), int(6)), known) == .someRows)
  }

  @Test("Counts that cannot be are not believed")
  func counts() {
    #expect(Bounds(nullCount: -1, rowCount: 5) == .unknown)
    #expect(Bounds(nullCount: 6, rowCount: 5) == .unknown)
    #expect(Bounds(nullCount: nil, rowCount: 5) == .unknown)
    #expect(Bounds(nullCount: 0, rowCount: nil) == Bounds(mayHaveNulls: false))
  }
}
