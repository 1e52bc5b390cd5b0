package import Columnar

/// The keys that table features keep in a field's metadata, by what they mean.
///
/// Spec: Delta § Column Metadata
package enum FieldMetadata {
  package static let comment = "comment"
  package static let generationExpression = "delta.generationExpression"
  package static let invariants = "delta.invariants"
  /// The default of rows to come.
  package static let currentDefault = "CURRENT_DEFAULT"
  /// Where Spark keeps the default that a column was created with.
  package static let existsDefault = "EXISTS_DEFAULT"
  /// `char(n)`, `varchar(n)` or a nested type with such in it.
  package static let lengthLimit = SchemaReader.limitedStringKey

  /// What incoming data may say of a column that it adds: these describe values, the others are the table's business.
  static let describing: Set<String> = [comment, lengthLimit]
}

extension StructField {
  package var comment: String? { metadata[FieldMetadata.comment]?.stringValue }

  /// The SQL that computes the column; `nil` for columns that are not generated.
  ///
  /// Spec: Delta § Generated Columns
  package var generationExpression: String? { metadata[FieldMetadata.generationExpression]?.stringValue }

  /// The SQL of the value that rows get which have none for the column.
  ///
  /// Spec: Delta § Default Columns
  package var defaultExpression: String? { metadata[FieldMetadata.currentDefault]?.stringValue }

  /// The SQL of the column's invariant.
  ///
  /// Spec: Delta § Column Invariants
  /// - Throws: `corruptLog` when there is one that can't be understood: rows could break it unseen.
  package func invariantExpression() throws(DeltaError) -> String? {
    switch metadata[FieldMetadata.invariants] {
    case nil, .null: return nil
    case .string(let text):
      if let tree = try? MetadataJSON.parse(text).objectValue,
        let expression = tree["expression"]?.objectValue?["expression"]?.stringValue
      {
        return expression
      }
    default: break
    }
    throw .invalidSchema("\(FieldMetadata.invariants) of column `\(name)` is not an expression in JSON")
  }

  /// The limits of the strings in the column.
  ///
  /// - Throws: `unsupportedFeatures` when there is a limit that can't be understood.
  package func lengthLimit() throws(DeltaError) -> LengthLimit? {
    guard let text = metadata[FieldMetadata.lengthLimit]?.stringValue else { return nil }
    guard let limit = LengthLimit(text) else { throw .unsupportedType(text, of: "column `\(name)`") }
    return limit.isUnlimited ? nil : limit
  }
}
