import Columnar
import DeltaLake
import Parquet
import Testing
import _TestSupport

@testable import DeltaLakeCLI

@Suite("Rows that other implementations wrote", .serialized)
struct FixtureRowsTests {
  private func printed(_ batches: RecordBatches, _ dialect: CanonicalDialect) async throws -> [JSONValue] {
    let sink = ByteSink()
    let writer = RowFormat.canonical.writer(for: batches.schema, to: sink, dialect: dialect)
    for try await batch in batches { try writer.write(batch) }
    try writer.finish()
    return try JSONValue.lines(sink.text)
  }

  @Test("Each version of a table has the rows that two other readers found in it", arguments: Fixtures.tables)
  func tables(table: FixtureTable) async throws {
    for version in table.versions {
      let snapshot = try await DeltaTable(table.path).snapshot(asOf: .version(version))
      let rows = try await printed(snapshot.scan().batches(), .delta)
      let expected = try table.expectedRows(version: version)
      #expect(counted(rows) == counted(expected), "version \(version)")
    }
  }

  @Test("A Parquet file has the rows that two other readers found in it, in order", arguments: Fixtures.files)
  func files(file: FixtureFile) async throws {
    let parquet = try await ParquetFile.open(FileByteSource(path: file.path))
    #expect(try await printed(RecordBatches(of: parquet), .parquet) == file.expectedRows())
  }

  /// Rows in no particular order.
  private func counted(_ rows: [JSONValue]) -> [JSONValue: Int] {
    rows.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
