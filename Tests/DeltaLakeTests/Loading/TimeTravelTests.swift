import DeltaLake
import Testing
import _TestSupport

@Suite("Time travel")
struct TimeTravelTests {
  @Test("Each version has the rows that two other readers found in it", arguments: ["orders", "checkpoint", "deletes"])
  func versions(name: String) async throws {
    let fixture = Fixtures.table(name)
    let table = try DeltaTable(fixture.path)
    for version in fixture.versions {
      let snapshot = try await table.snapshot(asOf: .version(version))
      #expect(snapshot.version == version)
      #expect(try await snapshot.scan().rows().counted == fixture.rows(version), "version \(version)")
    }
    #expect(try await table.snapshot().version == fixture.versions.last)
  }

  @Test("A version that isn't there is an error that says which are")
  func noVersion() async throws {
    let table = try DeltaTable(Fixtures.table("orders").path)
    let error = await #expect(throws: DeltaError.self) { try await table.snapshot(asOf: .version(5)) }
    #expect(error?.code == .versionNotFound)
    #expect(error?.message.contains("Versions 0 to 4 are available") == true, "\(error?.message ?? "")")
    await #expect(throws: DeltaError.self) { try await table.snapshot(asOf: .version(-1)) }
    let cleaned = try DeltaTable(Fixtures.table("cleaned-log").path)
    let gone = await #expect(throws: DeltaError.self) { try await cleaned.snapshot(asOf: .version(8)) }
    #expect(gone?.code == .versionNotFound)
    #expect(gone?.message.contains("Versions 9 to 12 are available") == true, "\(gone?.message ?? "")")
  }

  @Test("The versions that an error names are all that can be read, not those after the newest checkpoint")
  func availableVersions() async throws {
    let table = try DeltaTable(Fixtures.table("checkpoint").path)
    let error = await #expect(throws: DeltaError.self) { try await table.snapshot(asOf: .version(50)) }
    #expect(error?.code == .versionNotFound)
    #expect(error?.message.contains("Versions 0 to 12 are available") == true, "\(error?.message ?? "")")
  }

