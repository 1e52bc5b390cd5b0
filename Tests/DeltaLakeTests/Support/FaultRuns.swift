import Foundation
import Testing
import _TestSupport

/// How much of the faults is explored: a part with each run of the tests, everything where it is asked for.
enum FaultRuns {
  /// `DELTALAKE_FAULTS=all` in the environment.
  static let areExhaustive = ProcessInfo.processInfo.environment["DELTALAKE_FAULTS"] == "all"

  /// Explores scenarios one after another and prints what they saw together; each, where that takes long.
  @discardableResult
  static func explore(_ name: String, _ scenarios: [TableScenario]) async throws -> ExplorationReport {
    var reports: [ExplorationReport] = []
    let clock = ContinuousClock()
    let start = clock.now
    for scenario in scenarios {
      let report = try await scenario.explore()
      if areExhaustive { print("  \(report)") }
      reports.append(report)
    }
    let sum = reports.sum("\(name), \(scenarios.count) scenarios")
    let seconds = Double((clock.now - start).components.seconds)
    print("Faults: \(sum), \(Int(seconds)) s")
    return sum
  }

  /// Each two of these, and each twice.
  static func pairs(_ first: [TableOperation], _ second: [TableOperation]) -> [[TableOperation]] {
    first.indices.flatMap { index in second[index...].map { [first[index], $0] } }
  }
}
