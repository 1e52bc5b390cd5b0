internal import Columnar
internal import DeltaLog

/// Turns incoming columns into those of a table as a ``WriteFit`` says.
struct ColumnFitting {
  /// Rows whose value has no counterpart in the table's type.
  struct Misfit {
    var path: [String]
    var rows: Bitmap
    var from: DataType
    var to: DataType
  }

  private(set) var misfits: [Misfit] = []

  /// The column as the table's type. Rows that don't fit are added to ``misfits``; their values are unspecified.
  ///
  /// - Throws: `invalidArgument` when the column is not of the type that the fit was made for.
  mutating func fit(
    _ column: Column, _ fit: WriteFit.ValueFit, to type: DataType, at path: [String]
  ) throws -> Column {
    switch (fit, column.storage, type) {
    case (.same, _, _):
      guard let result = column.relabeled(as: type) else { throw DeltaError.foreignBatch(path, column.type) }
      return result
    case (.cast(let conversion), _, _):
      let (result, failed) = try column.converting(to: type, exactly: conversion == .exact)
      if let failed { misfits.append(Misfit(path: path, rows: failed, from: column.type, to: type)) }
      return result
    case (.structure(let fits), .structure(let children), .struct(let structure)):
      var columns: [Column] = []
      for (field, fit) in zip(structure.fields, fits) {
        guard let fit else {
          columns.append(Column(nulls: column.count, of: field.type))
          continue
        }
        guard children.indices.contains(fit.index) else { throw DeltaError.foreignBatch(path, column.type) }
        columns.append(
          try nested(
            children[fit.index], fit.fit, to: field.type, at: path + [field.name],
            rows: { rows in column.validity.map { rows.intersection($0) } ?? rows }))
      }
      return Column(
        type, count: column.count, validity: column.validity, nullCount: column.nullCount,
        storage: .structure(columns))
    case (.array(let fit), .list(let offsets, let elements), .array(let array)):
      let elements = try nested(
        elements, fit, to: array.element, at: path + ["element"], rows: { column.rows(withElements: $0) })
      return Column(
        type, count: column.count, validity: column.validity, nullCount: column.nullCount,
        storage: .list(offsets: offsets, elements: elements))
    case (.map(let keyFit, let valueFit), .map(let offsets, let keys, let values), .map(let map)):
      let keys = try nested(keys, keyFit, to: map.key, at: path + ["key"], rows: { column.rows(withElements: $0) })
      let values = try nested(
        values, valueFit, to: map.value, at: path + ["value"], rows: { column.rows(withElements: $0) })
      return Column(
        type, count: column.count, validity: column.validity, nullCount: column.nullCount,
        storage: .map(offsets: offsets, keys: keys, values: values))
    default: throw DeltaError.foreignBatch(path, column.type)
    }
  }

  /// A column inside of another; `rows` says which rows of the outer one flags of the inner one stand for.
  private mutating func nested(
    _ column: Column, _ fit: WriteFit.ValueFit, to type: DataType, at path: [String], rows: (Bitmap) -> Bitmap?
  ) throws -> Column {
    var inner = ColumnFitting()
    let result = try inner.fit(column, fit, to: type, at: path)
    for var misfit in inner.misfits {
      guard let rows = rows(misfit.rows), rows.setCount > 0 else { continue }
      misfit.rows = rows
      misfits.append(misfit)
    }
    return result
  }
}
