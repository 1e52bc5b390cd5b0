package import Columnar

/// A column whose values the table makes up, each only once: `start`, `start + step`, …
///
/// Spec: Delta § Identity Columns
package struct IdentityColumn: Hashable, Sendable {
  package static let startKey = "delta.identity.start"
  package static let stepKey = "delta.identity.step"
  package static let highWaterMarkKey = "delta.identity.highWaterMark"
  package static let allowExplicitInsertKey = "delta.identity.allowExplicitInsert"

  package var start: Int64
  /// Never 0; negative steps count down.
  package var step: Int64
  /// The last value made up; `nil` before the first.
  package var highWaterMark: Int64?
  /// Whether rows may bring a value of their own.
  package var allowsExplicitInsert: Bool

  package init(start: Int64 = 1, step: Int64 = 1, highWaterMark: Int64? = nil, allowsExplicitInsert: Bool = false) {
    self.start = start
    self.step = step
    self.highWaterMark = highWaterMark
    self.allowsExplicitInsert = allowsExplicitInsert
  }

  /// Values in a row that were set aside; `count` is at least 1.
  package struct Range: Hashable, Sendable {
    package var first: Int64
    package var step: Int64
    package var count: Int
    package var last: Int64 { first &+ step &* Int64(truncatingIfNeeded: count - 1) }
  }

  /// The next `count` values, and moves the high water mark behind them.
  ///
  /// Returns `nil` when they would leave what 64 bits hold.
  package mutating func take(_ count: Int) -> Range? {
    precondition(count > 0, "values to take")
    // The first value of the series beyond the mark, which another writer may have left between two of them.
    var index: Int128 = 0
    if let mark = highWaterMark {
      let distance = Int128(mark) - Int128(start)
      let step = Int128(step)
      let quotient = distance / step
      let isBelow = distance % step != 0 && (distance < 0) != (step < 0)
      index = max(0, quotient - (isBelow ? 1 : 0) + 1)
    }
    let first = Int128(start) + index * Int128(step)
    let last = first + Int128(count - 1) * Int128(step)
    guard let first = Int64(exactly: first), let last = Int64(exactly: last) else { return nil }
    highWaterMark = last
    return Range(first: first, step: step, count: count)
  }

  /// The high water mark that a column has whose values reach as far as `extreme`: the greatest value, or with a
  /// negative step the smallest. A mark that is further already stays.
  package func synchronized(with extreme: Int64) -> IdentityColumn {
    var result = self
    // The last value of the series at or before the extreme, else nothing was used up.
    let distance = Int128(extreme) - Int128(start)
    guard distance == 0 || (distance < 0) == (step < 0) else { return self }
    let last = Int128(start) + distance / Int128(step) * Int128(step)
    guard let mark = Int64(exactly: last) else { return self }
    if let old = highWaterMark, step > 0 ? old >= mark : old <= mark { return self }
    result.highWaterMark = mark
    return result
  }
}

extension IdentityColumn {
  /// What a field's metadata says; `nil` for a column that is none.
  ///
  /// - Throws: `corruptLog` when it says half of it, or a step of 0.
  package init?(_ field: StructField) throws(DeltaError) {
    guard field.metadata.keys.contains(where: { $0.hasPrefix("delta.identity.") }) else { return nil }
    guard let start = field.metadata[Self.startKey]?.longValue, let step = field.metadata[Self.stepKey]?.longValue,
      step != 0, field.type == .long
    else {
      throw .invalidSchema(
        "the identity column `\(field.name)` needs a type of long, a \(Self.startKey) and a \(Self.stepKey) that is not 0"
      )
    }
    self.init(
      start: start, step: step, highWaterMark: field.metadata[Self.highWaterMarkKey]?.longValue,
      allowsExplicitInsert: field.metadata[Self.allowExplicitInsertKey]?.booleanValue ?? false)
  }

  /// The field with this as its metadata.
  package func written(to field: StructField) -> StructField {
    var field = field
    field.metadata[Self.startKey] = .long(start)
    field.metadata[Self.stepKey] = .long(step)
    field.metadata[Self.highWaterMarkKey] = highWaterMark.map { .long($0) }
    field.metadata[Self.allowExplicitInsertKey] = .boolean(allowsExplicitInsert)
    return field
  }
}

extension IdentityColumn {
  /// An older schema of a table as one that takes its place: values that columns have given out since are not given again.
  ///
  /// Spec: Delta § Identity Columns
  package static func keepingMarks(of newer: StructType, in older: StructType) throws(DeltaError) -> StructType {
    var fields: [StructField] = []
    for field in older.fields {
      guard let identity = try IdentityColumn(field), let now = newer.column(field),
        let mark = try IdentityColumn(now)?.highWaterMark
      else {
        fields.append(field)
        continue
      }
      fields.append(identity.synchronized(with: mark).written(to: field))
    }
    return StructType(fields)
  }
}

extension StructType {
  /// What has become of a column, whatever it is called now.
  fileprivate func column(_ older: StructField) -> StructField? {
    guard let stored = older.metadata[ColumnMapping.nameKey]?.stringValue else { return self[older.name] }
    return fields.first { $0.physicalName == stored }
  }
}
