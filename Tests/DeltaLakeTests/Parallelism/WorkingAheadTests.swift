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

  @Test("As many are under way as are allowed", arguments: [1, 4])
  func width(width: Int) async throws {
    let running = Mutex(0)
    try await (0..<width).forEach(workingAhead: width) { _ in
      running.withLock { $0 += 1 }
      // Nothing ends before all have begun.
      while running.withLock(\.self) < width { try await Task.sleep(for: .milliseconds(1)) }
    } then: { _, _ in
    }
    #expect(running.withLock(\.self) == width)
  }

  @Test("Who is cancelled starts nothing more, and hands nothing on")
  func cancelled() async throws {
    let startedCount = Mutex(0)
    let receivedCount = Mutex(0)
    let task = Task {
      try await (0..<100).forEach(workingAhead: 2) { _ in
        startedCount.withLock { $0 += 1 }
        // Like a store that does not look whether it is still wanted.
        while !Task.isCancelled { await Task.yield() }
      } then: { _, _ in
        receivedCount.withLock { $0 += 1 }
      }
    }
    while startedCount.withLock(\.self) < 2 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(startedCount.withLock(\.self) == 2)
    #expect(receivedCount.withLock(\.self) == 0)
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
