@testable import Columnar
@testable import Parquet

/// What `body` appends to a buffer.
func encoded<Failure: Error>(_ body: (inout EncodingBuffer) throws(Failure) -> Void) throws(Failure) -> [UInt8] {
  var buffer = EncodingBuffer()
  try body(&buffer)
  return buffer.withUnsafeBytes { Array($0) }
}

extension DenseValues {
  /// The values of a column; its nulls are left out.
  init(_ column: Column, rows: Range<Int>? = nil) throws {
    guard let form = ValueForm(column.type) else { throw ColumnError(.unsupported, "\(column.type) is no leaf") }
    try self.init(column, rows: rows, present: column.validity, form: form)
  }

  /// Values as they would be in memory without codes: numbers, lengths and bytes, or bits.
  var bytes: [[UInt8]] {
    get throws {
      let values = try decoded()
      switch (values.storage, form.layout) {
      case (.bits(let bits, let start), _): return (0..<count).map { [bits[start + $0] ? 1 : 0] }
      case (.fixed(let buffer), .fixed(let width)):
        let bytes = buffer.values(of: UInt8.self)
        return (0..<count).map { Array(bytes[$0 * width..<($0 + 1) * width]) }
      case (.bytes(let offsets, let data), _):
        let ends = offsets.values(of: Int32.self).map { Int($0) }
        let bytes = data.values(of: UInt8.self)
        return (0..<count).map { Array(bytes[ends[$0]..<ends[$0 + 1]]) }
      default: return []
      }
    }
  }
}
