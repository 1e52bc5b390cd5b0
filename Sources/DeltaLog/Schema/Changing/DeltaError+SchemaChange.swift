internal import Columnar

// Wording of the errors about changes of a table's schema.

extension DeltaError {
  private static func quoted(_ names: [String]) -> String { "`\(names.joined(separator: "."))`" }

  static func noSuchColumn(
    _ name: String, in path: [String], suggestion: String?, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let what = path.isEmpty ? "no column `\(name)`" : "no field `\(name)` in column \(quoted(path))"
    return DeltaError(
      .invalidArgument, "There is \(what)." + (suggestion.map { " Was `\($0)` meant?" } ?? ""), fileID: fileID,
      line: line)
  }

  static func noSuchField(
    _ name: String, in path: [String], of type: DataType, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let inside =
      switch type {
      case .array: " Its elements are called `element`."
      case .map: " Its keys and values are called `key` and `value`."
      default: ""
      }
    return DeltaError(
      .invalidArgument,
      "Column \(quoted(path)) is of type \(type.sqlName.prefix(120)) and has no field `\(name)`.\(inside)",
      fileID: fileID, line: line)
  }

  static func nameTaken(
    _ name: String, by other: String, in path: [String], fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let place = path.isEmpty ? "a column" : "a field of column \(quoted(path))"
    return DeltaError(
      .alreadyExists,
      "There is \(place) named `\(other)` already" + (name == other ? "" : ", and `\(name)` differs in case alone")
        + ". Choose another name.", fileID: fileID, line: line)
  }

  static func emptyName(in path: [String], fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .invalidArgument, "A column\(path.isEmpty ? "" : " in \(quoted(path))") has an empty name. Name it.",
      fileID: fileID, line: line)
  }

  static func charactersInName(
    _ path: [String], _ characters: String, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .operationRefused,
      "The name of column \(quoted(path)) has one of the characters that need column mapping (\(characters)). Rename "
        + "it, or set the property delta.columnMapping.mode to `name` first.", fileID: fileID, line: line)
  }

  static func reservedName(_ name: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .operationRefused,
      "Column `\(name)` has a name that the change data feed uses for itself. Rename it, or turn "
        + "delta.enableChangeDataFeed off.", fileID: fileID, line: line)
  }

  static func needsColumnMapping(_ what: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .operationRefused,
      "\(what) without rewriting data files needs column mapping. Set the property delta.columnMapping.mode to `name` "
        + "first: readers must then support it.", fileID: fileID, line: line)
  }

  static func columnInUse(
    _ path: ColumnPath, _ verb: String, by rules: [String], fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .operationRefused,
      "Column \(quoted(path.names)) can't be \(verb): \(rules.joined(separator: ", and ")) "
        + "need\(rules.count == 1 ? "s" : "") it as it is. Remove \(rules.count == 1 ? "that" : "those") first.",
      fileID: fileID, line: line)
  }

  static func columnInLayout(
    _ path: ColumnPath, _ verb: String, _ reason: String, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .operationRefused,
      "Column \(quoted(path.names)) can't be \(verb): \(reason). "
        + (reason.contains("clustered")
          ? "Cluster the table by other columns first."
          : "Overwrite the table with other partition columns first."),
      fileID: fileID, line: line)
  }

  static func lastColumn(_ path: ColumnPath, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .operationRefused,
      "Column \(quoted(path.names)) is the last one \(path.names.count > 1 ? "in its struct" : "beside the partition columns") "
        + "and can't be dropped: nothing would be left to write.", fileID: fileID, line: line)
  }

  static func wideningOff(
    _ path: ColumnPath, _ old: DataType, _ new: DataType, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .operationRefused,
      "Column \(quoted(path.names)) could be widened from \(old.sqlName) to \(new.sqlName), but the table does not allow "
        + "it. Set the property delta.enableTypeWidening to `true` first: readers must then support it.",
      fileID: fileID, line: line)
  }

  static func notWider(
    _ path: ColumnPath, _ old: DataType, _ new: DataType, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .operationRefused,
      "Column \(quoted(path.names)) can't be changed from \(old.sqlName.prefix(120)) to \(new.sqlName.prefix(120)): only "
        + "to a type that holds every value of the old one. Add a column of the new type and fill it, or overwrite the "
        + "table with its schema.", fileID: fileID, line: line)
  }

  static func wideningUnknownToIceberg(
    _ path: ColumnPath, _ old: DataType, _ new: DataType, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .operationRefused,
      "Column \(quoted(path.names)) can't be changed from \(old.sqlName) to \(new.sqlName): the table is kept readable "
        + "for Iceberg, which does not know the change. Turn the Iceberg compatibility off and drop its "
        + "feature first.", fileID: fileID, line: line)
  }

  static func invalidChange(_ message: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(.invalidArgument, message, fileID: fileID, line: line)
  }

  static func refusedChange(_ message: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(.operationRefused, message, fileID: fileID, line: line)
  }

  /// SQL that the caller wants the table to hold.
  static func invalidExpression(
    _ sql: String, for what: String, _ cause: ExpressionError, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .invalidArgument,
      "\(what) can't be \(sql.prefix(200)): \(cause.message)" + (cause.picture.map { "\n\($0)" } ?? ""), cause: cause,
      fileID: fileID, line: line)
  }

  static func constraintNotFound(
    _ name: String, suggestion: String?, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .invalidArgument,
      "There is no CHECK constraint `\(name)`." + (suggestion.map { " Was `\($0)` meant?" } ?? ""), fileID: fileID,
      line: line)
  }
}
