internal import Columnar

/// Gives the files of a commit their base row ids and row commit versions. It is done anew for every attempt to commit,
/// since a commit that came first has taken ids.
///
/// Spec: Delta § Writer Requirements for Row Tracking
package struct RowIdAssignment: Hashable, Sendable {
  /// The greatest id taken; -1 when none is.
  package private(set) var highWaterMark: Int64

  private static let key = "rowIdHighWaterMark"

  package init(highWaterMark: Int64 = -1) {
    self.highWaterMark = highWaterMark
  }

  /// - Parameter domain: the table's `delta.rowTracking`; `nil`: no id was ever given.
  /// - Throws: `corruptLog` when it can't be understood: new ids could be old ones.
  package init(_ domain: DomainMetadata?) throws(DeltaError) {
    highWaterMark = try domain.map { domain throws(DeltaError) in try Self.highWaterMark(in: domain) } ?? -1
  }

  /// Whether a table's writers assign ids.
  package static func isDone(in metadata: TableMetadata, _ versions: ProtocolVersions) -> Bool {
    RowTracking.isSupported(versions) && !TableProperties(metadata).suspendsRowTracking
  }

  /// Sets what `add` actions lack, and adds or replaces the domain's action if ids were taken.
  ///
  /// An `add` that has its ids already, such as one of a file that only got another deletion vector, keeps them.
  ///
  /// - Parameter version: the one that the commit will have.
  /// - Throws: `invalidArgument` when a new file's number of records is not in its statistics, or ids run out.
  package mutating func assign(to actions: inout [Action], as version: Version) throws(DeltaError) {
    let before = highWaterMark
    for index in actions.indices {
      guard case .add(var file) = actions[index] else { continue }
      if file.baseRowId == nil {
        guard let count = file.stats.flatMap({ FileStatistics(json: $0, columns: [])?.numRecords }), count >= 0 else {
          throw .invalidArgument(
            "Row tracking gives every row an id, and the statistics of the file \(file.path) don't say how many it has."
          )
        }
        let (last, overflow) = highWaterMark.addingReportingOverflow(count)
        guard !overflow, highWaterMark < .max else {
          throw .invalidArgument("Row tracking has no ids left for the file \(file.path).")
        }
        file.baseRowId = highWaterMark + 1
        highWaterMark = last
      }
      if file.defaultRowCommitVersion == nil { file.defaultRowCommitVersion = version }
      actions[index] = .add(file)
    }
    guard highWaterMark != before else { return }
    actions.removeAll {
      if case .domainMetadata(let domain) = $0 { domain.domain == RowTracking.domain } else { false }
    }
    actions.append(.domainMetadata(domain))
  }

  /// The domain as it is from this commit on.
  package var domain: DomainMetadata {
    DomainMetadata(domain: RowTracking.domain, configuration: "{\"\(Self.key)\":\(highWaterMark)}")
  }

  /// Reckons with ids that another commit has taken.
  package mutating func observe(_ domain: DomainMetadata) throws(DeltaError) {
    highWaterMark = max(highWaterMark, try Self.highWaterMark(in: domain))
  }

  private static func highWaterMark(in domain: DomainMetadata) throws(DeltaError) -> Int64 {
    guard let tree = try? MetadataJSON.parse(domain.configuration).objectValue, let mark = tree[key]?.longValue,
      mark >= -1
    else {
      throw .corruptLog(
        "The domain metadata '\(RowTracking.domain)' says '\(domain.configuration)', which has no \(key): new rows could "
          + "get ids that others have.")
    }
    return mark
  }
}

extension RowTracking {
  /// The metadata of a table that turns row tracking on: with the names of the hidden columns, if it has none yet.
  ///
  /// Every file of the table must have its ids when, or before, this is committed.
  package static func enabling(_ metadata: TableMetadata) -> TableMetadata {
    var metadata = metadata
    metadata.configuration["delta.enableRowTracking"] = "true"
    if metadata.configuration[rowIdProperty] == nil {
      metadata.configuration[rowIdProperty] = "_row-id-col-\(UniqueID())"
    }
    if metadata.configuration[rowCommitVersionProperty] == nil {
      metadata.configuration[rowCommitVersionProperty] = "_row-commit-version-col-\(UniqueID())"
    }
    return metadata
  }

  /// The tag of ``CommitInfo`` that says whether all rows that were copied or updated kept their ids.
  package static let preservedTag = "delta.rowTracking.preserved"
}
