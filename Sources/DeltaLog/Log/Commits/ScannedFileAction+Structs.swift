// From places in the bytes to the structs of Actions/.

extension JSONScanner {
  package func addFile(_ action: ScannedFileAction) throws(JSONSyntaxError) -> AddFile {
    guard let size = action.size else { throw JSONSyntaxError(.missingKey("size"), at: action.path.start) }
    return AddFile(
      path: string(action.path), partitionValues: try stringMap(action.partitionValues) ?? [:], sizeInBytes: size,
      modificationTime: Timestamp(milliseconds: action.modificationTime ?? 0), dataChange: action.dataChange ?? true,
      stats: optionalString(action.stats), tags: try stringMap(action.tags),
      deletionVector: try descriptor(action.deletionVector), baseRowId: action.baseRowId,
      defaultRowCommitVersion: action.defaultRowCommitVersion,
      clusteringProvider: optionalString(action.clusteringProvider))
  }

  package func removeFile(_ action: ScannedFileAction) throws(JSONSyntaxError) -> RemoveFile {
    RemoveFile(
      path: string(action.path), deletionTimestamp: action.deletionTimestamp.map(Timestamp.init(milliseconds:)),
      dataChange: action.dataChange ?? true, extendedFileMetadata: action.extendedFileMetadata,
      partitionValues: try stringMap(action.partitionValues), sizeInBytes: action.size,
      stats: optionalString(action.stats), tags: try stringMap(action.tags),
      deletionVector: try descriptor(action.deletionVector), baseRowId: action.baseRowId,
      defaultRowCommitVersion: action.defaultRowCommitVersion)
  }

  package func changeFile(_ action: ScannedFileAction) throws(JSONSyntaxError) -> ChangeFile {
    guard let size = action.size else { throw JSONSyntaxError(.missingKey("size"), at: action.path.start) }
    return ChangeFile(
      path: string(action.path), partitionValues: try stringMap(action.partitionValues) ?? [:], sizeInBytes: size,
      dataChange: action.dataChange ?? false, tags: try stringMap(action.tags))
  }

  package func descriptor(_ vector: ScannedDeletionVector) throws(JSONSyntaxError) -> DeletionVectorDescriptor? {
    if vector.isAbsent { return nil }
    let offset = try vector.offset.map { value throws(JSONSyntaxError) in try int32(value, vector) }
    return DeletionVectorDescriptor(
      storageType: .init(string(vector.storageType)), pathOrInlineDv: string(vector.pathOrInlineDv), offset: offset,
      sizeInBytes: try int32(vector.sizeInBytes ?? 0, vector), cardinality: vector.cardinality ?? 0)
  }

  private func int32(_ value: Int64, _ vector: ScannedDeletionVector) throws(JSONSyntaxError) -> Int32 {
    guard let value = Int32(exactly: value) else {
      throw JSONSyntaxError(.numberOutOfRange, at: vector.storageType.start)
    }
    return value
  }

  private func optionalString(_ text: JSONText) -> String? { text.isAbsent ? nil : string(text) }

  /// A map of strings from its raw JSON; other scalars are taken as they are spelt.
  package func stringMap(_ text: JSONText) throws(JSONSyntaxError) -> [String: String?]? {
    if text.isAbsent { return nil }
    var map: [String: String?] = [:]
    try forEachEntry(of: text) { scanner, key, value in
      map.updateValue(value.isAbsent ? nil : scanner.string(value), forKey: scanner.string(key))
    }
    return map
  }

  /// The entries of an object of scalars from its raw JSON; a null's value is absent.
  @inline(__always)
  package func forEachEntry(
    of text: JSONText, _ body: (JSONScanner, JSONText, JSONText) throws(JSONSyntaxError) -> Void
  ) throws(JSONSyntaxError) {
    var scanner = self
    scanner.position = text.start
    try scanner.beginObject()
    var isFirst = true
    while let key = try scanner.nextKey(&isFirst) {
      let value: JSONText
      switch try scanner.peek() {
      case UInt8(ascii: "\""): value = try scanner.readString()
      case UInt8(ascii: "n"):
        _ = try scanner.takeNull()
        value = .absent
      default: value = try scanner.readRaw()
      }
      try body(scanner, key, value)
    }
  }
}
