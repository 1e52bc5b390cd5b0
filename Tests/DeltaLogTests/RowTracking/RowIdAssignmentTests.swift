import Testing

@testable import DeltaLog

@Suite("Row id assignment") struct RowIdAssignmentTests {
  private func file(_ path: String, rows: Int64?, base: Int64? = nil, version: Version? = nil) -> AddFile {
    AddFile(
      path: path, sizeInBytes: 1, modificationTime: Timestamp(milliseconds: 0),
      stats: rows.map { "{\"numRecords\":\($0)}" }, baseRowId: base, defaultRowCommitVersion: version)
  }

  private func adds(_ actions: [Action]) -> [AddFile] {
    actions.compactMap { if case .add(let file) = $0 { file } else { nil } }
  }

  private func domains(_ actions: [Action]) -> [DomainMetadata] {
    actions.compactMap { if case .domainMetadata(let domain) = $0 { domain } else { nil } }
  }

  @Test("New files get the ids after those that are taken, and the mark is recorded")
  func fresh() throws {
    var assignment = RowIdAssignment()
    var actions: [Action] = [.add(file("a", rows: 3)), .remove(RemoveFile(path: "x")), .add(file("b", rows: 2))]
    try assignment.assign(to: &actions, as: 7)
    #expect(adds(actions).map(\.baseRowId) == [0, 3] && adds(actions).map(\.defaultRowCommitVersion) == [7, 7])
    #expect(domains(actions).map(\.configuration) == [#"{"rowIdHighWaterMark":4}"#])
    #expect(domains(actions).map(\.domain) == ["delta.rowTracking"] && assignment.highWaterMark == 4)
    // The next commit goes on from there.
    var next = try RowIdAssignment(domains(actions)[0])
    var more: [Action] = [.add(file("c", rows: 1))]
    try next.assign(to: &more, as: 8)
    #expect(adds(more)[0].baseRowId == 5)
  }

  @Test("Files that have ids keep them; files without rows take none")
  func kept() throws {
    var assignment = RowIdAssignment(highWaterMark: 9)
    var actions: [Action] = [.add(file("a", rows: 3, base: 4, version: 2)), .add(file("empty", rows: 0))]
    try assignment.assign(to: &actions, as: 7)
    #expect(adds(actions)[0].baseRowId == 4 && adds(actions)[0].defaultRowCommitVersion == 2)
    #expect(adds(actions)[1].baseRowId == 10 && assignment.highWaterMark == 9 && domains(actions).isEmpty)
  }

  @Test("Another attempt has other ids from the same actions, and one mark")
  func again() throws {
    let staged: [Action] = [
      .add(file("a", rows: 3)), .domainMetadata(DomainMetadata(domain: "mine", configuration: "")),
      .domainMetadata(RowIdAssignment(highWaterMark: 1).domain),
    ]
    var assignment = RowIdAssignment(highWaterMark: 9)
    try assignment.observe(RowIdAssignment(highWaterMark: 19).domain)
    try assignment.observe(RowIdAssignment(highWaterMark: 14).domain)
    var actions = staged
    try assignment.assign(to: &actions, as: 8)
    #expect(adds(actions)[0].baseRowId == 20)
    #expect(domains(actions).map(\.configuration) == ["", #"{"rowIdHighWaterMark":22}"#])
  }

  @Test("Rows that can't be counted, marks that can't be read and ids that run out are errors")
  func damaged() {
    for actions in [[Action.add(file("a", rows: nil))], [.add(file("a", rows: -1))]] {
      var assignment = RowIdAssignment()
      var actions = actions
      #expect(throws: DeltaError.self) { try assignment.assign(to: &actions, as: 1) }
    }
    var full = RowIdAssignment(highWaterMark: .max - 1)
    var actions: [Action] = [.add(file("a", rows: 2))]
    #expect(throws: DeltaError.self) { try full.assign(to: &actions, as: 1) }
    for text in ["", "{}", #"{"rowIdHighWaterMark":"5"}"#, #"{"rowIdHighWaterMark":-2}"#, "[]"] {
      #expect(throws: DeltaError.self) {
        try RowIdAssignment(DomainMetadata(domain: "delta.rowTracking", configuration: text))
      }
    }
  }

  @Test("Ids are assigned where the feature is supported and not suspended")
  func conditions() {
    let versions = ProtocolVersions(minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["rowTracking"])
    #expect(RowIdAssignment.isDone(in: TableMetadata(id: "", schemaString: ""), versions))
    #expect(
      !RowIdAssignment.isDone(
        in: TableMetadata(id: "", schemaString: "", configuration: ["delta.rowTrackingSuspended": "true"]), versions))
    #expect(
      !RowIdAssignment.isDone(
        in: TableMetadata(id: "", schemaString: ""), ProtocolVersions(minReaderVersion: 1, minWriterVersion: 6)))
  }

  @Test("A table that turns row tracking on gets names for the hidden columns once")
  func enabling() {
    let first = RowTracking.enabling(TableMetadata(id: "", schemaString: ""))
    #expect(first.configuration["delta.enableRowTracking"] == "true")
    #expect(first.configuration[RowTracking.rowIdProperty]?.hasPrefix("_row-id-col-") == true)
    #expect(first.configuration[RowTracking.rowCommitVersionProperty]?.hasPrefix("_row-commit-version-col-") == true)
    #expect(RowTracking.enabling(first) == first)
  }
}
