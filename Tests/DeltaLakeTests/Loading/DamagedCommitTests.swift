import DeltaLake
import Testing
import _TestSupport

@Suite("Damaged commits")
struct DamagedCommitTests {
  @Test(
    "A commit without a byte is an error that names it, never a shorter table", arguments: ["orders", "checkpoint"])
  func zeroBytes(name: String) async throws {
    var copy = try TableCopy(name)
    let last = try #require(Fixtures.table(name).versions.last)
    copy[commit: last] = ""
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
    #expect(error?.code == .corruptLog)
    #expect(error?.path?.contains(TableCopy.name(last)) == true)
    #expect(error?.message.contains(TableCopy.name(last)) == true)
    // What was before it can still be read.
    let before = try await copy.table.snapshot(asOf: .version(last - 1))
    #expect(try await before.scan().rows().counted == Fixtures.table(name).rows(last - 1))
  }

  @Test("Half a commit is an error that names the file and the byte", arguments: 1..<20)
  func half(part: Int) async throws {
    var copy = try TableCopy("orders")
    let text = try #require(copy[commit: 4])
    let lines = text.split(separator: "\n")
    let count = text.utf8.count * part / 20
    // At the end of a line what is left is whole commits' lines.
    var end = 0
    let ends = lines.map { line in
      end += line.utf8.count + 1
      return end
    }
    guard !ends.contains(count), !ends.contains(count + 1) else { return }
    copy[log: TableCopy.name(4)] = Array(text.utf8.prefix(count))
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
    #expect(error?.code == .corruptLog)
    #expect(error?.path?.contains(TableCopy.name(4)) == true)
    #expect(error?.byteOffset != nil)
  }

  @Test("A commit that is missing in the middle is a gap, by its number", arguments: [Int64(1), 2, 3])
  func gap(missing: Int64) async throws {
    var copy = try TableCopy("orders")
    copy[commit: missing] = nil
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
    #expect(error?.code == .gapInLog)
    #expect(error?.message.contains("from version \(missing - 1) to \(missing + 1)") == true, "\(error?.message ?? "")")
    let before = try await copy.table.snapshot(asOf: .version(missing - 1))
    #expect(try await before.scan().rows().counted == Fixtures.table("orders").rows(missing - 1))
  }

  @Test("A first commit that is missing is named where no checkpoint stands in")
  func firstMissing() async throws {
    var copy = try TableCopy("orders")
    copy[commit: 0] = nil
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
    #expect(error?.code == .corruptLog)
    #expect(error?.message.contains("commit 0 is missing") == true)
  }

  @Test("A damaged commit before the checkpoint does not matter")
  func beforeCheckpoint() async throws {
    var copy = try TableCopy("checkpoint")
    copy[commit: 4] = "damaged"
    copy[commit: 7] = nil
    #expect(try await copy.table.rows() == Fixtures.table("checkpoint").rows())
  }

  @Test(
    "A log without protocol or metadata is an error that says what is missing", arguments: ["protocol", "metaData"])
  func actionMissing(action: String) async throws {
    var copy = try TableCopy("orders")
    let text = try #require(copy[commit: 0])
    copy[commit: 0] = text.split(separator: "\n").filter { !$0.hasPrefix("{\"\(action)\"") }.joined(separator: "\n")
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
    #expect(error?.code == .corruptLog)
    #expect(error?.message.contains(action) == true)
  }

  @Test("A table whose schema is damaged can still be inspected")
  func schema() async throws {
    var copy = try TableCopy("orders")
    let text = try #require(copy[commit: 0])
    copy[commit: 0] = text.replacing(#"\"type\":\"long\""#, with: #"\"type\":\"lung\""#)
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
    #expect(error?.message.contains("lung") == true, "\(error?.message ?? "")")
    let snapshot = try await copy.table.inspectableSnapshot()
    #expect(snapshot.version == 4)
    #expect(snapshot.metadata.name == "orders")
  }

  @Test("No table, an empty folder and a log without commits are told from a damaged table")
  func noTable() async throws {
    var copies = [TableCopy(), TableCopy(), TableCopy()]
    copies[1].files["data.parquet"] = [1]
    copies[2].files["_delta_log/notes.txt"] = [1]
    for copy in copies {
      let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
      #expect(error?.code == .notFound)
    }
  }
}

@Suite("Damaged compactions and checksums")
struct DamagedExtraFilesTests {
  private static let compaction = "00000000000000000001.00000000000000000003.compacted.json"

  private func compacted() throws -> TableCopy {
    var copy = try TableCopy("appends")
    let lines = (1...3).flatMap { copy.lines($0, "add") }
    copy[log: Self.compaction] = Array(lines.joined(separator: "\n").utf8)
    return copy
  }

  @Test("A compaction stands for its commits")
  func compaction() async throws {
    var copy = try compacted()
    let snapshot = try await copy.table.snapshot()
    #expect(snapshot.log.commitCount == 3)
    #expect(snapshot.warnings.isEmpty)
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("appends").rows())
    for version in 1...3 { copy[commit: Int64(version)] = nil }
    #expect(try await copy.table.rows() == Fixtures.table("appends").rows())
  }

  @Test("A damaged compaction is passed over for its commits, with a warning", arguments: [0.0, 0.4, 0.99])
  func damagedCompaction(fraction: Double) async throws {
    var copy = try compacted()
    copy.truncate("_delta_log/" + Self.compaction, to: fraction)
    let snapshot = try await copy.table.snapshot()
    #expect(snapshot.log.commitCount == 5)
    if fraction > 0 {
      #expect(snapshot.warnings.contains { $0.contains(Self.compaction) }, "\(snapshot.warnings)")
    }
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("appends").rows())
  }

  @Test("A damaged compaction is an error that names it where its commits are gone")
  func compactionAlone() async throws {
    var copy = try compacted()
    copy.truncate("_delta_log/" + Self.compaction)
    copy[commit: 2] = nil
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot() }
    #expect(error?.message.contains(Self.compaction) == true, "\(error?.message ?? "")")
  }

  @Test("A checksum that disagrees with the log is a warning that says in what")
  func checksum() async throws {
    var copy = try TableCopy("checkpoint")
    copy[log: TableCopy.name(12, ".crc")] = Array(
      #"{"tableSizeBytes":17,"numFiles":11,"numMetadata":1,"numProtocol":1}"#.utf8)
    let snapshot = try await copy.table.snapshot()
    let name = TableCopy.name(12, ".crc")
    #expect(
      snapshot.warnings.contains {
        $0.contains(name) && $0.contains("number of files") && $0.contains("says 11, the log \(snapshot.fileCount)")
      })
    #expect(snapshot.warnings.contains { $0.contains(name) && $0.contains("size in bytes") })
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows())
  }

  @Test("A checksum that agrees, or that can't be understood, says nothing", arguments: ["", "{", "[]", "{}"])
  func silentChecksum(text: String) async throws {
    var copy = try TableCopy("checkpoint")
    copy[log: TableCopy.name(12, ".crc")] = Array(text.utf8)
    #expect(try await copy.table.snapshot().warnings.isEmpty)
    let snapshot = try await copy.table.snapshot()
    copy[log: TableCopy.name(12, ".crc")] = Array(
      #"{"tableSizeBytes":\#(snapshot.sizeInBytes),"numFiles":\#(snapshot.fileCount)}"#.utf8)
    #expect(try await copy.table.snapshot().warnings.isEmpty)
  }
}
