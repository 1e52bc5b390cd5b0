/// The values of an IN list, all of one column's type: compared one by one when there are few, else sorted once and
/// searched by halves for each row.
struct ValueSet: Sendable {
  /// Without nulls; sorted and without doubles when there are many.
  let values: Column
  let hasNull: Bool
  private let isSorted: Bool

  private static let few = 8

  init(_ scalars: [Scalar], of type: DataType) throws(ColumnError) {
    var known = scalars.filter { !$0.isNull }
    hasNull = known.count < scalars.count
    isSorted = known.count > Self.few && Self.canSearch(type)
    if isSorted {
      known.sort { Scalar.compare($0, $1) == .less }
    }
    values = try Column(type, scalars: known)
  }

  private static func canSearch(_ type: DataType) -> Bool {
    switch type {
    case .byte, .short, .integer, .long, .date, .timestamp, .timestampNtz, .time, .float, .double, .string, .binary,
      .decimal:
      true
    default: false
    }
  }

  /// A bit a row of a plain column of the set's type: whether its value is in the set. Bits under nulls are unspecified.
  func contains(_ column: Column) throws(ColumnError) -> Bitmap {
    if isSorted, let bits = search(column) { return bits }
    var result = Bitmap(repeating: false, count: column.count)
    for index in 0..<values.count {
      let value = values.slice(index..<index + 1)
      guard let bits = CompareKernel.bits(.equal, column, value, isConstant: true) else {
        throw ColumnError(.unsupported, "Values of \(column.type.sqlName) do not compare.")
      }
      result = result.union(bits)
    }
    return result
  }

  private func search(_ column: Column) -> Bitmap? {
    switch column.type {
    case .byte: return search(column, Int8.self) { $0 < $1 }
    case .short: return search(column, Int16.self) { $0 < $1 }
    case .integer, .date: return search(column, Int32.self) { $0 < $1 }
    case .long, .timestamp, .timestampNtz, .time: return search(column, Int64.self) { $0 < $1 }
    case .decimal(let precision, _):
      return precision <= 18 ? search(column, Int64.self) { $0 < $1 } : search(column, Int128.self) { $0 < $1 }
    case .float: return search(column, Float.self) { $0 < $1 || ($0 == $0 && $1 != $1) }
    case .double: return search(column, Double.self) { $0 < $1 || ($0 == $0 && $1 != $1) }
    case .string, .binary: return searchBytes(column)
    default: return nil
    }
  }

  @inline(__always)
  private func search<Value: BitwiseCopyable>(
    _ column: Column, _ type: Value.Type, _ isLess: (Value, Value) -> Bool
  ) -> Bitmap? {
    guard case .fixed(let sorted) = values.storage, case .fixed(let buffer) = column.storage else { return nil }
    defer { withExtendedLifetime((sorted, buffer)) {} }
    let result = Bitmap.uninitialized(count: column.count)
    let list = sorted.pointer.assumingMemoryBound(to: Value.self)
    let source = buffer.pointer.assumingMemoryBound(to: Value.self)
    let count = values.count
    Bits.fill(result.mutableWords, count: column.count) { row in
      let value = source[row]
      var low = 0
      var high = count
      while low < high {
        let middle = (low &+ high) &>> 1
        if isLess(list[middle], value) { low = middle &+ 1 } else { high = middle }
      }
      return low < count && !isLess(value, list[low])
    }
    return result
  }

  private func searchBytes(_ column: Column) -> Bitmap? {
    guard case .bytes(let sortedOffsets, let sortedData) = values.storage,
      case .bytes(let offsetBuffer, let dataBuffer) = column.storage
    else { return nil }
    defer { withExtendedLifetime((sortedOffsets, sortedData, offsetBuffer, dataBuffer)) {} }
    let result = Bitmap.uninitialized(count: column.count)
    let ends = sortedOffsets.pointer.assumingMemoryBound(to: Int32.self)
    let offsets = offsetBuffer.pointer.assumingMemoryBound(to: Int32.self)
    let list = sortedData.pointer
    let data = dataBuffer.pointer
    let count = values.count
    Bits.fill(result.mutableWords, count: column.count) { row in
      let value = data + Int(offsets[row])
      let length = Int(offsets[row &+ 1] &- offsets[row])
      var low = 0
      var high = count
      while low < high {
        let middle = (low &+ high) &>> 1
        let start = Int(ends[middle])
        let order = ByteOrder.compare(list + start, Int(ends[middle &+ 1]) &- start, value, length)
        if order == 0 { return true }
        if order < 0 { low = middle &+ 1 } else { high = middle }
      }
      return false
    }
    return result
  }
}
