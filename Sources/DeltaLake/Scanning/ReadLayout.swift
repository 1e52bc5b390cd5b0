internal import Columnar
internal import DeltaLog
internal import Parquet

/// How the columns that a scan gives come to be, the same for every file: which are read from the file and by which
/// physical names, which are constant for a file, and which follow from a row's position.
///
/// Spec: Delta § Reader Requirements for Column Mapping
struct ReadLayout: Sendable {
  /// Where an output column comes from.
  enum Source: Hashable, Sendable {
    /// `fileSchema.fields[index]`.
    case file(index: Int)
    /// `DataFileRead.constants[index]`.
    case constant(index: Int)
    /// A materialised column where it isn't null, else the file's first row id plus the row's position.
    case rowId(materialized: Int?)
    /// A materialised column where it isn't null, else the file's default.
    case rowCommitVersion(materialized: Int?)
  }

  /// What the scan gives, in logical names.
  let output: Schema
  /// A source for each output column.
  let sources: [Source]
  /// What is asked of the file: physical names, logical types inside out of the mapping.
  let fileSchema: Schema
  let matching: ColumnMatching
  let constantNames: [String]
  /// Logical to physical, for predicates.
  let mapping: ColumnMapping

  /// - Parameters:
  ///   - output: the columns to give, by logical name and type: those of the mapping's schema and constants, then those
  ///     of row tracking.
  ///   - predicateColumns: top-level columns that a predicate needs beside.
  ///   - constants: names that are constant for a file, partition columns first of all.
  ///   - rowTracking: not `nil` when the last two columns are a row's id and commit version. A table may have columns
  ///     of the same names.
  init(
    output: Schema, predicateColumns: [String], constants: [String], mapping: ColumnMapping,
    rowTracking: RowTracking?
  ) {
    self.output = output
    self.mapping = mapping
    constantNames = constants
    matching = mapping.mode == .id ? .fieldId : .name
    var fileFields: [StructField] = []
    var positions: [String: Int] = [:]
    let physical = Dictionary(
      zip(mapping.logicalSchema.fields.map(\.name), mapping.physicalSchema.fields),
      uniquingKeysWith: { first, _ in first })
    func position(of field: StructField) -> Int {
      if let known = positions[field.name] { return known }
      positions[field.name] = fileFields.count
      fileFields.append(field)
      return fileFields.count - 1
    }
    var sources: [Source] = []
    for field in rowTracking == nil ? output.fields[...] : output.fields.dropLast(2) {
      if let index = constants.firstIndex(of: field.name) {
        sources.append(.constant(index: index))
      } else {
        sources.append(.file(index: position(of: physical[field.name] ?? field)))
      }
    }
    if let hidden = rowTracking?.materializedFields {
      sources.append(.rowId(materialized: hidden.rowId.map(position)))
      sources.append(.rowCommitVersion(materialized: hidden.rowCommitVersion.map(position)))
    }
    for name in predicateColumns where !constants.contains(name) {
      if let field = physical[name] { _ = position(of: field) }
    }
    self.sources = sources
    fileSchema = StructType(fileFields)
  }

  var needsRowPositions: Bool {
    sources.contains { if case .rowId = $0 { true } else { false } }
  }
}
