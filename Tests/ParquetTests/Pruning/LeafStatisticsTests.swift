import Columnar
import Testing

@testable import Parquet

@Suite("Statistics of a stored column")
struct LeafStatisticsTests {
  private func leaf(_ tree: Tree) throws -> ParquetLeaf { try Tree.schema(tree).leaves[0] }

  private func statistics(
    _ tree: Tree, _ min: [UInt8], _ max: [UInt8], order: ColumnOrder? = .typeDefined
  ) throws -> LeafStatistics {
    var raw = Statistics()
    (raw.minValue, raw.maxValue) = (min, max)
    return LeafStatistics(raw, of: try leaf(tree), order: order, writer: Writer(createdBy: nil))
  }

  private func bytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  @Test("Bounds get the type of the column's values")
  func types() throws {
    func expect(
      _ tree: Tree, _ min: [UInt8], _ max: [UInt8], _ expected: Scalar?, _ expectedMax: Scalar?,
      _ location: SourceLocation = #_sourceLocation
    ) throws {
      let statistics = try statistics(tree, min, max)
      #expect(statistics.min == expected && statistics.max == expectedMax, sourceLocation: location)
    }
    try expect(.leaf("x", .int32), bytes(Int32(-1)), bytes(Int32(7)), .integer(-1), .integer(7))
    try expect(
      .leaf("x", .int32, converted: .uint32), bytes(UInt32(1)), bytes(UInt32.max), .long(1), .long(4_294_967_295))
    try expect(
      .leaf("x", .int64, converted: .uint64), bytes(UInt64(1)), bytes(UInt64.max), .unsignedLong(1), .unsignedLong(.max)
    )
    try expect(.leaf("x", .boolean), [0], [1], .boolean(false), .boolean(true))
    try expect(.leaf("x", .int32, logical: .date), bytes(Int32(1)), bytes(Int32(2)), .date(1), .date(2))
    try expect(
      .leaf("x", .int64, converted: .timestampMillis), bytes(Int64(-1)), bytes(Int64.max), .timestamp(-1000), nil)
    try expect(
      .leaf("x", .int64, logical: .timestamp(isAdjustedToUTC: false, unit: .nanoseconds)), bytes(Int64(-1)),
      bytes(Int64(1)), .timestampNtz(-1), .timestampNtz(1))
    try expect(
      .leaf("x", .byteArray, logical: .decimal(precision: 9, scale: 2)), [0xFF], [0x00, 0x80],
      .decimal(-1, precision: 9, scale: 2), .decimal(128, precision: 9, scale: 2))
    try expect(
      .leaf("x", .fixedLengthByteArray, logical: .decimal(precision: 40, scale: 0), length: 17),
      [UInt8](repeating: 0xFF, count: 17), [UInt8](repeating: 0, count: 16) + [5],
      .decimal(-1, precision: 40, scale: 0), .decimal(5, precision: 40, scale: 0))
    try expect(.leaf("x", .byteArray, logical: .string), [0x61], [0x62], .string("a"), .string("b"))
    try expect(.leaf("x", .byteArray, logical: .string), [0x61], [0xC3], .string("a"), .binary([0xC3]))
    try expect(.leaf("x", .byteArray), [], [0xFF], .binary([]), .binary([0xFF]))
    try expect(
      .leaf("x", .fixedLengthByteArray, logical: .float16, length: 2), [0x00, 0xBC], [0x01, 0x00], .float(-1),
      .float(0x1p-24))
  }

