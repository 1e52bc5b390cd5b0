extension DeltaError {
  /// What kind of failure it is. Open: compare with the constants and have a default.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The constant's name, for instance `corruptLog`.
    public let name: String

    public init(_ name: String) {
      self.name = name
    }

    public var description: String { name }

    // MARK: The log

    /// There is no table at that place.
    public static let notFound = Code("notFound")
    /// The table is there, the version or timestamp asked for is not (or no longer) readable.
    public static let versionNotFound = Code("versionNotFound")
    /// The log does not yield a valid snapshot.
    public static let corruptLog = Code("corruptLog")
    /// A commit file is missing between two others.
    public static let gapInLog = Code("gapInLog")
    /// A checkpoint file is damaged or contradicts itself.
    public static let corruptCheckpoint = Code("corruptCheckpoint")
    /// The version checksum contradicts the log.
    public static let checksumMismatch = Code("checksumMismatch")
    /// The table needs a protocol version, feature or type that this library doesn't know.
    public static let unsupportedFeatures = Code("unsupportedFeatures")

    // MARK: The data

    /// A file that the table lists is not there.
    public static let missingDataFile = Code("missingDataFile")
    /// A data file is damaged.
    public static let corruptData = Code("corruptData")
    /// A deletion vector is damaged.
    public static let corruptDeletionVector = Code("corruptDeletionVector")
    /// The schema in the log can't be understood, or doesn't fit the data.
    public static let invalidSchema = Code("invalidSchema")

    // MARK: Changes

    /// The store gave no answer to a commit, and does not tell afterwards: it may be there, or come back.
    public static let outcomeUnknown = Code("outcomeUnknown")
    /// Another writer's commit makes this one impossible.
    public static let conflict = Code("conflict")
    /// Something stands already where something new should be created.
    public static let alreadyExists = Code("alreadyExists")
    /// Rows break a constraint or invariant of the table.
    public static let constraintViolation = Code("constraintViolation")
    /// Data that doesn't fit the table's schema.
    public static let schemaMismatch = Code("schemaMismatch")
    /// The table's properties forbid the operation.
    public static let operationRefused = Code("operationRefused")

    // MARK: The call, the store

    /// The caller asked for something that makes no sense.
    public static let invalidArgument = Code("invalidArgument")
    /// The store failed.
    public static let storageFailed = Code("storageFailed")
  }
}
