package import Columnar

/// The type of a Delta table's column that holds the values of any other type.
package enum DeltaType {
  /// The schema of a new table for such rows: each type as the nearest that Delta has, and every field nullable, also
  /// inside, since a source that happens to have no nulls says nothing about the next one.
  ///
  /// - Throws: `schemaMismatch` naming the column, for types that nothing in Delta holds.
  package static func schema(for rows: StructType) throws(DeltaError) -> StructType {
    try schema(rows, at: [])
  }

  private static func schema(_ type: StructType, at path: [String]) throws(DeltaError) -> StructType {
    var fields: [StructField] = []
    fields.reserveCapacity(type.fields.count)
    for field in type.fields {
      // What other formats note of their fields, such as Parquet's ids, is not the table's.
      let metadata = field.metadata.filter { !$0.key.hasPrefix("parquet.") && !$0.key.hasPrefix("PARQUET:") }
      fields.append(StructField(field.name, try self.type(field.type, at: path + [field.name]), metadata: metadata))
    }
    return StructType(fields)
  }

  private static func type(_ type: DataType, at path: [String]) throws(DeltaError) -> DataType {
    switch type {
    case .null, .boolean, .byte, .short, .integer, .long, .float, .double, .string, .binary, .date, .variant: type
    case .unsignedByte: .short
    case .unsignedShort: .integer
    case .unsignedInteger: .long
    case .unsignedLong: .decimal(precision: 20, scale: 0)
    case .float16: .float
    case .fixedBinary: .binary
    case .uuid: .string
    case .timestamp, .int96: .timestamp(.microseconds)
    case .timestampNtz: .timestampNtz(.microseconds)
    case .decimal(let precision, _):
      if precision <= 38 { type } else { throw .noDeltaType(for: "decimals of \(precision) digits", at: path) }
    case .time: throw .noDeltaType(for: "times of day", at: path)
    case .interval: throw .noDeltaType(for: "intervals", at: path)
    case .struct(let type): .struct(try schema(type, at: path))
    case .array(let type): .array(ArrayType(try self.type(type.element, at: path + ["element"])))
    case .map(let type):
      .map(
        MapType(
          key: try self.type(type.key, at: path + ["key"]), value: try self.type(type.value, at: path + ["value"])))
    }
  }
}

extension DeltaError {
  fileprivate static func noDeltaType(
    for what: String, at path: [String], fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .schemaMismatch,
      "Column \(path.joined(separator: ".")) has \(what), for which Delta has no type. Cast it to another type, such as "
        + "string, or leave it out.", fileID: fileID, line: line)
  }
}
