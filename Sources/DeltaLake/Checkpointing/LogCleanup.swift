internal import DeltaLog

struct LogCleanup {
  init(_ snapshot: Snapshot) {}
  func run() async throws -> Int { 0 }
}
