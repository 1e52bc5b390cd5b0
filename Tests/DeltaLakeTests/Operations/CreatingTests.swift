import DeltaLog
import ObjectStorage
import Testing

@testable import DeltaLake

@Suite("Creating a table that another writer creates, too")
struct CreatingTests {
  private func firstWrite(
    _ written: WrittenTable, _ ids: [Int64?], _ change: (inout WriteOptions) -> Void = { _ in }
  ) async throws -> WriteReport {
    var options = WriteOptions()
    change(&options)
    return try await WriteExecution(
      location: written.table.location, base: nil, source: WrittenTable.rows(ids), options: options
    ).run()
  }

  @Test("Two first appends alike make one table with the rows of both")
  func equalTables() async throws {
    let written = WrittenTable()
    _ = try await firstWrite(written, [1])
    let second = try await firstWrite(written, [2])
    #expect(second.commit?.version == 1)
    #expect(second.commit?.snapshot.fileCount == 2)
    #expect(try await written.ids() == [1, 2])
    #expect(try await written.table.history().first?.operation == "WRITE")
  }

  @Test("An append that was to create another table is refused, and leaves no file")
  func otherTable() async throws {
    let written = WrittenTable()
    _ = try await firstWrite(written, [1])
    let files = try await written.store.list("", recursively: true, startingAt: nil).count
    await #expect {
      try await firstWrite(written, [2]) { $0.partitionColumns = ["day"] }
    } throws: {
      ($0 as? DeltaError)?.code == .alreadyExists
    }
    #expect(try await written.ids() == [1])
    #expect(try await written.store.list("", recursively: true, startingAt: nil).count == files)
  }

  @Test("What is only to be created where there is nothing does nothing")
  func ifAbsent() async throws {
    let written = WrittenTable()
    _ = try await firstWrite(written, [1])
    let report = try await firstWrite(written, [2]) { $0.mode = .createIfAbsent }
    #expect(report.commit == nil)
    #expect(try await written.ids() == [1])
  }

  @Test("Rows that an application writes once are in the table once, whoever of two creates it")
  func exactlyOnce() async throws {
    let written = WrittenTable()
    let own = AppTransaction(appId: "loader", version: 7)
    _ = try await firstWrite(written, [1]) { $0.commit.appTransaction = own }
    await #expect {
      try await firstWrite(written, [1]) { $0.commit.appTransaction = own }
    } throws: {
      guard let error = $0 as? DeltaError else { return false }
      return error.code == .conflict && error.message.contains("'loader'")
    }
    #expect(try await written.ids() == [1])
    var options = WriteOptions()
    options.commit.appTransaction = own
    #expect(try await written.table.write(WrittenTable.rows([1]), options).commit == nil)
  }

  @Test("A table's first commit carries the application's progress")
  func creationWithProgress() async throws {
    let written = WrittenTable()
    var options = CommitOptions()
    options.appTransaction = AppTransaction(appId: "loader", version: 7)
    _ = try await written.table.create(CreateTable(StructType([StructField("id", .long)])), options: options)
    #expect(try await written.table.snapshot().transaction("loader")?.version == 7)
  }
}
