public import DeltaLog
public import ObjectStorage

/// A commit that was made.
public struct Commit: Sendable {
  public let version: Version
  /// The table as the commit left it: made of what was known before and the commit, without listing the log again.
  public let snapshot: Snapshot
  /// How often the commit was tried: 1 unless others committed at the same time.
  public let attemptCount: Int
  /// What did not work out after the commit, such as a checkpoint; the commit itself stands.
  public let warnings: [String]
}

/// How to commit, whatever is committed.
public struct CommitOptions: Sendable {
  /// Whether data and commit are on the disk before the commit counts as made. The default costs some `fsync`s.
  public var durability = Durability.full
  /// How often to try when others keep committing first.
  public var maximumAttempts = 10_000
  /// A word of the user's, kept with the commit.
  public var userMetadata: String?
  /// For exactly-once writing: the commit carries it, and an operation on a table that has seen this version of the
  /// application, or a later one, does nothing.
  ///
  /// Spec: Delta § Transaction Identifiers
  public var appTransaction: AppTransaction?
  /// Whether checksums, checkpoints and clean-up follow the commit where they are due.
  public var maintainsLog = true

  public init() {}
}
