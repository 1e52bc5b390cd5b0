internal import Columnar
internal import DeltaLog

/// Sorts the rows of batches by the partition they belong to.
///
/// Spec: Delta § Partition Value Serialization
struct PartitionSplitter {
  /// The columns' positions in a batch, in partition order.
  private let positions: [Int]

  /// A partition: its values as the log spells them, in partition order.
  typealias Key = [ExactText?]

  init(schema: Schema, partitionColumns: [String]) {
    positions = partitionColumns.compactMap { schema.index(of: $0) }
  }

  /// The rows of each partition in their order, partitions in the order of their first row.
  func split(_ batch: RecordBatch) throws -> [(key: Key, rows: RecordBatch)] {
    if positions.isEmpty { return [([], batch)] }
    if batch.rowCount == 0 { return [] }
    var groups = RowGroups(rowCount: batch.rowCount)
    var texts: [Key] = []
    for position in positions {
      let coded = try DistinctValues(of: batch.columns[position])
      texts.append(coded.texts)
      groups.refine(by: coded.codes, count: coded.texts.count)
    }
    return try groups.all.map { group in
      let key = zip(texts, group.codes).map { texts, code in texts[Int(code)] }
      if group.rows.count == batch.rowCount { return (key, batch) }
      return (key, try batch.taking(group.rows))
    }
  }
}

/// The distinct values of a column as the log spells them, and for each row which of them it has.
private struct DistinctValues {
  /// Null is one of them; so is the empty string, which the log can't tell from null.
  private(set) var texts: [ExactText?] = []
  private(set) var codes: [Int32] = []
  private var known: [ExactText?: Int32] = [:]

  init(of column: Column) throws {
    codes.reserveCapacity(column.count)
    if case .dictionary(let indices, let values) = column.storage {
      let mapped = (0..<values.count).map { code(of: values.scalar(at: $0)) }
      let null = column.nullCount > 0 ? code(of: .null) : 0
      indices.withValues(of: Int32.self) { indices in
        for row in 0..<column.count { codes.append(column.isNull(row) ? null : mapped[Int(indices[row])]) }
      }
      return
    }
    var seen: [Scalar: Int32] = [:]
    for row in 0..<column.count {
      let scalar = column.scalar(at: row)
      if let code = seen[scalar] {
        codes.append(code)
      } else {
        let code = code(of: scalar)
        seen[scalar] = code
        codes.append(code)
      }
    }
  }

  private mutating func code(of scalar: Scalar) -> Int32 {
    let spelt = PartitionValues.text(for: scalar)
    let text = spelt?.isEmpty == true ? nil : spelt.map(ExactText.init)
    if let code = known[text] { return code }
    known[text] = Int32(texts.count)
    texts.append(text)
    return Int32(texts.count - 1)
  }
}

/// Rows put together by their codes, one column after the other.
private struct RowGroups {
  /// The group of each row.
  private var groups: [Int32]
  /// For each group its code in each column so far.
  private var codes: [[Int32]] = [[]]

  init(rowCount: Int) { groups = [Int32](repeating: 0, count: rowCount) }

  mutating func refine(by column: [Int32], count: Int) {
    var known: [Int64: Int32] = [:]
    var refined: [[Int32]] = []
    var last: (key: Int64, group: Int32) = (-1, 0)
    for row in groups.indices {
      let key = Int64(groups[row]) * Int64(count) + Int64(column[row])
      if key != last.key {
        if let group = known[key] {
          last = (key, group)
        } else {
          last = (key, Int32(refined.count))
          known[key] = last.group
          refined.append(codes[Int(groups[row])] + [column[row]])
        }
      }
      groups[row] = last.group
    }
    codes = refined
  }

  /// Each group's codes and rows.
  var all: [(codes: [Int32], rows: [Int32])] {
    var rows = [[Int32]](repeating: [], count: codes.count)
    for (row, group) in groups.enumerated() { rows[Int(group)].append(Int32(row)) }
    return zip(codes, rows).map { ($0, $1) }
  }
}
