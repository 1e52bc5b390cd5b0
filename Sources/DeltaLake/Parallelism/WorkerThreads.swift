internal import ObjectStorage

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The threads that decode and encode: one a core, for the life of the process. A class, as executors are.
///
/// Decoding a batch takes milliseconds without a suspension. On Swift's cooperative threads that would hold up
/// everything else a server does.
package final class WorkerThreads: TaskExecutor {
  /// Cores that the process may use.
  static let coreCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  package static let shared = WorkerThreads(count: coreCount)

  private let pool: ThreadPool

  /// Stacks are those of a program's main thread: conditions and schemas nest.
  init(count: Int) {
    pool = ThreadPool(count: count, stackSize: 8 << 20)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    pool.enqueue { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
