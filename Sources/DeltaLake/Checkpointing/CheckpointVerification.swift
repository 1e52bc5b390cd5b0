internal import Columnar
internal import DeltaLog
internal import Parquet

/// Reads a checkpoint back before anybody else can: its pages against their checksums, its rows, its files.
enum CheckpointVerification {
  struct Counts: Sendable {
    var rows: Int64 = 0
    var adds = 0
  }

  /// - Throws: `corruptCheckpoint` when it can't be read.
  static func count(_ bytes: [UInt8], name: String) async throws -> Counts {
    do {
      let file = try await ParquetFile.open(MemoryByteSource(bytes: bytes, name: name))
      var read = ParquetRead()
      read.schema = Schema([StructField("add", .struct(StructType([StructField("path", .string)])))])
      var counts = Counts()
      for task in try await file.rowGroups(read) {
        var reader = try await task.reader()
        while let batch = try await reader.next() {
          counts.rows += Int64(batch.batch.rowCount)
          if let add = batch.batch["add"] { counts.adds += add.count - add.nullCount }
        }
      }
      return counts
    } catch {
      throw DeltaError.checkpointFile(name, version: nil, failure: error)
    }
  }
}

/// A file in memory, for the Parquet reader.
private struct MemoryByteSource: ByteSource {
  let bytes: [UInt8]
  let name: String

  func size() async throws -> Int { bytes.count }

  func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    bytes.withUnsafeBytes { bytes in
      ranges.map { Buffer(copying: UnsafeRawBufferPointer(rebasing: bytes[$0])) }
    }
  }
}
