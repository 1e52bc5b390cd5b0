import Columnar
import Testing

@testable import DeltaLog

@Suite("Version checksums") struct VersionChecksumTests {
  private func state(_ commits: [[Action]]) throws -> TableState {
    var replay = LogReplay()
    for (version, actions) in commits.enumerated().reversed() {
      let name = LogFile.commitName(Version(version))
      try replay.apply(commit: CommitText.bytes(of: actions), name: name, version: Version(version))
    }
    return try replay.finish(version: Version(commits.count - 1))
  }

  private func file(_ path: String, _ size: Int64, deleting count: Int64? = nil) -> AddFile {
    AddFile(
      path: path, sizeInBytes: size, modificationTime: Timestamp(milliseconds: 0),
      deletionVector: count.map {
        DeletionVectorDescriptor(storageType: .inline, pathOrInlineDv: "v\($0)", sizeInBytes: 1, cardinality: $0)
      })
  }

  private func removed(_ file: AddFile) -> Action { .remove(file.removed(at: Timestamp(milliseconds: 1))) }

  private let plain = ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2)
  private let featured = ProtocolVersions(
    minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["deletionVectors"],
    writerFeatures: ["deletionVectors", "domainMetadata", "inCommitTimestamp"])

  private func metadata(_ configuration: [String: String] = [:]) -> TableMetadata {
    TableMetadata(id: "t", schemaString: #"{"type":"struct","fields":[]}"#, configuration: configuration)
  }

  private func info(_ txnId: String, _ time: Int64? = nil) -> Action {
    var notes = CommitInfo.Notes(.write(.append), timestamp: Timestamp(milliseconds: 5), txnId: txnId, engineInfo: "e")
    notes.inCommitTimestamp = time.map(Timestamp.init(milliseconds:))
    return .commitInfo(CommitInfo(notes))
  }

  @Test("Counting on from commit to commit gives what counting anew gives")
  func incremental() throws {
    let timed = metadata(["delta.enableInCommitTimestamps": "true"])
    let (a, b, c) = (file("a", 100), file("b", 10_000), file("c", 1 << 40))
    let aDeleted = file("a", 100, deleting: 5)
    let commits: [[Action]] = [
      [info("0"), .protocol(plain), .metadata(metadata()), .add(a)],
      [.add(b), .add(c), .transaction(AppTransaction(appId: "y", version: 1))],
      [
        info("2"), removed(b), .transaction(AppTransaction(appId: "x", version: 7)),
        .transaction(AppTransaction(appId: "y", version: 2)),
      ],
      [info("3"), .protocol(featured), .domainMetadata(DomainMetadata(domain: "d", configuration: "1"))],
      [removed(a), .add(aDeleted), .domainMetadata(DomainMetadata(domain: "e", configuration: "2"))],
      [removed(aDeleted), .add(file("a", 100, deleting: 15)), .change(ChangeFile(path: "z", sizeInBytes: 9))],
      [
        info("6", 66), .metadata(timed), removed(c),
        .domainMetadata(DomainMetadata(domain: "d", configuration: "1", removed: true)),
      ],
      [info("7", 77)],
    ]
    var checksum: VersionChecksum?
    for version in commits.indices {
      let state = try state(Array(commits[...version]))
      let anew = VersionChecksum(state)
      let next = try version == 0 ? anew : #require(checksum?.following(commits[version]))
      #expect(next == anew, "version \(version)")
      #expect(next.disagreements(with: state) == [])
      #expect(VersionChecksum(parsing: next.encoded()) == next)
      checksum = next
    }
    #expect(checksum?.numFiles == 1 && checksum?.tableSizeBytes == 100 && checksum?.numDeletedRecords == 15)
    #expect(checksum?.inCommitTimestamp?.milliseconds == 77 && checksum?.txnId == "7")
    #expect(checksum?.setTransactions?.map(\.appId) == ["x", "y"] && checksum?.domainMetadata?.map(\.domain) == ["e"])
  }

  @Test("The file is spelt as the protocol has it")
  func literal() throws {
    let state = try state([
      [
        info("0"), .protocol(plain), .metadata(metadata()), .add(file("a", 8192)),
        .transaction(AppTransaction(appId: "x", version: 7)),
      ]
    ])
    var checksum = VersionChecksum(state)
    checksum.fileSizes = nil
    #expect(
      String(decoding: checksum.encoded(), as: UTF8.self) == #"""
        {"txnId":"0","tableSizeBytes":8192,"numFiles":1,"numMetadata":1,"numProtocol":1,"setTransactions":[{"appId":"x","version":7}],"domainMetadata":[],"metadata":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{}},"protocol":{"minReaderVersion":1,"minWriterVersion":2}}

        """#)
    let text = String(decoding: VersionChecksum(state).encoded(), as: UTF8.self)
    #expect(text.contains(#""fileSizeHistogram":{"sortedBinBoundaries":[0,8192,16384,"#))
    #expect(text.contains(#""fileCounts":[0,1,0,"#) && text.contains(#""totalBytes":[0,8192,0,"#))
  }

  @Test("A file said anew counts once")
  func recommitted() throws {
    let first: [Action] = [info("0"), .protocol(plain), .metadata(metadata()), .add(file("a", 100))]
    let before = VersionChecksum(try state([first]))
    let again: [Action] = [.add(file("a", 100))]
    #expect(before.following(again, recommitted: ["a"]) == VersionChecksum(try state([first, again])))
  }

  @Test("What can't be told from the commit is not guessed")
  func unknown() throws {
    let start = VersionChecksum(
      try state([[info("0"), .protocol(featured), .metadata(metadata()), .add(file("a", 100))]]))
    #expect(start.following([.remove(RemoveFile(path: "a"))]) == nil)
    #expect(start.following([removed(file("b", 101))]) == nil, "less than nothing is left")
    #expect(start.following([.add(file("b", .max))]) == nil)
    #expect(start.following([.add(file("b", -1))]) == nil)
    #expect(start.following([removed(file("a", 100, deleting: 1))]) == nil)
    #expect(
      start.following([.metadata(metadata(["delta.enableInCommitTimestamps": "true"]))]) == nil, "no timestamp")
    var partial = start
    partial.numFiles = nil
    #expect(partial.following([]) == nil)
    partial = start
    partial.metadata = nil
    #expect(partial.following([]) == nil)
    // What others left out stays out.
    partial = start
    (partial.setTransactions, partial.fileSizes, partial.numDeletedRecords) = (nil, nil, nil)
    let next = try #require(partial.following([.transaction(AppTransaction(appId: "x", version: 1))]))
    #expect(next.setTransactions == nil && next.fileSizes == nil && next.numDeletedRecords == nil)
  }

  @Test("Long lists are left out rather than written with every commit")
  func long() throws {
    var checksum = VersionChecksum(try state([[.protocol(plain), .metadata(metadata())]]))
    let many = (0...VersionChecksum.listLimit).map { Action.transaction(AppTransaction(appId: "\($0)", version: 1)) }
    checksum = try #require(checksum.following(many.dropLast()))
    #expect(checksum.setTransactions?.count == VersionChecksum.listLimit)
    checksum = try #require(checksum.following(many.suffix(1)))
    #expect(checksum.setTransactions == nil)
  }

  @Test("Damaged histograms count as absent")
  func histograms() {
    func parsed(_ text: String) -> VersionChecksum? { VersionChecksum(parsing: Array(text.utf8)) }
    let good = #"{"histogramOpt":{"sortedBinBoundaries":[0,10],"fileCounts":[1,2],"totalBytes":[3,40]}}"#
    #expect(parsed(good)?.fileSizes?.fileCounts == [1, 2])
    for text in [
      #"{"fileSizeHistogram":{"sortedBinBoundaries":[1,10],"fileCounts":[1,2],"totalBytes":[3,40]}}"#,
      #"{"fileSizeHistogram":{"sortedBinBoundaries":[0,0],"fileCounts":[1,2],"totalBytes":[3,40]}}"#,
      #"{"fileSizeHistogram":{"sortedBinBoundaries":[0],"fileCounts":[1,2],"totalBytes":[3]}}"#,
      #"{"fileSizeHistogram":{"sortedBinBoundaries":[0,"x"],"fileCounts":[1,2],"totalBytes":[3,4]}}"#,
      #"{"fileSizeHistogram":7,"deletedRecordCountsHistogramOpt":{"deletedRecordCounts":[1]}}"#,
    ] {
      #expect(parsed(text)?.fileSizes == nil && parsed(text)?.deletedRecordCounts == nil)
    }
  }

  @Test(
    "Counting on from other implementations' checksums gives their next ones",
    .enabled(if: SharedTables.root != nil, "needs DELTALAKE_SHARED"))
  func sharedTables() throws {
    var (counted, left) = (0, 0)
    for name in SharedTables.caseNames {
      let table = try SharedTables.Case(name)
      let listing = LogListing(table.listing())
      for file in listing.checksums {
        guard let following = listing.checksum(file.version + 1), let commit = listing.commit(file.version + 1),
          let before = VersionChecksum(parsing: try table.bytes(file.name)),
          let after = VersionChecksum(parsing: try table.bytes(following.name)),
          let actions = try? CommitScanner.actions(in: try table.bytes(commit.name), file: commit.name)
        else { continue }
        // A backfill says every file again, with row ids.
        let isBackfill = actions.contains {
          if case .commitInfo(let info) = $0 { info.operation == "ROW TRACKING BACKFILL" } else { false }
        }
        let recommitted = actions.compactMap { action -> String? in
          if case .add(let file) = action, isBackfill { file.path } else { nil }
        }
        guard let next = before.following(actions, recommitted: Set(recommitted)) else {
          left += 1
          continue
        }
        counted += 1
        let place: Comment = "\(name) version \(commit.version)"
        #expect(next.numFiles == after.numFiles && next.tableSizeBytes == after.tableSizeBytes, place)
        #expect(next.inCommitTimestamp == after.inCommitTimestamp, place)
        #expect(next.metadata == after.metadata, place)
        if let vectors = after.numDeletionVectors, next.numDeletionVectors != nil {
          #expect(next.numDeletionVectors == vectors && next.numDeletedRecords == after.numDeletedRecords, place)
        }
      }
    }
    print("counted", counted, "left", left)
    #expect(counted > 100)
  }
}
