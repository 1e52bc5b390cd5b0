#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Measures a command's work inside the process, for `--timing`.
struct Timing {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var opened: ContinuousClock.Instant?
  /// Rows delivered or written.
  var rows = 0
  /// Seconds of each commit, where there were several.
  var commits: [Double] = []

  /// Call it before the table is touched.
  init() { start = clock.now }

  /// The table's state is usable.
  mutating func markOpen() { opened = clock.now }

  /// Writes the measures to the file that the user named, if any. Call it when the work is done.
  func finish(_ options: GlobalOptions) throws {
    guard let path = options.timing else { return }
    let end = clock.now
    var json =
      "{\"wall_s\": \(seconds(end - start)), \"open_s\": \(seconds((opened ?? end) - start)), \"rows\": \(rows)"
    if !commits.isEmpty { json += ", \"commit_s\": [\(commits.map { "\($0)" }.joined(separator: ", "))]" }
    json += "}\n"
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard file >= 0 else {
      throw OutputError(.writeFailed, "Cannot write \(path): \(String(cString: strerror(errno))).")
    }
    defer { close(file) }
    try Messages.write(Array(json.utf8), to: ByteSink(descriptor: file))
  }

  var now: ContinuousClock.Instant { clock.now }

  func seconds(since instant: ContinuousClock.Instant) -> Double { seconds(clock.now - instant) }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
