/// Lets a task run on the threads for calls that block. A class, as executors are.
final class BlockingExecutor: TaskExecutor {
  static let shared = BlockingExecutor()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    BlockingThreads.shared.enqueue { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
