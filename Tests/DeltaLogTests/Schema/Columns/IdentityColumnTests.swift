import Columnar
import DeltaLog
import Testing

@Suite("Identity columns")
struct IdentityColumnTests {
  struct Case: CustomTestStringConvertible {
    var start: Int64
    var step: Int64
    var mark: Int64?
    var count: Int
    var first: Int64?
    var last: Int64?
    var testDescription: String { "\(start) by \(step) after \(mark.map(String.init) ?? "nothing"), \(count)" }
  }

  @Test(
    "Values go on behind the high water mark, and never past 64 bits",
    arguments: [
      Case(start: 1, step: 1, mark: nil, count: 3, first: 1, last: 3),
      Case(start: 10, step: 5, mark: 55, count: 1, first: 60, last: 60),
      Case(start: -1, step: -3, mark: -100, count: 2, first: -103, last: -106),
      // A mark between two values of the series.
      Case(start: 10, step: 5, mark: 57, count: 2, first: 60, last: 65),
      Case(start: 0, step: -10, mark: -15, count: 1, first: -20, last: -20),
      // A mark before the series begins.
      Case(start: 100, step: 10, mark: 3, count: 2, first: 100, last: 110),
      Case(start: 0, step: -1, mark: 7, count: 1, first: 0, last: 0),
      Case(start: .min, step: .max, mark: nil, count: 3, first: .min, last: .max - 1),
      Case(start: .min, step: .max, mark: nil, count: 4, first: nil, last: nil),
      Case(start: .max, step: 1, mark: nil, count: 1, first: .max, last: .max),
      Case(start: 1, step: 1, mark: .max, count: 1, first: nil, last: nil),
      Case(start: .min, step: -1, mark: .min, count: 1, first: nil, last: nil),
      Case(start: 1, step: 2, mark: .max - 1, count: 1, first: .max, last: .max),
      Case(start: 1, step: 1, mark: 1, count: .max, first: nil, last: nil),
    ])
  func taking(_ test: Case) {
    var column = IdentityColumn(start: test.start, step: test.step, highWaterMark: test.mark)
    let range = column.take(test.count)
    #expect(range?.first == test.first)
    #expect(range?.last == test.last)
    #expect(column.highWaterMark == test.last ?? test.mark)
  }

  @Test("Taking twice repeats nothing")
  func repeated() {
    var column = IdentityColumn(start: 7, step: -2)
    var seen: [Int64] = []
    for count in [1, 4, 2] {
      guard let range = column.take(count) else { continue }
      seen += (0..<count).map { range.first + Int64($0) * range.step }
    }
    #expect(seen == [7, 5, 3, 1, -1, -3, -5])
  }

  @Test(
    "A mark moves to the values that a column has, never back",
    arguments: [
      (IdentityColumn(start: -1, step: -3, highWaterMark: -28), Int64(-100), Int64(-100)),
      (IdentityColumn(start: -1, step: -3, highWaterMark: -28), -101, -100),
      (IdentityColumn(start: -1, step: -3, highWaterMark: -28), -3, -28),
      (IdentityColumn(start: 1, step: 1), 50, 50), (IdentityColumn(start: 10, step: 5, highWaterMark: 20), 33, 30),
      (IdentityColumn(start: 10, step: 5), 9, nil), (IdentityColumn(start: 10, step: 5), 10, 10),
      (IdentityColumn(start: 0, step: 7), .max, .max / 7 * 7),
    ] as [(IdentityColumn, Int64, Int64?)])
  func synchronizing(column: IdentityColumn, extreme: Int64, mark: Int64?) {
    #expect(column.synchronized(with: extreme).highWaterMark == mark)
  }

  @Test("Metadata comes back as it was written")
  func metadata() throws {
    let column = IdentityColumn(start: 10, step: 5, highWaterMark: 55, allowsExplicitInsert: true)
    let field = column.written(to: StructField("k", .long, metadata: ["comment": .string("key")]))
    #expect(try IdentityColumn(field) == column)
    #expect(field.comment == "key")
    #expect(try IdentityColumn(StructField("v", .long)) == nil)
    let fresh = IdentityColumn(start: 1, step: 1).written(to: StructField("k", .long))
    #expect(fresh.metadata["delta.identity.highWaterMark"] == nil)
  }

  @Test(
    "Half an identity is a corrupt log",
    arguments: [
      (["delta.identity.start": MetadataValue.long(1)], DataType.long),
      (["delta.identity.start": .long(1), "delta.identity.step": .long(0)], .long),
      (["delta.identity.start": .long(1), "delta.identity.step": .string("1")], .long),
      (["delta.identity.start": .long(1), "delta.identity.step": .long(1)], .integer),
    ])
  func damaged(metadata: [String: MetadataValue], type: DataType) {
    let error = #expect(throws: DeltaError.self) { try IdentityColumn(StructField("k", type, metadata: metadata)) }
    #expect(error?.code == .corruptLog)
    #expect(error?.message.contains("`k`") == true)
  }
}
