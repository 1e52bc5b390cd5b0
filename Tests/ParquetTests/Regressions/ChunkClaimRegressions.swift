import Columnar
import Testing

@testable import Parquet

@Suite("What a column chunk claims of itself")
struct ChunkClaimRegressions {
  private static let claims: [Int64] = [.min, -3, -2, -1, 0, 1, 1 << 40, .max - 1, .max]

  @Test("Sizes and counts that cannot be don't trap", arguments: claims, [false, true])
  func anything(_ claim: Int64, isList: Bool) async throws {
    let numbers = Column(longs: [1, 2, nil])
    let column = isList ? Column(lists: [2, 1], of: numbers) : numbers
    let written = try await WrittenFile(column)
    for change in [\ColumnMetadata.valueCount, \.totalUncompressedSize] {
      var metadata = written.file.metadata
      metadata.rowGroups[0].columns[0].metadata?[keyPath: change] = claim
      let file = try ParquetFile(
        source: MemorySource(written.bytes), size: written.bytes.count, metadata: metadata)
      do throws(ParquetError) {
        var read = ParquetRead()
        read.batchRowCount = 1
        let rows = try await rows(of: file, read)
        // A wrong size is no harm, and who believes a count may find the right one.
        #expect(rows == written.file.rowCount)
      } catch {
        #expect(error.code == .corrupt)
      }
    }
  }

  private func rows(of file: ParquetFile, _ read: ParquetRead) async throws(ParquetError) -> Int64 {
    var count: Int64 = 0
    do {
      for task in try await file.rowGroups(read).flatMap({ $0.split(into: 2) }) {
        var reader = try task.reader()
        while let batch = try await reader.next() { count += Int64(batch.batch.rowCount) }
      }
    } catch let error as ParquetError {
      throw error
    } catch {
      preconditionFailure("reading throws ParquetError alone, not \(error)")
    }
    return count
  }
}
