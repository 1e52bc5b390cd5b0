import Foundation
import Testing

@testable import DeltaLog

@Suite("Real logs", .enabled(if: SharedTables.root != nil, "needs DELTALAKE_SHARED")) struct ConformanceTests {
  @Test("A version that JSON alone yields has the files, protocol and partitioning that others read")
  func json() throws {
    var compared = 0
    for name in SharedTables.caseNames {
      let table = try SharedTables.Case(name)
      let listing = LogListing(table.listing())
      for read in table.reads {
        guard let expected = read["expect"] as? [String: Any], let number = expected["version"] as? NSNumber else {
          continue
        }
        let segment: LogSegment
        do { segment = try LogSegment.choose(listing, asOf: number.int64Value) } catch {
          Issue.record("\(name) \(number): \(error)")
          continue
        }
        guard segment.checkpoint?.isJSON ?? true else { continue }
        let (state, sidecars) = try table.state(segment)
        guard sidecars.isEmpty else { continue }
        compare(state, expected, "\(name) version \(number)")
        compared += 1
      }
    }
    print("compared", compared, "versions")
    #expect(compared > 100)
  }

  @Test("Where all commits are there, they yield the same without any checkpoint or compaction")
  func commitsOnly() throws {
    var compared = 0
    for name in SharedTables.caseNames {
      let table = try SharedTables.Case(name)
      let listing = LogListing(table.listing().filter { $0.kind == .commit })
      for read in table.reads {
        guard let expected = read["expect"] as? [String: Any], let number = expected["version"] as? NSNumber else {
          continue
        }
        guard let segment = try? LogSegment.choose(listing, asOf: number.int64Value),
          segment.checkpoint == nil
        else { continue }
        let state = try table.state(segment).0
        compare(state, expected, "\(name) version \(number)")
        compared += 1
        try compareIncremental(table, segment, state, name)
      }
    }
    print("compared", compared, "versions")
    #expect(compared > 100)
  }

  private func compareIncremental(
    _ table: SharedTables.Case, _ segment: LogSegment, _ state: TableState, _ name: String
  ) throws {
    guard segment.deltas.count > 1 else { return }
    let middle = segment.deltas.count / 2
    var first = LogReplay()
    for file in segment.deltas[..<middle].reversed() { try first.apply(commit: try table.bytes(file.name), file) }
    guard let older = try? first.finish(version: segment.deltas[middle - 1].version) else { return }
    var second = LogReplay()
    for file in segment.deltas[middle...].reversed() { try second.apply(commit: try table.bytes(file.name), file) }
    let stepped = try second.finish(version: segment.version, onto: older)
    #expect(Self.adds(stepped) == Self.adds(state), "\(name)")
    #expect(stepped.protocolVersions == state.protocolVersions && stepped.metadata == state.metadata)
    #expect(stepped.domains == state.domains && stepped.transactions == state.transactions)
  }

  private static func adds(_ state: TableState) -> [AddFile] { (0..<state.files.count).map(state.files.addFile) }

  private func compare(_ state: TableState, _ expected: [String: Any], _ place: String) {
    let list = { (key: String) in Set(expected[key] as? [String] ?? []) }
    #expect(state.files.count == (expected["numFiles"] as? NSNumber)?.intValue, "\(place)")
    #expect(state.metadata.partitionColumns == expected["partitionColumns"] as? [String], "\(place)")
    #expect(Int(state.protocolVersions.minReaderVersion) == (expected["minReader"] as? NSNumber)?.intValue, "\(place)")
    #expect(Int(state.protocolVersions.minWriterVersion) == (expected["minWriter"] as? NSNumber)?.intValue, "\(place)")
    #expect(Set(state.protocolVersions.readerFeatures ?? []) == list("readerFeatures"), "\(place)")
    #expect(Set(state.protocolVersions.writerFeatures ?? []) == list("writerFeatures"), "\(place)")
  }

  @Test("Every expected failure of the log is one, with the right code")
  func failures() throws {
    for name in SharedTables.caseNames {
      let table = try SharedTables.Case(name)
      let listing = LogListing(table.listing())
      for read in table.reads {
        guard let code = read["expectError"] as? String, code == "corruptLog" || code == "notFound",
          read["scanOnly"] == nil
        else { continue }
        let at = read["at"]
        let version = ((at as? [String: Any])?["version"] as? NSNumber)?.int64Value
        guard at is String || version != nil else { continue }
        do {
          let segment = try LogSegment.choose(listing, asOf: version)
          guard segment.checkpoint?.isJSON ?? true else { continue }
          _ = try table.state(segment)
          Issue.record("\(name) \(String(describing: at)) should fail with \(code)")
        } catch let error as DeltaError {
          let found = [DeltaError.Code.notFound, .versionNotFound].contains(error.code) ? "notFound" : "corruptLog"
          #expect(found == code, "\(name): \(error)")
        }
      }
    }
  }

  @Test("Time travel by timestamp finds the version")
  func timestamps() throws {
    var compared = 0
    for name in SharedTables.caseNames {
      let table = try SharedTables.Case(name)
      for read in table.reads {
        guard let text = (read["at"] as? [String: Any])?["timestamp"] as? String else { continue }
        let timestamp = try #require(Timestamp(text))
        let expected = ((read["expect"] as? [String: Any])?["version"] as? NSNumber)?.int64Value
        let found = try? version(table, timestamp)
        #expect(found == expected, "\(name) \(text)")
        compared += 1
      }
    }
    #expect(compared > 10)
  }

  private func version(_ table: SharedTables.Case, _ timestamp: Timestamp) throws -> Version {
    let files = table.listing()
    let listing = LogListing(files)
    let times = CommitTimestamps(files)
    let segment = try LogSegment.choose(LogListing(files.filter { $0.kind == .commit }))
    let state = try table.state(segment).0
    guard let rule = InCommitTimestampRule(state.protocolVersions, state.metadata) else {
      return try times.version(atOrBefore: timestamp)
    }
    guard rule.covers(timestamp) else {
      return try times.version(atOrBefore: timestamp, before: rule.enablementVersion)
    }
    let latest = listing.latestVersion ?? 0
    var search = InCommitTimestampSearch(atOrBefore: timestamp, in: rule.enablementVersion...latest)
    while let probe = search.probe {
      let name = LogFile.commitName(probe)
      let info = try CommitScanner.commitInfo(in: try table.bytes(name), file: name, version: probe)
      search.record(try #require(info?.inCommitTimestamp))
    }
    return try search.result()
  }

  @Test("Version checksums agree with the replayed log, but for those that were made wrong")
  func checksums() throws {
    var compared = 0
    for name in SharedTables.caseNames {
      let table = try SharedTables.Case(name)
      let listing = LogListing(table.listing().filter { $0.kind == .commit || $0.kind == .checksum })
      for file in listing.checksums {
        guard let segment = try? LogSegment.choose(listing, asOf: file.version),
          let state = try? table.state(segment).0
        else { continue }
        let checksum = try #require(VersionChecksum(parsing: try table.bytes(file.name)))
        let differences = checksum.disagreements(with: state)
        #expect(
          differences.isEmpty != ["derived-bad-crc", "krs-crc-full"].contains(name),
          "\(name) \(file.version) \(differences)")
        compared += 1
      }
    }
    print("compared", compared, "checksums")
    #expect(compared > 100)
  }

  @Test("Tables that need something unknown are refused by name, all others are let through")
  func features() throws {
    var refused = 0
    for name in SharedTables.caseNames {
      let table = try SharedTables.Case(name)
      let listing = LogListing(table.listing().filter { $0.kind == .commit })
      for read in table.reads {
        let at = read["at"]
        let version = ((at as? [String: Any])?["version"] as? NSNumber)?.int64Value
        guard at is String || version != nil, let segment = try? LogSegment.choose(listing, asOf: version),
          let state = try? table.state(segment).0
        else { continue }
        let mentions = read["errorMentions"] as? [String] ?? []
        do {
          try FeatureGate.checkReadable(state.protocolVersions, state.metadata)
          // An unknown type is the schema's business.
          #expect(read["expectError"] as? String != "unsupportedFeature" || mentions == ["hyperlong"], "\(name)")
        } catch {
          refused += 1
          #expect(error.code == .unsupportedFeatures)
          #expect(read["expectError"] as? String == "unsupportedFeature", "\(name): \(error)")
          #expect(mentions.contains { error.message.contains($0) }, "\(name): \(error) \(mentions)")
        }
      }
    }
    print("refused", refused)
    #expect(refused > 10)
  }
}
