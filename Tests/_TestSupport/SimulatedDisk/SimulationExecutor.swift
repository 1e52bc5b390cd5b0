import Foundation

/// Runs the tasks of a simulation on one thread: that of whoever calls ``run(until:)``, one job after another, in the order
/// in which they became ready. A class, since it is the place where jobs wait.
///
/// Tasks that are made with this executor as their preference stay on it, their child tasks (`async let`, groups) as
/// well. A task without that preference, such as one made by `Task { }`, runs elsewhere: then the thread waits for it.
final class SimulationExecutor: TaskExecutor, @unchecked Sendable {
  struct Stalled: Error, CustomStringConvertible {
    var description: String { "For a minute no operation has made a call or ended: one waits for what never comes." }
  }

  private let condition = NSCondition()
  /// Guarded by `condition`.
  private var jobs: [UnownedJob] = []

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock {
      jobs.append(job)
      condition.signal()
    }
  }

  /// Says that what ``run(until:)`` waits for may have come, from another thread.
  func wake() { condition.withLock { condition.signal() } }

  /// Runs what is ready until nothing is and `isDone` holds.
  func run(until isDone: () -> Bool) throws {
    var deadline: Date?
    while true {
      let job: UnownedJob? = try condition.withLock {
        while jobs.isEmpty {
          if isDone() { return nil }
          let limit = deadline ?? Date(timeIntervalSinceNow: 60)
          deadline = limit
          guard condition.wait(until: limit) || !jobs.isEmpty || isDone() else { throw Stalled() }
        }
        return jobs.removeFirst()
      }
      guard let job else { return }
      deadline = nil
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
