internal import Columnar

// Properties, and those among them that change how columns are kept.

extension TableDefinition {
  mutating func set(_ wanted: [String: String]) throws(DeltaError) {
    var properties: [String: String] = [:]
    for (name, value) in wanted.sorted(by: { $0.key < $1.key }) {
      let name = Self.spelled(name)
      try Self.checkIsFree(name)
      properties[name] = value
    }
    // What a property asks of the schema is asked of the schema as it will be.
    if let text = properties[ColumnMapping.modeProperty] { try changeColumnMapping(to: text) }
    let wasIceberg = Self.icebergProperties.contains(where: isTrue)
    for (name, value) in properties where name != ColumnMapping.modeProperty { metadata.configuration[name] = value }
    if isTrue("delta.enableChangeDataFeed") { try SchemaChecks.checkChangeFeedNames(schema) }
    if !wasIceberg, Self.icebergProperties.contains(where: isTrue) { try nameNewFields() }
  }

  mutating func unset(_ names: [String], ifExists: Bool) throws(DeltaError) {
    try TableProperties.checkRemovable(names)
    for name in names {
      let name = Self.spelled(name)
      try Self.checkIsFree(name)
      guard metadata.configuration[name] != nil else {
        if ifExists { continue }
        let near = Suggestion.nearest(to: name, among: metadata.configuration.keys.sorted())
        throw .invalidChange("The table has no property `\(name)`." + (near.map { " Was `\($0)` meant?" } ?? ""))
      }
      if name == ColumnMapping.modeProperty { try changeColumnMapping(to: "none") }
      metadata.configuration[name] = nil
    }
  }

  private static let icebergProperties = ["delta.enableIcebergCompatV2", "delta.enableIcebergCompatV3"]

  /// The name of a property that means something here as it is looked up; other names as they are.
  private static func spelled(_ name: String) -> String {
    let known =
      [ColumnMapping.modeProperty, FieldNaming.maximumIdProperty, TypeWidening.property, "delta.enableChangeDataFeed"]
      + icebergProperties
    return known.first { FieldNames.areSame($0, name) } ?? name
  }

  private static func checkIsFree(_ name: String) throws(DeltaError) {
    if name.lowercased().hasPrefix(TableConstraint.propertyPrefix) {
      throw .invalidChange("`\(name)` is a CHECK constraint, not a property. Add or drop the constraint.")
    }
    if name == FieldNaming.maximumIdProperty {
      throw .invalidChange("`\(name)` is kept by the table itself, and can't be set.")
    }
  }

  private mutating func changeColumnMapping(to text: String) throws(DeltaError) {
    guard let mode = ColumnMapping.Mode(rawValue: text.lowercased()) else {
      throw .invalidChange("\(ColumnMapping.modeProperty) can be none, name or id, not `\(text)`.")
    }
    if mode == columnMappingMode {
      metadata.configuration[ColumnMapping.modeProperty] = mode.rawValue
      return
    }
    switch (columnMappingMode, mode) {
    case (.none, .name): try enableColumnMapping()
    case (.none, _):
      throw .refusedChange(
        "The files of the table have no ids, so its columns can't be mapped by id. Set \(ColumnMapping.modeProperty) to "
          + "`name`, or create a new table.")
    default:
      throw .refusedChange(
        "\(ColumnMapping.modeProperty) can't go from `\(columnMappingMode)` to `\(mode)`: the files have been written with "
          + "mapped names. Copy the rows into a new table.")
    }
  }
}
