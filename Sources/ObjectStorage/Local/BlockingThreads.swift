#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A few threads for system calls that block. A class, since it owns threads for the life of the process.
///
/// Swift's cooperative threads are as many as cores: one that waits for a disk is a core that computes nothing.
final class BlockingThreads: @unchecked Sendable {
  static let shared = BlockingThreads(count: 4)

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let limit: Int
  /// Guarded by `mutex`, as all below.
  private var queue: [@Sendable () -> Void] = []
  private var started = 0
  private var idle = 0

  init(count: Int) {
    limit = count
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  /// The value of `work`, computed on one of the threads.
  func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      enqueue { continuation.resume(with: Result(catching: work)) }
    }
  }

  func enqueue(_ job: @escaping @Sendable () -> Void) {
    pthread_mutex_lock(mutex)
    queue.append(job)
    // A sleeper that was woken still counts as idle until it has run.
    if idle >= queue.count {
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
          Unmanaged<BlockingThreads>.fromOpaque($0).takeRetainedValue().work(); return nil
        }, pointer)
      if status == 0, let thread { pthread_detach(thread) }
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<BlockingThreads>.fromOpaque(argument).takeRetainedValue().work() }
          return nil
        }, pointer)
      if status == 0 { pthread_detach(thread) }
    #endif
    precondition(status == 0, "the system gives no more threads")
  }

  private func work() {
    while true {
      pthread_mutex_lock(mutex)
      while queue.isEmpty {
        idle += 1
        pthread_cond_wait(condition, mutex)
        idle -= 1
      }
      let job = queue.removeFirst()
      pthread_mutex_unlock(mutex)
      job()
    }
  }
}
