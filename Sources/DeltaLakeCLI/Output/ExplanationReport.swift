import Columnar
import DeltaLake

/// What `explain` prints.
struct ExplanationReport {
  private let explanation: ScanExplanation
  private var totals: ScanExplanation.Totals { explanation.totals }

  init(_ explanation: ScanExplanation) { self.explanation = explanation }

  // MARK: For people

  /// The totals, a line each.
  var summary: String {
    let opened = totals.files - totals.skippedFiles.values.reduce(0, +)
    let read = totals.rowGroups - totals.skippedRowGroups.values.reduce(0, +)
    var lines = [
      "files       \(opened) of \(totals.files) opened, \(ByteSize.text(totals.bytes - totals.skippedBytes)) of "
        + ByteSize.text(totals.bytes) + Self.reasons(totals.skippedFiles),
      "row groups  \(read) of \(totals.rowGroups) read" + Self.reasons(totals.skippedRowGroups),
      "rows        \(totals.candidateRows) to look at"
        + (totals.candidateRows < totals.rows
          ? ", \(totals.rows - totals.candidateRows) ruled out by page indexes" : "")
        + (totals.matchedRows.map { ", \($0) match" } ?? ""),
      "opening     \(Self.text(totals.opening))",
      "planned     \(Self.text(totals.planned))",
    ]
    if let spent = totals.spent { lines.append("spent       \(Self.text(spent))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func reasons(_ counts: [ScanExplanation.Evidence: Int]) -> String {
    let reasons = ScanExplanation.Evidence.allCases.compactMap { evidence in
      counts[evidence].map { "\($0) ruled out by \(evidence.words)" }
    }
    return reasons.isEmpty ? "" : "; " + reasons.joined(separator: ", ")
  }

  private static func text(_ cost: ScanExplanation.Cost) -> String {
    if cost.requests == 0 { return cost.bytes == 0 ? "nothing more" : "\(ByteSize.text(cost.bytes)), at hand" }
    return "\(ByteSize.text(cost.bytes)) in \(cost.requests) request\(cost.requests == 1 ? "" : "s")"
  }

  private struct Row {
    var place: String
    var verdict = "read"
    var refutation: ScanExplanation.Refutation?
    var known: [ScanExplanation.Known] = []
    var rows: String?
    var planned: ScanExplanation.Cost?
    var spent: ScanExplanation.Cost?
  }

  /// A row for each file, followed by one for each of its row groups.
  var batch: RecordBatch {
    var rows: [Row] = []
    for file in explanation.files {
      let matched = file.matchedRows.map { "\($0) match" }
      rows.append(
        Row(
          place: Self.shortened(file.path), verdict: file.refutation == nil ? "open" : "skip",
          refutation: file.refutation,
          known: file.refutation?.known ?? [], rows: matched, planned: file.refutation == nil ? file.planned : nil,
          spent: file.spent))
      for group in file.rowGroups {
        let isRead = group.refutation == nil
        var count = group.candidateRows < group.rowCount && isRead ? "\(group.candidateRows) of " : ""
        count += "\(group.rowCount)" + (group.matchedRows.map { isRead ? ", \($0) match" : "" } ?? "")
        rows.append(
          Row(
            place: "  row group \(group.index)", verdict: isRead ? "read" : "skip", refutation: group.refutation,
            known: group.known, rows: count, planned: isRead ? group.planned : nil, spent: isRead ? group.spent : nil))
      }
    }
    var columns: [(String, [String?])] = [
      ("file", rows.map(\.place)),
      ("verdict", rows.map { $0.verdict + ($0.refutation.map { ": " + $0.evidence.shortWords } ?? "") }),
      ("clause", rows.map { $0.refutation?.clause?.description ?? "" }),
      ("known", rows.map { $0.known.map(Self.text).joined(separator: "; ") }),
      ("rows", rows.map { $0.rows ?? "" }),
      ("planned", rows.map { $0.planned.map { ByteSize.text($0.bytes) } ?? "" }),
    ]
    if totals.spent != nil { columns.append(("spent", rows.map { $0.spent.map { ByteSize.text($0.bytes) } ?? "" })) }
    return RecordBatch(
      schema: StructType(columns.map { StructField($0.0, .string) }), columns: columns.map { Column(strings: $0.1) },
      rowCount: rows.count)
  }

  private static func text(_ known: ScanExplanation.Known) -> String {
    let bounds = known.bounds
    guard bounds.mayHaveValues else { return "\(known.column) is null" }
    let nulls = (bounds.mayHaveNaN ? ", perhaps NaN" : "") + (bounds.mayHaveNulls ? ", perhaps null" : "")
    switch (bounds.min, bounds.max) {
    case (let min?, let max?) where min == max: return "\(known.column) = \(text(min))\(nulls)"
    case (let min?, let max?): return "\(known.column) from \(text(min)) to \(text(max))\(nulls)"
    case (let min?, nil): return "\(known.column) from \(text(min)) on\(nulls)"
    case (nil, let max?): return "\(known.column) up to \(text(max))\(nulls)"
    case (nil, nil): return "\(known.column)\(bounds.mayHaveNulls ? " unknown" : " not null")"
    }
  }

  /// File names are long and random: the beginning, with the partition, and the end are enough to find one.
  private static func shortened(_ path: String) -> String {
    path.count <= 48 ? path : path.prefix(35) + "…" + path.suffix(12)
  }

  /// As in SQL, without what tells the types of numbers and times apart.
  private static func text(_ value: Scalar) -> String {
    let text: String
    switch value {
    case .byte(let number): text = "\(number)"
    case .short(let number): text = "\(number)"
    case .integer(let number): text = "\(number)"
    case .long(let number): text = "\(number)"
    case .float(let number): text = "\(number)"
    case .double(let number): text = "\(number)"
    case .date, .timestamp, .timestampNtz: text = String(value.sqlText.drop { $0 != "'" }.filter { $0 != "'" })
    default: text = value.sqlText
    }
    return text.count <= 40 ? text : text.prefix(39) + "…"
  }

  // MARK: For programs

  /// An object for each file, for each of its row groups, and for the totals.
  var jsonLines: String {
    var lines: [JSONDocument] = []
    for file in explanation.files {
      var members: [(String, JSONDocument)] = [
        ("kind", .string("file")), ("path", .string(file.path)), ("sizeInBytes", .integer(file.sizeInBytes)),
      ]
      members += Self.members(file.refutation)
      if let refutation = file.refutation {
        members.append(("known", Self.document(refutation.known)))
      } else {
        members.append(("opening", Self.document(file.opening)))
        members.append(("planned", Self.document(file.planned)))
      }
      members += Self.members(spent: file.spent, file.matchedRows)
      lines.append(.object(members))
      for group in file.rowGroups {
        var members: [(String, JSONDocument)] = [
          ("kind", .string("rowGroup")), ("path", .string(file.path)), ("rowGroup", .integer(Int64(group.index))),
          ("numRows", .integer(group.rowCount)),
        ]
        members += Self.members(group.refutation)
        members.append(("known", Self.document(group.known)))
        members.append(("candidateRows", .integer(group.candidateRows)))
        members.append(("planned", Self.document(group.planned)))
        members += Self.members(spent: group.spent, group.matchedRows)
        lines.append(.object(members))
      }
    }
    lines.append(totalsDocument)
    return lines.map { $0.compact + "\n" }.joined()
  }

  private var totalsDocument: JSONDocument {
    func counts(_ counts: [ScanExplanation.Evidence: Int]) -> JSONDocument {
      .object(
        ScanExplanation.Evidence.allCases.compactMap { evidence in
          counts[evidence].map { (evidence.rawValue, .integer(Int64($0))) }
        })
    }
    let members: [(String, JSONDocument)] = [
      ("kind", .string("totals")), ("numFiles", .integer(Int64(totals.files))),
      ("sizeInBytes", .integer(totals.bytes)), ("skippedFiles", counts(totals.skippedFiles)),
      ("skippedBytes", .integer(totals.skippedBytes)), ("rowGroups", .integer(Int64(totals.rowGroups))),
      ("skippedRowGroups", counts(totals.skippedRowGroups)), ("numRows", .integer(totals.rows)),
      ("candidateRows", .integer(totals.candidateRows)), ("opening", Self.document(totals.opening)),
      ("planned", Self.document(totals.planned)),
    ]
    return .object(members + Self.members(spent: totals.spent, totals.matchedRows))
  }

  private static func members(_ refutation: ScanExplanation.Refutation?) -> [(String, JSONDocument)] {
    guard let refutation else { return [("verdict", .string("read"))] }
    return [
      ("verdict", .string("skip")), ("evidence", .string(refutation.evidence.rawValue)),
      ("clause", .optional(refutation.clause?.description)),
    ]
  }

  private static func document(_ known: [ScanExplanation.Known]) -> JSONDocument {
    .object(
      known.map { known in
        (
          known.column.description,
          .object([
            ("min", .optional(known.bounds.min?.sqlText)), ("max", .optional(known.bounds.max?.sqlText)),
            ("mayHaveNulls", .boolean(known.bounds.mayHaveNulls)),
            ("mayHaveValues", .boolean(known.bounds.mayHaveValues)),
            ("mayHaveNaN", .boolean(known.bounds.mayHaveNaN)),
          ])
        )
      })
  }

  private static func members(
    spent: ScanExplanation.Cost?, _ matchedRows: Int64?
  ) -> [(String, JSONDocument)] {
    guard let spent else { return [] }
    return [("spent", document(spent)), ("matchedRows", .optional(matchedRows))]
  }

  private static func document(_ cost: ScanExplanation.Cost) -> JSONDocument {
    .object([("bytes", .integer(cost.bytes)), ("requests", .integer(Int64(cost.requests)))])
  }
}

extension ScanExplanation.Evidence {
  fileprivate var shortWords: String {
    switch self {
    case .partitionValues: "partition"
    case .fileStatistics: "file stats"
    case .rowGroupStatistics: "group stats"
    case .bloomFilter: "bloom filter"
    case .pageIndex: "page index"
    case .rowCount: "no rows"
    }
  }

  fileprivate var words: String {
    switch self {
    case .partitionValues: "partition values"
    case .fileStatistics: "file statistics"
    case .rowGroupStatistics: "row-group statistics"
    case .bloomFilter: "bloom filters"
    case .pageIndex: "page index"
    case .rowCount: "having no rows"
    }
  }
}