  @Test("Zeros stand for both, and NaN is no bound")
  func floats() throws {
    let nan = bytes(Double.nan.bitPattern)
    let one = bytes((1.0).bitPattern)
    let zeros = try statistics(.leaf("x", .double), bytes((0.0).bitPattern), bytes((-0.0).bitPattern))
    #expect(zeros.min.map { "\($0)" } == "double(-0.0)" && zeros.max.map { "\($0)" } == "double(0.0)")
    for order in [ColumnOrder.typeDefined, .ieee754TotalOrder] {
      let statistics = try statistics(.leaf("x", .double), nan, one, order: order)
      #expect(statistics.min == nil && statistics.max == .double(1))
    }
    var raw = Statistics()
    (raw.minValue, raw.maxValue) = (one, one)
    let column = try leaf(.leaf("x", .double))
    func mayHaveNaN(_ nanCount: Int64?, isNaNExcluded: Bool) -> Bool {
      raw.nanCount = nanCount
      return LeafStatistics(raw, of: column, order: .typeDefined, writer: Writer(createdBy: nil))
        .bounds(rowCount: 9, isNaNExcluded: isNaNExcluded).mayHaveNaN
    }
    #expect(mayHaveNaN(nil, isNaNExcluded: false) && mayHaveNaN(1, isNaNExcluded: true))
    #expect(!mayHaveNaN(0, isNaNExcluded: false) && !mayHaveNaN(nil, isNaNExcluded: true))
  }

  private struct Known: ColumnBounds {
    let bounds: Bounds
    func bounds(for column: ColumnPath) -> Bounds? { bounds }
  }

  @Test(
    "A footer's bounds of doubles rule out what NaN can't fulfil, and all else where there is surely no NaN",
    arguments: [
      ("x < 1.5", true, true), ("x <= 1.4", true, true), ("x = 1", true, true), ("x = 3", true, true),
      ("x IN (1, 3)", true, true), ("x BETWEEN 3 AND 4", true, true), ("NOT x > 1", true, true),
      ("x < 1.6", false, false), ("x = 2", false, false), ("x > 2", false, false),
      ("x > 3", false, true), ("x >= 3", false, true), ("NOT x < 3", false, true),
    ])
  func prunedByFloats(sql: String, prunesAlways: Bool, prunesWithoutNaN: Bool) throws {
    let predicate = try ColumnPredicate(parsing: sql).resolved(against: StructType([StructField("x", .double)]))
    func prunes(_ nanCount: Int64?, by writer: String?) throws -> Bool {
      var raw = Statistics()
      (raw.minValue, raw.maxValue, raw.nullCount, raw.nanCount) = (
        bytes((1.5).bitPattern), bytes((2.5).bitPattern), 0, nanCount
      )
      let writer = Writer(createdBy: writer)
      let statistics = LeafStatistics(raw, of: try leaf(.leaf("x", .double)), order: .typeDefined, writer: writer)
      let bounds = statistics.bounds(rowCount: 9, isNaNExcluded: writer.isNaNExcludedFromBounds)
      return predicate.verdict(over: Known(bounds: bounds)) == .noRows
    }
    #expect(try prunes(nil, by: "parquet-cpp-arrow version 17.0.0") == prunesAlways)
    #expect(try prunes(2, by: "parquet-cpp-arrow version 17.0.0") == prunesAlways)
    #expect(try prunes(2, by: "parquet-mr version 1.17.0") == prunesAlways)
    #expect(try prunes(0, by: "parquet-cpp-arrow version 17.0.0") == prunesWithoutNaN)
    #expect(try prunes(nil, by: "parquet-mr version 1.13.1 (build 4e9b2b3)") == prunesWithoutNaN)
  }

  @Test("Values that are all NaN are within no number's reach")
  func onlyNaN() throws {
    var raw = Statistics()
    (raw.nullCount, raw.nanCount) = (3, 6)
    let statistics = LeafStatistics(
      raw, of: try leaf(.leaf("x", .double)), order: .typeDefined, writer: Writer(createdBy: nil))
    for (sql, prunes) in [("x < 1e300", true), ("x = 1", true), ("x > 1", false), ("x IS NULL", false)] {
      let predicate = try ColumnPredicate(parsing: sql).resolved(against: StructType([StructField("x", .double)]))
      let bounds = statistics.bounds(rowCount: 9, isNaNExcluded: false)
      #expect((predicate.verdict(over: Known(bounds: bounds)) == .noRows) == prunes, "\(sql)")
      let unknown = statistics.bounds(rowCount: 10, isNaNExcluded: false)
      #expect(predicate.verdict(over: Known(bounds: unknown)) != .noRows)
    }
  }