  @Test("A time before a damaged commit finds its version; a time after it is an error that names the commit")
  func damagedCommit() async throws {
    for damaged in [Int64(3), 4] {
      var copy = try orders(at: [100, 200, 300, 400, 500])
      copy[commit: damaged] = "{"
      for version in 0..<damaged {
        let snapshot = try await copy.table.snapshot(asOf: .timestamp(Timestamp(milliseconds: version * 100 + 150)))
        #expect(snapshot.version == version)
      }
      let error = await #expect(throws: DeltaError.self) {
        try await copy.table.snapshot(asOf: .timestamp(Timestamp(milliseconds: 99_999)))
      }
      #expect(error?.code == .corruptLog && error?.path == TableCopy.name(damaged))
    }
  }

  /// The table `orders` whose commits have these file times.
  private func orders(at times: [Int64]) throws -> TableCopy {
    var copy = try TableCopy("orders")
    for (version, time) in times.enumerated() { copy.times["_delta_log/" + TableCopy.name(Int64(version))] = time }
    return copy
  }

  @Test("A time means the newest version committed at or before it")
  func byTime() async throws {
    let table = try orders(at: [100, 200, 300, 400, 500]).table
    for (time, version) in [(100, 0), (199, 0), (200, 1), (350, 2), (500, 4), (99_999, 4)] {
      let snapshot = try await table.snapshot(asOf: .timestamp(Timestamp(milliseconds: Int64(time))))
      #expect(snapshot.version == Int64(version), "at \(time)")
      #expect(try await snapshot.scan().rows().counted == Fixtures.table("orders").rows(Int64(version)))
    }
    let error = await #expect(throws: DeltaError.self) {
      try await table.snapshot(asOf: .timestamp(Timestamp(milliseconds: 99)))
    }
    #expect(error?.code == .versionNotFound)
    #expect(error?.message.contains("1970-01-01T00:00:00.100Z") == true)
  }

  @Test("File times that run backwards count a millisecond after the commit before")
  func monotone() async throws {
    let table = try orders(at: [100, 500, 300, 500, 600]).table
    // They count as 100, 500, 501, 502, 600.
    for (time, version) in [(300, 0), (499, 0), (500, 1), (501, 2), (502, 3), (600, 4)] {
      let snapshot = try await table.snapshot(asOf: .timestamp(Timestamp(milliseconds: Int64(time))))
      #expect(snapshot.version == Int64(version), "at \(time)")
    }
    #expect(try await table.history().map(\.timestamp?.milliseconds) == [600, 502, 501, 500, 100])
    #expect(try await table.snapshot().timestamp == Timestamp(milliseconds: 600))
  }

  /// The table `orders` that keeps times inside of its commits from version 2 on: 300, 400, 500.
  private func ordersWithTimes() throws -> TableCopy {
    // File times are of a copy made later; from version 2 on commits say when they were made.
    var copy = try orders(at: [100, 200, 9000, 8000, 7000])
    copy[commit: 2] = try #require(copy[commit: 2]).replacing(
      #"{"commitInfo":{"#, with: #"{"commitInfo":{"inCommitTimestamp":300,"#)
    let metadata = try #require(copy.lines(0, "metaData").first).replacing(
      #""configuration":{}"#,
      with: #""configuration":{"delta.enableInCommitTimestamps":"true","#
        + #""delta.inCommitTimestampEnablementVersion":"2","delta.inCommitTimestampEnablementTimestamp":"300"}"#)
    copy[commit: 2]? +=
      #"{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["inCommitTimestamp"]}}"# + "\n"
      + metadata
      + "\n"
    for version in Int64(3)...4 {
      copy[commit: version] = copy[commit: version]?.replacing(
        #"{"commitInfo":{"#, with: #"{"commitInfo":{"inCommitTimestamp":\#(version * 100 + 100),"#)
    }
    return copy
  }

  @Test("In-commit timestamps count where the table keeps them, file times before that")
  func inCommit() async throws {
    let copy = try ordersWithTimes()
    for (time, version) in [(100, 0), (299, 1), (300, 2), (399, 2), (400, 3), (499, 3), (500, 4), (99_999, 4)] {
      let snapshot = try await copy.table.snapshot(asOf: .timestamp(Timestamp(milliseconds: Int64(time))))
      #expect(snapshot.version == Int64(version), "at \(time)")
    }
    #expect(try await copy.table.snapshot().timestamp == Timestamp(milliseconds: 500))
  }

  @Test("A commit whose time can't be read is in the way only of the times that it may have")
  func damagedInCommitTime() async throws {
    var copy = try ordersWithTimes()
    copy[commit: 3] = "{"
    for (time, version) in [(100, 0), (299, 1)] {
      let snapshot = try await copy.table.snapshot(asOf: .timestamp(Timestamp(milliseconds: Int64(time))))
      #expect(snapshot.version == Int64(version), "at \(time)")
    }
    for time in [Int64(300), 450, 500] {
      let error = await #expect(throws: DeltaError.self) {
        try await copy.table.snapshot(asOf: .timestamp(Timestamp(milliseconds: time)))
      }
      #expect(error?.code == .corruptLog && error?.path == TableCopy.name(3), "at \(time)")
    }
    copy = try ordersWithTimes()
    copy[commit: 4] = "{"
    for (time, version) in [(100, 0), (299, 1), (300, 2), (399, 2)] {
      let snapshot = try await copy.table.snapshot(asOf: .timestamp(Timestamp(milliseconds: Int64(time))))
      #expect(snapshot.version == Int64(version), "at \(time)")
    }
  }
}

@Suite("History")
struct HistoryTests {
  @Test("Commits come newest first, with what their writer noted")
  func history() async throws {
    let history = try await DeltaTable(Fixtures.table("orders").path).history()
    #expect(history.map(\.version) == [4, 3, 2, 1, 0])
    #expect(history.map(\.operation) == ["MERGE", "DELETE", "UPDATE", "WRITE", "WRITE"])
    #expect(history.allSatisfy { $0.engineInfo == "delta-rs:py-1.6.6" })
    #expect(history[2].readVersion == 1)
  }

  @Test("A limit reads only so many commits", arguments: [0, 1, 3, 5, 100])
  func limit(count: Int) async throws {
    let store = CountingStore(try TableCopy("orders").store)
    let history = try await DeltaTable(store: store).history(limit: count)
    #expect(history.map(\.version) == Array([4, 3, 2, 1, 0].prefix(count)))
    #expect(store.count(.read) == min(5, count))
  }

  @Test("A damaged commit is an error that names it")
  func damaged() async throws {
    var copy = try TableCopy("orders")
    copy[commit: 3] = ""
    let error = await #expect(throws: DeltaError.self) { try await copy.table.history() }
    #expect(error?.message.contains(TableCopy.name(3)) == true)
  }
}
