import Columnar
import DeltaLog
import Testing

@Suite("Row tracking")
struct RowTrackingTests {
  @Test("Ids are the materialised ones, else base and position")
  func rowIds() {
    func ids(_ materialized: Column?, _ base: Int64?) -> [Scalar] {
      let column = RowTracking.rowIds(
        positions: Column(longs: [0, 5, 6]), materialized: materialized, baseRowId: base)
      return (0..<3).map { column.scalar(at: $0) }
    }
    #expect(ids(nil, 100) == [.long(100), .long(105), .long(106)])
    #expect(ids(Column(longs: [7, nil, 9]), 100) == [.long(7), .long(105), .long(9)])
    #expect(ids(Column(longs: [7, 8, 9]), 100) == [.long(7), .long(8), .long(9)])
    #expect(ids(Column(longs: [nil, nil, nil]), 100) == [.long(100), .long(105), .long(106)])
    #expect(ids(nil, nil) == [.null, .null, .null])
    #expect(ids(Column(longs: [7, nil, 9]), nil) == [.long(7), .null, .long(9)])
    #expect(ids(Column(codes: [0, nil, 0], values: Column(longs: [4])), 100) == [.long(4), .long(105), .long(4)])
  }

  @Test("Commit versions are the materialised ones, else the file's")
  func versions() {
    let column = RowTracking.rowCommitVersions(count: 2, materialized: Column(longs: [nil, 3]), defaultVersion: 9)
    #expect((0..<2).map { column.scalar(at: $0) } == [.long(9), .long(3)])
  }

  @Test("Only an enabled table has ids, and names its hidden columns")
  func enabled() throws {
    var metadata = TableMetadata(id: "x", schemaString: "")
    let versions = ProtocolVersions(minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["rowTracking"])
    #expect(RowTracking(metadata, protocol: versions) == nil && RowTracking.isSupported(versions))
    metadata.configuration = [
      "delta.enableRowTracking": "true", "delta.rowTracking.materializedRowIdColumnName": "_row-id-col-1",
    ]
    let tracking = try #require(RowTracking(metadata, protocol: versions))
    #expect(tracking.materializedFields.rowId == StructField("_row-id-col-1", .long))
    #expect(tracking.materializedFields.rowCommitVersion == nil)
    #expect(RowTracking(metadata, protocol: ProtocolVersions(minReaderVersion: 1, minWriterVersion: 6)) == nil)
  }
}
