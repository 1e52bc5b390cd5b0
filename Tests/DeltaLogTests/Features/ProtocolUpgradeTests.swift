import Columnar
import Testing

@testable import DeltaLog

@Suite("Protocol upgrade") struct ProtocolUpgradeTests {
  static let plain = StructType([StructField("id", .long), StructField("x", .string)])

  static func metadata(
    _ configuration: [String: String] = [:], _ schema: StructType = plain, partitionedBy columns: [String] = []
  ) -> TableMetadata {
    TableMetadata(
      id: "t", schemaString: (try? SchemaJSON.string(for: schema)) ?? "", partitionColumns: columns,
      configuration: configuration)
  }

  static func field(_ metadata: [String: MetadataValue], _ type: DataType = .long) -> StructType {
    StructType([StructField("s", .struct(StructType([StructField("x", type, metadata: metadata)])))])
  }

  static func versions(
    _ reader: Int32, _ writer: Int32, _ readerFeatures: [String]? = nil, _ writerFeatures: [String]? = nil
  ) -> ProtocolVersions {
    ProtocolVersions(
      minReaderVersion: reader, minWriterVersion: writer, readerFeatures: readerFeatures, writerFeatures: writerFeatures
    )
  }

  static let newTables: [(name: String, metadata: TableMetadata, schema: StructType, expected: ProtocolVersions)] = [
    ("nothing", metadata(), plain, versions(1, 2)),
    ("append-only", metadata(["delta.appendOnly": "true"]), plain, versions(1, 2)),
    ("constraints", metadata(["delta.constraints.c": "x > 0"]), plain, versions(1, 3)),
    (
      "change feed", metadata(["delta.enableChangeDataFeed": "true"]), plain,
      versions(1, 7, nil, ["appendOnly", "changeDataFeed", "invariants"])
    ),
    (
      "column mapping", metadata(["delta.columnMapping.mode": "name"]), plain,
      versions(2, 7, nil, ["appendOnly", "columnMapping", "invariants"])
    ),
    (
      "deletion vectors", metadata(["delta.enableDeletionVectors": "true"]), plain,
      versions(3, 7, ["deletionVectors"], ["appendOnly", "deletionVectors", "invariants"])
    ),
    (
      "deletion vectors and column mapping",
      metadata(["delta.enableDeletionVectors": "true", "delta.columnMapping.mode": "id"]), plain,
      versions(
        3, 7, ["columnMapping", "deletionVectors"], ["appendOnly", "columnMapping", "deletionVectors", "invariants"])
    ),
    (
      "row tracking brings domains", metadata(["delta.enableRowTracking": "true"]), plain,
      versions(1, 7, nil, ["appendOnly", "domainMetadata", "invariants", "rowTracking"])
    ),
    (
      "in-commit timestamps", metadata(["delta.enableInCommitTimestamps": "true"]), plain,
      versions(1, 7, nil, ["appendOnly", "inCommitTimestamp", "invariants"])
    ),
    (
      "Iceberg brings column mapping",
      metadata(["delta.enableIcebergCompatV2": "true", "delta.columnMapping.mode": "name"]), plain,
      versions(2, 7, nil, ["appendOnly", "columnMapping", "icebergCompatV2", "invariants"])
    ),
    (
      "V2 checkpoints", metadata(["delta.checkpointPolicy": "v2"]), plain,
      versions(3, 7, ["v2Checkpoint"], ["appendOnly", "invariants", "v2Checkpoint"])
    ),
    (
      "a nested type of its own feature", metadata([:], field([:], .timestampNtz())), field([:], .timestampNtz()),
      versions(3, 7, ["timestampNtz"], ["appendOnly", "invariants", "timestampNtz"])
    ),
    (
      "a shredded variant", metadata(["delta.enableVariantShredding": "true"], field([:], .variant)),
      field([:], .variant),
      versions(
        3, 7, ["variantShredding", "variantType"], ["appendOnly", "invariants", "variantShredding", "variantType"])
    ),
    (
      "generated column", metadata([:], field(["delta.generationExpression": .string("1")])),
      field(["delta.generationExpression": .string("1")]),
      versions(1, 7, nil, ["appendOnly", "generatedColumns", "invariants"])
    ),
    (
      "default", metadata([:], field(["CURRENT_DEFAULT": .string("1")])), field(["CURRENT_DEFAULT": .string("1")]),
      versions(1, 7, nil, ["allowColumnDefaults", "appendOnly", "invariants"])
    ),
    (
      "a word that is a column's name and no type", metadata([:], StructType([StructField("timestamp_ntz", .long)])),
      StructType([StructField("timestamp_ntz", .long)]), versions(1, 2)
    ),
  ]

  @Test("A new table has the lowest protocol that its features allow", arguments: newTables)
  func newTable(_ name: String, _ metadata: TableMetadata, _ schema: StructType, _ expected: ProtocolVersions) throws {
    let versions = try ProtocolUpgrade.forNewTable(metadata, schema)
    #expect(versions == expected)
    try FeatureGate.checkWritable(versions, metadata, implementing: WriterFeatures.implemented)
    // Nothing is missing then, so nothing is upgraded.
    #expect(try ProtocolUpgrade.upgraded(versions, for: metadata, schema) == nil)
  }

