// Arithmetic of two plain columns of one type and length. Overflow, division by zero and remainders by zero are null.

enum ArithmeticKernel {
  /// Whole numbers and floating point, both of the type; `nil` for other types and for dividing whole numbers, which
  /// is done as doubles.
  static func evaluate(_ operation: Arithmetic, _ a: Column, _ b: Column) -> Column? {
    switch a.type {
    case .byte: whole(Int8.self, operation, a, b)
    case .short: whole(Int16.self, operation, a, b)
    case .integer: whole(Int32.self, operation, a, b)
    case .long: whole(Int64.self, operation, a, b)
    case .float: floating(Float.self, operation, a, b)
    case .double: floating(Double.self, operation, a, b)
    default: nil
    }
  }

  private static func whole<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ type: Value.Type, _ operation: Arithmetic, _ a: Column, _ b: Column
  ) -> Column? {
    switch operation {
    case .add:
      wrapping(type, a, b) {
        $0 &+ $1
      } overflow: {
        ($0 ^ $2) & ($1 ^ $2)
      }
    case .subtract:
      wrapping(type, a, b) {
        $0 &- $1
      } overflow: {
        ($0 ^ $1) & ($0 ^ $2)
      }
    case .multiply:
      checked(type, a.type, Value(0), a, b) { x, y in
        let (result, overflow) = x.multipliedReportingOverflow(by: y)
        return overflow ? nil : result
      }
    case .divide: nil
    case .remainder:
      checked(type, a.type, Value(0), a, b) { x, y in y == 0 ? nil : y == -1 ? 0 : x % y }
    }
  }

  private static func floating<Value: BinaryFloatingPoint & BitwiseCopyable>(
    _ type: Value.Type, _ operation: Arithmetic, _ a: Column, _ b: Column
  ) -> Column? {
    switch operation {
    case .add: plain(type, a.type, a, b) { $0 + $1 }
    case .subtract: plain(type, a.type, a, b) { $0 - $1 }
    case .multiply: plain(type, a.type, a, b) { $0 * $1 }
    case .divide: checked(type, a.type, Value(0), a, b) { $1 == 0 ? nil : $0 / $1 }
    case .remainder: checked(type, a.type, Value(0), a, b) { $1 == 0 ? nil : $0.truncatingRemainder(dividingBy: $1) }
    }
  }

  /// Whole quotients, towards zero.
  static func wholeQuotient(_ a: Column, _ b: Column) -> Column? {
    checked(Int64.self, .long, Int64(0), a, b) { x, y in
      if y == 0 { return nil }
      let (result, overflow) = x.dividedReportingOverflow(by: y)
      return overflow ? nil : result
    }
  }

  // MARK: Loops

  @inline(__always)
  static func plain<Value: BitwiseCopyable>(
    _ type: Value.Type, _ result: DataType, _ a: Column, _ b: Column, _ body: (Value, Value) -> Value
  ) -> Column? {
    guard case .fixed(let left) = a.storage, case .fixed(let right) = b.storage else { return nil }
    defer { withExtendedLifetime((left, right)) {} }
    let values = Buffer(uninitialized: a.count * MemoryLayout<Value>.stride)
    let x = left.pointer.assumingMemoryBound(to: Value.self)
    let y = right.pointer.assumingMemoryBound(to: Value.self)
    let target = values.mutablePointer.assumingMemoryBound(to: Value.self)
    for row in 0..<a.count { target[row] = body(x[row], y[row]) }
    return Column(
      result, count: a.count, validity: Bitmap.intersection(a.validity, b.validity), storage: .fixed(values))
  }

  /// Adds up without branches, and looks for rows that overflowed only when one did: their sign bit is set in `overflow`.
  @inline(__always)
  private static func wrapping<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ type: Value.Type, _ a: Column, _ b: Column, _ body: (Value, Value) -> Value,
    overflow: (Value, Value, Value) -> Value
  ) -> Column? {
    guard let column = plain(type, a.type, a, b, body), case .fixed(let left) = a.storage,
      case .fixed(let right) = b.storage,
      case .fixed(let result) = column.storage
    else { return nil }
    defer { withExtendedLifetime((left, right, result)) {} }
    let x = left.pointer.assumingMemoryBound(to: Value.self)
    let y = right.pointer.assumingMemoryBound(to: Value.self)
    let z = result.pointer.assumingMemoryBound(to: Value.self)
    var any: Value = 0
    for row in 0..<a.count { any |= overflow(x[row], y[row], z[row]) }
    if any >= 0 { return column }
    let known = Bitmap.uninitialized(count: a.count)
    Bits.fill(known.mutableWords, count: a.count) { overflow(x[$0], y[$0], z[$0]) >= 0 }
    return column.masked(by: known)
  }

  @inline(__always)
  static func checked<In: BitwiseCopyable, Out: BitwiseCopyable>(
    _ input: In.Type, _ type: DataType, _ placeholder: Out, _ a: Column, _ b: Column, _ body: (In, In) -> Out?
  ) -> Column? {
    guard case .fixed(let left) = a.storage, case .fixed(let right) = b.storage else { return nil }
    defer { withExtendedLifetime((left, right)) {} }
    let count = a.count
    let result = Buffer(uninitialized: count * MemoryLayout<Out>.stride)
    let known = Bitmap.uninitialized(count: count)
    let x = left.pointer.assumingMemoryBound(to: In.self)
    let y = right.pointer.assumingMemoryBound(to: In.self)
    let target = result.mutablePointer.assumingMemoryBound(to: Out.self)
    let words = known.mutableWords
    var row = 0
    while row < count {
      var word: UInt64 = 0
      let end = min(64, count &- row)
      for bit in 0..<end {
        let value = body(x[row &+ bit], y[row &+ bit])
        target[row &+ bit] = value ?? placeholder
        word |= (value == nil ? 0 : 1) &<< UInt64(bit)
      }
      words[row &>> 6] = word
      row &+= 64
    }
    let validity = Bitmap.intersection(known, Bitmap.intersection(a.validity, b.validity))
    return Column(type, count: count, validity: validity, storage: .fixed(result))
  }

  /// The value with its sign changed; `nil` for types without sign. The smallest whole number becomes null.
  static func negate(_ column: Column) -> Column? {
    switch column.type {
    case .byte: column.mapped(Int8.self, to: column.type, placeholder: 0) { $0 == .min ? nil : -$0 }
    case .short: column.mapped(Int16.self, to: column.type, placeholder: 0) { $0 == .min ? nil : -$0 }
    case .integer: column.mapped(Int32.self, to: column.type, placeholder: 0) { $0 == .min ? nil : -$0 }
    case .long: column.mapped(Int64.self, to: column.type, placeholder: 0) { $0 == .min ? nil : -$0 }
    case .float: column.mapped(Float.self, to: column.type) { -$0 }
    case .double: column.mapped(Double.self, to: column.type) { -$0 }
    case .decimal(let precision, _) where precision <= 18: column.mapped(Int64.self, to: column.type) { 0 &- $0 }
    case .decimal(let precision, _) where precision <= 38: column.mapped(Int128.self, to: column.type) { 0 &- $0 }
    default: nil
    }
  }
}
