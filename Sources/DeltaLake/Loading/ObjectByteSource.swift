internal import Columnar
internal import ObjectStorage
internal import Parquet

/// A store's file, as the Parquet reader wants it.
struct ObjectByteSource: ByteSource {
  let file: FileReference
  /// From the log, when it says; saves a request.
  let knownSize: Int?

  var name: String { file.name }

  func size() async throws -> Int {
    if let knownSize { return knownSize }
    return try await file.store.metadata(of: file.path).size
  }

  var requestOverhead: Int { file.store.requestOverhead }

  func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    let buffers = ranges.map { Buffer(uninitialized: $0.count) }
    let parts = zip(ranges, buffers).map { range, buffer in
      ObjectPart(
        offset: range.lowerBound,
        destination: UnsafeMutableRawBufferPointer(start: buffer.mutablePointer, count: range.count))
    }
    let counts = try await file.store.read(file.path, parts: parts)
    guard counts.count == ranges.count else {
      throw ParquetError(.io, "The store gave \(counts.count) parts for \(ranges.count).", file: file.name)
    }
    for (range, count) in zip(ranges, counts) {
      guard count == range.count else {
        throw ParquetError(
          .corrupt,
          "The file ends at byte \(range.lowerBound + count), before byte \(range.upperBound) which should be there: it is "
            + "truncated, or was written over.", file: file.name, byteOffset: range.lowerBound + count)
      }
    }
    return buffers
  }
}
