package import DeltaLog

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// What operations take from the machine besides their store: the time, waiting and threads. A simulation gives them others,
/// so that whatever they do can be done again.
package struct Surroundings: Sendable {
  /// Those of the running task, and of all that it starts.
  @TaskLocal package static var current = Surroundings()

  package var now: @Sendable () -> Timestamp = { Self.machineTime() }
  package var wait: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  /// Where batches are decoded and encoded.
  package var workers: any TaskExecutor = WorkerThreads.shared
  /// What is known of tables from before.
  var recentSnapshots = RecentSnapshots.shared

  package init() {}

  private static func machineTime() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
