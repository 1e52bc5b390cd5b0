internal import Columnar

// What users may set.

extension TableProperties {
  /// Properties that a user sets, as they go into the table's metadata: names in the case that is known, values checked.
  /// Names without `delta.` are the user's own and taken as they are.
  ///
  /// What asks for features (``FeatureRequest``) must be taken out before.
  ///
  /// - Parameter current: the table's configuration, for rules between properties.
  /// - Throws: `invalidArgument` that names the property and says what is wrong with it.
  package static func checked(
    _ changes: [String: String], current: [String: String] = [:]
  ) throws(DeltaError) -> [String: String] {
    var result: [String: String] = [:]
    for (key, value) in changes.sorted(by: { $0.key < $1.key }) {
      let lower = key.lowercased()
      guard lower.hasPrefix("delta.") else {
        result[key] = value
        continue
      }
      if lower.hasPrefix(constraintPrefix) {
        throw .invalidArgument("\(key) is a constraint: add it as one, so that the rows there are get checked.")
      }
      if lower.hasPrefix("delta.universalformat.config.") {
        result[lower] = value
        continue
      }
      guard let rule = TablePropertyRules.rule(key) else { throw .unknownProperty(key) }
      guard rule.isEditable else {
        throw .invalidArgument("The table property \(rule.name) is kept by writers and can't be set.")
      }
      do throws(InvalidPropertyValue) {
        result[rule.name] = try rule.normalized(value)
      } catch {
        throw .invalidArgument("The table property \(rule.name) \(error.message), not '\(value)'.")
      }
    }
    try checkTogether(TableProperties(current.merging(result) { _, new in new }), changed: Set(result.keys))
    return result
  }

  /// The name that a property has in the log, by its name in any case, for looking one up or taking it away.
  package static func canonicalName(_ name: String) -> String { TablePropertyRules.rule(name)?.name ?? name }

  /// What no user may take away, since the table could not be read or written rightly any more.
  package static func checkRemovable(_ names: [String]) throws(DeltaError) {
    for name in names {
      if let rule = TablePropertyRules.rule(name), !rule.isEditable {
        throw .invalidArgument("The table property \(rule.name) is kept by writers and can't be removed.")
      }
    }
  }

  private static func checkTogether(_ all: TableProperties, changed: Set<String>) throws(DeltaError) {
    if all.enablesRowTracking, all.suspendsRowTracking {
      throw .invalidArgument(
        "delta.enableRowTracking and delta.rowTrackingSuspended can't both be true: suspended, new rows would have no id."
      )
    }
    let retentions: Set = ["delta.logRetentionDuration", "delta.deletedFileRetentionDuration"]
    if !changed.isDisjoint(with: retentions), all.logRetention < all.tombstoneRetention {
      throw .invalidArgument(
        "delta.logRetentionDuration must be at least delta.deletedFileRetentionDuration: files are kept for the versions "
          + "that the log still has.")
    }
  }
}

extension DeltaError {
  static func unknownProperty(_ name: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    let bare = name.lowercased().hasPrefix("delta.") ? name : "delta." + name
    let near = Suggestion.nearest(to: bare, among: TablePropertyRules.all.filter(\.isEditable).map(\.name))
    return .invalidArgument(
      "There is no table property \(name)." + (near.map { " Did you mean \($0)?" } ?? "")
        + " Properties of your own are named without 'delta.'.", fileID: fileID, line: line)
  }
}
