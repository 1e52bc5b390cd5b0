internal import Columnar
internal import DeltaLog

/// The partitions that new files are in, for an overwrite that replaces what these hold.
struct WrittenPartitions {
  private let columns: [(name: String, field: StructField)]
  private let partitions: Set<[Scalar]>

  /// Beyond so many, others' new files count as read wherever they are.
  private static let conditionLimit = 1000

  init(of files: [AddFile], in base: Snapshot) throws(DeltaError) {
    let mapping = try base.columnMapping()
    columns = Array(zip(base.metadata.partitionColumns, mapping.physicalFields(of: base.metadata.partitionColumns)))
    var partitions: Set<[Scalar]> = []
    for file in files { partitions.insert(try PartitionValues.scalars(file.partitionValues, of: columns.map(\.field))) }
    self.partitions = partitions
  }

  /// The files of a table that are in one of them: by value, since writers spell times differently.
  func rows(of table: FileTable) throws(DeltaError) -> [Int] {
    let fields = columns.map(\.field)
    var rows: [Int] = []
    for row in 0..<table.count
    where partitions.contains(try PartitionValues.scalars(table.partitionValues(at: row), of: fields)) {
      rows.append(row)
    }
    return rows
  }

  /// Notes that whatever is in them was to be replaced, what others are adding meanwhile included.
  func note(in reads: inout TransactionReads) {
    guard !partitions.isEmpty else { return }
    guard !columns.isEmpty, partitions.count <= Self.conditionLimit else {
      reads.wholeTable = true
      return
    }
    for values in partitions {
      let clauses = zip(columns, values).map { column, value in
        ColumnExpression.comparison(.nullSafeEqual, .column(ColumnPath(column.name)), .literal(value))
      }
      reads.predicates.append(ColumnPredicate(clauses.count == 1 ? clauses[0] : .and(clauses)))
    }
  }
}
