#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

// Comparisons of plain columns of one type, a bit a row. The second column has as many rows as the first or, as a
// constant, one. Bits under nulls are unspecified. Every comparison is one of three loops, its bits inverted or not;
// the loops over numbers vectorise.

enum CompareKernel {
  private enum Base { case equal, less, greater }

  /// `nil` when values of the type do not compare.
  static func bits(_ comparison: Comparison, _ a: Column, _ b: Column, isConstant: Bool) -> Bitmap? {
    let base: Base
    let isInverted: Bool
    switch comparison {
    case .equal, .nullSafeEqual: (base, isInverted) = (.equal, false)
    case .notEqual: (base, isInverted) = (.equal, true)
    case .less: (base, isInverted) = (.less, false)
    case .greaterOrEqual: (base, isInverted) = (.less, true)
    case .greater: (base, isInverted) = (.greater, false)
    case .lessOrEqual: (base, isInverted) = (.greater, true)
    }
    guard let bits = bits(base, a, b, isConstant) else { return nil }
    if isInverted {
      // Nobody else has the bits yet.
      let words = bits.mutableWords
      for index in 0..<Bitmap.wordCount(bits.count) { words[index] = ~words[index] }
    }
    return bits
  }

  private static func bits(_ base: Base, _ a: Column, _ b: Column, _ isConstant: Bool) -> Bitmap? {
    if case .decimal(let precision, let scale) = a.type, case .decimal(let otherPrecision, let otherScale) = b.type,
      precision <= 38, otherPrecision <= 38
    {
      if scale == otherScale, (precision <= 18) == (otherPrecision <= 18) {
        return precision <= 18
          ? whole(Int64.self, base, a, b, isConstant) : whole(Int128.self, base, a, b, isConstant)
      }
      return decimals(base, a, scale, b, otherScale, isConstant)
    }
    guard a.type == b.type else { return nil }
    switch a.type {
    case .boolean: return booleans(base, a, b, isConstant)
    case .byte: return whole(Int8.self, base, a, b, isConstant)
    case .short: return whole(Int16.self, base, a, b, isConstant)
    case .integer, .date: return whole(Int32.self, base, a, b, isConstant)
    case .long, .time, .timestamp, .timestampNtz: return whole(Int64.self, base, a, b, isConstant)
    case .unsignedByte: return whole(UInt8.self, base, a, b, isConstant)
    case .unsignedShort: return whole(UInt16.self, base, a, b, isConstant)
    case .unsignedInteger: return whole(UInt32.self, base, a, b, isConstant)
    case .unsignedLong: return whole(UInt64.self, base, a, b, isConstant)
    case .float: return floating(Float.self, base, a, b, isConstant)
    case .double: return floating(Double.self, base, a, b, isConstant)
    case .string, .binary: return bytes(base, a, b, isConstant)
    default: return nil
    }
  }

  // MARK: Loops

  @inline(__always)
  private static func loop<Value: BitwiseCopyable>(
    _ type: Value.Type, _ a: Column, _ b: Column, _ isConstant: Bool, _ test: (Value, Value) -> Bool
  ) -> Bitmap? {
    guard case .fixed(let left) = a.storage, case .fixed(let right) = b.storage else { return nil }
    defer { withExtendedLifetime((left, right)) {} }
    let result = Bitmap.uninitialized(count: a.count)
    let x = left.pointer.assumingMemoryBound(to: Value.self)
    let y = right.pointer.assumingMemoryBound(to: Value.self)
    if isConstant {
      let constant = y[0]
      Bits.fill(result.mutableWords, count: a.count) { test(x[$0], constant) }
    } else {
      Bits.fill(result.mutableWords, count: a.count) { test(x[$0], y[$0]) }
    }
    return result
  }

