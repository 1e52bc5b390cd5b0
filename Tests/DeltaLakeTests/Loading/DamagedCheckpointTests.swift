import DeltaLake
import Foundation
import Testing
import _TestSupport

@Suite("Damaged checkpoints")
struct DamagedCheckpointTests {
  private static let checkpoint = TableCopy.name(9, ".checkpoint.parquet")
  private static let hint = "_last_checkpoint"

  /// Ways to spoil a file.
  enum Damage: CaseIterable {
    case truncated, empty, garbage, footerCutOff

    func apply(to bytes: [UInt8]) -> [UInt8] {
      switch self {
      case .truncated: Array(bytes.prefix(bytes.count / 2))
      case .empty: []
      case .garbage: Array(repeating: 0x5A, count: bytes.count)
      case .footerCutOff: Array(bytes.dropLast(4))
      }
    }
  }

  /// A table that can be read without its checkpoint.
  private func damaged(_ damage: Damage, hasHint: Bool) throws -> TableCopy {
    var copy = try TableCopy("checkpoint")
    copy[log: Self.checkpoint] = damage.apply(to: try #require(copy[log: Self.checkpoint]))
    if !hasHint { copy[log: Self.hint] = nil }
    return copy
  }

  @Test(
    "A table is read from its commits where its checkpoint is damaged, and a warning names the checkpoint",
    arguments: Damage.allCases, [true, false])
  func fallsBackToCommits(damage: Damage, hasHint: Bool) async throws {
    let table = try damaged(damage, hasHint: hasHint).table
    let snapshot = try await table.snapshot()
    #expect(snapshot.version == 12)
    #expect(snapshot.log.checkpointVersion == nil)
    #expect(snapshot.warnings.contains { $0.contains(Self.checkpoint) }, "\(snapshot.warnings)")
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows())
  }

  @Test("Time travel finds its version without a damaged checkpoint, too", arguments: Damage.allCases)
  func timeTravel(damage: Damage) async throws {
    var copy = try damaged(damage, hasHint: true)
    for version in Int64(0)...12 { copy.times["_delta_log/" + TableCopy.name(version)] = 1000 + version }
    for version in [Int64(3), 9, 11] {
      let snapshot = try await copy.table.snapshot(asOf: .timestamp(Timestamp(milliseconds: 1000 + version)))
      #expect(snapshot.version == version)
      #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows(version))
    }
  }

