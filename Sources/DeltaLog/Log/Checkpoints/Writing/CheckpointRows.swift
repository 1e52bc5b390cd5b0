package import Columnar

/// Actions as rows of a checkpoint: each has its struct in the column of its kind, and null in the others.
///
/// Spec: Delta § Checkpoint Schema
package struct CheckpointRows: Sendable {
  private let layout: CheckpointLayout

  package init(_ layout: CheckpointLayout) {
    self.layout = layout
  }

  /// Actions of kinds that the layout has no column for are null rows: don't pass any.
  ///
  /// - Throws: `corruptLog` for statistics or partition values that a parsed column can't hold.
  package func batch(of actions: [Action]) throws(DeltaError) -> RecordBatch {
    var columns: [Column] = []
    for field in layout.schema.fields {
      let column = try column(field.name, actions)
      guard let named = column.relabeled(as: field.type) else {
        preconditionFailure("the column \(field.name) of a checkpoint is not of its type")
      }
      columns.append(named)
    }
    return RecordBatch(schema: layout.schema, columns: columns, rowCount: actions.count)
  }

  private func column(_ name: String, _ actions: [Action]) throws(DeltaError) -> Column {
    switch name {
    case "add": return try adds(actions.map { if case .add(let file) = $0 { file } else { nil } })
    case "remove": return removes(actions.map { if case .remove(let file) = $0 { file } else { nil } })
    case "metaData": return metadata(actions.map { if case .metadata(let value) = $0 { value } else { nil } })
    case "protocol": return protocols(actions.map { if case .protocol(let value) = $0 { value } else { nil } })
    case "txn": return transactions(actions.map { if case .transaction(let value) = $0 { value } else { nil } })
    case "domainMetadata":
      return domains(actions.map { if case .domainMetadata(let value) = $0 { value } else { nil } })
    case "sidecar": return sidecars(actions.map { if case .sidecar(let value) = $0 { value } else { nil } })
    default:
      return checkpointMetadata(actions.map { if case .checkpointMetadata(let value) = $0 { value } else { nil } })
    }
  }
}

// MARK: Files

extension CheckpointRows {
  private func adds(_ files: [AddFile?]) throws(DeltaError) -> Column {
    var fields: [(name: String, column: Column)] = [
      ("path", Column(strings: files.map { $0?.path })),
      ("partitionValues", Column(textMaps: files.map { $0?.partitionValues })),
      ("size", Column(longs: files.map { $0?.sizeInBytes })),
      ("modificationTime", Column(longs: files.map { $0?.modificationTime.milliseconds })),
      ("dataChange", Column(booleans: files.map { $0 == nil ? nil : false })),
      ("tags", Column(textMaps: files.map { $0?.tags })),
      ("deletionVector", Self.vectors(files.map { $0?.deletionVector })),
      ("baseRowId", Column(longs: files.map { $0?.baseRowId })),
      ("defaultRowCommitVersion", Column(longs: files.map { $0?.defaultRowCommitVersion })),
      ("clusteringProvider", Column(strings: files.map { $0?.clusteringProvider })),
    ]
    if layout.hasJSONStatistics { fields.append(("stats", Column(strings: files.map { $0?.stats }))) }
    if let type = layout.parsedStatistics {
      fields.append(("stats_parsed", ParsedStatistics(type).column(files.map { $0?.stats })))
    }
    if let type = layout.parsedPartitionValues {
      fields.append(
        ("partitionValues_parsed", try ParsedPartitionValues(type).column(files.map { $0?.partitionValues })))
    }
    return Self.structure(fields, files)
  }

  private func removes(_ files: [RemoveFile?]) -> Column {
    Self.structure(
      [
        ("path", Column(strings: files.map { $0?.path })),
        ("deletionTimestamp", Column(longs: files.map { $0?.deletionTimestamp?.milliseconds })),
        ("dataChange", Column(booleans: files.map { $0 == nil ? nil : false })),
        ("extendedFileMetadata", Column(booleans: files.map { $0?.extendedFileMetadata })),
        ("partitionValues", Column(textMaps: files.map { $0?.partitionValues })),
        ("size", Column(longs: files.map { $0?.sizeInBytes })), ("tags", Column(textMaps: files.map { $0?.tags })),
        ("deletionVector", Self.vectors(files.map { $0?.deletionVector })),
        ("baseRowId", Column(longs: files.map { $0?.baseRowId })),
        ("defaultRowCommitVersion", Column(longs: files.map { $0?.defaultRowCommitVersion })),
      ], files)
  }

