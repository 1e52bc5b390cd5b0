/// A few threads for system calls that block.
///
/// Swift's cooperative threads are as many as cores: one that waits for a disk is a core that computes nothing.
struct BlockingThreads: Sendable {
  static let shared = BlockingThreads()

  private let pool = ThreadPool(count: 4, stackSize: 1 << 20)

  /// The value of `work`, computed on one of the threads.
  func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      enqueue { continuation.resume(with: Result(catching: work)) }
    }
  }

  func enqueue(_ job: @escaping @Sendable () -> Void) { pool.enqueue(job) }
}
