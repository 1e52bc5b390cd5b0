/// An `add`, `remove` or `cdc` action as places in the commit's bytes: nothing is copied until somebody needs it.
package struct ScannedFileAction: BitwiseCopyable, Sendable {
  package var path = JSONText.absent
  /// The map as raw JSON.
  package var partitionValues = JSONText.absent
  package var size: Int64?
  /// Of an add. Milliseconds.
  package var modificationTime: Int64?
  /// Of a remove. Milliseconds.
  package var deletionTimestamp: Int64?
  package var dataChange: Bool?
  package var extendedFileMetadata: Bool?
  package var stats = JSONText.absent
  /// The map as raw JSON.
  package var tags = JSONText.absent
  package var deletionVector = ScannedDeletionVector()
  package var baseRowId: Int64?
  package var defaultRowCommitVersion: Int64?
  package var clusteringProvider = JSONText.absent

  package init() {}
}

/// A deletion vector's descriptor as places in the commit's bytes; absent without a `storageType`.
package struct ScannedDeletionVector: BitwiseCopyable, Sendable {
  package var storageType = JSONText.absent
  package var pathOrInlineDv = JSONText.absent
  package var offset: Int64?
  package var sizeInBytes: Int64?
  package var cardinality: Int64?

  package init() {}

  package var isAbsent: Bool { storageType.isAbsent }
}

extension JSONScanner {
  /// The body of an `add`, `remove` or `cdc` action.
  package mutating func readFileAction() throws(JSONSyntaxError) -> ScannedFileAction {
    var action = ScannedFileAction()
    let start = position
    try beginObject()
    var isFirst = true
    while let key = try nextKey(&isFirst) { try readField(key, into: &action) }
    guard !action.path.isAbsent else { throw JSONSyntaxError(.missingKey("path"), at: start) }
    return action
  }

  private mutating func readField(_ key: JSONText, into action: inout ScannedFileAction) throws(JSONSyntaxError) {
    switch key.count {
    case 4 where matches(key, "path"): action.path = try readOptionalText()
    case 4 where matches(key, "size"): action.size = try readOptionalInt64()
    case 4 where matches(key, "tags"): action.tags = try readOptionalObject()
    case 5 where matches(key, "stats"): action.stats = try readOptionalText()
    case 9 where matches(key, "baseRowId"): action.baseRowId = try readOptionalInt64()
    case 10 where matches(key, "dataChange"): action.dataChange = try readOptionalBoolean()
    case 14 where matches(key, "deletionVector"): action.deletionVector = try readDeletionVector()
    case 15 where matches(key, "partitionValues"): action.partitionValues = try readOptionalObject()
    case 16 where matches(key, "modificationTime"): action.modificationTime = try readOptionalInt64()
    case 17 where matches(key, "deletionTimestamp"): action.deletionTimestamp = try readOptionalInt64()
    case 18 where matches(key, "clusteringProvider"): action.clusteringProvider = try readOptionalText()
    case 20 where matches(key, "extendedFileMetadata"): action.extendedFileMetadata = try readOptionalBoolean()
    case 23 where matches(key, "defaultRowCommitVersion"):
      action.defaultRowCommitVersion = try readOptionalInt64()
    default:
      if key.hasEscapes { return try readEscapedField(key, into: &action) }
      try skipValue()
    }
  }

  /// A key spelt with escapes may still be one we know.
  private mutating func readEscapedField(
    _ key: JSONText, into action: inout ScannedFileAction
  ) throws(JSONSyntaxError) {
    let plain = string(key)
    let known = ["path", "size", "tags", "stats", "partitionValues", "deletionVector"].contains(plain)
    guard !known else { throw JSONSyntaxError(.invalidEscape, at: key.start) }
    try skipValue()
  }

  private mutating func readDeletionVector() throws(JSONSyntaxError) -> ScannedDeletionVector {
    var vector = ScannedDeletionVector()
    if try takeNull() { return vector }
    let start = position
    try beginObject()
    var isFirst = true
    while let key = try nextKey(&isFirst) {
      switch key.count {
      case 11 where matches(key, "storageType"): vector.storageType = try readOptionalText()
      case 14 where matches(key, "pathOrInlineDv"): vector.pathOrInlineDv = try readOptionalText()
      case 6 where matches(key, "offset"): vector.offset = try readOptionalInt64()
      case 11 where matches(key, "sizeInBytes"): vector.sizeInBytes = try readOptionalInt64()
      case 11 where matches(key, "cardinality"): vector.cardinality = try readOptionalInt64()
      default: try skipValue()
      }
    }
    // A vector that nobody can find would bring deleted rows back: better no table than a wrong one.
    if vector.storageType.isAbsent { throw JSONSyntaxError(.missingKey("storageType"), at: start) }
    if vector.pathOrInlineDv.isAbsent { throw JSONSyntaxError(.missingKey("pathOrInlineDv"), at: start) }
    if vector.sizeInBytes == nil { throw JSONSyntaxError(.missingKey("sizeInBytes"), at: start) }
    return vector
  }

  /// A string; of another value, such as statistics that aren't a string, the raw JSON.
  private mutating func readOptionalText() throws(JSONSyntaxError) -> JSONText {
    switch try peek() {
    case UInt8(ascii: "\""): return try readString()
    case UInt8(ascii: "n"):
      _ = try takeNull()
      return .absent
    default: return try readRaw()
    }
  }

  @inline(__always)
  private mutating func readOptionalInt64() throws(JSONSyntaxError) -> Int64? {
    try takeNull() ? nil : try readInt64()
  }

  private mutating func readOptionalBoolean() throws(JSONSyntaxError) -> Bool? {
    try takeNull() ? nil : try readBoolean()
  }

  private mutating func readOptionalObject() throws(JSONSyntaxError) -> JSONText {
    if try takeNull() { return .absent }
    let first = try peek()
    guard first == UInt8(ascii: "{") else { throw JSONSyntaxError(.wrongType(expected: "an object"), at: position) }
    return try readRaw()
  }
}
