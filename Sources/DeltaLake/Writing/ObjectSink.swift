internal import ObjectStorage
internal import Parquet

/// A file of a store as the Parquet writer's destination; it is begun with the first bytes. A class, since the file is
/// open in it.
final class ObjectSink: ByteSink, @unchecked Sendable {
  private let store: any ObjectStore
  private let path: String
  private let durability: Durability
  private var writer: (any ObjectWriter)?
  /// The bytes that it has taken.
  private(set) var byteCount = 0

  init(store: any ObjectStore, path: String, durability: Durability) {
    self.store = store
    self.path = path
    self.durability = durability
  }

  private func begun() async throws -> any ObjectWriter {
    if let writer { return writer }
    let begun = try await store.makeWriter(to: path, durability: durability)
    writer = begun
    return begun
  }

  func write(_ bytes: UnsafeRawBufferPointer) async throws {
    try await begun().write(bytes)
    byteCount += bytes.count
  }

  func finish() async throws -> ObjectMetadata { try await begun().finish() }

  func abandon() async {
    await writer?.abandon()
    writer = nil
  }
}
