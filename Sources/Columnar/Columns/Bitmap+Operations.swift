extension Bitmap {
  /// The bits set in both; O(count / 64).
  public func intersection(_ other: Bitmap) -> Bitmap { combined(with: other) { $0 & $1 } }

  /// The bits set in either; O(count / 64).
  public func union(_ other: Bitmap) -> Bitmap { combined(with: other) { $0 | $1 } }

  /// The bits set here and not in `other`; O(count / 64).
  public func subtracting(_ other: Bitmap) -> Bitmap { combined(with: other) { $0 & ~$1 } }

  /// Each bit the other way; O(count / 64).
  public func inverted() -> Bitmap { combined(with: self) { first, _ in ~first } }

  /// What is valid in two columns at once, `nil` meaning everything.
  package static func intersection(_ first: Bitmap?, _ second: Bitmap?) -> Bitmap? {
    guard let first else { return second }
    guard let second else { return first }
    return first.intersection(second)
  }

  /// The bitmaps one after the other.
  static func concatenating(_ parts: [Bitmap]) -> Bitmap {
    if parts.count == 1 { return parts[0] }
    let total = parts.reduce(0) { $0 + $1.count }
    let result = Buffer(zeroed: (total + 7) / 8)
    let target = result.mutablePointer.assumingMemoryBound(to: UInt8.self)
    var start = 0
    for part in parts {
      part.append(to: target, at: start)
      start += part.count
    }
    return Bitmap(buffer: result, count: total)
  }
}

/// Equal bit by bit.
extension Bitmap: Equatable {
  public static func == (first: Bitmap, second: Bitmap) -> Bool {
    guard first.count == second.count else { return false }
    for index in 0..<wordCount(first.count) {
      var difference = first.word(index) ^ second.word(index)
      let left = first.count - index << 6
      if left < 64 { difference &= (1 << UInt64(left)) - 1 }
      if difference != 0 { return false }
    }
    return true
  }
}
