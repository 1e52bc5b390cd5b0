extension Range<Int> {
  /// Does something for each number, a few at the same time, and hands on what comes of it in order.
  ///
  /// What is started and not handed on yet is never more than `width`. A failure is one when its turn comes.
  ///
  /// - Parameter workers: what the work runs on where it can; `nil` for where any task does.
  func forEach<Value: Sendable>(
    workingAhead width: Int, on workers: (any TaskExecutor)? = nil,
    _ work: @escaping @Sendable (Int) async throws -> Value, then receive: (Int, Value) async throws -> Void
  ) async throws {
    precondition(width > 0, "nothing would be done")
    typealias Outcome = Result<Value, any Error>
    try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
      var next = lowerBound
      func startNext() {
        guard next < upperBound else { return }
        let index = next
        next += 1
        group.addTask(executorPreference: workers) {
          do {
            return (index, .success(try await work(index)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      for _ in 0..<width { startNext() }
      var waiting: [Int: Outcome] = [:]
      var turn = lowerBound
      while let (index, outcome) = try await group.next() {
        waiting[index] = outcome
        while let outcome = waiting.removeValue(forKey: turn) {
          try Task.checkCancellation()
          try await receive(turn, try outcome.get())
          turn += 1
          startNext()
        }
      }
    }
  }
}
