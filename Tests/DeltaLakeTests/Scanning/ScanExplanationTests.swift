import Columnar
import DeltaLake
import Testing
import _TestSupport

@Suite("Why a scan reads what it reads")
struct ScanExplanationTests {
  private func explain(
    _ condition: String?, limit: Int = 100, isRun: Bool = false
  ) async throws -> ScanExplanation {
    let snapshot = try await DeltaTable(Fixtures.table("events").path).snapshot()
    let scan = try condition.map { try snapshot.scan().where(sql: $0) } ?? snapshot.scan()
    return try await scan.plan().explain(fileLimit: limit, isRun: isRun)
  }

  @Test("A file of another partition is ruled out by its value, and the clause is named")
  func partitions() async throws {
    let explanation = try await explain("id >= 0 AND day = '2024-02-29'")
    #expect(explanation.totals.files == 3)
    #expect(explanation.totals.skippedFiles == [.partitionValues: 2])
    let skipped = explanation.files.compactMap(\.refutation)
    #expect(skipped.map(\.evidence) == [.partitionValues, .partitionValues])
    #expect(skipped.compactMap { $0.clause?.description } == Array(repeating: "day = DATE '2024-02-29'", count: 2))
    #expect(skipped.allSatisfy { $0.known.map(\.column.names) == [["day"]] })
  }

  @Test("A file is ruled out by its statistics")
  func statistics() async throws {
    let explanation = try await explain("city = 'Porto' AND id > 10")
    #expect(explanation.totals.skippedFiles == [.fileStatistics: 1])
    let clauses = explanation.files.compactMap { $0.refutation?.clause?.description }
    #expect(clauses == ["city = 'Porto'"])
  }

  @Test("A row group is ruled out by its statistics, another by its bloom filter, rows by the page index")
  func rowGroups() async throws {
    let byStatistics = try await explain("id < 60 AND day = '2024-02-29'")
    #expect(byStatistics.totals.skippedRowGroups == [.rowGroupStatistics: 2])
    #expect(byStatistics.totals.rows == 80 && byStatistics.totals.candidateRows == 20)
    let group = try #require(byStatistics.files.first?.rowGroups.last)
    #expect(group.refutation?.clause?.description == "id < 60L")
    #expect(group.known.first?.bounds.min == .long(200))

    let byFilter = try await explain("rider = 'b4814db6' AND day = '2024-02-29'")
    #expect(byFilter.totals.skippedRowGroups == [.bloomFilter: 2])
  }

  @Test(
    "What a run spends and finds is what the scan gives", arguments: ["id > 100", "km > 170", "rider = 'b4814db6'"])
  func run(condition: String) async throws {
    let explanation = try await explain(condition, isRun: true)
    var count = 0
    let scan = try await DeltaTable(Fixtures.table("events").path).snapshot().scan().where(sql: condition)
    for try await batch in scan.batches() { count += batch.rowCount }
    #expect(explanation.totals.matchedRows == Int64(count))
    #expect(explanation.files.reduce(0) { $0 + ($1.matchedRows ?? 0) } == Int64(count))
    #expect(explanation.totals.spent != nil)
  }

  @Test("Without a condition everything is read, and nothing is spent unless it is run")
  func everything() async throws {
    let explanation = try await explain(nil)
    #expect(explanation.files.allSatisfy { $0.refutation == nil && $0.spent == nil })
    #expect(explanation.totals.rows == 279 && explanation.totals.matchedRows == nil)
    #expect(explanation.totals.planned.bytes > 0 && explanation.totals.opening.requests == 3)
  }

  @Test("Only as many files are listed as asked for, the totals stay those of all", arguments: [0, 1, 2])
  func limit(_ limit: Int) async throws {
    let all = try await explain("day >= '2024-02-28'")
    let some = try await explain("day >= '2024-02-28'", limit: limit)
    #expect(some.files.map(\.path) == all.files.prefix(limit).map(\.path))
    #expect(some.totals.planned == all.totals.planned && some.totals.skippedFiles == all.totals.skippedFiles)
  }
}