  @Test("An older checkpoint stands in for a damaged one", arguments: [true, false])
  func fallsBackToCheckpoint(hasHint: Bool) async throws {
    // The good one is of version 9. A damaged one is newer, and the hint names it.
    var copy = try TableCopy("cleaned-log")
    let newer = TableCopy.name(11, ".checkpoint.parquet")
    copy[log: newer] = Array(try #require(copy[log: Self.checkpoint]).dropLast(1000))
    copy[log: Self.hint] = hasHint ? Array(#"{"version":11,"size":14}"#.utf8) : nil
    let snapshot = try await copy.table.snapshot()
    #expect(snapshot.log.checkpointVersion == 9)
    #expect(snapshot.warnings.contains { $0.contains(newer) }, "\(snapshot.warnings)")
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("cleaned-log").rows())
  }

  @Test(
    "With nothing to fall back on the error names the damaged checkpoint", arguments: Damage.allCases, [true, false])
  func nothingLeft(damage: Damage, hasHint: Bool) async throws {
    var copy = try TableCopy("cleaned-log")
    copy[log: Self.checkpoint] = damage.apply(to: try #require(copy[log: Self.checkpoint]))
    if !hasHint { copy[log: Self.hint] = nil }
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
    #expect(error?.code == .corruptCheckpoint || error?.code == .corruptLog)
    #expect(error?.message.contains(Self.checkpoint) == true, "\(error?.message ?? "")")
  }

  @Test(
    "A hint that is wrong costs a listing and nothing else",
    arguments: [
      #"{"version":7,"size":12}"#, #"{"version":4000,"size":12}"#, #"{"version":-3}"#, "{}", "", "garbage",
      #"{"version":"9"}"#, #"{"version":9.5}"#, "[9]", #"{"version":9,"parts":3}"#, "\u{0}\u{0}",
      #"{"version":9223372036854775807}"#,
    ])
  func wrongHint(text: String) async throws {
    var copy = try TableCopy("checkpoint")
    copy[log: Self.hint] = Array(text.utf8)
    let snapshot = try await copy.table.snapshot()
    #expect(snapshot.version == 12)
    #expect(snapshot.log.checkpointVersion == 9)
    #expect(snapshot.warnings.isEmpty)
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows())
  }

  @Test("A checkpoint with a part missing is not used, and a warning says so")
  func incompleteParts() async throws {
    var copy = try TableCopy("checkpoint")
    copy[log: TableCopy.name(9, ".checkpoint.0000000001.0000000002.parquet")] = copy[log: Self.checkpoint]
    copy[log: Self.checkpoint] = nil
    copy[log: Self.hint] = Array(#"{"version":9,"size":12,"parts":2}"#.utf8)
    let snapshot = try await copy.table.snapshot()
    #expect(snapshot.log.checkpointVersion == nil)
    #expect(snapshot.warnings.contains { $0.contains("version 9") && $0.contains("1 of 2 parts") })
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows())
  }

  @Test("With nothing to fall back on the error says which parts are missing")
  func incompletePartsAlone() async throws {
    var copy = try TableCopy("cleaned-log")
    copy[log: TableCopy.name(9, ".checkpoint.0000000002.0000000002.parquet")] = copy[log: Self.checkpoint]
    copy[log: Self.checkpoint] = nil
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
    #expect(error?.code == .corruptLog)
    #expect(error?.message.contains("1 of 2 parts") == true, "\(error?.message ?? "")")
  }

  /// A checkpoint of the V2 spec: JSON on top, the fixture's classic checkpoint as its sidecar.
  private func withSidecar(_ name: String) throws -> TableCopy {
    var copy = try TableCopy(name)
    let source = try TableCopy("checkpoint")
    let parquet = try #require(copy[log: Self.checkpoint])
    copy[log: Self.checkpoint] = nil
    copy[log: Self.hint] = nil
    copy[log: "_sidecars/files.parquet"] = parquet
    let lines =
      [#"{"checkpointMetadata":{"version":9}}"#] + source.lines(0, "protocol") + source.lines(0, "metaData") + [
        #"{"sidecar":{"path":"files.parquet","sizeInBytes":\#(parquet.count),"modificationTime":0}}"#
      ]
    copy[log: Self.v2] = Array(lines.joined(separator: "\n").utf8)
    return copy
  }

  private static let v2 = TableCopy.name(9, ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json")

  @Test("A checkpoint with a sidecar is read")
  func sidecar() async throws {
    let snapshot = try await withSidecar("cleaned-log").table.snapshot()
    #expect(snapshot.log.checkpointVersion == 9)
    #expect(snapshot.warnings.isEmpty)
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("cleaned-log").rows())
  }

  @Test(
    "A damaged or missing sidecar is named, and the commits stand in where they are there", arguments: [true, false])
  func damagedSidecar(isMissing: Bool) async throws {
    for name in ["checkpoint", "cleaned-log"] {
      var copy = try withSidecar(name)
      let path = "_delta_log/_sidecars/files.parquet"
      if isMissing { copy.files[path] = nil } else { copy.truncate(path) }
      if name == "checkpoint" {
        let snapshot = try await copy.table.snapshot()
        #expect(snapshot.warnings.contains { $0.contains("files.parquet") }, "\(snapshot.warnings)")
        #expect(try await snapshot.scan().rows().counted == Fixtures.table(name).rows())
      } else {
        let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
        #expect(error?.code == .corruptCheckpoint)
        #expect(error?.message.contains("files.parquet") == true, "\(error?.message ?? "")")
      }
    }
  }

  @Test("A sidecar in a store that can't be reached counts as a damaged checkpoint")
  func unreachableSidecar() async throws {
    var copy = try withSidecar("checkpoint")
    let text = String(decoding: try #require(copy[log: Self.v2]), as: UTF8.self)
    copy[log: Self.v2] = Array(text.replacingOccurrences(of: "files.parquet", with: "s3://bucket/f.parquet").utf8)
    let snapshot = try await copy.table.snapshot()
    #expect(snapshot.warnings.contains { $0.contains("s3://bucket/f.parquet") }, "\(snapshot.warnings)")
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows())
  }

  @Test("A damaged JSON checkpoint is passed over", arguments: ["{\"checkpointMeta", "{\"sidecar\":{}}", "not JSON"])
  func damagedJSON(text: String) async throws {
    var copy = try withSidecar("checkpoint")
    copy[log: Self.v2] = Array(text.utf8)
    let snapshot = try await copy.table.snapshot()
    #expect(snapshot.log.checkpointVersion == nil)
    #expect(snapshot.warnings.contains { $0.contains(Self.v2) }, "\(snapshot.warnings)")
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows())
  }

  @Test("A JSON checkpoint that the store doesn't give is passed over, and without commits the error names it")
  func unreadableJSON() async throws {
    let copy = try withSidecar("checkpoint")
    let store = FaultInjectingStore(copy.store, faults: [.failure(of: .read, path: Self.v2)])
    let snapshot = try await DeltaTable(store: store).snapshot()
    #expect(store.struckCount == 1)
    #expect(snapshot.log.checkpointVersion == nil)
    #expect(snapshot.warnings.contains { $0.contains(Self.v2) }, "\(snapshot.warnings)")
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows())

    let alone = FaultInjectingStore(
      try withSidecar("cleaned-log").store, faults: [.failure(of: .read, path: Self.v2)])
    let error = await #expect(throws: DeltaError.self) { try await DeltaTable(store: alone).snapshot() }
    #expect(error?.code == .corruptCheckpoint && error?.path == Self.v2)
  }

  @Test("A flipped bit anywhere in a checkpoint gives the right rows or an error, never other rows")
  func flippedBits() async throws {
    let original = try TableCopy("checkpoint")
    let bytes = try #require(original[log: Self.checkpoint])
    let expected = try Fixtures.table("checkpoint").rows()
    for position in stride(from: 0, to: bytes.count, by: 331) {
      var copy = original
      copy[log: Self.checkpoint]?[position] ^= 0x10
      do {
        let snapshot = try await copy.table.snapshot()
        let rows = try await snapshot.scan().rows().counted
        #expect(rows == expected, "byte \(position)")
      } catch {
        #expect(error is DeltaError, "byte \(position): \(error)")
      }
    }
  }
}
