// The checksum of a new version: counted anew from the table's state, or from the checksum before and the commit alone.

extension VersionChecksum {
  /// More transactions or domains than these are not listed: the file is written with every commit.
  package static let listLimit = 500

  /// Counted from the state. O(files).
  package init(_ state: TableState) {
    self.init()
    let countsVectors = state.protocolVersions.supports("deletionVectors")
    var fileSizes = FileSizeHistogram()
    var deletedRecordCounts = DeletedRecordCountsHistogram()
    var (vectors, deleted): (Int64, Int64) = (0, 0)
    for row in 0..<state.files.count {
      fileSizes.count(state.files.sizes[row], 1)
      guard countsVectors else { continue }
      let count = state.files.deletedRowCount(at: row)
      deletedRecordCounts.count(count, 1)
      deleted = deleted.addingReportingOverflow(count).partialValue
      if state.files.deletionVectorIndices?[row] ?? -1 >= 0 { vectors += 1 }
    }
    txnId = state.commitInfo?.txnId
    tableSizeBytes = state.files.totalSizeInBytes
    numFiles = Int64(state.files.count)
    numMetadata = 1
    numProtocol = 1
    if InCommitTimestamps.areEnabled(state.metadata, state.protocolVersions) {
      inCommitTimestamp = state.commitInfo?.inCommitTimestamp
    }
    setTransactions = Self.listed(Array(state.transactions.values)) { $0.appId < $1.appId }
    domainMetadata = Self.listed(state.domains.values.filter { !$0.removed }) { $0.domain < $1.domain }
    metadata = state.metadata
    protocolVersions = state.protocolVersions
    if countsVectors {
      numDeletedRecords = deleted
      numDeletionVectors = vectors
      self.deletedRecordCounts = deletedRecordCounts
    }
    self.fileSizes = fileSizes
  }

  /// The checksum of the version after this one's.
  ///
  /// - Parameters:
  ///   - actions: of the commit, its `commitInfo` among them.
  ///   - recommitted: the paths that the commit adds though they are there, to say something else of the same file.
  /// - Returns: `nil` when it can't be told from these alone: then it must be counted from the state.
  package func following(_ actions: some Sequence<Action>, recommitted: Set<String> = []) -> VersionChecksum? {
    guard tableSizeBytes != nil, numFiles != nil, metadata != nil, let before = protocolVersions else { return nil }
    var next = self
    next.txnId = nil
    next.inCommitTimestamp = nil
    var info: CommitInfo?
    var sums = Sums(self)
    for action in actions {
      switch action {
      case .add(let file):
        if recommitted.contains(file.path) { continue }
        guard file.sizeInBytes >= 0 else { return nil }
        sums.count(file.sizeInBytes, file.deletionVector, 1)
      case .remove(let file):
        guard let size = file.sizeInBytes, size >= 0 else { return nil }
        sums.count(size, file.deletionVector, -1)
      case .metadata(let value): next.metadata = value
      case .protocol(let value): next.protocolVersions = value
      case .transaction(let value):
        next.setTransactions = Self.replacing(value, \.appId, in: next.setTransactions, isLive: true)
      case .domainMetadata(let value):
        next.domainMetadata = Self.replacing(value, \.domain, in: next.domainMetadata, isLive: !value.removed)
      case .commitInfo(let value): info = value
      case .change: break
      case .sidecar, .checkpointMetadata: return nil
      }
    }
    guard sums.isPossible, let metadata = next.metadata, let versions = next.protocolVersions else { return nil }
    next.txnId = info?.txnId
    if InCommitTimestamps.areEnabled(metadata, versions) {
      guard let timestamp = info?.inCommitTimestamp else { return nil }
      next.inCommitTimestamp = timestamp
    }
    next.tableSizeBytes = sums.size
    next.numFiles = sums.files
    next.fileSizes = sums.fileSizes
    if versions.supports("deletionVectors") {
      // Before the feature there were none, so nothing is missing.
      let isKnown = numDeletedRecords != nil || !before.supports("deletionVectors")
      next.numDeletedRecords = isKnown ? sums.deleted : nil
      next.numDeletionVectors = isKnown ? sums.vectors : nil
      next.deletedRecordCounts = sums.deletedRecordCounts
    } else {
      next.numDeletedRecords = nil
      next.numDeletionVectors = nil
      next.deletedRecordCounts = nil
    }
    return next
  }

