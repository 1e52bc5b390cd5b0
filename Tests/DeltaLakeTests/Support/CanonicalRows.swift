import DeltaLake
@testable import _TestSupport

extension RecordBatches {
  /// The rows as the fixtures' expected rows have them: flat types alone.
  func rows() async throws -> [JSONValue] {
    var rows: [JSONValue] = []
    for try await batch in self { rows += batch.canonicalRows }
    return rows
  }
}

extension Scan {
  func rows() async throws -> [JSONValue] { try await batches().rows() }
}

extension DeltaTable {
  /// The latest rows, in no particular order.
  func rows() async throws -> [JSONValue: Int] { try await snapshot().scan().rows().counted }
}

extension FixtureTable {
  /// The rows of the latest version or another, in no particular order.
  func rows(_ version: Int64? = nil) throws -> [JSONValue: Int] {
    try expectedRows(version: version ?? versions[versions.count - 1]).counted
  }
}

extension [JSONValue] {
  /// How often each value is there: for comparing without order.
  var counted: [JSONValue: Int] { reduce(into: [:]) { $0[$1, default: 0] += 1 } }

  /// The column `id`.
  var ids: [Int64] { compactMap { $0["id"].number } }
}

extension RecordBatch {
  fileprivate var canonicalRows: [JSONValue] {
    (0..<rowCount).map { row in
      .object(
        zip(schema.fields, columns).map { field, column in
          JSONValue.Member(name: field.name, value: JSONValue(column.scalar(at: row)))
        })
    }
  }
}

extension JSONValue {
  fileprivate init(_ scalar: Scalar) {
    switch scalar {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .byte(let value): self = .integer(String(value))
    case .short(let value): self = .integer(String(value))
    case .integer(let value): self = .integer(String(value))
    case .long(let value): self = .integer(String(value))
    case .unsignedLong(let value): self = .integer(String(value))
    case .float(let value): self = Self.number(Double("\(value)") ?? .nan)
    case .double(let value): self = Self.number(value)
    case .decimal(let unscaled, _, let scale): self = .string(Self.decimal(unscaled, scale))
    case .string(let value): self = .string(value)
    case .binary(let bytes): self = .string(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    case .date(let days):
      self = .string(String(Timestamp(milliseconds: Int64(days) * 86_400_000).description.prefix(10)))
    case .timestamp(let value): self = .string(Self.time(value) + "Z")
    case .timestampNtz(let value): self = .string(Self.time(value))
    }
  }

  private static func number(_ value: Double) -> JSONValue {
    if value.isNaN { return .string("NaN") }
    return value.isInfinite ? .string(value < 0 ? "-Infinity" : "Infinity") : .double(value.bitPattern)
  }

  private static func decimal(_ unscaled: Int128, _ scale: Int) -> String {
    let digits = String(unscaled.magnitude)
    let padded = String(repeating: "0", count: Swift.max(0, scale + 1 - digits.count)) + digits
    let point = scale == 0 ? "" : "." + padded.suffix(scale)
    return (unscaled < 0 ? "-" : "") + padded.dropLast(scale) + point
  }

  private static func time(_ microseconds: Int64) -> String {
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let digits = String(rest < 0 ? rest + 1_000_000 : rest)
    let whole = Timestamp(milliseconds: (rest < 0 ? seconds - 1 : seconds) * 1000).description.dropLast(5)
    return whole + "." + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
