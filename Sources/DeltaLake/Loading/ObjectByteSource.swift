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

  func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    var buffers: [Buffer] = []
    buffers.reserveCapacity(ranges.count)
    for range in ranges {
      let buffer = Buffer(uninitialized: range.count)
      let target = UnsafeMutableRawBufferPointer(start: buffer.mutablePointer, count: range.count)
      let count = try await file.store.read(file.path, at: range.lowerBound, into: target)
      guard count == range.count else {
        throw ParquetError(
          .corrupt,
          "The file ends at byte \(range.lowerBound + count), before byte \(range.upperBound) which should be there: it is "
            + "truncated, or was written over.", file: file.name, byteOffset: range.lowerBound + count)
      }
      buffers.append(buffer)
    }
    return buffers
  }
}
