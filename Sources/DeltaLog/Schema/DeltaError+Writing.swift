package import Columnar

// Wording of the errors about data that does not fit a table. Call sites are one line.

extension DeltaError {
  static func notStorable(
    _ type: DataType, at place: SchemaPlace, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let remedy =
      switch type {
      case .time: "Cast it to STRING, or to a BIGINT of microseconds."
      case .decimal: "Decimals have up to 38 digits, and no more decimals than digits: round it, or cast it to DOUBLE."
      case .interval: "Cast it to STRING, or to a BIGINT."
      default: "Cast it to a type of Delta's."
      }
    return DeltaError(
      .schemaMismatch, "\(place.capitalizedText) is of type \(type.sqlName), which a Delta table can't have. \(remedy)",
      fileID: fileID, line: line)
  }

  static func nestedTooDeeply(_ place: SchemaPlace, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .schemaMismatch,
      "Column `\(place.path.first ?? "")` nests more than \(SchemaJSON.maximumDepth) levels deep, which readers refuse. "
        + "Flatten it.", fileID: fileID, line: line)
  }

  static func extraColumns(
    _ names: [String], in path: [String], suggestion: String?, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let shown = names.prefix(10).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 10 ? ", …" : "")
    let what = path.isEmpty ? "column" : "field"
    let owner = path.isEmpty ? "the table" : "column `\(path.joined(separator: "."))` of the table"
    let near = suggestion.map { " Was `\($0)` meant?" } ?? ""
    return DeltaError(
      .schemaMismatch,
      "The data has the \(what)\(names.count > 1 ? "s" : "") \(shown), which \(owner) does not have.\(near) Leave "
        + "\(names.count > 1 ? "them" : "it") out, or let the write merge the schema to add \(names.count > 1 ? "them" : "it").",
      fileID: fileID, line: line)
  }

  static func duplicateColumns(
    _ first: String, _ second: String, in path: [String], fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let place = path.isEmpty ? "two columns" : "two fields of `\(path.joined(separator: "."))`"
    let names = first == second ? "named `\(first)`" : "named `\(first)` and `\(second)`"
    return DeltaError(
      .schemaMismatch,
      "There are \(place) \(names): a table takes names that differ in nothing but case for one. Rename one of them.",
      fileID: fileID, line: line)
  }

  static func missingColumn(_ name: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .schemaMismatch,
      "The data has no column `\(name)`, which is NOT NULL and has no default. Add it to the data, give the column a "
        + "default, or drop its NOT NULL.", fileID: fileID, line: line)
  }

  static func typeMismatch(
    _ old: DataType, _ new: DataType, at path: [String], fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let name = ColumnPath(path).description
    // A struct can be as long as it likes.
    let (old, new) = (old.sqlName.prefix(200), new.sqlName)
    let remedy =
      new.utf8.count <= 60 ? "Cast it in the data, as in CAST(\(name) AS \(new))" : "Give the data the table's type"
    return DeltaError(
      .schemaMismatch,
      "Column `\(path.joined(separator: "."))` is \(old) in the data and \(new.prefix(200)) in the table, and the one "
        + "does not become the other by itself. \(remedy), or overwrite the table with its schema.", fileID: fileID,
      line: line)
  }

  static func valueForIdentity(_ name: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .schemaMismatch,
      "The data has values for column `\(name)`, which is GENERATED ALWAYS AS IDENTITY: the table makes them up. Leave "
        + "the column out.", fileID: fileID, line: line)
  }

  /// For an assignment to an identity column in an update or merge.
  package static func assignmentToIdentity(
    _ name: String, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .operationRefused,
      "Column `\(name)` is an identity column: rows keep the values that the table made up for them. Leave it out of "
        + "the assignments.", fileID: fileID, line: line)
  }

  /// SQL that the table itself holds and that rows can't be held against.
  package static func unusableExpression(
    _ sql: String, of rule: String, _ cause: ExpressionError, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .unsupportedFeatures,
      "\(rule.prefix(1).uppercased() + rule.dropFirst()) can't be evaluated (\(sql.prefix(200))): \(cause.message) "
        + "Without it no rows can be written: write with a client that knows it, or remove it.", cause: cause,
      fileID: fileID, line: line)
  }

  static func circularGeneration(_ names: [String], fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .corruptLog,
      "The generated columns \(names.map { "`\($0)`" }.joined(separator: ", ")) are computed from each other, so that "
        + "none can be first.", fileID: fileID, line: line)
  }

  static func onlyVoid(_ place: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .schemaMismatch,
      "\(place) would leave nothing to write: values of type VOID are not kept in data files. Give the column another "
        + "type first.", fileID: fileID, line: line)
  }
}

extension SchemaPlace {
  var capitalizedText: String { path.isEmpty ? "The schema" : "Column `\(path.joined(separator: "."))`" }
}
