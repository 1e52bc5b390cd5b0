import Columnar
import Foundation
import ObjectStorage

@testable import DeltaLake

extension RowSource {
  static func csv(_ text: String, _ options: CSVOptions = CSVOptions(), schema: Schema? = nil) async throws -> RowSource
  {
    try await csv([.bytes(Array(text.utf8), name: "rows.csv")], options, schema: schema)
  }

  static func jsonLines(_ text: String, schema: Schema? = nil) async throws -> RowSource {
    try await jsonLines([.bytes(Array(text.utf8), name: "rows.jsonl")], schema: schema)
  }

  /// All rows, as JSON.
  func rows() async throws -> [String] {
    let reader = try await makeReader()
    var rows: [String] = []
    while let batch = try await reader.next() {
      for row in 0..<batch.rows.rowCount {
        rows.append(batch.rows.columns.map { Self.text($0, row) }.joined(separator: "|"))
      }
    }
    return rows
  }

  private static func text(_ column: Column, _ row: Int) -> String {
    if column.isNull(row) { return "NULL" }
    switch column.storage {
    case .structure(let children): return "{" + children.map { text($0, row) }.joined(separator: ",") + "}"
    case .list(let offsets, let elements):
      let ends = offsets.values(of: Int32.self)
      return "[" + (Int(ends[row])..<Int(ends[row + 1])).map { text(elements, $0) }.joined(separator: ",") + "]"
    case .map(let offsets, let keys, let values):
      let ends = offsets.values(of: Int32.self)
      return "<"
        + (Int(ends[row])..<Int(ends[row + 1])).map { text(keys, $0) + ":" + text(values, $0) }.joined(separator: ",")
        + ">"
    case .variant: return (try? column.variant(at: row)?.json()) ?? "?"
    default:
      switch column.scalar(at: row) {
      case .string(let text): return text
      case .boolean(let value): return "\(value)"
      case .long(let value), .timestamp(let value), .timestampNtz(let value): return "\(value)"
      case .integer(let value), .date(let value): return "\(value)"
      case .byte(let value): return "\(value)"
      case .short(let value): return "\(value)"
      case .double(let value): return "\(value)"
      case .float(let value): return "\(value)"
      case .binary(let bytes): return "\(bytes)"
      case .decimal(let unscaled, _, let scale): return Decimal128.text(unscaled, scale: scale)
      default: return "?"
      }
    }
  }
}

/// The message of the error that `body` throws.
func failure(_ body: () async throws -> Void) async -> String {
  do {
    try await body()
    return "no error"
  } catch let error as DeltaError {
    return error.message
  } catch {
    return "\(error)"
  }
}
