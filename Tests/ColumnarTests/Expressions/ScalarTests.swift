import Columnar
import Testing

@Suite("Scalars compared")
struct ScalarTests {
  static let orderings: [(Scalar, Scalar, Ordering)] = [
    (.integer(1), .long(1), .equal), (.byte(-1), .unsignedLong(.max), .less),
    (.decimal(150, precision: 3, scale: 2), .decimal(15, precision: 2, scale: 1), .equal),
    (.decimal(.max, precision: 38, scale: 0), .decimal(1, precision: 38, scale: 38), .greater),
    (.decimal(.min, precision: 38, scale: 0), .decimal(1, precision: 38, scale: 38), .less),
    (.decimal(1, precision: 38, scale: 38), .integer(0), .greater),
    (.decimal(15, precision: 2, scale: 1), .integer(1), .greater),
    (.double(0.5), .decimal(5, precision: 1, scale: 1), .equal),
    (.double(.nan), .double(.nan), .equal), (.double(.nan), .double(.infinity), .greater),
    (.float(1), .double(.nan), .less), (.double(0), .double(-0.0), .equal),
    (.string("a"), .string("b"), .less), (.string("Z"), .string("a"), .less),
    (.string("e\u{301}"), .string("\u{e9}"), .less), (.string("ab"), .string("a"), .greater),
    (.binary([255]), .binary([1, 2]), .greater), (.boolean(false), .boolean(true), .less),
    (.date(1), .timestamp(86_400_000_000), .equal), (.timestamp(-1), .date(0), .less),
    (.date(.max), .timestamp(.max), .greater),
  ]

  @Test("Numbers compare exactly, at any scale", arguments: orderings)
  func ordering(_ a: Scalar, _ b: Scalar, _ expected: Ordering) {
    #expect(Scalar.compare(a, b) == expected)
    #expect(Scalar.compare(b, a) == expected.reversed)
  }

  static let strangers: [(Scalar, Scalar)] = [
    (.null, .null), (.null, .integer(1)), (.string("1"), .integer(1)), (.boolean(true), .integer(1)),
    (.date(0), .integer(0)),
  ]

  @Test("Null and strangers do not compare", arguments: strangers)
  func incomparable(_ a: Scalar, _ b: Scalar) {
    #expect(Scalar.compare(a, b) == nil)
  }

  @Test("Equal are values that nobody can tell apart, and those have one hash")
  func identity() {
    let alike: [(Scalar, Scalar)] = [
      (.double(.nan), .double(-.nan)), (.float(.nan), .float(-.nan)), (.string("e\u{301}"), .string("e\u{301}")),
      (.null, .null), (.decimal(1, precision: 3, scale: 2), .decimal(1, precision: 3, scale: 2)), (.date(1), .date(1)),
    ]
    for (a, b) in alike { #expect(a == b && Set([a, b]).count == 1) }
    let different: [(Scalar, Scalar)] = [
      (.double(0), .double(-0.0)), (.float(0), .float(-0.0)), (.string("e\u{301}"), .string("\u{e9}")),
      (.integer(1), .long(1)), (.date(1), .integer(1)), (.timestamp(1), .timestampNtz(1)), (.null, .boolean(false)),
      (.decimal(10, precision: 3, scale: 2), .decimal(10, precision: 3, scale: 1)), (.binary([1]), .binary([1, 0])),
    ]
    for (a, b) in different { #expect(a != b && Set([a, b]).count == 2) }
  }

  static let dateCases: [(String, String?)] = [
    ("2024-02-29", "2024-02-29"), ("2023-02-29", nil), ("2024", "2024-01-01"), ("2024-3", "2024-03-01"),
    (" 2024-03-07 ", "2024-03-07"), ("2024-03-07T10:00", "2024-03-07"),
    ("2024-13-01", nil), ("2024-00-01", nil), ("", nil), ("-0044-03-15", "-0044-03-15"),
    ("+12024-01-01", "+12024-01-01"), ("20240101", nil), ("2024-1-1x", nil), ("99999999-01-01", nil),
  ]

  @Test("Text becomes a date or timestamp as in Spark, or null", arguments: dateCases)
  func dates(_ text: String, _ expected: String?) throws {
    let cast = try Column(strings: [text]).cast(to: .date)
    #expect(try cast.cast(to: .string).scalar(at: 0) == (expected.map { .string($0) } ?? .null))
  }

  @Test("Every date of 800 years goes to text and back")
  func calendar() throws {
    let days = Column(dates: stride(from: -146_097, to: 146_097, by: 11).map { $0 })
    #expect(try days.cast(to: .string).cast(to: .date) == days)
  }

  static let doubleCases: [(Double, String)] = [
    (1.0, "1.0"), (0.1, "0.1"), (1e7, "1.0E7"), (9_999_999.0, "9999999.0"), (123456.789, "123456.789"), (1e-3, "0.001"),
    (1.5e-4, "1.5E-4"), (-0.0, "-0.0"), (1e300, "1.0E300"),
    (.infinity, "Infinity"), (-.infinity, "-Infinity"), (100, "100.0"), (1.25e10, "1.25E10"),
  ]

  @Test("Doubles print as Java prints them", arguments: doubleCases)
  func doubles(_ value: Double, _ expected: String) throws {
    let text = try Column(doubles: [value]).cast(to: .string)
    #expect(text.scalar(at: 0) == .string(expected))
    #expect(try text.cast(to: .double) == Column(doubles: [value]))
  }
}
