import ObjectStorage
import Synchronization

/// The parts of a check of one disk, each made only where it would see something new.
struct CheckParts: Sendable {
  let holder: DiskHolder
  /// The disk as it is before the check.
  let disk: SimulatedDisk
  let time: Int64
  let memory: PartMemory
  let makeStore: @Sendable (DiskHolder) -> any ObjectStore

  func check(_ claim: String, _ body: (any ObjectStore) async throws -> Void) async throws {
    let circumstances = Fingerprint.of(claim)
    if let looks = memory.known(disk, time: time, circumstances) { return holder.note(looks) }
    let own = DiskHolder(disk, time: time, isRecording: true)
    try await body(makeStore(own))
    memory.insert(own.looks, circumstances)
    holder.note(own.looks)
  }
}

/// What parts of checks have seen. A class, since it grows.
final class PartMemory: Sendable {
  private struct Shelf: @unchecked Sendable { let memory = CheckMemory() }
  private let shelf = Mutex(Shelf())

  func known(_ disk: SimulatedDisk, time: Int64, _ circumstances: Fingerprint) -> [CheckMemory.Look]? {
    shelf.withLock { $0.memory.known(disk, time: time, circumstances) }
  }

  func insert(_ looks: [CheckMemory.Look], _ circumstances: Fingerprint) {
    shelf.withLock { $0.memory.insert(looks, circumstances) }
  }
}