  private static func whole<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type, _ base: Base, _ a: Column, _ b: Column, _ isConstant: Bool
  ) -> Bitmap? {
    switch base {
    case .equal: loop(type, a, b, isConstant) { $0 == $1 }
    case .less: loop(type, a, b, isConstant) { $0 < $1 }
    case .greater: loop(type, a, b, isConstant) { $0 > $1 }
    }
  }

  /// NaN equals NaN and is greater than all else.
  private static func floating<Value: BinaryFloatingPoint & BitwiseCopyable>(
    _ type: Value.Type, _ base: Base, _ a: Column, _ b: Column, _ isConstant: Bool
  ) -> Bitmap? {
    switch base {
    case .equal: loop(type, a, b, isConstant) { $0 == $1 || ($0 != $0 && $1 != $1) }
    case .less: loop(type, a, b, isConstant) { $0 < $1 || ($0 == $0 && $1 != $1) }
    case .greater: loop(type, a, b, isConstant) { $0 > $1 || ($0 != $0 && $1 == $1) }
    }
  }

  private static func booleans(_ base: Base, _ a: Column, _ b: Column, _ isConstant: Bool) -> Bitmap? {
    guard case .boolean(let x) = a.storage, case .boolean(var y) = b.storage else { return nil }
    if isConstant { y = Bitmap(repeating: y[0], count: a.count) }
    switch base {
    case .equal: return x.combined(with: y) { ~($0 ^ $1) }
    case .less: return x.combined(with: y) { ~$0 & $1 }
    case .greater: return x.combined(with: y) { $0 & ~$1 }
    }
  }

  /// Decimals of different scales or widths, exactly.
  private static func decimals(
    _ base: Base, _ a: Column, _ scaleA: Int, _ b: Column, _ scaleB: Int, _ isConstant: Bool
  ) -> Bitmap? {
    guard let x = a.unscaledValues(), let y = b.unscaledValues() else { return nil }
    let (left, right) = (a.with(a.type, .fixed(x)), b.with(b.type, .fixed(y)))
    let wanted: Ordering = base == .equal ? .equal : base == .less ? .less : .greater
    return loop(Int128.self, left, right, isConstant) { Decimal128.compare($0, scaleA, $1, scaleB) == wanted }
  }

  private static func bytes(_ base: Base, _ a: Column, _ b: Column, _ isConstant: Bool) -> Bitmap? {
    guard case .bytes(let offsetsA, let dataA) = a.storage, case .bytes(let offsetsB, let dataB) = b.storage else {
      return nil
    }
    defer { withExtendedLifetime((offsetsA, dataA, offsetsB, dataB)) {} }
    let result = Bitmap.uninitialized(count: a.count)
    let x = offsetsA.pointer.assumingMemoryBound(to: Int32.self)
    let y = offsetsB.pointer.assumingMemoryBound(to: Int32.self)
    let left = dataA.pointer
    let right = dataB.pointer
    let step = isConstant ? 0 : 1
    switch base {
    case .equal:
      Bits.fill(result.mutableWords, count: a.count) { row in
        let other = row &* step
        let length = x[row &+ 1] &- x[row]
        return length == y[other &+ 1] &- y[other]
          && memcmp(left + Int(x[row]), right + Int(y[other]), Int(length)) == 0
      }
    case .less, .greater:
      let sign: Int = base == .less ? -1 : 1
      Bits.fill(result.mutableWords, count: a.count) { row in
        let other = row &* step
        return ByteOrder.compare(
          left + Int(x[row]), Int(x[row &+ 1] &- x[row]), right + Int(y[other]), Int(y[other &+ 1] &- y[other])) == sign
      }
    }
    return result
  }
}

enum ByteOrder {
  /// -1, 0 or 1.
  @inline(__always)
  static func compare(_ a: UnsafeRawPointer, _ countA: Int, _ b: UnsafeRawPointer, _ countB: Int) -> Int {
    let order = memcmp(a, b, min(countA, countB))
    if order != 0 { return order < 0 ? -1 : 1 }
    return countA == countB ? 0 : countA < countB ? -1 : 1
  }

  @inline(__always)
  static func areEqual(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool { memcmp(a, b, count) == 0 }

  /// The first place of a byte in `count` bytes.
  @inline(__always)
  static func index(of byte: UInt8, in start: UnsafeRawPointer, _ count: Int) -> Int? {
    guard count > 0, let found = memchr(start, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - start
  }
}

extension Column {
  /// A decimal's or whole number's values as `Int128`s; `nil` for other types.
  func unscaledValues() -> Buffer? {
    switch type {
    case .decimal(let precision, _) where precision > 18 && precision <= 38: storage.buffer
    case .decimal(let precision, _) where precision <= 18:
      mapped(Int64.self, to: .decimal(precision: 38, scale: 0)) { Int128($0) }.storage.buffer
    default: nil
    }
  }
}
