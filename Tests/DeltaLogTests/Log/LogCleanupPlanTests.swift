import Testing

@testable import DeltaLog

@Suite("Log cleanup") struct LogCleanupPlanTests {
  private let day: Int64 = 86_400_000

  private func time(day: Int64, _ milliseconds: Int64 = 0) -> Timestamp {
    Timestamp(milliseconds: day * self.day + milliseconds)
  }

  private func file(_ name: String, day: Int64 = 0) -> LogFile {
    LogFile(parsing: name, sizeInBytes: 1, modificationTime: time(day: day))
      ?? LogFile(name: name, kind: .checksum, version: -1)
  }

  /// A commit a day, each with a checksum.
  private func commits(_ versions: ClosedRange<Version>) -> [LogFile] {
    versions.flatMap { [file(LogFile.commitName($0), day: $0), file(LogFile.checksumName($0), day: $0)] }
  }

  private func checkpoint(_ version: Version) -> LogFile { file(LogFile.checkpointName(version), day: version) }

  private func names(_ cleanup: LogCleanupPlan?) -> [String] { cleanup?.files.map(\.name) ?? [] }

  @Test("What is before the newest checkpoint that the kept versions need goes, oldest first")
  func plan() throws {
    let files = commits(0...30) + [checkpoint(10), checkpoint(20), checkpoint(30)]
    let cleanup = try #require(LogCleanupPlan(files.shuffled(), before: time(day: 25)))
    #expect(cleanup.firstVersion == 20)
    let versions = Array(0..<20) as [Version]
    #expect(
      names(cleanup) == versions.map(LogFile.checksumName) + versions.map(LogFile.commitName)
        + [LogFile.checkpointName(10)])
    // The commit just at the cutoff is kept, so that the table as of then is.
    #expect(LogCleanupPlan(files, before: time(day: 20))?.firstVersion == 20)
    #expect(LogCleanupPlan(files, before: time(day: 20, -1))?.firstVersion == 10)
    #expect(LogCleanupPlan(files, before: time(day: 99))?.firstVersion == 30)
  }

  @Test("Without a checkpoint old enough, nothing goes")
  func nothing() {
    #expect(LogCleanupPlan(commits(0...30), before: time(day: 99)) == nil)
    #expect(LogCleanupPlan(commits(0...30) + [checkpoint(20)], before: time(day: 19)) == nil)
    #expect(LogCleanupPlan(commits(0...30) + [checkpoint(20)], before: time(day: -1)) == nil)
    #expect(LogCleanupPlan([], before: time(day: 99)) == nil)
    // What was cleaned up is not cleaned up again.
    #expect(LogCleanupPlan(commits(20...30) + [checkpoint(20)], before: time(day: 25)) == nil)
  }

  @Test("After a cleanup, even half of one, every version from the first on can be read")
  func readable() throws {
    let files = commits(0...30) + [checkpoint(10), checkpoint(20)]
    let cleanup = try #require(LogCleanupPlan(files, before: time(day: 25)))
    for count in 0...cleanup.files.count {
      let gone = Set(cleanup.files.prefix(count).map(\.name))
      let listing = LogListing(files.filter { !gone.contains($0.name) })
      for version in cleanup.firstVersion...30 { _ = try LogSegment.choose(listing, asOf: version) }
    }
  }

  @Test("Parts, V2 checkpoints, compactions and staged commits go with their versions")
  func kinds() throws {
    let id = "016ae953-37a9-438e-8683-9a9a4a79a395"
    let old = [
      file("00000000000000000005.checkpoint.0000000001.0000000002.parquet"),
      file("00000000000000000006.checkpoint.\(id).json"), file("00000000000000000007.checkpoint.\(id).parquet"),
      file(LogFile.compactionName(2...8)), file(LogFile.compactionName(10...15)),
      file("_staged_commits/00000000000000000010.\(id).json"),
    ]
    let kept = [
      file(LogFile.compactionName(11...15)), file("_staged_commits/00000000000000000011.\(id).json"),
    ]
    let cleanup = try #require(LogCleanupPlan(commits(0...20) + [checkpoint(10)] + old + kept, before: time(day: 15)))
    #expect(Set(old.map(\.name)).isSubset(of: names(cleanup)))
    #expect(Set(kept.map(\.name)).isDisjoint(with: names(cleanup)))
    #expect(!names(cleanup).contains(LogFile.commitName(10)) && !names(cleanup).contains(LogFile.checkpointName(10)))
  }

  @Test("A checkpoint that is damaged, incomplete or not followed by its commits is no beginning")
  func unsound() {
    let files = commits(0...30) + [checkpoint(10), checkpoint(20)]
    let cleanup = LogCleanupPlan(files, before: time(day: 25)) { $0.version != 20 }
    #expect(cleanup?.firstVersion == 10)
    #expect(LogCleanupPlan(files, before: time(day: 25)) { _ in false } == nil)

    let part = file("00000000000000000020.checkpoint.0000000001.0000000002.parquet")
    #expect(LogCleanupPlan(commits(0...30) + [checkpoint(10), part], before: time(day: 25))?.firstVersion == 10)

    let gap = (commits(0...21) + commits(23...30) + [checkpoint(10), checkpoint(20)]).filter { _ in true }
    #expect(LogCleanupPlan(gap, before: time(day: 25))?.firstVersion == 10)
    // Unless another checkpoint comes before the gap.
    #expect(LogCleanupPlan(gap + [checkpoint(21)], before: time(day: 20))?.firstVersion == 20)
    let noCommit = files.filter { $0.name != LogFile.commitName(20) }
    #expect(LogCleanupPlan(noCommit, before: time(day: 25)) == nil, "10 is not followed by its commits up to 20")
  }

  @Test("Files' times that run backwards do not take newer versions for older ones")
  func times() {
    var files = commits(0...30) + [checkpoint(10), checkpoint(20)]
    files = files.map { file in
      // Version 22 says that it is from day 3.
      file.version == 22
        ? LogFile(name: file.name, kind: file.kind, version: 22, sizeInBytes: 1, modificationTime: time(day: 3)) : file
    }
    #expect(LogCleanupPlan(files, before: time(day: 15))?.firstVersion == 10)
  }

  @Test("What is protected goes as a whole or not at all")
  func protection() {
    let files = commits(0...30) + [checkpoint(10), checkpoint(20)]
    #expect(LogCleanupPlan(files, before: time(day: 15), protected: 12) == nil)
    #expect(LogCleanupPlan(files, before: time(day: 15), protected: 10)?.firstVersion == 10)
    #expect(LogCleanupPlan(files, before: time(day: 25), protected: 12)?.firstVersion == 20)
    let metadata = TableMetadata(
      id: "", schemaString: "", configuration: ["delta.requireCheckpointProtectionBeforeVersion": "12"])
    func versions(_ features: [String]) -> ProtocolVersions {
      ProtocolVersions(minReaderVersion: 1, minWriterVersion: 7, writerFeatures: features)
    }
    #expect(LogCleanupPlan.protectedVersion(metadata, versions(["checkpointProtection"])) == 12)
    #expect(LogCleanupPlan.protectedVersion(metadata, versions([])) == 0)
  }

  @Test("History can be cut at a version")
  func truncation() {
    let files = commits(0...30) + [checkpoint(10), checkpoint(20)]
    #expect(LogCleanupPlan(files, keepingFrom: 20)?.firstVersion == 20)
    #expect(LogCleanupPlan(files, keepingFrom: 19)?.firstVersion == 10)
    #expect(LogCleanupPlan(files, keepingFrom: 9) == nil)
  }

  @Test("Sidecars that no checkpoint names go, young ones stay")
  func sidecars() {
    let all =
      ["a.parquet", "b b.parquet", "c.parquet", "d.parquet"].map { (name: $0, modificationTime: time(day: 3)) }
      + [(name: "young.parquet", modificationTime: time(day: 9))]
    let expired = LogCleanupPlan.expiredSidecars(
      all, referenced: ["a.parquet", "b%20b.parquet", "_delta_log/_sidecars/c.parquet"], before: time(day: 9))
    #expect(expired == ["d.parquet"])
  }

  @Test("Retention is counted back from now, to a midnight for the log")
  func retention() {
    let properties = TableProperties([
      "delta.logRetentionDuration": "interval 2 days", "delta.deletedFileRetentionDuration": "interval 36 hours",
      "delta.setTransactionRetentionDuration": "interval 1 day", "delta.checkpointInterval": "7",
    ])
    let retention = LogRetention(properties, now: time(day: 10, 5000))
    #expect(retention.logCutoff == time(day: 8))
    #expect(retention.sidecarCutoff == time(day: 9))
    #expect(retention.tombstoneCutoff == time(day: 8, day / 2 + 5000))
    #expect(retention.isExpired(removedAt: time(day: 8)) && !retention.isExpired(removedAt: time(day: 9)))
    #expect(retention.isExpired(removedAt: nil))
    func transaction(_ updated: Timestamp?) -> AppTransaction {
      AppTransaction(appId: "a", version: 1, lastUpdated: updated)
    }
    #expect(retention.isExpired(transaction(time(day: 9))) && !retention.isExpired(transaction(time(day: 9, 6000))))
    #expect(!retention.isExpired(transaction(nil)))
    #expect(!LogRetention(TableProperties([:]), now: time(day: 10)).isExpired(transaction(time(day: 0))))
    #expect([0, 6, 7, 8, 14].filter(retention.isCheckpointDue) == [7, 14])
    let early = LogRetention(properties, now: Timestamp(milliseconds: .min + 1))
    #expect(early.logCutoff.milliseconds == .min && early.tombstoneCutoff.milliseconds == .min)
    #expect(LogRetention(properties, now: time(day: -1, -5)).logCutoff == time(day: -4))
  }
}
