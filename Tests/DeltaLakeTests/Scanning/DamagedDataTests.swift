import DeltaLake
import Foundation
import Testing
import _TestSupport

@Suite("Damaged data files")
struct DamagedDataTests {
  @Test("A missing data file is named; the table can still be inspected, and rows that don't need the file read")
  func missing() async throws {
    var copy = try TableCopy("appends")
    let path = try #require(copy.added(2).first)
    copy.files[path] = nil
    let table = copy.table
    let error = await #expect(throws: DeltaError.self) { try await table.rows() }
    #expect(error?.code == .missingDataFile)
    #expect(error?.path == path)
    #expect(error?.message.contains(path) == true)
    let snapshot = try await table.snapshot()
    #expect(snapshot.fileCount == 5)
    #expect(try await snapshot.rowCount() == 200)
    #expect(try await snapshot.scan().where { $0.id < 80 }.rows().ids.sorted() == Array(0..<80))
  }

  @Test("A truncated data file is an error that names it, however much is left", arguments: [0.0, 0.1, 0.5, 0.9, 0.99])
  func truncated(fraction: Double) async throws {
    var copy = try TableCopy("appends")
    let path = try #require(copy.added(2).first)
    copy.truncate(path, to: fraction)
    let error = await #expect(throws: DeltaError.self) { try await copy.table.rows() }
    #expect(error?.code == .corruptData)
    #expect(error?.path == path)
    #expect(error?.message.contains(path) == true, "\(error?.message ?? "")")
  }

  @Test("In order, the rows before a damaged file come before its error", arguments: [0.0, 0.5])
  func rowsBeforeDamage(fraction: Double) async throws {
    var copy = try TableCopy("appends")
    copy.truncate(try #require(copy.added(2).first), to: fraction)
    let batches = try await copy.table.snapshot().scan().select(["id"]).batches()
    var ids: [Int64] = []
    await #expect(throws: DeltaError.self) {
      for try await batch in batches {
        for row in 0..<batch.rowCount { if case .long(let id) = batch.columns[0].scalar(at: row) { ids.append(id) } }
      }
    }
    #expect(ids.count >= 80 && ids.prefix(80).sorted() == Array(0..<80))
    let first = try await copy.table.snapshot().scan().limit(80).rows()
    #expect(first.count == 80)
  }

  @Test("A data file of something else is an error that names it")
  func foreign() async throws {
    var copy = try TableCopy("appends")
    let path = try #require(copy.added(2).first)
    copy.files[path] = Array(repeating: 0x41, count: copy.files[path]?.count ?? 0)
    let error = await #expect(throws: DeltaError.self) { try await copy.table.rows() }
    #expect(error?.code == .corruptData)
    #expect(error?.path == path)
  }

  @Test(
    "A path that leads out of the table is not followed", arguments: ["../secret.parquet", "a/../../secret.parquet"])
  func outside(path: String) async throws {
    var copy = try TableCopy("appends")
    let inside = try #require(copy.added(0).first)
    copy[commit: 0] = copy[commit: 0]?.replacing(inside, with: path)
    var nested = TableCopy()
    for (name, bytes) in copy.files { nested.files["table/" + name] = bytes }
    nested.files["secret.parquet"] = copy.files[inside]
    let root = try nested.writeToFolder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    let table = try DeltaTable(root + "/table")
    let error = await #expect(throws: DeltaError.self) { try await table.rows() }
    #expect(error?.path == path)
    #expect(error?.message.contains(path) == true, "\(error?.message ?? "")")
    #expect(try await table.snapshot().fileCount == 5)
  }

  @Test("An absolute path is read where it is, as a shallow clone has it", arguments: ["", "file:", "file://"])
  func absolute(scheme: String) async throws {
    let original = try TableCopy("appends")
    let source = try original.writeToFolder()
    defer { try? FileManager.default.removeItem(atPath: source) }
    var clone = TableCopy()
    for version in 0..<Int64(5) {
      let path = try #require(original.added(version).first)
      clone[commit: version] = original[commit: version]?.replacing(path, with: scheme + source + "/" + path)
    }
    #expect(try await clone.table.rows() == Fixtures.table("appends").rows())
  }

  @Test("A file in a store that can't be reached is named")
  func unreachable() async throws {
    var copy = try TableCopy("appends")
    let path = try #require(copy.added(0).first)
    copy[commit: 0] = copy[commit: 0]?.replacing(path, with: "s3://bucket/" + path)
    let error = await #expect(throws: DeltaError.self) { try await copy.table.rows() }
    #expect(error?.code == .storageFailed)
    #expect(error?.message.contains("s3://bucket/" + path) == true)
  }
}

@Suite("Damaged deletion vectors")
struct DamagedDeletionVectorTests {
  private static let uuid: [UInt8] = Array(1...16)
  private static let deleted: [Int64] = [0, 3, 17, 39]

