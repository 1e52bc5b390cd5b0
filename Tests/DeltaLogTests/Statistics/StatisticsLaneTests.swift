import Columnar
import Testing

@testable import DeltaLog

@Suite("Bounds as columns")
struct StatisticsLaneTests {
  private static let types: [DataType] = [
    .boolean, .byte, .short, .integer, .long, .date, .timestamp(.microseconds), .timestampNtz(.microseconds), .float,
    .double, .decimal(precision: 5, scale: 2), .decimal(precision: 18, scale: 0), .decimal(precision: 38, scale: 9),
    .string,
  ]

  private func lane(_ type: DataType) throws -> StatisticsLane {
    let column = StatisticsColumn(path: ColumnPath(["c"]), physicalPath: ColumnPath(["c"]), type: type)
    var lane = StatisticsLane(try #require(column.lane), count: 100)
    for row in 0..<100 where row % 7 != 3 {
      switch lane.kind {
      case .integers: lane.set(Int64(row % 2), at: row)
      case .wideIntegers: lane.set(Int128(row) << 90 - Int128(row), at: row)
      case .doubles: lane.set(Double(row) / 8 - 3, at: row)
      case .texts: Array("é\(row)".utf8).withUnsafeBufferPointer { lane.set($0, at: row) }
      }
    }
    return lane
  }

  @Test("Each row is the value that the lane has, or null", arguments: types)
  func values(_ type: DataType) throws {
    let lane = try lane(type)
    let column = lane.column(of: type)
    #expect(column.type == type)
    #expect(column.count == 100)
    #expect(column.nullCount == 14)
    for row in 0..<100 { #expect(column.scalar(at: row) == lane.scalar(at: row, of: type) ?? .null, "row \(row)") }
  }

  @Test("What the type can't hold is null", arguments: [DataType.byte, .short, .integer, .date])
  func tooGreat(_ type: DataType) {
    var lane = StatisticsLane(.integers, count: 3)
    lane.set(Int64(7), at: 0)
    lane.set(Int64(1) << 40, at: 1)
    let column = lane.column(of: type)
    #expect(column.nullCount == 2)
    #expect(!column.scalar(at: 0).isNull)
    #expect(column.scalar(at: 1).isNull)
  }

  @Test("Bytes that are no text become text")
  func invalidText() {
    var lane = StatisticsLane(.texts, count: 2)
    [UInt8]([0x61, 0xFF]).withUnsafeBufferPointer { lane.set($0, at: 1) }
    #expect(lane.column(of: .string).scalar(at: 1) == .string("a\u{FFFD}"))
    #expect(lane.column(of: .string).scalar(at: 0).isNull)
  }
}
