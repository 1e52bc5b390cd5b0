import DeltaLake
import Testing
import _TestSupport

@testable import DeltaLakeCLI

@Suite("Commits in print")
struct HistoryTableTests {
  private func history() async throws -> [CommitHistoryEntry] {
    try await DeltaTable(Fixtures.table("events").path).history()
  }

  @Test("In JSON lines parameters and metrics are objects")
  func jsonLines() async throws {
    let lines = try JSONValue.lines(HistoryTable.jsonLines(of: await history()))
    #expect(lines.map { $0["version"].number } == [4, 3, 2, 1, 0])
    #expect(lines[0]["parameters"]["predicate"].text == "id = 21")
    #expect(lines[0]["operation"].text == "DELETE")
  }

  @Test("For people parameters are short, and a column that is empty in all rows is left out")
  func table() async throws {
    let batch = HistoryTable.batch(of: try await history(), as: .table)
    #expect(batch["parameters"]?.scalar(at: 0) == .string("predicate=id = 21"))
    #expect(batch["user_metadata"] == nil)
    #expect(HistoryTable.batch(of: try await history(), as: .csv)["user_metadata"] != nil)
  }
}

@Suite("Widths that fit a terminal")
struct RigidWidthTests {
  @Test("Numbers and times stay whole as long as texts can be cut instead")
  func rigid() {
    #expect(TableLayout.fit([24, 60, 40], within: 80, smallest: 6, isRigid: [true, false, false]).first == 24)
    // Columns at the end go before a number is cut.
    #expect(
      TableLayout.fit([7, 24, 60, 40], within: 50, smallest: 6, isRigid: [true, true, false, false]) == [7, 24, 11])
    #expect(TableLayout.fit([10, 10, 10], within: 25, smallest: 6, isRigid: [true, true, true]) == [10, 10])
    // Too narrow even so: everything is cut.
    #expect(TableLayout.fit([24, 60], within: 20, smallest: 6, isRigid: [true, false])[0] < 24)
    #expect(TableLayout.fit([24, 60], within: nil, smallest: 6, isRigid: [true, false]) == [24, 60])
  }
}
