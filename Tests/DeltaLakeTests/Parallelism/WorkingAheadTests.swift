import Synchronization
import Testing

@testable import DeltaLake

@Suite("Working ahead") struct WorkingAheadTests {
  private struct Failure: Error {}

  @Test("Whatever is done first, results come in order, and no more is under way than allowed", arguments: [1, 3, 50])
  func order(width: Int) async throws {
    let startedCount = Mutex(0)
    var received: [Int] = []
    try await (5..<25).forEach(workingAhead: width) { index in
      startedCount.withLock { $0 += 1 }
      if index.isMultiple(of: 2) { try await Task.sleep(for: .milliseconds(2)) }
      return index * 10
    } then: { index, value in
      #expect(value == index * 10)
      #expect(startedCount.withLock(\.self) <= received.count + width)
      received.append(index)
    }
    #expect(received == Array(5..<25))
    try await (7..<7).forEach(workingAhead: width) {
      $0
    } then: { _, _ in
      Issue.record("nothing to do")
    }
  }

  @Test("A failure comes in its turn, and ends it")
  func failure() async throws {
    var received: [Int] = []
    await #expect(throws: Failure.self) {
      try await (0..<9).forEach(workingAhead: 4) { index in
        if index == 3 { throw Failure() }
        try await Task.sleep(for: .milliseconds(2))
      } then: { index, _ in
        received.append(index)
      }
    }
    #expect(received == [0, 1, 2])
  }
}
