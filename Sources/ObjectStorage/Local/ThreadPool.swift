#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Threads of their own for work that would hold up Swift's cooperative ones. They start as work comes, and stay. A
/// class, since it owns threads for the life of the process.
package final class ThreadPool: @unchecked Sendable {
  package typealias Job = @Sendable () -> Void

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let limit: Int
  private let stackSize: Int
  /// Starts a thread that works for the pool; answers the system's number of the error, or 0.
  private let start: @Sendable (ThreadPool) -> Int32
  /// Guarded by `mutex`, as all below.
  private var queue: [Job] = []
  /// Jobs of the queue that have been taken.
  private var head = 0
  private var started = 0
  private var idle = 0

  /// - Parameters:
  ///   - count: of threads, at the most.
  ///   - stackSize: in bytes. What systems give by themselves ranges from 128 KiB (Musl) over 512 KiB (Darwin) to 8 MiB.
  package convenience init(count: Int, stackSize: Int) {
    self.init(count: count, stackSize: stackSize) { $0.startThread() }
  }

  init(count: Int, stackSize: Int, start: @escaping @Sendable (ThreadPool) -> Int32) {
    limit = count
    self.stackSize = stackSize
    self.start = start
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  package func enqueue(_ job: @escaping Job) {
    pthread_mutex_lock(mutex)
    queue.append(job)
    // A sleeper that was woken still counts as idle until it has run.
    if idle >= queue.count - head {
      pthread_cond_signal(condition)
    } else if started < limit {
      started += 1
      if start(self) != 0 {
        started -= 1
        // The threads there are take the job, later; another is tried for with the next.
        precondition(started > 0, "the system gives not a single thread")
      }
    }
    pthread_mutex_unlock(mutex)
  }

  /// - Returns: as `pthread_create`.
  func startThread() -> Int32 {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let isSized = pthread_attr_setstacksize(&attributes, stackSize) == 0
    precondition(isSized, "a stack of \(stackSize) bytes is not to be had")
    let pointer = Unmanaged.passRetained(self).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, &attributes,
        {
          Unmanaged<ThreadPool>.fromOpaque($0).takeRetainedValue().work()
          return nil
        }, pointer)
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, &attributes,
        { argument in
          if let argument { Unmanaged<ThreadPool>.fromOpaque(argument).takeRetainedValue().work() }
          return nil
        }, pointer)
    #endif
    // Nobody else lets go of what the thread was to have.
    if status != 0 { Unmanaged<ThreadPool>.fromOpaque(pointer).release() }
    return status
  }

  private func work() {
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
      queue[head] = {}
      head += 1
      pthread_mutex_unlock(mutex)
      job()
    }
  }
}
