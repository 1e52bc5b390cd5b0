internal import Columnar
internal import DeltaLog
internal import ObjectStorage
internal import Parquet

/// Which rows of a data file count, by their position in the file.
enum RowSelection: Sendable {
  case all
  /// All but those of a deletion vector.
  case excluding(RoaringBitmapArray)
  /// Only these: what a commit deleted or brought back.
  case only(RoaringBitmapArray)

  /// For the Parquet reader: a set bit for each row to leave out; `nil` when there is none in the range.
  var excludedRows: (@Sendable (Range<Int64>) -> Bitmap?)? {
    switch self {
    case .all: return nil
    case .excluding(let rows): return { rows.mask($0) }
    case .only(let rows): return { rows.mask($0)?.inverted() ?? Bitmap(repeating: true, count: $0.count) }
    }
  }
}

/// Reads deletion vectors from the log or from their files.
struct DeletionVectorReader: Sendable {
  let location: TableLocation

  /// - Throws: ``DeltaError`` with `.corruptDeletionVector` for a file that is missing or damaged.
  func read(_ descriptor: DeletionVectorDescriptor) async throws -> DeletionVector {
    guard let file = try file(of: descriptor) else { return try DeletionVector(inline: descriptor) }
    let range = try descriptor.fileRange()
    do {
      // The file's first byte is its version, in front of the first vector: one read has both where they are close.
      let start = range.lowerBound <= 4096 ? 0 : range.lowerBound
      let size = try await file.store.metadata(of: file.path).size
      guard range.upperBound <= size else {
        throw DeltaError(
          .corruptDeletionVector,
          "The deletion vector file \(file.name) has \(size) bytes, the vector should end at \(range.upperBound): it "
            + "is truncated.", path: file.name)
      }
      let buffer = try await ObjectByteSource(file: file, knownSize: size).read([start..<range.upperBound])[0]
      return try buffer.withUnsafeBytes { bytes throws(DeltaError) in
        if start == 0, range.lowerBound > 0, let version = bytes.first {
          try DeletionVector.checkFileVersion(version, path: file.name)
        }
        let vector = UnsafeRawBufferPointer(rebasing: bytes[(range.lowerBound - start)...])
        return try DeletionVector(fileBytes: vector, of: descriptor, path: file.name)
      }
    } catch let error as StorageError {
      throw unreadable(file, because: error.message, cause: error)
    } catch let error as ParquetError {
      throw unreadable(file, because: error.message, cause: error)
    }
  }

  /// Where the vector is; `nil` for one that is in the log.
  func file(of descriptor: DeletionVectorDescriptor) throws(DeltaError) -> FileReference? {
    switch try descriptor.place() {
    case .inline: nil
    case .relative(let path): try FileReference(decoded: path, in: location)
    case .absolute(let path): try FileReference(decoding: path, in: location)
    }
  }

  private func unreadable(_ file: FileReference, because reason: String, cause: any Error) -> DeltaError {
    DeltaError(
      .corruptDeletionVector,
      "The deletion vector file \(file.name) can't be read: \(reason) Without it deleted rows would come back, so the "
        + "table is not read.", path: file.name, cause: cause)
  }
}
