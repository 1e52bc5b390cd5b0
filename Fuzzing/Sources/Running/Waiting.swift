internal import Synchronization

/// Runs asynchronous work to its end on this thread, so that the same input takes the same steps each time.
enum Waiting {
  static func run(_ work: @escaping @Sendable () async -> Void) {
    let queue = OneThread()
    let isDone = Done()
    Task.detached(executorPreference: queue) {
      await work()
      isDone.value.store(true, ordering: .releasing)
    }
    while !isDone.value.load(ordering: .acquiring) { queue.runNext() }
  }
}

private final class Done: Sendable {
  let value = Atomic(false)
}

/// Jobs in a row, run by whoever asks. A class, since executors are.
private final class OneThread: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  func runNext() {
    let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    job?.runSynchronously(on: asUnownedTaskExecutor())
  }
}
