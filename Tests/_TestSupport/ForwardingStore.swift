package import ObjectStorage

/// A store that passes on to another whatever it does not do itself.
package protocol ForwardingStore: ObjectStore {
  var base: any ObjectStore { get }
}

extension ForwardingStore {
  package var description: String { base.description }
  package var keepsWhatIsVisible: Bool { base.keepsWhatIsVisible }
  package var identity: String? { base.identity }
  package var seeksWhenListing: Bool { base.seeksWhenListing }
  package var requestOverhead: Int { base.requestOverhead }

  package func list(
    _ directory: String, recursively: Bool, startingAt first: String?
  ) async throws -> [ObjectMetadata] {
    try await base.list(directory, recursively: recursively, startingAt: first)
  }

  package func metadata(of path: String) async throws -> ObjectMetadata { try await base.metadata(of: path) }

  package func metadata(of paths: [String]) async throws -> [ObjectMetadata?] { try await base.metadata(of: paths) }

  package func read(_ path: String) async throws -> [UInt8] { try await base.read(path) }

  package func read(
    _ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer
  ) async throws -> Int {
    try await base.read(path, at: offset, into: destination)
  }

  package func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome {
    try await base.write(bytes, to: path, condition, durability: durability)
  }

  package func makeWriter(to path: String, durability: Durability) async throws -> any ObjectWriter {
    try await base.makeWriter(to: path, durability: durability)
  }

  package func synchronize(_ path: String) async throws { try await base.synchronize(path) }

  package func delete(_ path: String) async throws { try await base.delete(path) }
}
