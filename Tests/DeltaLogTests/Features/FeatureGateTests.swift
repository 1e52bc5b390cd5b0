import Testing

@testable import DeltaLog

@Suite("Feature gate") struct FeatureGateTests {
  private func table(_ reader: Int32, _ writer: Int32, _ features: [String]? = nil) -> ProtocolVersions {
    ProtocolVersions(
      minReaderVersion: reader, minWriterVersion: writer, readerFeatures: features, writerFeatures: features)
  }

  @Test("Versions that nobody knows are refused", arguments: [4, 5, 99, -1] as [Int32])
  func versions(_ version: Int32) {
    let error = #expect(throws: DeltaError.self) { try FeatureGate.checkReadable(table(version, 7)) }
    #expect(error?.code == .unsupportedFeatures)
    #expect(error?.message.contains("minReaderVersion \(version)") == true)
  }

  @Test(
    "Known versions and features are let through",
    arguments: [
      (1, 2, nil), (2, 5, nil), (3, 7, nil), (3, 7, []),
      (
        3, 7,
        [
          "columnMapping", "deletionVectors", "timestampNtz", "v2Checkpoint", "vacuumProtocolCheck", "typeWidening",
          "typeWidening-preview", "variantType", "variantType-preview", "variantShredding-preview",
        ]
      ),
      (1, 7, ["quantumEntanglement"]),
    ] as [(Int32, Int32, [String]?)])
  func readable(_ reader: Int32, _ writer: Int32, _ features: [String]?) throws {
    try FeatureGate.checkReadable(table(reader, writer, features))
  }

  @Test("Features that can't be read are named, all of them")
  func refused() throws {
    let error = #expect(throws: DeltaError.self) {
      try FeatureGate.checkReadable(table(3, 7, ["deletionVectors", "quantumEntanglement", "geospatial"]))
    }
    #expect(error?.message.contains("quantumEntanglement") == true)
    #expect(error?.message.contains("geospatial") == true)
    #expect(error?.message.contains("deletionVectors") == false)
    let catalog = #expect(throws: DeltaError.self) {
      try FeatureGate.checkReadable(table(3, 7, ["catalogOwned-preview"]))
    }
    #expect(catalog?.message.contains("catalog") == true)
    try FeatureGate.checkReadable(table(3, 7, ["catalogManaged"]), hasCatalog: true)
  }

  @Test("Old versions imply their features")
  func legacy() {
    #expect(table(2, 5).supports("columnMapping") && table(2, 5).supportsForReading("columnMapping"))
    #expect(!table(1, 4).supports("columnMapping") && table(1, 4).supports("changeDataFeed"))
    #expect(!table(1, 2).supports("deletionVectors"))
    #expect(!table(3, 7, []).supports("columnMapping") && table(3, 7, ["columnMapping"]).supports("columnMapping"))
    #expect(table(3, 7, ["typeWidening-preview"]).supports("typeWidening"))
  }

  @Test("A feature is active when the metadata says so as well")
  func active() {
    var metadata = TableMetadata(id: "x", schemaString: "{}")
    #expect(!table(1, 2).hasActive("appendOnly", metadata))
    metadata.configuration["delta.appendOnly"] = "True"
    #expect(table(1, 2).hasActive("appendOnly", metadata))
    #expect(!table(1, 7, []).hasActive("appendOnly", metadata))
  }

  @Test("Writing needs every listed feature, and of old versions those in force")
  func writable() throws {
    var metadata = TableMetadata(id: "x", schemaString: "{}")
    try FeatureGate.checkWritable(table(1, 6), metadata, implementing: [])
    metadata.configuration["delta.enableChangeDataFeed"] = "true"
    let error = #expect(throws: DeltaError.self) {
      try FeatureGate.checkWritable(table(1, 6), metadata, implementing: ["appendOnly"])
    }
    #expect(error?.message.contains("changeDataFeed") == true)
    try FeatureGate.checkWritable(table(1, 6), metadata, implementing: ["changeDataFeed"])
    try FeatureGate.checkWritable(table(1, 7, ["appendOnly"]), metadata, implementing: ["appendOnly"])
    #expect(throws: DeltaError.self) {
      try FeatureGate.checkWritable(table(1, 7, ["checkpointProtection"]), metadata, implementing: ["appendOnly"])
    }
    #expect(throws: DeltaError.self) { try FeatureGate.checkWritable(table(1, 8), metadata, implementing: []) }
    metadata.format.provider = "orc"
    #expect(throws: DeltaError.self) { try FeatureGate.checkReadable(table(1, 2), metadata) }
  }

  @Test("Names in the table of features are unique")
  func unique() {
    let names = FeatureRules.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
  }
}