  private static func vectors(_ vectors: [DeletionVectorDescriptor?]) -> Column {
    structure(
      [
        ("storageType", Column(strings: vectors.map { $0?.storageType.letter })),
        ("pathOrInlineDv", Column(strings: vectors.map { $0?.pathOrInlineDv })),
        ("offset", Column(integers: vectors.map { $0?.offset })),
        ("sizeInBytes", Column(integers: vectors.map { $0?.sizeInBytes })),
        ("cardinality", Column(longs: vectors.map { $0?.cardinality })),
      ], vectors)
  }
}

// MARK: The table

extension CheckpointRows {
  private func metadata(_ values: [TableMetadata?]) -> Column {
    let format = Self.structure(
      [
        ("provider", Column(strings: values.map { $0?.format.provider })),
        ("options", Column(textMaps: values.map { $0?.format.options })),
      ], values)
    return Self.structure(
      [
        ("id", Column(strings: values.map { $0?.id })), ("name", Column(strings: values.map { $0?.name })),
        ("description", Column(strings: values.map { $0?.description })), ("format", format),
        ("schemaString", Column(strings: values.map { $0?.schemaString })),
        ("partitionColumns", Column(textLists: values.map { $0?.partitionColumns })),
        ("createdTime", Column(longs: values.map { $0?.createdTime?.milliseconds })),
        ("configuration", Column(textMaps: values.map { $0?.configuration })),
      ], values)
  }

  private func protocols(_ values: [ProtocolVersions?]) -> Column {
    Self.structure(
      [
        ("minReaderVersion", Column(integers: values.map { $0?.minReaderVersion })),
        ("minWriterVersion", Column(integers: values.map { $0?.minWriterVersion })),
        ("readerFeatures", Column(textLists: values.map { $0?.readerFeatures })),
        ("writerFeatures", Column(textLists: values.map { $0?.writerFeatures })),
      ], values)
  }

  private func transactions(_ values: [AppTransaction?]) -> Column {
    Self.structure(
      [
        ("appId", Column(strings: values.map { $0?.appId })), ("version", Column(longs: values.map { $0?.version })),
        ("lastUpdated", Column(longs: values.map { $0?.lastUpdated?.milliseconds })),
      ], values)
  }

  private func domains(_ values: [DomainMetadata?]) -> Column {
    Self.structure(
      [
        ("domain", Column(strings: values.map { $0?.domain })),
        ("configuration", Column(strings: values.map { $0?.configuration })),
        ("removed", Column(booleans: values.map { $0?.removed })),
      ], values)
  }

  private func sidecars(_ values: [SidecarFile?]) -> Column {
    Self.structure(
      [
        ("path", Column(strings: values.map { $0?.path })),
        ("sizeInBytes", Column(longs: values.map { $0?.sizeInBytes })),
        ("modificationTime", Column(longs: values.map { $0?.modificationTime.milliseconds })),
        ("tags", Column(textMaps: values.map { $0?.tags })),
      ], values)
  }

  private func checkpointMetadata(_ values: [CheckpointMetadata?]) -> Column {
    Self.structure(
      [
        ("version", Column(longs: values.map { $0?.version })), ("tags", Column(textMaps: values.map { $0?.tags })),
      ], values)
  }

  /// A struct that is null where the value is.
  private static func structure<Value>(_ fields: [(name: String, column: Column)], _ values: [Value?]) -> Column {
    Column(
      fields: fields, count: values.count,
      validity: values.contains { $0 == nil } ? Bitmap(values.map { $0 != nil }) : nil)
  }
}

extension Column {
  /// Maps from text to text, entries sorted by key.
  fileprivate init(textMaps maps: [[String: String?]?]) {
    var keys: [String?] = []
    var values: [String?] = []
    for case let map? in maps where !map.isEmpty {
      for (key, value) in map.sorted(by: { $0.key < $1.key }) {
        keys.append(key)
        values.append(value)
      }
    }
    self.init(maps: maps.map { $0?.count }, keys: Column(strings: keys), values: Column(strings: values))
  }

  fileprivate init(textMaps maps: [[String: String]?]) {
    self.init(textMaps: maps.map { $0.map { $0.mapValues(Optional.some) } })
  }

  fileprivate init(textLists lists: [[String]?]) {
    self.init(lists: lists.map { $0?.count }, of: Column(strings: lists.flatMap { $0 ?? [] }))
  }
}
