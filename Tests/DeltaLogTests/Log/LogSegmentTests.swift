import Testing

@testable import DeltaLog

@Suite("Log file names") struct LogFileTests {
  private static let seven = "00000000000000000007"

  @Test(
    "Names say what a file is",
    arguments: [
      (seven + ".json", LogFile.Kind.commit), (seven + ".crc", .checksum),
      (seven + ".checkpoint.parquet", .classicCheckpoint),
      (seven + ".checkpoint.0000000002.0000000003.parquet", .checkpointPart(2, of: 3)),
      (seven + ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json", .uuidCheckpoint(isJSON: true)),
      (seven + ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet", .uuidCheckpoint(isJSON: false)),
      (seven + ".00000000000000000009.compacted.json", .compaction(through: 9)),
      ("_staged_commits/" + seven + ".3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json", .stagedCommit),
    ])
  func kinds(_ name: String, _ kind: LogFile.Kind) {
    let file = LogFile(parsing: name)
    #expect(file?.kind == kind)
    #expect(file?.version == 7)
    #expect(file?.name == name)
  }

  @Test(
    "Noise is no log file",
    arguments: [
      "", "_last_checkpoint", ".00000000000000000007.json.crc", "7.json", "00000000000000000007.json.tmp",
      "00000000000000000007", "0000000000000000000x.json", "99999999999999999999.json", "000000000000000000007.json",
      "00000000000000000007.00000000000000000007.compacted.json", "00000000000000000007.3a0d65cd.json",
      "00000000000000000007.checkpoint.0000000000.0000000003.parquet",
      "00000000000000000007.checkpoint.0000000004.0000000003.parquet", "00000000000000000007.checkpoint.parquet.tmp",
      "_delta_index", ".tmp/00000000000000000007.json", "00000000000000000007.checkpoint..parquet",
    ])
  func noise(_ name: String) {
    #expect(LogFile(parsing: name) == nil)
  }

  @Test("A hint is a hint: garbage is none, unknown fields are passed over")
  func hints() {
    let text = #"{"version":10,"size":12,"parts":3,"odd":[1],"checksum":"x"}"#
    #expect(LastCheckpointHint(parsing: Array(text.utf8)) == LastCheckpointHint(version: 10, size: 12, parts: 3))
    for garbage in ["", "{", "[]", "{}", #"{"version":-1}"#, #"{"version":"10"}"#, "\u{0}"] {
      #expect(LastCheckpointHint(parsing: Array(garbage.utf8)) == nil)
    }
  }
}

@Suite("Log segment") struct LogSegmentTests {
  private func listing(_ names: String...) -> LogListing {
    LogListing(
      names.compactMap { name in
        var pieces = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for index in pieces.indices where Int64(pieces[index]) != nil {
          pieces[index] =
            index < 2 && pieces.contains("compacted") || index == 0
            ? LogFile.digits(Int64(pieces[index]) ?? 0) : String(repeating: "0", count: 9) + pieces[index]
        }
        return LogFile(parsing: pieces.joined(separator: "."), sizeInBytes: 1)
      })
  }

  private func versions(_ segment: LogSegment) -> [ClosedRange<Version>] {
    segment.deltas.map { $0.version...$0.lastVersion }
  }

  @Test("The newest complete checkpoint not beyond the version is the start")
  func checkpoints() throws {
    let listing = listing(
      "0.json", "1.json", "1.checkpoint.parquet", "2.json", "3.json", "3.checkpoint.1.2.parquet", "4.json", "4.crc")
    let latest = try LogSegment.choose(listing)
    #expect(latest.version == 4 && latest.checkpoint?.version == 1 && versions(latest) == [2...2, 3...3, 4...4])
    #expect(latest.checksum?.version == 4 && latest.lastCommit?.version == 4)
    #expect(latest.warnings.contains { $0.contains("1 of 2 parts") })
    #expect(listing.confirms(LastCheckpointHint(version: 1)) && !listing.confirms(LastCheckpointHint(version: 3)))
    let first = try LogSegment.choose(listing, asOf: 0)
    #expect(first.checkpoint == nil && versions(first) == [0...0])
    let second = try LogSegment.choose(listing, asOf: 1)
    #expect(second.checkpoint?.version == 1 && second.deltas.isEmpty)
  }

  @Test("All parts together are a checkpoint; of one version single files go first")
  func parts() throws {
    let listing = listing(
      "2.checkpoint.1.2.parquet", "2.checkpoint.2.2.parquet", "2.checkpoint.abc.json", "2.checkpoint.parquet", "2.json")
    #expect(listing.checkpoints.map(\.files.count) == [1, 1, 2])
    var segment = try LogSegment.choose(listing)
    #expect(segment.checkpoint?.files.first?.kind == .classicCheckpoint)
    let damage = DeltaError(.corruptCheckpoint, "damaged")
    segment = try segment.fallingBack(because: damage)
    #expect(segment.checkpoint?.isJSON == true)
    segment = try segment.fallingBack(because: damage)
    #expect(segment.checkpoint?.files.count == 2)
    #expect(segment.warnings.count == 2)
    #expect(throws: DeltaError.self) { try segment.fallingBack(because: damage) }
  }

  @Test("A damaged checkpoint gives way to the commits")
  func fallback() throws {
    let listing = listing("0.json", "1.json", "2.json", "2.checkpoint.parquet", "3.json")
    let segment = try LogSegment.choose(listing).fallingBack(because: DeltaError(.corruptCheckpoint, "damaged"))
    #expect(segment.checkpoint == nil && versions(segment) == [0...0, 1...1, 2...2, 3...3])
  }

  @Test("A listing says which versions it lacks after its newest checkpoint")
  func missingCommits() {
    func missing(_ commits: [Version], checkpoint: Version? = nil, isWhole: Bool = true) -> [Version] {
      let names = commits.map(LogFile.commitName) + (checkpoint.map { [LogFile.checkpointName($0)] } ?? [])
      let files = names.compactMap { LogFile(parsing: $0, sizeInBytes: 1) }
      return LogListing(files).missingCommits(isWhole: isWhole)
    }
    #expect(missing([]) == [])
    #expect(missing([0, 1, 2]) == [])
    #expect(missing([0, 2, 5]) == [4, 3, 1])
    #expect(missing([1, 2]) == [0])
    #expect(missing([7, 9], isWhole: false) == [8])
    #expect(missing([7, 9], checkpoint: 8) == [])
    #expect(missing([3, 6, 7], checkpoint: 4) == [5])
    #expect(missing([9], checkpoint: 7) == [8])
    #expect(missing([3], checkpoint: 7) == [])
    #expect(missing([0, LogFile.greatestVersion]).count == 100)
  }

  @Test("A gap is an error that names it")
  func gaps() throws {
    let listing = listing("0.json", "1.json", "4.json", "9.checkpoint.parquet", "9.json", "11.json")
    #expect(try LogSegment.choose(listing, asOf: 1).version == 1)
    #expect(try LogSegment.choose(listing, asOf: 9).version == 9)
    let error = #expect(throws: DeltaError.self) { try LogSegment.choose(listing, asOf: 4) }
    #expect(error?.code == .gapInLog && error?.version == 2)
    #expect(error?.message.contains("from version 1 to 4") == true)
    #expect(throws: DeltaError.self) { try LogSegment.choose(listing) }
    let missing = #expect(throws: DeltaError.self) { try LogSegment.choose(listing, asOf: 5) }
    #expect(missing?.code == .versionNotFound)
  }

  @Test("A version beyond the latest, or cleaned away, is not found, with the versions that are")
  func notFound() throws {
    let listing = listing("8.json", "8.checkpoint.parquet", "9.json")
    for version: Version in [10, 7, 0, -1] {
      let error = #expect(throws: DeltaError.self) { try LogSegment.choose(listing, asOf: version) }
      #expect(error?.code == .versionNotFound)
      #expect(error?.message.contains("8 to 9") == true)
    }
  }

  @Test("Without a start the latest version is a corrupt log, and without anything there is no table")
  func noStart() throws {
    let error = #expect(throws: DeltaError.self) { try LogSegment.choose(listing("1.json", "2.json")) }
    #expect(error?.code == .corruptLog && error?.message.contains("commit 0 is missing") == true)
    let empty = #expect(throws: DeltaError.self) { try LogSegment.choose(listing("_last_checkpoint")) }
    #expect(empty?.code == .notFound)
    let incomplete = #expect(throws: DeltaError.self) { try LogSegment.choose(listing("3.checkpoint.1.2.parquet")) }
    #expect(incomplete?.code == .corruptLog)
  }

  @Test("The greatest version is one like others, and files of greater ones are none of the log")
  func extremes() throws {
    let greatest = LogFile.greatestVersion
    let last = LogFile(parsing: LogFile.commitName(greatest), sizeInBytes: 1)
    let checkpoint = LogFile(parsing: LogFile.checkpointName(greatest - 1), sizeInBytes: 1)
    let compaction = LogFile(parsing: LogFile.compactionName((greatest - 1)...greatest), sizeInBytes: 1)
    let first = LogFile(parsing: LogFile.commitName(0), sizeInBytes: 1)
    #expect(try LogSegment.choose(LogListing([last, checkpoint].compactMap { $0 })).version == greatest)
    #expect(throws: DeltaError.self) { try LogSegment.choose(LogListing([last, first].compactMap { $0 })) }
    #expect(throws: DeltaError.self) {
      try LogSegment.choose(LogListing([compaction, first].compactMap { $0 }), asOf: greatest, usesCompactions: false)
    }
    for version in [greatest + 1, .max] { #expect(LogFile(parsing: LogFile.commitName(version)) == nil) }
    var search = InCommitTimestampSearch(atOrBefore: Timestamp(milliseconds: 5), in: (.max - 1) ... .max)
    while search.probe != nil { search.record(Timestamp(milliseconds: 5)) }
    #expect(try search.result() == .max)
  }

  @Test("Compactions stand for the commits they cover, the longest first, never beyond the version")
  func compactions() throws {
    let listing = listing(
      "0.json", "1.json", "2.json", "3.json", "4.json", "5.json", "0.2.compacted.json", "3.4.compacted.json",
      "3.5.compacted.json", "1.5.compacted.json")
    let latest = try LogSegment.choose(listing)
    #expect(versions(latest) == [0...2, 3...5] && latest.lastCommit?.version == 5)
    #expect(versions(try LogSegment.choose(listing, asOf: 4)) == [0...2, 3...4])
    #expect(versions(try LogSegment.choose(listing, asOf: 3)) == [0...2, 3...3])
    #expect(versions(try latest.withoutCompactions(because: .corruptLog("a compaction is damaged"))).count == 6)
  }
}

@Suite("Commits that a catalog ratified") struct RatifiedCommitTests {
  @Test("They count before published ones, and nothing newer than the catalog's latest does")
  func ratified() throws {
    let published = (0...4).compactMap { LogFile(parsing: LogFile.commitName($0)) }
    let staged = try #require(
      LogFile(parsing: "_staged_commits/" + LogFile.digits(3) + ".3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json"))
    let listing = LogListing(published).completed(withRatified: [staged], latest: 3)
    let segment = try LogSegment.choose(listing)
    #expect(segment.version == 3 && segment.deltas.count == 4)
    #expect(segment.deltas.last?.name == staged.name)
    #expect(LogListing([staged]).isEmpty)
  }
}

@Suite("Commit timestamps") struct CommitTimestampTests {
  private func times(_ milliseconds: Int64...) -> CommitTimestamps {
    CommitTimestamps(
      milliseconds.enumerated().map { version, time in
        LogFile(
          name: LogFile.commitName(Version(version)), kind: .commit, version: Version(version),
          modificationTime: Timestamp(milliseconds: time))
      })
  }

