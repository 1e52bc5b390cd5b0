import Testing

@testable import Parquet

@Suite("Opening files")
struct ParquetFileTests {
  @Test(
    "Files of other writers open or throw a ParquetError",
    .enabled(if: SharedFiles.isAvailable, "\(SharedFiles.reason)"))
  func sharedFiles() async throws {
    var opened = 0
    var refused: [String] = []
    for path in SharedFiles.all {
      do {
        let file = try await ParquetFile.open(FileByteSource(path: path))
        opened += 1
        #expect(!file.metadata.schema.isEmpty)
      } catch let error as ParquetError {
        refused.append(error.description)
        #expect(error.file == path)
      }
    }
    #expect(opened > 10 * refused.count)
  }
}
