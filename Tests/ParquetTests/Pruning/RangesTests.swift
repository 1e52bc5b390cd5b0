import Columnar
import Testing

@testable import Parquet

@Suite("Ranges of rows and bytes")
struct RangesTests {
  @Test("Row ranges are ascending, apart, and never empty")
  func normalised() {
    let rows = RowRanges([8..<9, 0..<3, 5..<5, 3..<4, 2..<3])
    #expect(rows.ranges == [0..<4, 8..<9])
    #expect(rows.rowCount == 5)
    #expect(rows.intersection(RowRanges([2..<100])).ranges == [2..<4, 8..<9])
    #expect(rows.intersection(RowRanges([4..<8])).isEmpty)
    #expect(rows.union(RowRanges([4..<8])).ranges == [0..<9])
    #expect(rows.intersects(3..<4) && rows.intersects(0..<100) && rows.intersects(8..<20))
    #expect(!rows.intersects(4..<8) && !rows.intersects(9..<20) && !rows.intersects(3..<3))
  }

  @Test("Close ranges are fetched together, and each gets its own bytes")
  func coalesced() {
    let bytes = Buffer(copying: (0..<200).map { UInt8($0) })
    let ranges = [100..<110, 0..<4, 6..<8, 6..<7, 105..<120, 50..<50]
    let coalesced = CoalescedRanges(ranges, maximumGap: 2)
    #expect(coalesced.requests == [0..<8, 50..<50, 100..<120])
    let slices = coalesced.slices(of: coalesced.requests.map { bytes.slice($0) })
    #expect(slices.map { $0.values(of: UInt8.self) } == ranges.map { $0.map { UInt8($0) } })
    #expect(CoalescedRanges([0..<6, 6..<12], maximumGap: 9, maximumLength: 10).requests == [0..<6, 6..<12])
  }
}