  @Test("File times that don't ascend are pushed on by a millisecond")
  func monotone() throws {
    let times = times(100, 90, 90, 200)
    #expect(times.commits.map(\.timestamp.milliseconds) == [100, 101, 102, 200])
    #expect(try times.version(atOrBefore: Timestamp(milliseconds: 101)) == 1)
    #expect(try times.version(atOrBefore: Timestamp(milliseconds: 199)) == 2)
    #expect(try times.version(atOrBefore: Timestamp(milliseconds: 9999)) == 3)
    #expect(try times.version(atOrBefore: Timestamp(milliseconds: 9999), before: 2) == 1)
    let error = #expect(throws: DeltaError.self) { try times.version(atOrBefore: Timestamp(milliseconds: 99)) }
    #expect(error?.code == .versionNotFound)
  }

  @Test("A search reads few commits and finds the newest that is old enough", arguments: [0, 5, 49, 50, 995, 1005])
  func search(_ target: Int64) throws {
    var search = InCommitTimestampSearch(atOrBefore: Timestamp(milliseconds: target), in: 0...99)
    var reads = 0
    while let version = search.probe {
      search.record(Timestamp(milliseconds: version * 10))
      reads += 1
    }
    #expect(reads <= 7)
    #expect(try search.result() == min(target / 10, 99))
    var none = InCommitTimestampSearch(atOrBefore: Timestamp(milliseconds: -1), in: 0...99)
    while none.probe != nil { none.record(Timestamp(milliseconds: 0)) }
    #expect(throws: DeltaError.self) { try none.result() }
  }

  @Test(
    "Timestamps are read and written",
    arguments: [
      ("2024-02-29T12:34:56.789Z", 1_709_210_096_789), ("1970-01-01", 0), ("1969-12-31T23:59:59.999Z", -1),
      ("2024-02-29 13:34:56.789+01:00", 1_709_210_096_789), ("2024-02-29 12:34", 1_709_210_040_000),
      ("2024-2-29 12:34", 1_709_210_040_000),
      ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func text(_ text: String, _ milliseconds: Int64) throws {
    #expect(Timestamp(text)?.milliseconds == milliseconds)
    #expect(Timestamp(Timestamp(milliseconds: milliseconds).description)?.milliseconds == milliseconds)
  }

  @Test(
    "What is no timestamp is none",
    arguments: [
      "", "2023-02-29", "2024-13-01", "2024-1-", "2024-01-01T25:00", "2024-01-01T00:00:00.", "2024-01-01T00:00Zx", "5",
    ])
  func noText(_ text: String) {
    #expect(Timestamp(text) == nil)
  }
}