  @Test(
    "Bounds without a known order, of the wrong length, or contradicting one another are dropped",
    arguments: [
      (.leaf("x", .byteArray), 4, nil), (.leaf("x", .int32, converted: .uint32), 4, nil),
      (.leaf("x", .int32), 4, .unrecognized(id: 9)),
      (.leaf("x", .int32), 4, .ieee754TotalOrder),
      (.leaf("x", .int32), 3, .typeDefined), (.leaf("x", .int64), 4, .typeDefined),
      (.leaf("x", .int96), 12, .typeDefined), (.leaf("x", .int96), 12, .int96Timestamp),
      (.leaf("x", .fixedLengthByteArray, converted: .interval, length: 12), 12, .typeDefined),
      (.leaf("x", .byteArray, logical: .geometry(crs: nil)), 2, .typeDefined),
      (.leaf("x", .fixedLengthByteArray, logical: .decimal(precision: 5, scale: 0), length: 4), 3, .typeDefined),
      (.leaf("x", .int64, logical: .time(isAdjustedToUTC: true, unit: .microseconds)), 8, .typeDefined),
    ] as [(Tree, Int, ColumnOrder?)])
  func distrusted(_ tree: Tree, _ length: Int, _ order: ColumnOrder?) throws {
    let zero = [UInt8](repeating: 0, count: length)
    let result = try statistics(tree, zero, zero, order: order)
    #expect(result.min == nil && result.max == nil)
    let reversed = try statistics(.leaf("x", .int32), bytes(Int32(2)), bytes(Int32(1)))
    #expect(reversed.min == nil && reversed.max == nil)
  }

  @Test(
    "The obsolete bounds count where their signed order is the type's",
    arguments: [
      (.leaf("x", .int32), true), (.leaf("x", .int32, logical: .date), true),
      (.leaf("x", .int32, converted: .uint32), false),
      (.leaf("x", .byteArray, logical: .string), false),
      (.leaf("x", .fixedLengthByteArray, logical: .decimal(precision: 5, scale: 0), length: 4), false),
    ] as [(Tree, Bool)])
  func legacy(_ tree: Tree, _ isUsed: Bool) throws {
    var raw = Statistics()
    (raw.legacyMin, raw.legacyMax) = (bytes(Int32(1)), bytes(Int32(2)))
    for order in [ColumnOrder?.none, .typeDefined] {
      let statistics = LeafStatistics(raw, of: try leaf(tree), order: order, writer: Writer(createdBy: nil))
      #expect((statistics.min != nil) == isUsed && (statistics.max != nil) == isUsed)
    }
  }

  @Test("What writers are known to have got wrong is not believed")
  func flaws() throws {
    let text = try leaf(.leaf("x", .byteArray, logical: .string))
    let number = try leaf(.leaf("x", .int32))
    func distrusted(_ createdBy: String, _ leaf: ParquetLeaf) -> [Writer.Statistic] {
      Writer.Statistic.allCases.filter { Writer(createdBy: createdBy).distrusts($0, of: leaf) }
    }
    #expect(distrusted("parquet-cpp-arrow version 4.0.1", text) == [.bounds, .counts])
    #expect(distrusted("parquet-cpp version 1.5.1-SNAPSHOT", text) == [.bounds, .counts])
    #expect(distrusted("parquet-cpp-arrow version 4.0.1", number) == [])
    #expect(distrusted("parquet-cpp-arrow version 12.0.0-SNAPSHOT", text) == [])
    #expect(distrusted("parquet-mr version 1.10.1 (build a89df8f)", text) == [])
    #expect(Writer(createdBy: "parquet-mr version 1.10.1 (build a89df8f)").isNaNExcludedFromBounds)
    #expect(!Writer(createdBy: "parquet-mr version 1.9.0").isNaNExcludedFromBounds)
    #expect(!Writer(createdBy: "parquet-mr version").isNaNExcludedFromBounds)
    #expect(!Writer(createdBy: nil).isNaNExcludedFromBounds)
  }
}
