internal import Columnar

/// Loops that make levels out of validity and offsets.
///
/// Entries are bytes: the definition level at which one ended, or ``alive``. Those alive have slots, either a range
/// from `first` on or `Int32` rows. All slots were checked to be inside of their column.
enum LevelBuildKernel {
  static let alive: UInt8 = 0xFF

  static func allAlive(_ count: Int) -> Buffer {
    let result = Buffer(uninitialized: count)
    result.mutablePointer.initializeMemory(as: UInt8.self, repeating: alive, count: count)
    return result
  }

  /// Gives those alive their level.
  static func finish(_ definitions: Buffer, count: Int, level: Int) {
    let levels = definitions.mutablePointer.assumingMemoryBound(to: UInt8.self)
    let level = UInt8(truncatingIfNeeded: level)
    for index in 0..<count { levels[index] = levels[index] == alive ? level : levels[index] }
    withExtendedLifetime(definitions) {}
  }

  static func setCount(_ validity: Bitmap, at rows: Buffer) -> Int {
    let slots = rows.pointer.assumingMemoryBound(to: Int32.self)
    var set = 0
    for index in 0..<rows.count / 4 { set &+= validity.isSet(Int(slots[index])) ? 1 : 0 }
    return withExtendedLifetime((rows, validity)) { set }
  }

  /// Ends the entries alive whose slot is not valid; the slots of the others, `valid` of them.
  static func end(
    _ definitions: Buffer, count: Int, at level: Int, first: Int, _ validity: Bitmap, valid: Int
  ) -> Buffer {
    end(definitions, count, level, validity, valid) { first &+ $0 }
  }

  static func end(
    _ definitions: Buffer, count: Int, at level: Int, rows: Buffer, _ validity: Bitmap, valid: Int
  ) -> Buffer {
    let slots = rows.pointer.assumingMemoryBound(to: Int32.self)
    defer { withExtendedLifetime(rows) {} }
    return end(definitions, count, level, validity, valid) { Int(slots[$0]) }
  }

