import DeltaLake

/// What `inspect` says of a table's state.
struct TableOverview {
  private let snapshot: Snapshot
  private let rowCount: Int64?

  init(_ snapshot: Snapshot) async throws {
    self.snapshot = snapshot
    rowCount = try await snapshot.rowCount()
  }

  private var features: (reader: [String], writer: [String]) {
    (snapshot.protocol.readerFeatures ?? [], snapshot.protocol.writerFeatures ?? [])
  }

  /// One JSON object; its keys are a contract.
  var json: String {
    let metadata = snapshot.metadata
    let isSchemaJSON = snapshot.schemaIsJSON
    return JSONDocument.object([
      ("version", .integer(snapshot.version)),
      ("timestamp", .optional(snapshot.timestamp?.description)),
      ("minReaderVersion", .integer(Int64(snapshot.protocol.minReaderVersion))),
      ("minWriterVersion", .integer(Int64(snapshot.protocol.minWriterVersion))),
      ("readerFeatures", .strings(features.reader)),
      ("writerFeatures", .strings(features.writer)),
      ("numFiles", .integer(Int64(snapshot.fileCount))),
      ("sizeInBytes", .integer(snapshot.sizeInBytes)),
      ("numRows", .optional(rowCount)),
      ("partitionColumns", .strings(metadata.partitionColumns)),
      ("schema", isSchemaJSON ? .text(metadata.schemaString) : .string(metadata.schemaString)),
      (
        "properties",
        .object(metadata.configuration.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
      ),
      ("id", .string(metadata.id)),
      ("name", .optional(metadata.name)),
      (
        "log",
        .object([
          ("checkpoint", .optional(snapshot.log.checkpointVersion)),
          ("commits", .integer(Int64(snapshot.log.commitCount))),
        ])
      ),
    ]).compact
  }

  /// For people.
  var text: String {
    let metadata = snapshot.metadata
    var lines: [(String, String)] = [("version", "\(snapshot.version)")]
    if let timestamp = snapshot.timestamp { lines.append(("committed", "\(timestamp)")) }
    if let name = metadata.name { lines.append(("name", name)) }
    lines.append(("id", metadata.id))
    if let description = metadata.description, !description.isEmpty { lines.append(("description", description)) }
    lines.append(("files", "\(snapshot.fileCount), \(ByteSize.text(snapshot.sizeInBytes))"))
    lines.append(("rows", rowCount.map { "\($0)" } ?? "unknown: some files have no statistics"))
    if !metadata.partitionColumns.isEmpty {
      lines.append(("partitioned by", metadata.partitionColumns.joined(separator: ", ")))
    }
    lines.append(
      ("protocol", "reader \(snapshot.protocol.minReaderVersion), writer \(snapshot.protocol.minWriterVersion)"))
    if !features.reader.isEmpty { lines.append(("reader features", features.reader.joined(separator: ", "))) }
    if !features.writer.isEmpty { lines.append(("writer features", features.writer.joined(separator: ", "))) }
    let checkpoint = snapshot.log.checkpointVersion.map { "checkpoint \($0)" } ?? "no checkpoint"
    lines.append(
      ("log", "\(checkpoint), \(snapshot.log.commitCount) commit\(snapshot.log.commitCount == 1 ? "" : "s") read"))
    for (key, value) in metadata.configuration.sorted(by: { $0.key < $1.key }) { lines.append((key, value)) }
    let width = lines.map(\.0.count).max() ?? 0
    let table = lines.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value
    }
    return table.joined(separator: "\n") + "\n\n" + SchemaTree(snapshot.schema).description + "\n"
  }
}

/// Sizes for people.
enum ByteSize {
  static func text(_ bytes: Int64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    if unit == 0 { return "\(bytes) B" }
    let tenths = Int64((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
