package import Columnar

extension TableDefinition {
  /// Whether an update or a merge may set these columns to values of its own.
  ///
  /// - Throws: `operationRefused` for an identity column, `invalidArgument` for one that is not there or for part of an
  ///   array or map.
  package func checkAssignable(_ columns: [ColumnPath]) throws(DeltaError) {
    for column in columns {
      let place = try schema.place(of: column)
      if place.isRepeated {
        throw .invalidChange("`\(place.path.description)` is inside an array or map: assign the whole column.")
      }
      if place.isTopLevel, try IdentityColumn(place.field) != nil { throw .assignmentToIdentity(place.field.name) }
    }
  }
}
