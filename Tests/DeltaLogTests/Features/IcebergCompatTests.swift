import Columnar
import Testing
import _TestSupport

@testable import DeltaLog

@Suite("Iceberg compatibility")
struct IcebergCompatTests {
  typealias Upgrade = ProtocolUpgradeTests

  private static func protocolVersions(_ version: Int, _ more: [String] = []) -> ProtocolVersions {
    let features =
      ["columnMapping", "icebergCompatV\(version)", "domainMetadata", "rowTracking", "typeWidening"] + more
    let ofReaders = ["columnMapping", "typeWidening", "deletionVectors", "variantType"]
    return Upgrade.versions(3, 7, features.filter(ofReaders.contains), features)
  }

  private static func properties(_ version: Int, _ more: [String: String] = [:]) -> [String: String] {
    let all = [
      "delta.enableIcebergCompatV\(version)": "true", "delta.columnMapping.mode": "name",
      "delta.enableRowTracking": "true", RowTracking.rowIdProperty: "_r", RowTracking.rowCommitVersionProperty: "_c",
    ]
    return all.merging(more) { $1 }
  }

  private func violations(
    _ version: Int, _ schema: StructType, _ features: [String] = [], _ more: [String: String] = [:]
  ) -> [String] {
    FeatureConditions.violations(
      Self.protocolVersions(version, features), Upgrade.metadata(Self.properties(version, more), schema), schema)
  }

  private static func one(_ type: DataType, _ metadata: [String: MetadataValue] = [:]) -> StructType {
    StructType([StructField("id", .long), StructField("x", type, metadata: metadata)])
  }

  private static func named(_ schema: StructType) throws -> StructType {
    var naming = FieldNaming(above: 0, of: schema, includesNested: true)
    return try naming.complete(schema)
  }

