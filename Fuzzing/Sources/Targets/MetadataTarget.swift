internal import Columnar
internal import DeltaLog

/// The smaller JSON texts beside the actions, and partition values: each is tried on the same bytes.
struct MetadataTarget: FuzzTarget {
  let name = "metadata"
  let maximumSize = 8 << 10

  func run(_ bytes: UnsafeRawBufferPointer) {
    let bytes = Array(bytes)
    _ = LastCheckpointHint(parsing: bytes)
    if let value = try? MetadataJSON.parse(bytes) {
      let text = MetadataJSON.string(value)
      claim((try? MetadataJSON.parse(text)) == value, "JSON written back reads as something else: \(text)")
    }
    _ = VersionChecksum(parsing: bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    readSchema(text)
    readStatistics(text)
    if bytes.count <= 256 { readPartitionValue(text) }
  }

  private func readSchema(_ text: String) {
    guard let schema = try? SchemaJSON.parse(text) else { return }
    guard let written = try? SchemaJSON.string(for: schema) else { return }
    claim((try? SchemaJSON.parse(written)) == schema, "a schema written back reads as another: \(written)")
    for mode in [ColumnMapping.Mode.none, .name, .id] {
      guard let mapping = try? ColumnMapping(schema: schema, mode: mode) else { continue }
      for field in schema.fields {
        guard let physical = mapping.physicalPath(of: ColumnPath(field.name)) else { continue }
        _ = mapping.logicalPath(of: physical)
      }
    }
  }

  /// As the statistics of columns of every type, whose names are those that the shared tables use most.
  private static let columns: [StatisticsColumn] = (types.enumerated().map { ("c\($0)", $1) } + named).map {
    name, type in
    StatisticsColumn(path: ColumnPath(name), physicalPath: ColumnPath(name), type: type, mayHoldFloats: type == .double)
  }
  private static let named: [(String, DataType)] = [
    ("id", .long), ("value", .string), ("a", .double), ("b", .date), ("x", .decimal(precision: 38, scale: 2)),
    ("name", .string), ("ts", .timestamp()),
  ]

  private func readStatistics(_ text: String) {
    guard let statistics = FileStatistics(json: text, columns: Self.columns) else { return }
    for column in Self.columns {
      guard let bounds = statistics.bounds(for: column.path), let min = bounds.min else { continue }
      _ = DataSkipping.mayMatch(
        ColumnPredicate(.comparison(.greater, .column(column.path), .literal(min))), partitionValues: [:],
        statistics: statistics)
    }
  }

  private static let types: [DataType] = [
    .boolean, .byte, .short, .integer, .long, .float, .double, .string, .binary, .date, .timestamp(), .timestampNtz(),
    .decimal(precision: 10, scale: 2), .decimal(precision: 38, scale: 38), .decimal(precision: 38, scale: 0),
  ]

  private func readPartitionValue(_ text: String) {
    for type in Self.types {
      guard let value = try? PartitionValues.scalar(text, of: type, column: "p"), !value.isNaN,
        let written = PartitionValues.text(for: value)
      else { continue }
      let again = try? PartitionValues.scalar(written, of: type, column: "p")
      claim(again == value, "\(value) is written as '\(written)', which reads as \(String(describing: again))")
    }
  }

  func seeds(from file: SeedFile) -> [[UInt8]] {
    guard file.isLog, let bytes = file.bytes(upTo: 64 << 10) else { return [] }
    guard file.isCommit else { return [bytes] }
    var seeds: [[UInt8]] = []
    for action in (try? CommitScanner.actions(in: bytes, file: file.name)) ?? [] {
      switch action {
      case .metadata(let metadata): seeds.append(Array(metadata.schemaString.utf8))
      case .add(let add):
        if let stats = add.stats { seeds.append(Array(stats.utf8)) }
        seeds += add.partitionValues.values.compactMap { $0.map { Array($0.utf8) } }
      default: break
      }
    }
    return Array(seeds.prefix(8))
  }
}

extension Scalar {
  /// NaN isn't equal to itself.
  var isNaN: Bool {
    switch self {
    case .float(let value): value.isNaN
    case .double(let value): value.isNaN
    default: false
    }
  }
}