  @inline(__always)
  private static func end(
    _ definitions: Buffer, _ count: Int, _ level: Int, _ validity: Bitmap, _ valid: Int, slot: (Int) -> Int
  ) -> Buffer {
    let levels = definitions.mutablePointer.assumingMemoryBound(to: UInt8.self)
    let level = UInt8(truncatingIfNeeded: level)
    // One more, since a slot is stored before it is known to be valid.
    let result = Buffer(uninitialized: (valid + 1) * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    var next = 0
    var kept = 0
    for index in 0..<count where levels[index] == alive {
      let row = slot(next)
      next &+= 1
      target[kept] = Int32(truncatingIfNeeded: row)
      let isValid = validity.isSet(row)
      levels[index] = isValid ? alive : level
      kept &+= isValid ? 1 : 0
    }
    assert(kept == valid)
    return withExtendedLifetime((definitions, validity)) { result.slice(0..<valid * 4) }
  }

  /// The range that ascending slots span, and a bit for each place in it: whether it is one of them.
  static func bits(of rows: Buffer) -> (range: Range<Int>, bits: Bitmap?) {
    let count = rows.count / 4
    guard count > 0 else { return (0..<0, nil) }
    let slots = rows.pointer.assumingMemoryBound(to: Int32.self)
    let range = Int(slots[0])..<Int(slots[count - 1]) + 1
    if range.count == count { return withExtendedLifetime(rows) { (range, nil) } }
    let buffer = Buffer(zeroed: (range.count + 7) / 8)
    let bits = buffer.mutablePointer.assumingMemoryBound(to: UInt8.self)
    for index in 0..<count {
      let place = Int(slots[index]) &- range.lowerBound
      bits[place &>> 3] |= 1 &<< UInt8(truncatingIfNeeded: place & 7)
    }
    return withExtendedLifetime(rows) { (range, Bitmap(buffer: buffer, count: range.count)) }
  }

  // MARK: Lists

  /// What lists hold together.
  struct Lists {
    /// The elements of all.
    var elements: Int
    /// The lists without elements.
    var empty: Int
    /// The elements lie in `first ..< end`, perhaps with others in between.
    var first: Int
    var end: Int
  }

  static func lists(_ offsets: Buffer, first: Int, count: Int) -> Lists {
    lists(offsets, count) { first &+ $0 }
  }

  static func lists(_ offsets: Buffer, rows: Buffer) -> Lists {
    let slots = rows.pointer.assumingMemoryBound(to: Int32.self)
    defer { withExtendedLifetime(rows) {} }
    return lists(offsets, rows.count / 4) { Int(slots[$0]) }
  }

  @inline(__always)
  private static func lists(_ offsets: Buffer, _ count: Int, slot: (Int) -> Int) -> Lists {
    guard count > 0 else { return Lists(elements: 0, empty: 0, first: 0, end: 0) }
    let bounds = offsets.pointer.assumingMemoryBound(to: Int32.self)
    var elements = 0
    var empty = 0
    for index in 0..<count {
      let row = slot(index)
      let length = Int(bounds[row &+ 1]) &- Int(bounds[row])
      elements &+= length
      empty &+= length == 0 ? 1 : 0
    }
    let first = Int(bounds[slot(0)])
    let end = Int(bounds[slot(count - 1) + 1])
    return withExtendedLifetime(offsets) { Lists(elements: elements, empty: empty, first: first, end: end) }
  }

  /// The slots of the lists' elements.
  static func elements(_ offsets: Buffer, rows: Buffer, total: Int) -> Buffer {
    let slots = rows.pointer.assumingMemoryBound(to: Int32.self)
    let bounds = offsets.pointer.assumingMemoryBound(to: Int32.self)
    let result = Buffer(uninitialized: total * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    var filled = 0
    for index in 0..<rows.count / 4 {
      let row = Int(slots[index])
      var element = bounds[row]
      let end = bounds[row &+ 1]
      while element < end, filled < total {
        target[filled] = element
        filled &+= 1
        element &+= 1
      }
    }
    return withExtendedLifetime((offsets, rows)) { result.slice(0..<filled * 4) }
  }

  struct Entries {
    var definitions: Buffer?
    var repetitions: Buffer
  }

  /// Replaces each list alive by its elements; an empty one ends.
  ///
  /// - Parameters:
  ///   - total: entries afterwards.
  ///   - repetition: the level of all elements but the first of each list.
  ///   - hasEnded: whether there are entries afterwards that are not alive.
  static func expand(
    _ definitions: Buffer?, _ repetitions: Buffer?, count: Int, _ offsets: Buffer, first: Int, to total: Int,
    level: Int, repetition: Int, hasEnded: Bool
  ) -> Entries {
    expand(definitions, repetitions, count, offsets, total, level, repetition, hasEnded) { first &+ $0 }
  }

  static func expand(
    _ definitions: Buffer?, _ repetitions: Buffer?, count: Int, _ offsets: Buffer, rows: Buffer, to total: Int,
    level: Int, repetition: Int, hasEnded: Bool
  ) -> Entries {
    let slots = rows.pointer.assumingMemoryBound(to: Int32.self)
    defer { withExtendedLifetime(rows) {} }
    return expand(definitions, repetitions, count, offsets, total, level, repetition, hasEnded) { Int(slots[$0]) }
  }

  @inline(__always)
  private static func expand(
    _ definitions: Buffer?, _ repetitions: Buffer?, _ count: Int, _ offsets: Buffer, _ total: Int, _ level: Int,
    _ repetition: Int, _ hasEnded: Bool, slot: (Int) -> Int
  ) -> Entries {
    let bounds = offsets.pointer.assumingMemoryBound(to: Int32.self)
    let oldLevels = definitions?.pointer.assumingMemoryBound(to: UInt8.self)
    let oldRepetitions = repetitions?.pointer.assumingMemoryBound(to: UInt8.self)
    let newRepetitions = Buffer(uninitialized: total)
    let targetRepetitions = newRepetitions.mutablePointer.assumingMemoryBound(to: UInt8.self)
    let newDefinitions = hasEnded ? allAlive(total) : nil
    let targetLevels = newDefinitions?.mutablePointer.assumingMemoryBound(to: UInt8.self)
    let level = UInt8(truncatingIfNeeded: level)
    let repetition = UInt8(truncatingIfNeeded: repetition)
    var next = 0
    var filled = 0
    for index in 0..<count {
      let outer = oldRepetitions?[index] ?? 0
      let definition = oldLevels?[index] ?? alive
      guard definition == alive else {
        targetLevels?[filled] = definition
        targetRepetitions[filled] = outer
        filled &+= 1
        continue
      }
      let row = slot(next)
      next &+= 1
      let length = Int(bounds[row &+ 1]) &- Int(bounds[row])
      targetRepetitions[filled] = outer
      if length == 0 {
        targetLevels?[filled] = level
        filled &+= 1
      } else {
        // Lengths add up to `total`; a negative one, which no column has, must not lead outside.
        let end = min(total, filled &+ max(1, length))
        filled &+= 1
        while filled < end {
          targetRepetitions[filled] = repetition
          filled &+= 1
        }
      }
      if filled >= total { break }
    }
    return withExtendedLifetime((definitions, repetitions, offsets)) {
      Entries(definitions: newDefinitions, repetitions: newRepetitions)
    }
  }
}
