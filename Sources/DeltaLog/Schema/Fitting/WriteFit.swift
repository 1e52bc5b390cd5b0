package import Columnar

/// How incoming columns become those of a table: which goes where, what becomes of its values, and where a table's
/// column comes from that the data does not have. Made once for many batches of one schema.
package struct WriteFit: Hashable, Sendable {
  package enum Purpose: Hashable, Sendable {
    /// New rows: what they lack is made up.
    case insert
    /// Rows that the table had, changed or moved: all columns are there, identities stay.
    case rewrite
  }

  /// Where a column of the table comes from.
  package enum Source: Hashable, Sendable {
    /// An incoming column, by position.
    case incoming(Int, ValueFit)
    case nulls
    /// SQL without columns.
    case defaultValue(String)
    case generated
    case identity
  }

  /// What becomes of the values of an incoming column or field.
  package indirect enum ValueFit: Hashable, Sendable {
    /// The type is the same but for names, nullability and metadata.
    case same
    case cast(StoreAssignment.Conversion)
    /// For each field of the table's struct an incoming field, or `nil` for nulls.
    case structure([FieldFit?])
    case array(ValueFit)
    case map(key: ValueFit, value: ValueFit)
  }

  /// An incoming field, by position, and what becomes of its values.
  package struct FieldFit: Hashable, Sendable {
    package var index: Int
    package var fit: ValueFit

    package init(index: Int, fit: ValueFit) {
      self.index = index
      self.fit = fit
    }
  }

  package let incoming: StructType
  package let schema: StructType
  /// For each column of the table.
  package let sources: [Source]
  package let purpose: Purpose

  /// Names are matched as Spark does, nested ones too: exactly, else in any case of letters.
  ///
  /// - Throws: `schemaMismatch` for columns or fields that the table does not have or of which a value is needed, for
  ///   types that do not go together, and for values brought for a column whose values the table makes up.
  package init(
    _ incoming: StructType, to schema: StructType, purpose: Purpose = .insert
  ) throws(DeltaError) {
    self.incoming = incoming
    self.schema = schema
    self.purpose = purpose
    let matched = try Self.match(incoming.fields, schema.fields, at: [])
    var sources: [Source] = []
    sources.reserveCapacity(schema.fields.count)
    for (field, index) in zip(schema.fields, matched) {
      guard let index else {
        sources.append(try Self.source(ofMissing: field))
        continue
      }
      if purpose == .insert, let identity = try IdentityColumn(field), !identity.allowsExplicitInsert {
        throw .valueForIdentity(field.name)
      }
      sources.append(.incoming(index, try Self.fit(incoming.fields[index].type, field.type, at: [field.name])))
    }
    self.sources = sources
  }

  /// Whether batches only need the table's names and types put on them.
  package var isPlain: Bool {
    sources.enumerated().allSatisfy { $0.element == .incoming($0.offset, .same) }
      && incoming.fields.count == schema.fields.count
  }

  /// Whether the data brings values for a column of the table.
  package func isGiven(_ column: Int) -> Bool {
    if case .incoming = sources[column] { true } else { false }
  }

  private static func source(ofMissing field: StructField) throws(DeltaError) -> Source {
    if try IdentityColumn(field) != nil { return .identity }
    if field.generationExpression != nil { return .generated }
    if let sql = field.defaultExpression { return .defaultValue(sql) }
    guard field.isNullable else { throw .missingColumn(field.name) }
    return .nulls
  }

  /// For each field of the table the position of the incoming one of that name.
  private static func match(
    _ incoming: [StructField], _ fields: [StructField], at path: [String]
  ) throws(DeltaError) -> [Int?] {
    // Most data has the table's columns in the table's order.
    if incoming.count == fields.count, zip(incoming, fields).allSatisfy({ $0.name == $1.name }) {
      return Array(fields.indices)
    }
    let names = FieldNames(incoming)
    if let (first, second) = names.duplicate { throw .duplicateColumns(first, second, in: path) }
    var matched: [Int?] = []
    var used: Set<Int> = []
    for field in fields {
      if case .one(let index) = names.find(field.name) {
        matched.append(index)
        used.insert(index)
      } else {
        matched.append(nil)
      }
    }
    let extra = incoming.indices.filter { !used.contains($0) }.map { incoming[$0].name }
    if !extra.isEmpty {
      // A column that is misspelt is missing, too.
      let missing = zip(fields, matched).filter { $0.1 == nil }.map(\.0.name)
      throw .extraColumns(
        extra, in: path, suggestion: extra.lazy.compactMap { Suggestion.nearest(to: $0, among: missing) }.first)
    }
    return matched
  }

  /// What becomes of values of a type that go into a column of another.
  package static func fit(_ old: DataType, _ new: DataType, at path: [String]) throws(DeltaError) -> ValueFit {
    guard path.count <= 2 * SchemaJSON.maximumDepth else {
      throw .nestedTooDeeply(SchemaPlace(path: path, depth: path.count))
    }
    if old == new { return .same }
    switch (old, new) {
    case (.struct(let old), .struct(let new)):
      let matched = try match(old.fields, new.fields, at: path)
      var fits: [FieldFit?] = []
      for (field, index) in zip(new.fields, matched) {
        let path = path + [field.name]
        if let index {
          fits.append(FieldFit(index: index, fit: try fit(old.fields[index].type, field.type, at: path)))
        } else {
          guard field.isNullable else { throw .missingColumn(path.joined(separator: ".")) }
          fits.append(nil)
        }
      }
      let isSame = fits.enumerated().allSatisfy { $0.element?.index == $0.offset && $0.element?.fit == .same }
      return isSame && old.fields.count == new.fields.count ? .same : .structure(fits)
    case (.array(let old), .array(let new)):
      let element = try fit(old.element, new.element, at: path + ["element"])
      return element == .same ? .same : .array(element)
    case (.map(let old), .map(let new)):
      let key = try fit(old.key, new.key, at: path + ["key"])
      let value = try fit(old.value, new.value, at: path + ["value"])
      return key == .same && value == .same ? .same : .map(key: key, value: value)
    case (.null, _): return .cast(.total)
    case (.struct, _), (.array, _), (.map, _), (_, .struct), (_, .array), (_, .map):
      throw .typeMismatch(old, new, at: path)
    default:
      guard let conversion = StoreAssignment.conversion(from: old, to: new) else {
        throw .typeMismatch(old, new, at: path)
      }
      return .cast(conversion)
    }
  }
}
