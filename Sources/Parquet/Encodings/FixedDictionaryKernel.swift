internal import Columnar

/// Codes for different numbers of 4, 8 or 16 bytes, in the order of their first coming. A class, since it owns tables
/// that are filled in place.
///
/// Numbers of a small range, as dates and quantities are, are looked up in a table with a place for each number of the
/// range; others in a hash table of codes with linear probing.
final class FixedDictionary<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable> {
  private(set) var count = 0
  private let limit: Int
  private var entries = EncodingBuffer()
  /// A code for each number from `first` on, or each place of the hash table; -1 where there is none.
  private var codes = EncodingBuffer()
  private var isHashed = false
  /// The numbers of the range, or the places of the hash table, a power of two.
  private var placeCount = 0
  private var first: Value = 0

  private static var largestRange: Int { 1 << 18 }
  private static var width: Int { Value.bitWidth / 8 }

  /// - Parameter limit: the most different values.
  init(limit: Int) { self.limit = min(limit, Int(Int32.max)) }

  func removeAll() {
    entries.removeAll()
    (count, placeCount, isHashed) = (0, 0, false)
  }

  /// The different values, by code.
  var values: Buffer { entries.view() }

  /// Writes a code for each value; stops before one that would be a different value too many.
  ///
  /// - Returns: how many have a code.
  func append(_ values: UnsafePointer<Value>, count: Int, codes target: UnsafeMutablePointer<UInt32>) -> Int {
    var done = 0
    if !isHashed {
      while done < count {
        if !rangeReaches(values + done, count: count &- done) { break }
        let start = done
        if !appendInRange(values, count, &done, target) { return done }
        if done == start { break }
      }
      if done == count { return done }
      beginHashing()
    }
    return appendHashed(values, from: done, count, target)
  }

  // MARK: Range

  /// Codes values as long as they are in the range. Returns `false` when there are too many different ones.
  ///
  /// As long as many are new ones, each value is stored as if it were new, without a branch that nobody can predict.
  private func appendInRange(
    _ values: UnsafePointer<Value>, _ count: Int, _ done: inout Int, _ target: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let first = first
    let places = UInt(bitPattern: placeCount)
    let codes = codes.base.assumingMemoryBound(to: Int32.self)
    // One more than there may be: what is stored there is no entry.
    entries.reserve((min(limit &- self.count, count &- done) &+ 1) &* Self.width)
    let entries = entries.base.assumingMemoryBound(to: Value.self)
    let limit = limit
    var next = self.count
    var index = done
    var isRich = true
    defer {
      self.entries.fill((next &- self.count) &* Self.width)
      self.count = next
      done = index
    }
    while index < count {
      let end = min(count, index &+ 512)
      let before = next
      if isRich {
        while index < end {
          let place = UInt(truncatingIfNeeded: Value.Magnitude(truncatingIfNeeded: values[index] &- first))
          guard place < places else { return true }
          var code = codes[Int(bitPattern: place)]
          if next == limit, code < 0 { return false }
          entries[next] = values[index]
          let isNew = code < 0
          code = isNew ? Int32(truncatingIfNeeded: next) : code
          next &+= isNew ? 1 : 0
          codes[Int(bitPattern: place)] = code
          target[index] = UInt32(bitPattern: code)
          index &+= 1
        }
      } else {
        while index < end {
          let place = UInt(truncatingIfNeeded: Value.Magnitude(truncatingIfNeeded: values[index] &- first))
          guard place < places else { return true }
          var code = codes[Int(bitPattern: place)]
          if code < 0 {
            if next == limit { return false }
            entries[next] = values[index]
            code = Int32(truncatingIfNeeded: next)
            next &+= 1
            codes[Int(bitPattern: place)] = code
          }
          target[index] = UInt32(bitPattern: code)
          index &+= 1
        }
      }
      isRich = next &- before > 8
    }
    return true
  }

