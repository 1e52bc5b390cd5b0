import ObjectStorage
import Testing
import _TestSupport

@Suite("Faults of our own making")
struct PlantedBugTests {
  /// A scenario in which nothing goes wrong, and what makes it go wrong.
  struct Planted: Sendable, CustomStringConvertible {
    let description: String
    var right: TableScenario
    var wrong: TableScenario
  }

  private static func inStore(
    _ bug: BrokenStore.Bug, on base: TableBase = .plain, _ operations: [TableOperation],
    _ change: (inout TableScenario) -> Void = { _ in }
  ) -> Planted {
    var right = TableScenario(on: base, operations)
    var wrong = TableScenario(on: base, operations.map { $0.through { BrokenStore($0, bug) } })
    change(&right)
    change(&wrong)
    return Planted(description: bug.rawValue, right: right, wrong: wrong)
  }

  private static func inFileSystem(
    _ bug: PlantedBug, on base: TableBase = .plain, _ operations: [TableOperation],
    _ change: (inout TableScenario) -> Void = { _ in }
  ) -> Planted {
    var right = TableScenario(on: base, operations)
    change(&right)
    var wrong = right
    wrong.faults.bug = bug
    return Planted(description: bug.rawValue, right: right, wrong: wrong)
  }

  static let all: [Planted] = {
    var all = [
      inStore(.skipsConflicts, [.append(8), .overwrite(9)]),
      inStore(.ignoresTakenVersions, [.append(8), .append(9)]),
      inStore(.hurriesDataFiles, [.append(9)]),
      inStore(.takesUnknownForFailed, [.append(9)]) { $0.faults.faults = [.lostAnswer] },
      inStore(.forgetsToSynchronize, [.appendOnce(9)]) { $0.faults.faults = [.inputOutput] },
      inStore(.forgetsToSynchronize, on: .oldCommits, [.carelessCheckpoint.then(.cleanUp)]),
      inStore(.cleansTooMuch, on: .old, [.cleanUp]),
      inStore(.believesCheckpoints, on: .damaged, [.carefulCleanUp]),
      inFileSystem(.skipsFileSynchronization, [.append(9)]),
      inFileSystem(.skipsDirectorySynchronization, [.append(9)]),
      inFileSystem(.skipsOuterDirectories, [.append(9, "c")]),
      inFileSystem(.reusesTemporaryName, [.append(8), .append(9)]),
      inFileSystem(.takesExistingForWritten, [.append(8), .append(9)]),
      inFileSystem(.checksThenRenames, [.append(8), .append(9)]),
      inFileSystem(.retriesSynchronization, [.append(9)]) { $0.faults.faults = [.inputOutput] },
    ]
    let right = TableScenario(on: .oldCommits, [.carelessCheckpoint])
    var wrong = right
    wrong.view = { BrokenStore($0, .trustsHint) }
    all.append(Planted(description: BrokenStore.Bug.trustsHint.rawValue, right: right, wrong: wrong))
    return all
  }()

  @Test("are found, and where there is none nothing is", arguments: all)
  func found(planted: Planted) async throws {
    _ = try await planted.right.explore()
    let failure = await #expect(throws: ScenarioFailure.self) { try await planted.wrong.explore() }
    let text = failure?.description ?? ""
    #expect(!text.contains("did not do the same"))
    print("Planted: \(planted) is found: \(text.prefix { $0 != "\n" }.prefix(150))")
  }

  @Test("of each kind are tried")
  func completeness() {
    let tried = Set(Self.all.map(\.description))
    #expect(tried.isSuperset(of: BrokenStore.Bug.allCases.map(\.rawValue)))
    #expect(tried.isSuperset(of: PlantedBug.allCases.map(\.rawValue)))
  }
}
