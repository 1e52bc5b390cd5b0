internal import Columnar

/// What a `.crc` file says of a version: sums and counts to check the replayed state against.
///
/// Spec: Delta § Version Checksum File Schema
package struct VersionChecksum: Hashable, Sendable {
  package var txnId: String?
  package var tableSizeBytes: Int64?
  package var numFiles: Int64?
  package var numMetadata: Int64?
  package var numProtocol: Int64?
  package var inCommitTimestamp: Timestamp?
  /// `nil` when the file says nothing of them.
  package var setTransactions: [AppTransaction]?
  package var domainMetadata: [DomainMetadata]?
  package var metadata: TableMetadata?
  package var protocolVersions: ProtocolVersions?
  package var numDeletedRecords: Int64?
  package var numDeletionVectors: Int64?
  package var fileSizes: FileSizeHistogram?
  package var deletedRecordCounts: DeletedRecordCountsHistogram?

  package init() {}

  /// Unknown fields are passed over; fields that can't be understood count as absent. `nil` for anything but one JSON
  /// object: such a file says nothing about the table.
  package init?(parsing bytes: [UInt8]) {
    guard let value = try? bytes.withUnsafeBytes({ try JSONScanner.value(of: $0) }),
      case .object(let values) = value
    else { return nil }
    self.init(ActionFields(values: values))
  }

  private init(_ fields: ActionFields) {
    txnId = fields.text("txnId")
    tableSizeBytes = fields.number("tableSizeBytes")
    numFiles = fields.number("numFiles")
    numMetadata = fields.number("numMetadata")
    numProtocol = fields.number("numProtocol")
    inCommitTimestamp = fields.timestamp("inCommitTimestampOpt")
    setTransactions = fields.objects("setTransactions")?.compactMap { try? AppTransaction(fields: $0) }
    domainMetadata = fields.objects("domainMetadata")?.compactMap { try? DomainMetadata(fields: $0) }
    metadata = fields.object("metadata").flatMap { try? TableMetadata(fields: $0) }
    protocolVersions = fields.object("protocol").flatMap { try? ProtocolVersions(fields: $0) }
    numDeletedRecords = fields.number("numDeletedRecordsOpt")
    numDeletionVectors = fields.number("numDeletionVectorsOpt")
    fileSizes = (fields.object("fileSizeHistogram") ?? fields.object("histogramOpt")).flatMap(FileSizeHistogram.init)
    deletedRecordCounts = fields.object("deletedRecordCountsHistogramOpt").flatMap(DeletedRecordCountsHistogram.init)
  }
}

extension VersionChecksum {
  /// How the state differs from what the checksum says, in words; empty when they agree.
  ///
  /// Spec: Delta § State Validation
  package func disagreements(with state: TableState) -> [String] {
    var found: [String] = []
    func compare(_ what: String, _ recorded: Int64?, _ actual: Int64?) {
      guard let recorded, let actual, recorded != actual else { return }
      found.append("\(what): the checksum says \(recorded), the log \(actual)")
    }
    compare("number of files", numFiles, Int64(state.files.count))
    compare("size in bytes", tableSizeBytes, state.files.totalSizeInBytes)
    compare("number of metaData actions", numMetadata, 1)
    compare("number of protocol actions", numProtocol, 1)
    compare("in-commit timestamp", inCommitTimestamp?.milliseconds, state.commitInfo?.inCommitTimestamp?.milliseconds)
    let vectors = state.files.deletionVectorIndices?.count { $0 >= 0 } ?? 0
    compare("number of deletion vectors", numDeletionVectors, Int64(vectors))
    let deleted = state.files.deletionVectors.cardinalities.reduce(Int64(0)) {
      $0.addingReportingOverflow($1).partialValue
    }
    compare("number of deleted rows", numDeletedRecords, deleted)
    if let protocolVersions, !protocolVersions.isEquivalent(to: state.protocolVersions) {
      found.append("the protocol differs")
    }
    if let metadata, metadata != state.metadata { found.append("the metadata differs") }
    if let setTransactions {
      for transaction in setTransactions where state.transactions[transaction.appId]?.version != transaction.version {
        found.append("the transaction of application '\(transaction.appId)' differs")
      }
    }
    if let domainMetadata {
      let recorded = Dictionary(domainMetadata.map { ($0.domain, $0) }) { _, last in last }.filter { !$0.value.removed }
      for domain in Set(recorded.keys).union(state.domains.keys).sorted()
      where recorded[domain]?.configuration != state.domains[domain]?.configuration {
        found.append("the metadata domain '\(domain)' differs")
      }
    }
    return found
  }
}

extension ProtocolVersions {
  /// The same but for the order of features, and for empty lists in place of none.
  package func isEquivalent(to other: ProtocolVersions) -> Bool {
    minReaderVersion == other.minReaderVersion && minWriterVersion == other.minWriterVersion
      && Set(readerFeatures ?? []) == Set(other.readerFeatures ?? [])
      && Set(writerFeatures ?? []) == Set(other.writerFeatures ?? [])
  }
}
