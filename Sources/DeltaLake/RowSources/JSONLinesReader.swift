internal import Columnar
internal import DeltaLog

/// One reading of JSON lines.
final class JSONLinesReader: RowReader {
  private static let batchRows = 32_768
  private static let batchBytes = 8 << 20

  private let plan: JSONLinesPlan
  private let builder: StructBuilder
  private var file = 0
  private var window: ByteWindow?
  private var firstRow: Int64 = 0

  /// A value that is none of its column's type.
  private struct Misfit {
    var column: Int
    var row: Int
    var text: String
  }

  init(_ plan: JSONLinesPlan) throws(DeltaError) {
    self.plan = plan
    // Whole numbers in JSON have one spelling.
    guard let builder = StructBuilder(plan.schema, isPlain: false) else { throw .noFiles }
    self.builder = builder
  }

  func next() async throws -> SourceBatch? { try read() }

  private func read() throws(DeltaError) -> SourceBatch? {
    while file < plan.inputs.count {
      let window = try current()
      if let batch = try batch(window) { return batch }
      self.window = nil
      file += 1
    }
    return nil
  }

  private func current() throws(DeltaError) -> ByteWindow {
    if let window { return window }
    let window = ByteWindow(try plan.inputs[file].open())
    try window.extend()
    window.consume(LineKernel.markLength(window.bytes))
    firstRow = 0
    self.window = window
    return window
  }

  /// The next rows of a file; `nil` after the last.
  private func batch(_ window: ByteWindow) throws(DeltaError) -> SourceBatch? {
    var misfits: [Misfit] = []
    var taken = 0
    while builder.count < Self.batchRows, taken < Self.batchBytes {
      let consumed = try readLines(window, &misfits, limit: Self.batchBytes - taken)
      window.consume(consumed)
      // However many blank lines come first: a batch without rows would be the end of the file.
      taken = builder.count == 0 ? 0 : taken + consumed
      guard consumed == 0 else { continue }
      if window.isAtEnd { break }
      try window.extend()
    }
    let count = builder.count
    guard count > 0 else { return nil }
    guard case .structure(let columns) = builder.finish().storage else { return nil }
    var batch = SourceBatch(
      RecordBatch(schema: plan.schema, columns: columns, rowCount: count), file: window.input.name, firstRow: firstRow)
    batch.misfits = sourceMisfits(misfits, count)
    firstRow += Int64(count)
    return batch
  }

  /// Reads whole lines out of the window.
  ///
  /// - Returns: the bytes that they take.
  private func readLines(_ window: ByteWindow, _ misfits: inout [Misfit], limit: Int) throws(DeltaError) -> Int {
    let bytes = window.bytes
    var lines = LineCursor(bytes, at: 0)
    while builder.count < Self.batchRows, lines.position < limit {
      let start = lines.position
      guard let line = lines.next(isLast: window.isAtEnd) else { break }
      var scanner = JSONScanner(UnsafeRawBufferPointer(line))
      let row = builder.count
      var found: [Misfit] = []
      do throws(JSONSyntaxError) {
        guard scanner.skipBlanks() else { continue }
        try builder.appendFields(&scanner, depth: 0) { column, place in
          found.append(
            Misfit(
              column: column, row: row,
              text: String(decoding: UnsafeBufferPointer(rebasing: line[place]), as: UTF8.self)))
        }
        try scanner.expectEnd()
      } catch {
        throw .badJSON(error, line, window.input.name, number(of: start, window))
      }
      if !found.isEmpty { misfits += try checked(found, window, start) }
    }
    return lines.position
  }

  private func number(of position: Int, _ window: ByteWindow) -> Int64 {
    window.line + Int64(LineKernel.lineCount(window.bytes, upTo: position))
  }

  /// Of a type that was guessed, such a value is an error.
  private func checked(_ found: [Misfit], _ window: ByteWindow, _ position: Int) throws(DeltaError) -> [Misfit] {
    guard let first = found.first(where: { !plan.isGiven[$0.column] }) else { return found }
    let field = plan.schema.fields[first.column]
    throw .notAsGuessed(
      window.input.name, number(of: position, window), field.name, String(first.text.prefix(100)), field.type)
  }

  private func sourceMisfits(_ misfits: [Misfit], _ count: Int) -> [SourceMisfit] {
    Dictionary(grouping: misfits, by: \.column).sorted { $0.key < $1.key }.map { column, misfits in
      var texts = [String?](repeating: nil, count: count)
      for misfit in misfits { texts[misfit.row] = misfit.text }
      let field = plan.schema.fields[column]
      return SourceMisfit(
        column: field.name, type: field.type, rows: Bitmap(rows: misfits.map(\.row), of: count),
        texts: Column(strings: texts))
    }
  }
}
