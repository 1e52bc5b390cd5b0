import DeltaLog
import ObjectStorage
import Synchronization
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Commits that a listing passed over") struct PassedOverCommitsTests {
  /// A store whose listings pass over some files, as those of a folder that changes meanwhile may.
  private final class PassingOver: ForwardingStore {
    let base: any ObjectStore
    private let hidden: Set<String>
    /// What was asked for by name, call by call.
    let asked = Mutex<[[String]]>([])

    init(_ base: any ObjectStore, _ hidden: [Version]) {
      self.base = base
      self.hidden = Set(hidden.map { "_delta_log/" + LogFile.commitName($0) })
    }

    func list(_ directory: String, recursively: Bool, startingAt first: String?) async throws -> [ObjectMetadata] {
      try await base.list(directory, recursively: recursively, startingAt: first).filter { !hidden.contains($0.path) }
    }

    func metadata(of paths: [String]) async throws -> [ObjectMetadata?] {
      asked.withLock { $0.append(paths) }
      return try await base.metadata(of: paths)
    }
  }

  private func store(_ versions: [Version], passingOver hidden: [Version]) async throws -> PassingOver {
    let store = InMemoryObjectStore()
    for version in versions {
      _ = try await store.write(
        [], to: "_delta_log/" + LogFile.commitName(version), .ifAbsent, durability: .relaxed)
    }
    return PassingOver(store, hidden)
  }

  @Test(
    "They are asked for all at once; those that are not there stay missing",
    arguments: [
      ([], [], [0, 1, 2, 3, 4, 5]), ([2], [2], [0, 1, 2, 3, 4, 5]), ([1, 2, 4], [4, 2, 1], [0, 1, 2, 3, 4, 5]),
      ([1, 3], [3, 2, 1], [0, 1, 3, 4, 5]), ([5], [], [0, 1, 2, 3, 4]),
    ] as [([Version], [Version], [Version])])
  func passedOver(_ hidden: [Version], _ asked: [Version], _ found: [Version]) async throws {
    let there = found.contains(2) ? [0, 1, 2, 3, 4, 5] : [0, 1, 3, 4, 5] as [Version]
    let store = try await store(there, passingOver: hidden)
    let listing = try await LogDirectory(location: TableLocation(store: store)).list()
    #expect(listing.commits.map(\.version) == found)
    let calls = store.asked.withLock(\.self)
    #expect(calls == (asked.isEmpty ? [] : [asked.map { "_delta_log/" + LogFile.commitName($0) }]))
  }
}