  private func request(_ properties: [String: String]) throws -> FeatureRequest {
    var properties = properties
    let request = try FeatureRequest(takingFrom: &properties)
    #expect(properties.keys.allSatisfy { !$0.lowercased().contains("feature") && !$0.lowercased().contains("version") })
    return request
  }

  @Test("Features and versions are asked for by properties that don't go into the log")
  func requests() throws {
    var properties = [
      "delta.feature.deletionVectors": "supported", "DELTA.FEATURE.CLUSTERING": "Enabled",
      "delta.minReaderVersion": "2",
      "delta.minWriterVersion": "5", "delta.ignoreProtocolDefaults": "true", "delta.appendOnly": "true", "mine": "1",
    ]
    let request = try FeatureRequest(takingFrom: &properties)
    #expect(properties == ["delta.appendOnly": "true", "mine": "1"])
    #expect(request.features == ["deletionVectors", "clustering"])
    #expect(request.minReaderVersion == 2 && request.minWriterVersion == 5 && request.ignoresDefaults)
    let versions = try ProtocolUpgrade.forNewTable(Self.metadata(), Self.plain, request)
    #expect(
      versions
        == Self.versions(
          3, 7, ["columnMapping", "deletionVectors"],
          [
            "appendOnly", "changeDataFeed", "checkConstraints", "clustering", "columnMapping", "deletionVectors",
            "domainMetadata", "generatedColumns", "invariants",
          ]))
  }

  @Test(
    "Versions asked for are had, with all they imply",
    arguments: [
      (["delta.minReaderVersion": "1", "delta.minWriterVersion": "4"], versions(1, 4)),
      (["delta.minReaderVersion": "2", "delta.minWriterVersion": "6"], versions(2, 6)),
      (["delta.minReaderVersion": "1", "delta.minWriterVersion": "1"], versions(1, 2)),
      (["delta.minReaderVersion": "3", "delta.minWriterVersion": "7"], versions(1, 2)),
      (["delta.ignoreProtocolDefaults": "true"], versions(1, 1)),
      (["delta.feature.appendOnly": "supported"], versions(1, 2)),
      (
        ["delta.feature.vacuumProtocolCheck": "supported"],
        versions(3, 7, ["vacuumProtocolCheck"], ["appendOnly", "invariants", "vacuumProtocolCheck"])
      ),
    ])
  func requestedVersions(_ properties: [String: String], _ expected: ProtocolVersions) throws {
    #expect(try ProtocolUpgrade.forNewTable(Self.metadata(), Self.plain, request(properties)) == expected)
  }

  @Test(
    "What can't be asked for is refused with what was meant",
    arguments: [
      ("delta.feature.deletionVector", "supported", "Did you mean deletionVectors?"),
      ("delta.feature.deletionVectors", "no", "'supported'"), ("delta.minReaderVersion", "4", "1 to 3"),
      ("delta.minWriterVersion", "0", "1 to 7"), ("delta.minWriterVersion", "two", "1 to 7"),
      ("delta.ignoreProtocolDefaults", "2", "true or false"),
    ])
  func badRequests(_ name: String, _ value: String, _ reason: String) {
    let error = #expect(throws: DeltaError.self) { try request([name: value]) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("A table that this library couldn't write is not made")
  func unimplemented() throws {
    let error = #expect(throws: DeltaError.self) {
      try ProtocolUpgrade.forNewTable(
        Self.metadata(), Self.plain, FeatureRequest(features: ["catalogManaged", "deletionVectors"]))
    }
    #expect(error?.code == .unsupportedFeatures && error?.message.contains("'catalogManaged'") == true)
    #expect(error?.message.contains("deletionVectors") == false)
  }

  static let upgrades: [(ProtocolVersions, [String: String], ProtocolVersions?)] = [
    (versions(1, 2), [:], nil),
    (versions(1, 2), ["delta.appendOnly": "true"], nil),
    (versions(1, 1), ["delta.appendOnly": "true"], versions(1, 7, nil, ["appendOnly"])),
    (versions(1, 2), ["delta.constraints.c": "x > 0"], versions(1, 3)),
    (
      versions(1, 2), ["delta.enableDeletionVectors": "true"],
      versions(3, 7, ["deletionVectors"], ["appendOnly", "deletionVectors", "invariants"])
    ),
    (
      versions(2, 5), ["delta.enableRowTracking": "true"],
      versions(
        2, 7, nil,
        [
          "appendOnly", "changeDataFeed", "checkConstraints", "columnMapping", "domainMetadata", "generatedColumns",
          "invariants", "rowTracking",
        ])
    ),
    (
      versions(2, 6), ["delta.enableTypeWidening": "true"],
      versions(
        3, 7, ["columnMapping", "typeWidening"],
        [
          "appendOnly", "changeDataFeed", "checkConstraints", "columnMapping", "generatedColumns", "identityColumns",
          "invariants", "typeWidening",
        ])
    ),
    (
      versions(3, 7, [], []), ["delta.appendOnly": "true"], versions(3, 7, [], ["appendOnly"])
    ),
    (
      versions(1, 7, nil, ["appendOnly"]), ["delta.columnMapping.mode": "name"],
      versions(2, 7, nil, ["appendOnly", "columnMapping"])
    ),
    (
      versions(3, 7, ["deletionVectors"], ["deletionVectors"]), ["delta.columnMapping.mode": "name"],
      versions(3, 7, ["columnMapping", "deletionVectors"], ["columnMapping", "deletionVectors"])
    ),
    (versions(3, 7, ["typeWidening-preview"], ["typeWidening-preview"]), ["delta.enableTypeWidening": "true"], nil),
    (
      versions(3, 7, ["quantum"], ["quantum", "wormholes"]), ["delta.enableDeletionVectors": "true"],
      versions(3, 7, ["deletionVectors", "quantum"], ["deletionVectors", "quantum", "wormholes"])
    ),
  ]

  @Test("A table is upgraded by what its new properties need, and keeps what it had", arguments: upgrades)
  func upgrade(_ current: ProtocolVersions, _ configuration: [String: String], _ expected: ProtocolVersions?) throws {
    let metadata = Self.metadata(configuration)
    #expect(try ProtocolUpgrade.upgraded(current, for: metadata, Self.plain) == expected)
  }

  @Test("A feature that is there already may be one that can't be written; only a new one is refused")
  func presentFeatures() throws {
    let current = Self.versions(3, 7, ["geospatial"], ["geospatial"])
    #expect(try ProtocolUpgrade.upgraded(current, for: Self.metadata(), Self.plain) == nil)
    #expect(throws: DeltaError.self) {
      try ProtocolUpgrade.upgraded(
        current, for: Self.metadata(), Self.plain, FeatureRequest(features: ["catalogManaged"]))
    }
  }

  static let violations: [(ProtocolVersions, TableMetadata, StructType, String)] = [
    (versions(3, 6), metadata(), plain, "reader version 3 needs writer version 7"),
    (versions(3, 7, ["deletionVectors"], []), metadata(), plain, "listed for readers and not for writers"),
    (versions(1, 7, nil, ["clustering"]), metadata(), plain, "'clustering' needs the feature 'domainMetadata'"),
    (versions(1, 2), metadata(["delta.feature.x": "supported"]), plain, "belongs into the protocol"),
    (versions(1, 2), metadata(["delta.minReaderVersion": "1"]), plain, "belongs into the protocol"),
    (versions(1, 2), metadata(["delta.enableDeletionVectors": "true"]), plain, "'deletionVectors' is in use"),
    (versions(1, 2), metadata(partitionedBy: ["nope"]), plain, "'nope' is not in the schema"),
    (
      versions(1, 7, nil, ["rowTracking", "domainMetadata"]), metadata(["delta.enableRowTracking": "true"]), plain,
      "needs delta.rowTracking.materializedRowIdColumnName"
    ),
    (
      versions(1, 7, nil, ["rowTracking", "domainMetadata"]),
      metadata([
        "delta.enableRowTracking": "true", RowTracking.rowIdProperty: "ID", RowTracking.rowCommitVersionProperty: "v",
      ]), plain, "the column 'ID' has the name"
    ),
    (
      versions(2, 7, nil, ["icebergCompatV2", "columnMapping"]), metadata(["delta.enableIcebergCompatV2": "true"]),
      plain, "V2 needs delta.columnMapping.mode = name"
    ),
    (
      versions(3, 7, ["columnMapping", "deletionVectors"], ["icebergCompatV1", "columnMapping", "deletionVectors"]),
      metadata(["delta.enableIcebergCompatV1": "true", "delta.columnMapping.mode": "name"]), plain,
      "V1 excludes the feature 'deletionVectors'"
    ),
    (
      versions(2, 7, nil, ["icebergCompatV1", "icebergCompatV2", "columnMapping"]),
      metadata([
        "delta.enableIcebergCompatV1": "true", "delta.enableIcebergCompatV2": "true",
        "delta.columnMapping.mode": "name",
      ]), plain, "only one version"
    ),
  ]

  @Test("Contradictions between protocol, properties and schema are named", arguments: violations)
  func contradictions(
    _ versions: ProtocolVersions, _ metadata: TableMetadata, _ schema: StructType, _ reason: String
  ) {
    let error = #expect(throws: DeltaError.self) { try FeatureConditions.check(versions, metadata, schema) }
    #expect(error?.code == .operationRefused && error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("A table made from its properties contradicts nothing", arguments: newTables)
  func consistent(_ name: String, _ metadata: TableMetadata, _ schema: StructType, _: ProtocolVersions) throws {
    var metadata = metadata
    if metadata.isTrue("delta.enableRowTracking") {
      metadata.configuration[RowTracking.rowIdProperty] = "_row-id-col-1"
      metadata.configuration[RowTracking.rowCommitVersionProperty] = "_row-commit-version-col-1"
    }
    let versions = try ProtocolUpgrade.forNewTable(metadata, schema)
    #expect(FeatureConditions.violations(versions, metadata, schema) == [])
  }
}
