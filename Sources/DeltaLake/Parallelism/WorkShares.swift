/// Divides work that is handed out in order among workers: whole pieces while there is much left, parts of pieces when
/// they would leave other workers with nothing to do.
///
/// Weights are of any unit, such as bytes.
struct WorkShares {
  /// What is still to be handed out.
  private var left: Double
  private let workerCount: Double

  /// A piece may be this much larger than what each worker has left.
  private static let tolerance = 1.25

  init(total: Double, workerCount: Int) {
    left = max(0, total)
    self.workerCount = Double(max(1, workerCount))
  }

  /// Hands out a piece; answers in how many parts.
  mutating func parts(of weight: Double) -> Int {
    let share = left / workerCount
    left = max(0, left - weight)
    guard share > 0, weight > share * Self.tolerance else { return 1 }
    return Int(min((weight / share).rounded(.up), workerCount))
  }
}
