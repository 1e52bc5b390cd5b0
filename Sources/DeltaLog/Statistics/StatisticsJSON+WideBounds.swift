internal import Columnar

extension StatisticsJSON {
  /// The statistics of a file some of whose rows are deleted by a deletion vector from now on: bounds stay true, if no
  /// longer tight, and the number of records stays that of the file.
  ///
  /// - Parameters:
  ///   - stats: as they are; `nil`, or damaged: none.
  ///   - rowCount: of the file, deleted rows included.
  ///   - deletedCount: the rows that were deleted before. A null count of all rows that were left is one of all.
  /// - Throws: nothing: what can't be understood is left out.
  package static func wide(_ stats: String?, rowCount: Int64, deletedBefore deletedCount: Int64 = 0) -> String {
    var parts = Parts()
    if let stats { parts = Parts(parsing: Array(stats.utf8)) ?? Parts() }
    var json = JSONWriter(reserving: 64 + (stats?.utf8.count ?? 0))
    json.write(#"{"numRecords":"#)
    json.write(rowCount)
    for (name, raw) in parts.members {
      json.key(name)
      json.write(raw: raw)
    }
    if case .object(let counts)? = parts.nullCount {
      json.key("nullCount")
      let left = rowCount - deletedCount
      json.write(.object(parts.isTight && left > 0 ? raised(counts, from: left, to: rowCount) : counts))
    }
    json.member("tightBounds", false)
    json.write("}")
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func raised(
    _ counts: [String: MetadataValue], from left: Int64, to rowCount: Int64
  ) -> [String: MetadataValue] {
    counts.mapValues { value in
      switch value {
      case .long(left): .long(rowCount)
      case .object(let inner): .object(raised(inner, from: left, to: rowCount))
      default: value
      }
    }
  }

  private struct Parts {
    /// Bounds and what nobody here knows, as they are spelt: a decimal must not become a double.
    var members: [(name: String, raw: String)] = []
    var nullCount: MetadataValue?
    var isTight = true

    init() {}

    init?(parsing bytes: [UInt8]) {
      let parsed = bytes.withUnsafeBytes { bytes in Result { () throws(JSONSyntaxError) in try Self.parse(bytes) } }
      guard case .success(let parts) = parsed else { return nil }
      self = parts
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONSyntaxError) -> Parts {
      var parts = Parts()
      var scanner = JSONScanner(bytes)
      try scanner.beginObject()
      var isFirst = true
      while let key = try scanner.nextKey(&isFirst) {
        let name = scanner.string(key)
        switch name {
        case "numRecords": try scanner.skipValue()
        case "tightBounds": parts.isTight = try scanner.readValue() != .boolean(false)
        case "nullCount": parts.nullCount = try scanner.readValue()
        default: parts.members.append((name, scanner.string(try scanner.readRaw())))
        }
      }
      return parts
    }
  }
}
