internal import Columnar

// The rare actions from their fields. Optional fields of a type that can't be theirs count as absent; required ones throw.

extension JSONScanner {
  mutating func readCommitInfo() throws(JSONSyntaxError) -> CommitInfo {
    if case .object(let fields) = try readValue() { return CommitInfo(fields: fields) }
    // Provenance is never needed to read a table, so an odd one is not a reason to refuse.
    return CommitInfo()
  }

  /// Reads the body of an action, an object.
  mutating func readFields<Body>(
    _ make: (ActionFields) throws(JSONSyntaxError) -> Body
  ) throws(JSONSyntaxError) -> Body {
    _ = try peek()
    let start = position
    guard case .object(let values) = try readValue() else {
      throw JSONSyntaxError(.wrongType(expected: "an object"), at: start)
    }
    return try make(ActionFields(values: values, offset: start))
  }
}

/// The fields of one action.
struct ActionFields {
  let values: [String: MetadataValue]
  /// Where the action is, for errors.
  var offset = 0

  func requiredText(_ key: StaticText) throws(JSONSyntaxError) -> String {
    guard let value = text(key) else { throw JSONSyntaxError(.missingKey(key), at: offset) }
    return value
  }

  func requiredNumber(_ key: StaticText) throws(JSONSyntaxError) -> Int64 {
    guard let value = number(key) else { throw JSONSyntaxError(.missingKey(key), at: offset) }
    return value
  }

  func text(_ key: StaticText) -> String? {
    if case .string(let value) = values[key.description] { value } else { nil }
  }

  func number(_ key: StaticText) -> Int64? {
    switch values[key.description] {
    case .long(let value): value
    case .double(let value): Int64(exactly: value)
    default: nil
    }
  }

  func timestamp(_ key: StaticText) -> Timestamp? { number(key).map(Timestamp.init(milliseconds:)) }

  func boolean(_ key: StaticText) -> Bool? {
    if case .boolean(let value) = values[key.description] { value } else { nil }
  }

  func object(_ key: StaticText) -> ActionFields? {
    if case .object(let fields) = values[key.description] { ActionFields(values: fields, offset: offset) } else { nil }
  }

  /// The objects of an array; other elements are left out.
  func objects(_ key: StaticText) -> [ActionFields]? {
    guard case .array(let elements) = values[key.description] else { return nil }
    return elements.compactMap { element in
      if case .object(let fields) = element { ActionFields(values: fields, offset: offset) } else { nil }
    }
  }

  /// `nil` when absent, null or not an array; elements that aren't strings throw.
  func texts(_ key: StaticText) throws(JSONSyntaxError) -> [String]? {
    guard case .array(let elements) = values[key.description] else { return nil }
    var texts: [String] = []
    for element in elements {
      guard case .string(let text) = element else {
        throw JSONSyntaxError(.wrongType(expected: "a list of strings"), at: offset)
      }
      texts.append(text)
    }
    return texts
  }

  /// `nil` unless it is an array of whole numbers.
  func numbers(_ key: StaticText) -> [Int64]? {
    guard case .array(let elements) = values[key.description] else { return nil }
    let numbers = elements.compactMap(\.longValue)
    return numbers.count == elements.count ? numbers : nil
  }

  /// A map's entries; scalars that aren't strings are spelt as JSON has them, other values are left out.
  func textMap(_ key: StaticText) -> [String: String?]? {
    guard case .object(let fields) = values[key.description] else { return nil }
    var map: [String: String?] = [:]
    for (key, value) in fields {
      switch value {
      case .string(let text): map.updateValue(text, forKey: key)
      case .long(let number): map.updateValue(String(number), forKey: key)
      case .double(let number): map.updateValue(String(number), forKey: key)
      case .boolean(let flag): map.updateValue(String(flag), forKey: key)
      case .null: map.updateValue(nil, forKey: key)
      case .array, .object: break
      }
    }
    return map
  }
}

extension TableMetadata {
  init(fields: ActionFields) throws(JSONSyntaxError) {
    let format = fields.object("format")
    self.init(
      id: fields.text("id") ?? "", name: fields.text("name"), description: fields.text("description"),
      format: FileFormat(
        provider: format?.text("provider") ?? "parquet",
        options: (format?.textMap("options") ?? [:]).compactMapValues { $0 }),
      schemaString: try fields.requiredText("schemaString"),
      partitionColumns: try fields.texts("partitionColumns") ?? [], createdTime: fields.timestamp("createdTime"),
      configuration: (fields.textMap("configuration") ?? [:]).compactMapValues { $0 })
    unknownFields = UnknownFields(fields.values.filter { !Self.knownFields.contains($0.key) })
  }

  /// Spec: Delta § Change Metadata
  private static let knownFields: Set<String> = [
    "id", "name", "description", "format", "schemaString", "partitionColumns", "createdTime", "configuration",
  ]
}

extension ProtocolVersions {
  init(fields: ActionFields) throws(JSONSyntaxError) {
    let reader = try fields.requiredNumber("minReaderVersion")
    let writer = try fields.requiredNumber("minWriterVersion")
    guard let reader = Int32(exactly: reader), let writer = Int32(exactly: writer) else {
      throw JSONSyntaxError(.numberOutOfRange, at: fields.offset)
    }
    self.init(
      minReaderVersion: reader, minWriterVersion: writer, readerFeatures: try fields.texts("readerFeatures"),
      writerFeatures: try fields.texts("writerFeatures"))
  }
}

extension AppTransaction {
  init(fields: ActionFields) throws(JSONSyntaxError) {
    self.init(
      appId: try fields.requiredText("appId"), version: try fields.requiredNumber("version"),
      lastUpdated: fields.timestamp("lastUpdated"))
  }
}

extension DomainMetadata {
  init(fields: ActionFields) throws(JSONSyntaxError) {
    self.init(
      domain: try fields.requiredText("domain"), configuration: fields.text("configuration") ?? "",
      removed: fields.boolean("removed") ?? false)
  }
}

extension SidecarFile {
  init(fields: ActionFields) throws(JSONSyntaxError) {
    self.init(
      path: try fields.requiredText("path"), sizeInBytes: fields.number("sizeInBytes") ?? 0,
      modificationTime: fields.timestamp("modificationTime") ?? Timestamp(milliseconds: 0),
      tags: fields.textMap("tags"))
  }
}

extension CheckpointMetadata {
  init(fields: ActionFields) throws(JSONSyntaxError) {
    self.init(version: try fields.requiredNumber("version"), tags: fields.textMap("tags"))
  }
}
