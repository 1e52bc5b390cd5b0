internal import Columnar

/// The text of a commit (or of a JSON checkpoint): one action a line. Fields are named and ordered as Spark has them,
/// fields without a value are left out, and paths stay percent-encoded as they are.
///
/// Spec: Delta § Delta Log Entries
package enum CommitText {
  package static func bytes(of actions: some Collection<Action>) -> [UInt8] {
    var json = JSONWriter(reserving: actions.count * 256)
    for action in actions { append(action, to: &json) }
    return json.bytes
  }

  /// One action and the end of its line.
  package static func append(_ action: Action, to json: inout JSONWriter) {
    switch action {
    case .add(let file): append(file, to: &json)
    case .remove(let file): append(file, to: &json)
    case .change(let file): append(file, to: &json)
    case .metadata(let metadata):
      json.write(#"{"metaData":"#)
      append(metadata, to: &json)
    case .protocol(let versions):
      json.write(#"{"protocol":"#)
      append(versions, to: &json)
    case .transaction(let transaction):
      json.write(#"{"txn":"#)
      append(transaction, to: &json)
    case .domainMetadata(let domain):
      json.write(#"{"domainMetadata":"#)
      append(domain, to: &json)
    case .commitInfo(let info): append(info, to: &json)
    case .sidecar(let file): append(file, to: &json)
    case .checkpointMetadata(let metadata):
      json.write(#"{"checkpointMetadata":{"version":"#)
      json.write(metadata.version)
      json.member("tags", metadata.tags)
      json.write("}")
    }
    json.write("}\n")
  }

  private static func append(_ file: AddFile, to json: inout JSONWriter) {
    json.write(#"{"add":{"path":"#)
    json.write(quoted: file.path)
    json.member("partitionValues", file.partitionValues)
    json.member("size", file.sizeInBytes)
    json.member("modificationTime", file.modificationTime)
    json.member("dataChange", file.dataChange)
    json.member("stats", file.stats)
    json.member("tags", file.tags)
    append(file.deletionVector, to: &json)
    json.member("baseRowId", file.baseRowId)
    json.member("defaultRowCommitVersion", file.defaultRowCommitVersion)
    json.member("clusteringProvider", file.clusteringProvider)
    json.write("}")
  }

  private static func append(_ file: RemoveFile, to json: inout JSONWriter) {
    json.write(#"{"remove":{"path":"#)
    json.write(quoted: file.path)
    json.member("deletionTimestamp", file.deletionTimestamp)
    json.member("dataChange", file.dataChange)
    json.member("extendedFileMetadata", file.extendedFileMetadata)
    json.member("partitionValues", file.partitionValues)
    json.member("size", file.sizeInBytes)
    json.member("tags", file.tags)
    append(file.deletionVector, to: &json)
    json.member("baseRowId", file.baseRowId)
    json.member("defaultRowCommitVersion", file.defaultRowCommitVersion)
    json.member("stats", file.stats)
    json.write("}")
  }

  private static func append(_ file: ChangeFile, to json: inout JSONWriter) {
    json.write(#"{"cdc":{"path":"#)
    json.write(quoted: file.path)
    json.member("partitionValues", file.partitionValues)
    json.member("size", file.sizeInBytes)
    json.member("dataChange", file.dataChange)
    json.member("tags", file.tags)
    json.write("}")
  }

  private static func append(_ file: SidecarFile, to json: inout JSONWriter) {
    json.write(#"{"sidecar":{"path":"#)
    json.write(quoted: file.path)
    json.member("sizeInBytes", file.sizeInBytes)
    json.member("modificationTime", file.modificationTime)
    json.member("tags", file.tags)
    json.write("}")
  }

  private static func append(_ vector: DeletionVectorDescriptor?, to json: inout JSONWriter) {
    guard let vector else { return }
    json.key("deletionVector")
    json.write("{")
    json.member("storageType", vector.storageType.letter)
    json.member("pathOrInlineDv", vector.pathOrInlineDv)
    json.member("offset", vector.offset)
    json.member("sizeInBytes", vector.sizeInBytes)
    json.member("cardinality", vector.cardinality)
    json.write("}")
  }

  private static func append(_ info: CommitInfo, to json: inout JSONWriter) {
    json.write(#"{"commitInfo":{"#)
    for (key, value) in info.orderedFields {
      json.key(key)
      json.write(value)
    }
    json.write("}")
  }
}

// The bodies of actions that checksums hold, too.

extension CommitText {
  static func append(_ metadata: TableMetadata, to json: inout JSONWriter) {
    json.write(#"{"id":"#)
    json.write(quoted: metadata.id)
    json.member("name", metadata.name)
    json.member("description", metadata.description)
    json.key("format")
    json.write("{")
    json.member("provider", metadata.format.provider)
    json.member("options", metadata.format.options)
    json.write("}")
    json.member("schemaString", metadata.schemaString)
    json.member("partitionColumns", metadata.partitionColumns)
    json.member("configuration", metadata.configuration)
    json.member("createdTime", metadata.createdTime)
    for (key, value) in metadata.unknownFields.values.sorted(by: { $0.key < $1.key }) {
      json.key(key)
      json.write(value)
    }
    json.write("}")
  }

  static func append(_ versions: ProtocolVersions, to json: inout JSONWriter) {
    json.write(#"{"minReaderVersion":"#)
    json.write(Int64(versions.minReaderVersion))
    json.member("minWriterVersion", versions.minWriterVersion)
    json.member("readerFeatures", versions.readerFeatures)
    json.member("writerFeatures", versions.writerFeatures)
    json.write("}")
  }

  static func append(_ transaction: AppTransaction, to json: inout JSONWriter) {
    json.write(#"{"appId":"#)
    json.write(quoted: transaction.appId)
    json.member("version", transaction.version)
    json.member("lastUpdated", transaction.lastUpdated)
    json.write("}")
  }

  static func append(_ domain: DomainMetadata, to json: inout JSONWriter) {
    json.write(#"{"domain":"#)
    json.write(quoted: domain.domain)
    json.member("configuration", domain.configuration)
    json.member("removed", domain.removed)
    json.write("}")
  }
}

extension CommitInfo {
  /// The in-commit timestamp first, so that readers need not look further; then what Spark writes in its order; then
  /// the rest by name.
  ///
  /// Spec: Delta § Writer Requirements for In-Commit Timestamps
  var orderedFields: [(key: String, value: MetadataValue)] {
    func rank(_ key: String) -> Int { Self.order.firstIndex(of: key) ?? Self.order.count }
    return fields.map { (rank($0.key), $0.key, $0.value) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
      .map { (key: $0.1, value: $0.2) }
  }

  private static let order = [
    "inCommitTimestamp", "timestamp", "userId", "userName", "operation", "operationParameters", "job", "notebook",
    "clusterId", "readVersion", "isolationLevel", "isBlindAppend", "operationMetrics", "userMetadata", "tags",
    "engineInfo", "txnId",
  ]
}