  /// Makes the range reach the next value, and all others if it can; `false` when that is too much.
  private func rangeReaches(_ values: UnsafePointer<Value>, count: Int) -> Bool {
    if placeCount > 0, contains(values[0]) { return true }
    guard Value.bitWidth <= 64 else { return false }
    var (low, high) = (values[0], values[0])
    for index in 0..<count {
      low = min(low, values[index])
      high = max(high, values[index])
    }
    if placeCount > 0 {
      low = min(low, first)
      high = max(high, first &+ Value(truncatingIfNeeded: placeCount &- 1))
    }
    // A few values aren't worth clearing a large table.
    let most = min(Self.largestRange, max(1024, 64 * (count + self.count)))
    let (span, overflow) = Int(truncatingIfNeeded: high).subtractingReportingOverflow(Int(truncatingIfNeeded: low))
    guard !overflow, span < most else { return false }
    // Room for more, on the side where it was needed; some is left for the other side.
    let room = Value(truncatingIfNeeded: min((most - 1 - span) / 2, max(64, span / 2)))
    if placeCount > 0, values[0] < first {
      let (lower, isTooLow) = low.subtractingReportingOverflow(room)
      low = isTooLow ? low : lower
    } else {
      let (higher, isTooHigh) = high.addingReportingOverflow(room)
      high = isTooHigh ? high : higher
    }
    placeCount = Int(truncatingIfNeeded: high) - Int(truncatingIfNeeded: low) + 1
    first = low
    clearCodes()
    let codes = codes.base.assumingMemoryBound(to: Int32.self)
    let entries = entries.base.assumingMemoryBound(to: Value.self)
    for code in 0..<self.count {
      codes[Int(truncatingIfNeeded: entries[code]) &- Int(truncatingIfNeeded: low)] = Int32(truncatingIfNeeded: code)
    }
    return true
  }

  private func contains(_ value: Value) -> Bool {
    UInt(truncatingIfNeeded: Value.Magnitude(truncatingIfNeeded: value &- first)) < UInt(bitPattern: placeCount)
  }

  // MARK: Hash table

  private func appendHashed(
    _ values: UnsafePointer<Value>, from start: Int, _ count: Int, _ target: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let seed = HashKernel.seed
    var codes = codes.base.assumingMemoryBound(to: Int32.self)
    var entries = entries.base.assumingMemoryBound(to: Value.self)
    var mask = placeCount &- 1
    for index in start..<count {
      let value = values[index]
      var place = Int(truncatingIfNeeded: Self.hash(value, seed)) & mask
      while true {
        let code = codes[place]
        if code < 0 {
          guard let new = insert(value) else { return index }
          codes[place] = new
          target[index] = UInt32(bitPattern: new)
          if self.count &* 2 > placeCount { growTable() }
          codes = self.codes.base.assumingMemoryBound(to: Int32.self)
          entries = self.entries.base.assumingMemoryBound(to: Value.self)
          mask = placeCount &- 1
          break
        }
        if entries[Int(code)] == value {
          target[index] = UInt32(bitPattern: code)
          break
        }
        place = (place &+ 1) & mask
      }
    }
    return count
  }

  @inline(__always)
  private static func hash(_ value: Value, _ seed: HashKernel.Seed) -> UInt64 {
    if Value.bitWidth <= 64 { return HashKernel.hash(UInt64(truncatingIfNeeded: value), seed) }
    return HashKernel.hash(UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64), seed)
  }

  private func beginHashing() {
    isHashed = true
    placeCount = 64
    while placeCount < count * 4 { placeCount *= 2 }
    fillTable()
  }

  private func growTable() {
    placeCount *= 4
    fillTable()
  }

  private func fillTable() {
    clearCodes()
    let seed = HashKernel.seed
    let codes = codes.base.assumingMemoryBound(to: Int32.self)
    let entries = entries.base.assumingMemoryBound(to: Value.self)
    let mask = placeCount &- 1
    for code in 0..<count {
      var place = Int(truncatingIfNeeded: Self.hash(entries[code], seed)) & mask
      while codes[place] >= 0 { place = (place &+ 1) & mask }
      codes[place] = Int32(truncatingIfNeeded: code)
    }
  }

  // MARK: Both

  private func insert(_ value: Value) -> Int32? {
    guard count < limit else { return nil }
    entries.reserve(Self.width).storeBytes(of: value, as: Value.self)
    entries.fill(Self.width)
    count &+= 1
    return Int32(truncatingIfNeeded: count &- 1)
  }

  private func clearCodes() {
    codes.removeAll()
    codes.reserve(placeCount * 4).initializeMemory(as: Int32.self, repeating: -1, count: placeCount)
  }
}
