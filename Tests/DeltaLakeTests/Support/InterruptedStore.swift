import ObjectStorage
import Synchronization
import _TestSupport

/// Lets something happen right before the first commit is written.
final class InterruptedStore: ForwardingStore {
  let base: any ObjectStore
  private let event: @Sendable () async throws -> Void
  private let hasHappened = Mutex(false)

  init(_ base: any ObjectStore, _ event: @escaping @Sendable () async throws -> Void) {
    self.base = base
    self.event = event
  }

  func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome {
    let isFirst = hasHappened.withLock { happened in
      defer { happened = happened || path.hasSuffix(".json") }
      return !happened && path.hasSuffix(".json")
    }
    if isFirst { try await event() }
    return try await base.write(bytes, to: path, condition, durability: durability)
  }
}
