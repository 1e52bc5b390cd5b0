/// How long to wait before committing again: nothing at first, then a random time that grows with the attempts, so that
/// many writers don't come back at once.
enum BackOff {
  static let greatestMilliseconds = 200.0

  static func wait(after attempt: Int) async throws {
    guard attempt > 1 else { return }
    let limit = min(greatestMilliseconds, Double(1 << min(attempt - 2, 16)))
    try await Surroundings.current.wait(.microseconds(Int(Double.random(in: 0...limit) * 1000)))
  }
}