  private struct Sums {
    var size: Int64
    var files: Int64
    var deleted: Int64
    var vectors: Int64
    var fileSizes: FileSizeHistogram?
    var deletedRecordCounts: DeletedRecordCountsHistogram?
    private var overflows = false

    init(_ checksum: VersionChecksum) {
      size = checksum.tableSizeBytes ?? 0
      files = checksum.numFiles ?? 0
      deleted = checksum.numDeletedRecords ?? 0
      vectors = checksum.numDeletionVectors ?? 0
      fileSizes = checksum.fileSizes
      deletedRecordCounts = checksum.deletedRecordCounts
      if checksum.protocolVersions?.supports("deletionVectors") == false {
        deletedRecordCounts = DeletedRecordCountsHistogram(undeleted: files)
      }
    }

    mutating func count(_ size: Int64, _ vector: DeletionVectorDescriptor?, _ sign: Int64) {
      self.size = sum(self.size, size, sign)
      files = sum(files, 1, sign)
      deleted = sum(deleted, vector?.cardinality ?? 0, sign)
      vectors = sum(vectors, vector == nil ? 0 : 1, sign)
      fileSizes?.count(size, sign)
      deletedRecordCounts?.count(vector?.cardinality ?? 0, sign)
    }

    private mutating func sum(_ sum: Int64, _ value: Int64, _ sign: Int64) -> Int64 {
      let (result, overflow) = sum.addingReportingOverflow(sign < 0 ? 0 &- value : value)
      if overflow { overflows = true }
      return result
    }

    var isPossible: Bool {
      !overflows && size >= 0 && files >= 0 && deleted >= 0 && vectors >= 0 && fileSizes?.isPossible ?? true
        && deletedRecordCounts?.isPossible ?? true
    }
  }

  private static func listed<Element>(
    _ elements: [Element], by areOrdered: (Element, Element) -> Bool
  ) -> [Element]? {
    elements.count <= listLimit ? elements.sorted(by: areOrdered) : nil
  }

  /// In the order of the keys; a list that was not there stays so.
  private static func replacing<Element>(
    _ element: Element, _ key: KeyPath<Element, String>, in list: [Element]?, isLive: Bool
  ) -> [Element]? {
    guard var list else { return nil }
    list.removeAll { $0[keyPath: key] == element[keyPath: key] }
    if isLive { list.append(element) }
    return listed(list) { $0[keyPath: key] < $1[keyPath: key] }
  }
}

extension VersionChecksum {
  /// The bytes of the `.crc` file.
  ///
  /// Spec: Delta § Version Checksum File
  package func encoded() -> [UInt8] {
    var json = JSONWriter(reserving: 1024)
    json.write("{")
    json.member("txnId", txnId)
    json.member("tableSizeBytes", tableSizeBytes)
    json.member("numFiles", numFiles)
    json.member("numDeletedRecordsOpt", numDeletedRecords)
    json.member("numDeletionVectorsOpt", numDeletionVectors)
    json.member("numMetadata", numMetadata)
    json.member("numProtocol", numProtocol)
    json.member("inCommitTimestampOpt", inCommitTimestamp)
    json.member("setTransactions", setTransactions, CommitText.append)
    json.member("domainMetadata", domainMetadata, CommitText.append)
    if let metadata {
      json.key("metadata")
      CommitText.append(metadata, to: &json)
    }
    if let protocolVersions {
      json.key("protocol")
      CommitText.append(protocolVersions, to: &json)
    }
    if let fileSizes {
      json.key("fileSizeHistogram")
      json.write("{")
      json.member("sortedBinBoundaries", fileSizes.boundaries) { $1.write($0) }
      json.member("fileCounts", fileSizes.fileCounts) { $1.write($0) }
      json.member("totalBytes", fileSizes.totalBytes) { $1.write($0) }
      json.write("}")
    }
    if let deletedRecordCounts {
      json.key("deletedRecordCountsHistogramOpt")
      json.write("{")
      json.member("deletedRecordCounts", deletedRecordCounts.counts) { $1.write($0) }
      json.write("}")
    }
    json.write("}\n")
    return json.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func member<Element>(
    _ name: StaticString, _ elements: [Element]?, _ write: (Element, inout JSONWriter) -> Void
  ) {
    guard let elements else { return }
    key(name)
    self.write("[")
    for element in elements {
      separate()
      write(element, &self)
    }
    self.write("]")
  }
}
