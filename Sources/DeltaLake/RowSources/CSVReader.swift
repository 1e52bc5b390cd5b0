internal import Columnar
internal import DeltaLog

/// One reading of CSV files.
final class CSVReader: RowReader {
  static let batchRows = 32_768

  private let plan: CSVPlan
  private let builders: [ValueBuilder]
  private let nullText: [UInt8]
  private var file = 0
  private var window: ByteWindow?
  private var positions: [Int] = []
  private var rows = CSVRows()
  private var firstRow: Int64 = 0
  private var scratch: [UInt8] = []

  init(_ plan: CSVPlan) throws(DeltaError) {
    self.plan = plan
    nullText = Array(plan.options.nullText.utf8)
    var builders: [ValueBuilder] = []
    for column in plan.columns {
      guard let builder = ValueBuilder.make(column.type, isPlain: !column.isGiven) else {
        throw .unreadableType(StructField(column.name, column.type), "CSV")
      }
      builders.append(builder)
    }
    self.builders = builders
  }

  func next() async throws -> SourceBatch? { try read() }

  private func read() throws(DeltaError) -> SourceBatch? {
    while file < plan.inputs.count {
      let window = try current()
      if try split(window, columnCount: plan.columns.count, rowLimit: Self.batchRows) {
        let batch = try batch(window)
        window.consume(rows.consumed)
        return batch
      }
      self.window = nil
      file += 1
    }
    return nil
  }

  /// The file being read, which is opened, and its header read, when its turn comes.
  private func current() throws(DeltaError) -> ByteWindow {
    if let window { return window }
    let input = try plan.inputs[file].open()
    let window = ByteWindow(input)
    try window.extend()
    window.consume(LineKernel.markLength(window.bytes))
    firstRow = 0
    positions = Array(plan.columns.indices)
    if plan.options.hasHeader {
      _ = try split(window, columnCount: 0, rowLimit: 1)
      let names = try CSVPlan.names(rows, window.bytes, input.name)
      positions = try CSVPlan.positions(of: plan.columns.map(\.name), in: names, input.name)
      window.consume(rows.consumed)
    }
    self.window = window
    return window
  }

  /// Takes the next rows apart.
  ///
  /// - Returns: `false` at the end of the file.
  private func split(_ window: ByteWindow, columnCount: Int, rowLimit: Int) throws(DeltaError) -> Bool {
    while true {
      let bytes = window.bytes
      rows.split(
        bytes, isLast: window.isAtEnd, delimiter: plan.options.delimiter, columnCount: columnCount, rowLimit: rowLimit)
      if let problem = rows.problem {
        let line = window.line + Int64(LineKernel.lineCount(bytes, upTo: rows.consumed))
        throw CSVPlan.failure(problem, window.input.name, line, columnCount: columnCount)
      }
      if !rows.starts.isEmpty { return true }
      if window.isAtEnd { return false }
      // Blank lines only, or the beginning of a row.
      window.consume(rows.consumed)
      try window.extend()
    }
  }

  private func batch(_ window: ByteWindow) throws(DeltaError) -> SourceBatch {
    let count = rows.starts.count
    var columns: [Column] = []
    var misfits: [SourceMisfit] = []
    for (column, builder) in builders.enumerated() {
      let wrong = fill(builder, positions[column], window.bytes)
      let plan = plan.columns[column]
      if let first = wrong.first {
        guard plan.isGiven else { throw guessFailed(first, column, window) }
        misfits.append(
          SourceMisfit(
            column: plan.name, type: plan.type, rows: Bitmap(rows: wrong, of: count),
            texts: texts(of: wrong, positions[column], window.bytes)))
      }
      columns.append(builder.finish())
    }
    let schema = StructType(plan.columns.map { StructField($0.name, $0.type) })
    var batch = SourceBatch(
      RecordBatch(schema: schema, columns: columns, rowCount: count), file: window.input.name, firstRow: firstRow)
    batch.misfits = misfits
    firstRow += Int64(count)
    return batch
  }

  /// Adds a column's fields to its builder.
  ///
  /// - Returns: the rows whose text is no value.
  private func fill(_ builder: ValueBuilder, _ position: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
    var wrong: [Int] = []
    let width = plan.columns.count
    let isText = builder.type == .string
    let emptyIsNull = !isText || nullText.isEmpty
    rows.fields.withUnsafeBufferPointer { fields in
      var index = position
      for row in 0..<rows.starts.count {
        let field = fields[index]
        index &+= width
        if field.count == 0, emptyIsNull, !(isText && field.isQuoted) {
          builder.appendNull()
        } else if !nullText.isEmpty, !field.isQuoted, field.count == nullText.count,
          field.withText(in: bytes, &scratch, { $0.elementsEqual(nullText) })
        {
          builder.appendNull()
        } else if !field.withText(in: bytes, &scratch, { builder.append(text: $0) }) {
          wrong.append(row)
        }
      }
    }
    return wrong
  }

  private func texts(of wrong: [Int], _ position: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Column {
    var texts = [String?](repeating: nil, count: rows.starts.count)
    for row in wrong { texts[row] = rows.fields[row * plan.columns.count + position].string(in: bytes) }
    return Column(strings: texts)
  }

  private func guessFailed(_ row: Int, _ column: Int, _ window: ByteWindow) -> DeltaError {
    let bytes = window.bytes
    let line = window.line + Int64(LineKernel.lineCount(bytes, upTo: Int(rows.starts[row])))
    let value = rows.fields[row * plan.columns.count + positions[column]].string(in: bytes)
    return .notAsGuessed(
      window.input.name, line, plan.columns[column].name, String(value.prefix(100)), plan.columns[column].type)
  }
}
