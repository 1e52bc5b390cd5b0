public import Columnar

extension StructField {
  /// The field that a definition makes.
  public init(_ definition: ColumnDefinition) {
    self.init(definition.name, definition.type, isNullable: definition.isNullable)
    if let limit = definition.lengthLimit { metadata[FieldMetadata.lengthLimit] = .string(limit) }
    if let comment = definition.comment { metadata[FieldMetadata.comment] = .string(comment) }
    if let sql = definition.defaultExpression { metadata[FieldMetadata.currentDefault] = .string(sql) }
    if let sql = definition.generationExpression { metadata[FieldMetadata.generationExpression] = .string(sql) }
    if let identity = definition.identity {
      metadata[IdentityColumn.startKey] = .long(identity.start)
      metadata[IdentityColumn.stepKey] = .long(identity.step)
      metadata[IdentityColumn.allowExplicitInsertKey] = .boolean(identity.allowsExplicitInsert)
    }
  }
}
