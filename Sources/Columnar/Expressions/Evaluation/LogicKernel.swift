// SQL's three truth values on bitmaps, 64 rows at a time. A row is true (value and validity set), false (validity set
// alone) or null (validity clear; the value bit is then anything).

enum Logic {
  static func and(_ first: Column, _ second: Column) -> Column {
    combine(first, second) {
      ($0 & $1, $0 & $1)
    } mixed: { a, knownA, b, knownB in
      let isTrue = a & knownA & b & knownB
      return (isTrue, isTrue | (~a & knownA) | (~b & knownB))
    }
  }

  static func or(_ first: Column, _ second: Column) -> Column {
    combine(first, second) {
      ($0 | $1, $0 | $1)
    } mixed: { a, knownA, b, knownB in
      let isTrue = (a & knownA) | (b & knownB)
      return (isTrue, isTrue | (~a & knownA & ~b & knownB))
    }
  }

  static func not(_ column: Column) -> Column {
    guard case .boolean(let bits) = column.storage else { return column }
    return column.with(.boolean, .boolean(bits.inverted()))
  }

  /// Null-safe equality from plain equality.
  static func nullSafe(_ equal: Bitmap, _ first: Column, _ second: Column) -> Column {
    if first.nullCount == 0, second.nullCount == 0 { return Column(truth: equal) }
    let bothKnown = first.validBits.intersection(second.validBits)
    let bothNull = first.nullBits.intersection(second.nullBits)
    return Column(truth: equal.intersection(bothKnown).union(bothNull))
  }

  @inline(__always)
  private static func combine(
    _ first: Column, _ second: Column, plain: (UInt64, UInt64) -> (UInt64, UInt64),
    mixed: (UInt64, UInt64, UInt64, UInt64) -> (value: UInt64, known: UInt64)
  ) -> Column {
    guard case .boolean(let a) = first.storage, case .boolean(let b) = second.storage else {
      return Column(nulls: first.count, of: .boolean)
    }
    let count = first.count
    let values = Bitmap.uninitialized(count: count)
    let target = values.mutableWords
    let words = Bitmap.wordCount(count)
    guard first.validity != nil || second.validity != nil else {
      for index in 0..<words { target[index] = plain(a.word(index), b.word(index)).0 }
      return Column(truth: values)
    }
    let known = Bitmap.uninitialized(count: count)
    let knownTarget = known.mutableWords
    for index in 0..<words {
      let result = mixed(
        a.word(index), first.validity?.word(index) ?? .max, b.word(index), second.validity?.word(index) ?? .max)
      target[index] = result.value
      knownTarget[index] = result.known
    }
    return Column(truth: values, validity: known)
  }
}
