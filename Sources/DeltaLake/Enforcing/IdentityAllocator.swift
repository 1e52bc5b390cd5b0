package import Columnar
package import DeltaLog
internal import Synchronization

/// Hands out the values of a table's identity columns while rows are written, by any number of workers at once. A class,
/// since all of them draw from the same series.
///
/// Values that were handed out are never handed out again, whether their rows get written or not.
package final class IdentityAllocator: Sendable {
  private let columns: Mutex<[Int: IdentityColumn]>
  private let initial: [Int: IdentityColumn]

  /// - Throws: `corruptLog` when the schema says half of an identity.
  package init(_ schema: StructType) throws(DeltaError) {
    var columns: [Int: IdentityColumn] = [:]
    for (index, field) in schema.fields.enumerated() { columns[index] = try IdentityColumn(field) }
    initial = columns
    self.columns = Mutex(columns)
  }

  /// The next values of the column at that position, one after the other.
  ///
  /// - Throws: `constraintViolation` when the series leaves what 64 bits hold.
  func values(_ count: Int, of column: Int, _ field: StructField) throws(DeltaError) -> Column {
    guard count > 0 else { return Column(longs: []) }
    let range = columns.withLock { $0[column]?.take(count) }
    guard let range else { throw .identityExhausted(field.name) }
    var values: [Int64] = []
    values.reserveCapacity(count)
    for index in 0..<count { values.append(range.first &+ Int64(index) &* range.step) }
    return Column(.long, count: count, nullCount: 0, storage: .fixed(Buffer(copying: values)))
  }

  /// The schema with the marks of the values that have been handed out, to commit with the rows; `nil` when none were.
  package func advanced(_ schema: StructType) -> StructType? {
    let now = columns.withLock { $0 }
    guard now != initial else { return nil }
    var schema = schema
    for (index, column) in now where schema.fields.indices.contains(index) {
      schema.fields[index] = column.written(to: schema.fields[index])
    }
    return schema
  }
}
