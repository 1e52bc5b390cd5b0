import Testing

@testable import DeltaLog

@Suite("In-commit timestamps of new commits") struct InCommitTimestampsTests {
  private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

  @Test("A commit is made now, and after the one before it")
  func next() {
    #expect(InCommitTimestamps.next(now: time(10), previous: nil) == time(10))
    #expect(InCommitTimestamps.next(now: time(10), previous: time(9)) == time(10))
    #expect(InCommitTimestamps.next(now: time(10), previous: time(10)) == time(11))
    #expect(InCommitTimestamps.next(now: time(10), previous: time(99)) == time(100))
    #expect(InCommitTimestamps.next(now: time(10), previous: time(.max)) == time(.max))
  }

  private let versions = ProtocolVersions(
    minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["inCommitTimestamp"])

  private func metadata(_ configuration: [String: String]) -> TableMetadata {
    TableMetadata(id: "", schemaString: "", configuration: configuration)
  }

  @Test("A table with older commits says since when they have timestamps; a new one need not")
  func enablement() {
    let on = metadata(["delta.enableInCommitTimestamps": "true"])
    let off = metadata([:])
    let recorded = InCommitTimestamps.recordingEnablement(
      in: on, versions, before: (off, versions), version: 7, timestamp: time(70))
    #expect(
      recorded.configuration == [
        "delta.enableInCommitTimestamps": "true", "delta.inCommitTimestampEnablementVersion": "7",
        "delta.inCommitTimestampEnablementTimestamp": "70",
      ])
    // Another attempt overwrites what the first one said; turning it on again, too.
    let again = InCommitTimestamps.recordingEnablement(
      in: recorded, versions, before: (off, versions), version: 8, timestamp: time(80))
    #expect(again.configuration["delta.inCommitTimestampEnablementVersion"] == "8")
    for before in [(on, versions) as (TableMetadata, ProtocolVersions)?, nil] {
      let unchanged = InCommitTimestamps.recordingEnablement(
        in: on, versions, before: before.map { (metadata: $0.0, protocolVersions: $0.1) }, version: 7,
        timestamp: time(70))
      #expect(unchanged == on)
    }
    let unsupported = ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2)
    #expect(!InCommitTimestamps.areEnabled(on, unsupported) && InCommitTimestamps.areEnabled(on, versions))
  }
}
