internal import DeltaLog
internal import ObjectStorage

/// Puts deletion vectors where commits can name them: small ones into the commit itself, others into files, many into one.
/// A class, since it keeps what was written, to take it back.
///
/// Spec: Delta § Deletion Vector Files
final class DeletionVectorWriter {
  private let location: TableLocation
  private let durability: Durability
  private var written: [String] = []

  /// Bytes: some fifty rows of one file. A read of the log is cheaper than one of a file for so little.
  private static let inlineLimit = 128

  init(location: TableLocation, durability: Durability) {
    self.location = location
    self.durability = durability
  }

  /// - Returns: a descriptor for each, files being as durable as was asked for.
  func write(_ vectors: [RoaringBitmapArray]) async throws -> [DeletionVectorDescriptor] {
    let files = DeletionVectorFiles(vectors, inlineLimit: Self.inlineLimit)
    for file in files.files {
      do {
        written.append(file.path)
        guard
          case .written = try await location.store.write(file.bytes, to: file.path, .ifAbsent, durability: durability)
        else {
          throw DeltaError(
            .storageFailed, "There is a file \(file.path) already, though its name was made up just now.",
            path: file.path)
        }
      } catch {
        throw DeltaError.writingFile(file.path, failure: error)
      }
    }
    return files.descriptors
  }

  /// Removes what was written, as far as that is possible.
  func abandon() async {
    for path in written { try? await location.store.delete(path) }
    written = []
  }
}