  @Test("Each version has its types, and a column of another is named", arguments: 1...3)
  func types(_ version: Int) throws {
    let plain: [DataType] = [
      .byte, .short, .integer, .long, .float, .double, .decimal(precision: 38, scale: 9), .string, .binary, .boolean,
      .date, .timestamp(), .struct(StructType([StructField("y", .long)])),
    ]
    for type in plain { #expect(violations(version, Self.one(type)) == []) }
    #expect(violations(version, Self.one(.timestampNtz()), ["timestampNtz"]).filter { $0.contains("Iceberg") } == [])
    let name = "Iceberg compatibility V\(version)"
    #expect(violations(version, Self.one(.null)) == ["\(name) excludes columns of type VOID, as 'x' is"])
    let variants = violations(version, Self.one(.struct(StructType([StructField("v", .variant)]))), ["variantType"])
    #expect(variants == (version == 2 ? ["\(name) excludes columns of type VARIANT, as 'x.v' is"] : []))
    let array = DataType.array(ArrayType(.integer))
    #expect(
      try violations(version, Self.named(Self.one(array)))
        == (version == 1 ? ["\(name) excludes columns of type ARRAY, as 'x' is"] : []))
    let map = DataType.map(MapType(key: .long, value: .array(ArrayType(.null))))
    #expect(
      try violations(version, Self.named(Self.one(map))) == [
        version == 1
          ? "\(name) excludes columns of type MAP, as 'x' is"
          : "\(name) excludes columns of type VOID, as 'x.value.element' is"
      ])
  }

  @Test("Each element, key and value has an id of its own, from version 2 on", arguments: 2...3)
  func nestedIds(_ version: Int) throws {
    let element = StructType([StructField("m", .map(MapType(key: .string, value: .array(ArrayType(.long)))))])
    let schema = try Self.named(Self.one(.array(ArrayType(.struct(element)))))
    #expect(violations(version, schema) == [])
    let name = "Iceberg compatibility V\(version)"
    #expect(violations(1, schema).contains { $0.contains("nested.ids") } == false)

    var bare = schema
    bare.fields[1].metadata["delta.columnMapping.nested.ids"] = nil
    #expect(violations(version, bare) == ["\(name) needs an id of 'x.element' in delta.columnMapping.nested.ids"])

    /// The schema with the ids of `m` as `change` makes them, by the ends of their paths.
    func changed(_ change: (String) -> MetadataValue?) throws -> StructType {
      guard case .array(var array) = schema.fields[1].type, case .struct(var inner) = array.element else {
        return schema
      }
      let key = "delta.columnMapping.nested.ids"
      let ids = try #require(inner.fields[0].metadata[key]?.objectValue)
      inner.fields[0].metadata[key] = .object(
        Dictionary(
          uniqueKeysWithValues: ids.map { path, id in
            let end = path.split(separator: ".").dropFirst().joined(separator: ".")
            return (path, change(end) ?? id)
          }))
      array.element = .struct(inner)
      var result = schema
      result.fields[1].type = .array(array)
      return result
    }
    for end in ["key", "value", "value.element"] {
      let told = ["\(name) needs an id of 'x.element.m.\(end)' in delta.columnMapping.nested.ids"]
      for damaged: MetadataValue in [.null, .string("7"), .long(-1), .long(1 << 31)] {
        #expect(violations(version, try changed { $0 == end ? damaged : nil }) == told, "\(damaged)")
      }
      let shared = violations(version, try changed { $0 == end ? .long(1) : nil })
      #expect(shared == ["\(name) excludes that 'x.element.m.\(end)' has the id 1, as 'id' has"])
    }
  }

  @Test("A record of type changes that can't be understood is none that Iceberg has", arguments: 1...3)
  func damagedTypeChanges(_ version: Int) {
    let records: [MetadataValue] = [
      .string("x"), .array([.long(1)]), .array([.object(["fromType": .string("integer")])]),
      .array([.object(["fromType": .string("string"), "toType": .string("long")])]),
    ]
    for record in records {
      let found = violations(version, Self.one(.long, [TypeWidening.changesKey: record]))
      #expect(found.count { $0.hasPrefix("Iceberg compatibility V\(version) can't be judged: ") } == 1, "\(record)")
    }
  }

  @Test("Deletion vectors go with version 3, not with those before")
  func deletionVectors() {
    let on = ["delta.enableDeletionVectors": "true"]
    let schema = Self.one(.long)
    #expect(violations(3, schema, ["deletionVectors"], on) == [])
    #expect(
      violations(2, schema, ["deletionVectors"], on)
        == ["Iceberg compatibility V2 excludes delta.enableDeletionVectors = true"])
    #expect(violations(2, schema, ["deletionVectors"]) == [])
    #expect(
      violations(1, schema, ["deletionVectors"])
        == ["Iceberg compatibility V1 excludes the feature 'deletionVectors'"])
  }

  @Test("Version 3 needs row tracking, each version column mapping, and none another beside it")
  func properties() {
    let schema = Self.one(.long)
    #expect(
      violations(3, schema, [], ["delta.enableRowTracking": "false"])
        == ["Iceberg compatibility V3 needs delta.enableRowTracking = true"])
    #expect(violations(2, schema, [], ["delta.enableRowTracking": "false"]) == [])
    for version in 1...3 {
      #expect(
        violations(version, schema, [], ["delta.columnMapping.mode": "none"])
          == ["Iceberg compatibility V\(version) needs delta.columnMapping.mode = name"])
      #expect(violations(version, schema, [], ["delta.columnMapping.mode": "id"]) == [])
    }
    for other in 1...2 {
      let both = violations(3, schema, ["icebergCompatV\(other)"], ["delta.enableIcebergCompatV\(other)": "true"])
      #expect(both == ["only one version of Iceberg compatibility can be enabled"])
    }
    #expect(violations(3, Self.one(.null), [], ["delta.enableIcebergCompatV3": "false"]) == [], "it is not active")
  }

  @Test(
    "Of version 3 a default is a literal",
    arguments: [
      ("1", true), ("-1", true), ("NULL", true), ("'a'", true), ("DATE '2024-01-01'", true), ("1 + 1", false),
      ("current_timestamp()", false), ("CAST(1 AS BIGINT)", false), ("(((", false),
    ])
  func defaults(_ sql: String, _ isLiteral: Bool) {
    let schema = Self.one(.long, [FieldMetadata.currentDefault: .string(sql)])
    #expect(
      violations(3, schema, ["allowColumnDefaults"])
        == (isLiteral
          ? [] : ["Iceberg compatibility V3 excludes the default of column 'x', which is no literal: \(sql)"]))
    #expect(violations(2, schema, ["allowColumnDefaults"]) == [])
  }

  @Test("Type changes that Iceberg has not are named, in each version", arguments: 1...3)
  func typeChanges(_ version: Int) {
    func changed(_ from: String, _ to: String, _ type: DataType) -> [String] {
      let record: [String: MetadataValue] = ["fromType": .string(from), "toType": .string(to)]
      return violations(version, Self.one(type, [TypeWidening.changesKey: .array([.object(record)])]))
    }
    #expect(changed("byte", "long", .long) == [])
    #expect(changed("float", "double", .double) == [])
    #expect(changed("decimal(5,2)", "decimal(9,2)", .decimal(precision: 9, scale: 2)) == [])
    for (from, to, type) in [
      ("integer", "double", DataType.double), ("date", "timestamp_ntz", .timestampNtz()),
      ("decimal(5,2)", "decimal(9,4)", .decimal(precision: 9, scale: 4)),
      ("long", "decimal(20,0)", .decimal(precision: 20, scale: 0)),
    ] {
      let found = changed(from, to, type).filter { $0.contains("Iceberg compatibility V\(version)") }
      #expect(found.count == 1 && found[0].contains("the change of column 'x'"), "\(from) -> \(to)")
    }
  }

  @Test("While version 3 is off, types change as they like; under the versions before they never do")
  func wideningOff() throws {
    var table = try TableDefinition(sql: "a INT", properties: ["delta.enableTypeWidening": "true"])
    let change = SchemaChange.changeType(ColumnPath(["a"]), to: .double)
    table.protocolVersions = Self.protocolVersions(3)
    #expect(try table.applying(change).table.schema.fields[0].type == .double)
    table.metadata.configuration["delta.enableIcebergCompatV3"] = "true"
    #expect(throws: DeltaError.self) { try table.applying(change) }
    table.protocolVersions = Self.protocolVersions(1)
    #expect(throws: DeltaError.self) { try table.applying(change) }
  }

  @Test("The feature goes once it is turned off, with its property", arguments: 1...3)
  func dropping(_ version: Int) throws {
    func state(_ value: String) -> FeatureRemoval.State {
      FeatureRemoval.State(
        protocolVersions: Self.protocolVersions(version),
        metadata: Upgrade.metadata(Self.properties(version, ["delta.enableIcebergCompatV\(version)": value])),
        schema: Upgrade.plain, version: 7)
    }
    let name = "icebergCompatV\(version)"
    let error = #expect(throws: DeltaError.self) { try FeatureRemoval(of: name, from: state("true")) }
    #expect(error?.message.contains("set delta.enableIcebergCompatV\(version) = false") == true)
    let removal = try FeatureRemoval(of: name, from: state("false"))
    #expect(!removal.protectsHistory && !removal.protocolVersions.supports(name))
    #expect(removal.metadata.configuration["delta.enableIcebergCompatV\(version)"] == nil)
    if version == 3 {
      let needed = #expect(throws: DeltaError.self) { try FeatureRemoval(of: "columnMapping", from: state("false")) }
      #expect(needed?.message.contains("drop the feature 'icebergCompatV3'") == true)
    }
  }
}
