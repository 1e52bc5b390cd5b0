internal import DeltaLog

/// Reads log files a few ahead, and hands them out in order.
struct LogFileReader {
  let log: LogDirectory

  private static let readAhead = 8

  func forEach(_ files: [LogFile], _ body: (LogFile, [UInt8]) async throws -> Void) async throws {
    let log = log
    try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      var started = 0
      func startNext() {
        guard started < files.count else { return }
        let index = started
        started += 1
        group.addTask { (index, try await log.read(files[index].name)) }
      }
      for _ in 0..<Self.readAhead { startNext() }
      var waiting: [Int: [UInt8]] = [:]
      var turn = 0
      while let (index, bytes) = try await group.next() {
        waiting[index] = bytes
        while let bytes = waiting.removeValue(forKey: turn) {
          try Task.checkCancellation()
          try await body(files[turn], bytes)
          turn += 1
          startNext()
        }
      }
    }
  }
}
