internal import DeltaLog

/// The log files that a snapshot came from, kept so that its checkpoint can be written without looking for them.
struct LogTrail: Sendable {
  private let checkpoint: LogCheckpoint?
  private let deltas: [LogFile]

  /// More of them are found again by listing the log.
  private static let greatestCount = 64

  /// `nil` for too many files.
  init?(_ checkpoint: LogCheckpoint?, _ deltas: [LogFile]) {
    guard deltas.count <= Self.greatestCount else { return nil }
    self.checkpoint = checkpoint
    self.deltas = deltas
  }

  func followed(by commits: [LogFile]) -> LogTrail? { LogTrail(checkpoint, deltas + commits) }

  var checkpointFiles: [LogFile] { checkpoint?.files ?? [] }

  var listing: LogListing { LogListing(checkpointFiles + deltas) }
}
