#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The threads that decode and encode: one a core, for the life of the process. A class, since it owns threads.
///
/// Decoding a batch takes milliseconds without a suspension. On Swift's cooperative threads that would hold up
/// everything else a server does.
package final class WorkerThreads: TaskExecutor, @unchecked Sendable {
  /// Cores that the process may use.
  static let coreCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  package static let shared = WorkerThreads(count: coreCount)

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let limit: Int
  /// Guarded by `mutex`, as all below.
  private var queue: [UnownedJob] = []
  private var head = 0
  private var started = 0
  private var idle = 0

  init(count: Int) {
    limit = count
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    pthread_mutex_lock(mutex)
    queue.append(job)
    // A sleeper that was woken still counts as idle until it has run.
    if idle >= queue.count - head {
      pthread_cond_signal(condition)
    } else if started < limit {
      started += 1
      startThread()
    }
    pthread_mutex_unlock(mutex)
  }

  private func startThread() {
    let pointer = Unmanaged.passRetained(self).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, nil,
        {
          Unmanaged<WorkerThreads>.fromOpaque($0).takeRetainedValue().work()
          return nil
        }, pointer)
      if status == 0, let thread { pthread_detach(thread) }
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<WorkerThreads>.fromOpaque(argument).takeRetainedValue().work() }
          return nil
        }, pointer)
      if status == 0 { pthread_detach(thread) }
    #endif
    precondition(status == 0, "the system gives no more threads")
  }

  private func work() {
    let executor = asUnownedTaskExecutor()
    while true {
      pthread_mutex_lock(mutex)
      while head == queue.count {
        queue.removeAll(keepingCapacity: true)
        head = 0
        idle += 1
        pthread_cond_wait(condition, mutex)
        idle -= 1
      }
      let job = queue[head]
      head += 1
      pthread_mutex_unlock(mutex)
      job.runSynchronously(on: executor)
    }
  }
}