  /// The table `appends` with rows of its first file deleted by a vector in a file. Its rows have the ids 0 to 39.
  private func table() throws -> (copy: TableCopy, path: String) {
    var copy = try TableCopy("appends")
    let (bytes, places) = DeletionVector.file(of: [RoaringBitmapArray([5]), RoaringBitmapArray(Self.deleted)])
    let path = DeletionVectorDescriptor.relativePath(uuid: Self.uuid)
    copy.files[path] = bytes
    let descriptor = DeletionVectorDescriptor(
      uuid: Self.uuid, offset: places[1].offset, sizeInBytes: places[1].sizeInBytes,
      cardinality: Int64(Self.deleted.count))
    copy[commit: 5] = try commit(descriptor, of: copy)
    return (copy, path)
  }

  private func commit(_ vector: DeletionVectorDescriptor, of copy: TableCopy) throws -> String {
    let file = try #require(copy.added(0).first)
    let add = try #require(copy.lines(0, "add").first).dropLast(2)
    let text = try String(decoding: JSONEncoder().encode(vector.pathOrInlineDv), as: UTF8.self)
    let offset = vector.offset.map { #","offset":\#($0)"# } ?? ""
    return [
      #"{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],"#
        + #""writerFeatures":["deletionVectors"]}}"#,
      #"{"remove":{"path":"\#(file)","dataChange":true,"deletionTimestamp":1}}"#,
      add
        + #","deletionVector":{"storageType":"\#(vector.storageType)","pathOrInlineDv":\#(text)\#(offset),"#
        + #""sizeInBytes":\#(vector.sizeInBytes),"cardinality":\#(vector.cardinality)}}}"#,
    ].joined(separator: "\n")
  }

  private var rowsLeft: [Int64] { (0..<200).filter { !Self.deleted.contains($0) } }

  @Test("Rows under a deletion vector never surface, whatever is asked for")
  func deletes() async throws {
    let snapshot = try await table().copy.table.snapshot()
    #expect(try await snapshot.scan().rows().ids.sorted() == rowsLeft)
    #expect(try await snapshot.rowCount() == 196)
    #expect(try await snapshot.scan().where { $0.id <= 3 }.rows().ids == [1, 2])
    #expect(try await snapshot.scan().select(["city"]).rows().count == 196)
  }

  @Test("A deletion vector in the log itself does the same")
  func inline() async throws {
    var copy = try TableCopy("appends")
    copy[commit: 5] = try commit(DeletionVectorDescriptor(inline: RoaringBitmapArray(Self.deleted)), of: copy)
    #expect(try await copy.table.snapshot().scan().rows().ids.sorted() == rowsLeft)
  }

  private func expectFailure(_ copy: TableCopy, naming path: String) async {
    let error = await #expect(throws: DeltaError.self) { try await copy.table.rows() }
    #expect(error?.code == .corruptDeletionVector)
    #expect(error?.path == path)
    #expect(error?.message.contains(path) == true, "\(error?.message ?? "")")
  }

  @Test("A missing or truncated deletion vector is an error that names it, never rows that came back")
  func missing() async throws {
    let (copy, path) = try table()
    let bytes = try #require(copy.files[path])
    var damaged = copy
    damaged.files[path] = nil
    await expectFailure(damaged, naming: path)
    for count in [0, 1, bytes.count / 2, bytes.count - 1] {
      damaged.files[path] = Array(bytes.prefix(count))
      await expectFailure(damaged, naming: path)
    }
  }

  @Test("A flipped bit anywhere in a deletion vector is an error")
  func flipped() async throws {
    let (copy, path) = try table()
    let bytes = try #require(copy.files[path])
    let start = try Int(#require(JSONValue(copy.lines(5, "add")[0])["add"]["deletionVector"]["offset"].number))
    for position in [0] + Array(start..<bytes.count) {
      var damaged = copy
      damaged.files[path]?[position] ^= 0x04
      await expectFailure(damaged, naming: path)
    }
  }

  @Test("A descriptor that contradicts its vector is an error")
  func contradiction() async throws {
    let (copy, path) = try table()
    let text = try #require(copy[commit: 5])
    var damaged = copy
    damaged[commit: 5] = text.replacing("\"cardinality\":4", with: "\"cardinality\":5")
    await expectFailure(damaged, naming: path)
    damaged[commit: 5] = text.replacing("\"storageType\":\"u\"", with: "\"storageType\":\"q\"")
    let error = await #expect(throws: DeltaError.self) { try await damaged.table.rows() }
    #expect(error?.code == .unsupportedFeatures)
    // The rest of the table can be read without that file.
    #expect(try await damaged.table.snapshot().scan().where { $0.id >= 40 }.rows().count == 160)
  }
}
