public import Columnar
public import DeltaLog

extension RowSource {
  /// Values of your own types as rows: properties are columns by name, nested values structs, arrays and maps.
  ///
  /// ```swift
  /// struct Ride: Codable { var id: Int; var city: String; var km: Double? }
  /// try await table.append(rows: [Ride(id: 1, city: "Oslo", km: 12.5)])
  /// ```
  ///
  /// | Swift | column, where no schema says otherwise |
  /// |---|---|
  /// | `Int`, `Int64`, `UInt32` | long; smaller ones as small as they are, `UInt64` decimal(20, 0) |
  /// | `Double`, `Float`, `Bool`, `String` | of that name |
  /// | `Date` | timestamp |
  /// | `Data` | binary |
  /// | `Decimal` | decimal(38, 18) |
  /// | a keyed type; `[Element]` | struct; array. `[String: Value]` becomes a map where a schema says so |
  ///
  /// - Parameter schema: types by column name, such as those of the table; fields that it has and rows lack are null.
  ///   `nil`: the types of the values. Fields that are null in all rows are left out then.
  /// - Throws: ``DeltaError``: `.schemaMismatch` naming row, column and value for a value that is none of its type,
  ///   `.invalidArgument` for rows that are no keyed values; what `encode(to:)` throws.
  public init<Row: Encodable>(rows: [Row], schema: Schema? = nil) throws {
    var encoded: [[(name: String, value: EncodedValue)]] = []
    encoded.reserveCapacity(rows.count)
    for row in rows {
      guard case .object(let fields) = try EncodedValue(row) else {
        throw DeltaError.invalidArgument(
          "\(Row.self) is no type with named properties: there is nothing to name columns by.")
      }
      encoded.append(fields)
    }
    let names = Set(encoded.flatMap { $0.map(\.name) })
    let full = try Self.schema(of: encoded, given: schema, names)
    let numbers = Array(1...max(1, rows.count))
    var columns: [Column] = []
    for field in full.fields {
      let values = encoded.map { row in row.first { $0.name == field.name }?.value ?? .null }
      columns.append(try EncodedValue.column(of: values, field.type, at: field.name, rows: numbers))
    }
    let batch = RecordBatch(schema: full, columns: columns, rowCount: rows.count)
    self.init(schema: full, batches: rows.isEmpty ? [] : [batch])
  }

  /// The columns that rows have, of the types that are given.
  private static func schema(
    of rows: [[(name: String, value: EncodedValue)]], given: Schema?, _ names: Set<String>
  ) throws(DeltaError) -> Schema {
    guard let given else { return try EncodedValue.schema(of: rows, at: "") }
    let hints = FieldHints(given)
    let unknown = names.filter { hints[$0] == nil }
    let rest = rows.map { $0.filter { unknown.contains($0.name) } }
    let known = given.fields.compactMap { field in
      names.first { hints[$0]?.name == field.name }.map { StructField($0, field.type) }
    }
    return StructType(known + (try EncodedValue.schema(of: rest, at: "")).fields)
  }
}

extension DeltaTable {
  /// Adds values of your own types as rows, of the table's column types; the table is created where there is none.
  ///
  /// - Throws: as ``write(_:_:)`` and ``RowSource/init(rows:schema:)``.
  @discardableResult
  public func append<Row: Encodable>(
    rows: [Row], options: CommitOptions = CommitOptions()
  ) async throws -> WriteReport {
    let base = try await existing()
    let source = try RowSource(rows: rows, schema: base?.schema)
    var write = WriteOptions()
    write.commit = options
    return try await self.write(source, write, onto: base)
  }
}
