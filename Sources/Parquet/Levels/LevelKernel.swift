/// Loops over definition and repetition levels, a byte each.
enum LevelKernel {
  static func maximum(_ levels: UnsafePointer<UInt8>, _ count: Int) -> UInt8 {
    var result: UInt8 = 0
    for index in 0..<count { result = max(result, levels[index]) }
    return result
  }

  static func count(_ levels: UnsafePointer<UInt8>, _ count: Int, equalTo level: UInt8) -> Int {
    var result = 0
    for index in 0..<count { result &+= levels[index] == level ? 1 : 0 }
    return result
  }

  /// How often each level from 0 to `maximum` occurs. Levels are not above it.
  static func histogram(_ levels: UnsafeRawBufferPointer, maximum: Int) -> [Int64] {
    var result = [Int64](repeating: 0, count: 256)
    result.withUnsafeMutableBufferPointer { counts in
      for level in levels { counts[Int(level)] &+= 1 }
    }
    return Array(result[...maximum])
  }

  /// A bit an entry: whether its level is at least `threshold`. Returns how many are.
  static func validity(
    _ levels: UnsafePointer<UInt8>, _ count: Int, atLeast threshold: UInt8, into bits: UnsafeMutablePointer<UInt8>,
    at start: Int
  ) -> Int {
    var set = 0
    var index = 0
    while index < count, (start &+ index) & 7 != 0 {
      let isSet = levels[index] >= threshold
      put(bits, start &+ index, isSet)
      set &+= isSet ? 1 : 0
      index &+= 1
    }
    while index &+ 8 <= count {
      var byte: UInt8 = 0
      for bit in 0..<8 { byte |= (levels[index &+ bit] >= threshold ? 1 : 0) &<< UInt8(bit) }
      bits[(start &+ index) >> 3] = byte
      set &+= byte.nonzeroBitCount
      index &+= 8
    }
    while index < count {
      let isSet = levels[index] >= threshold
      put(bits, start &+ index, isSet)
      set &+= isSet ? 1 : 0
      index &+= 1
    }
    return set
  }

  /// A bit a slot, a slot being an entry whose innermost list has an element there: whether it is defined to the end.
  static func slots(
    _ levels: UnsafePointer<UInt8>, _ count: Int, exists: UInt8, defined: UInt8,
    into bits: UnsafeMutablePointer<UInt8>, at start: Int
  ) -> (slots: Int, present: Int) {
    var slots = 0
    var present = 0
    for index in 0..<count {
      let level = levels[index]
      let isSet = level >= defined
      put(bits, start &+ slots, isSet)
      slots &+= level >= exists ? 1 : 0
      present &+= isSet ? 1 : 0
    }
    return (slots, present)
  }

  /// The entries from `start` on that belong to rows, until `rows` rows have begun and the next one would.
  /// `rows` is lowered by the rows begun.
  static func entries(
    _ repetitions: UnsafePointer<UInt8>, from start: Int, to end: Int, rows: inout Int
  ) -> Int {
    var index = start
    while index < end {
      if repetitions[index] == 0 {
        if rows == 0 { break }
        rows &-= 1
      }
      index &+= 1
    }
    return index &- start
  }

  @inline(__always)
  private static func put(_ bits: UnsafeMutablePointer<UInt8>, _ index: Int, _ isSet: Bool) {
    let mask = UInt8(1) &<< UInt8(truncatingIfNeeded: index & 7)
    let byte = bits[index >> 3]
    bits[index >> 3] = isSet ? byte | mask : byte & ~mask
  }

  /// Validity of what stands at one place of the schema, for each of its slots.
  ///
  /// - Parameters:
  ///   - repetition: the most a slot's entry repeats; deeper ones are inside of a list within the slot.
  ///   - exists: the level from which the enclosing list has an element.
  ///   - defined: the level from which the slot isn't null.
  ///   - bits: room for a bit an entry and one more byte.
  static func structure(
    definitions: UnsafePointer<UInt8>, repetitions: UnsafePointer<UInt8>?, count: Int, repetition: UInt8,
    exists: UInt8, defined: UInt8, into bits: UnsafeMutablePointer<UInt8>
  ) -> (slots: Int, present: Int) {
    guard let repetitions else {
      return slots(definitions, count, exists: exists, defined: defined, into: bits, at: 0)
    }
    var slots = 0
    var present = 0
    for index in 0..<count where repetitions[index] <= repetition && definitions[index] >= exists {
      let isSet = definitions[index] >= defined
      put(bits, slots, isSet)
      slots &+= 1
      present &+= isSet ? 1 : 0
    }
    return (slots, present)
  }

  /// Offsets and validity of lists; `nil` when an entry continues a list without adding an element.
  ///
  /// - Parameters:
  ///   - repetition: the level at which entries add an element to a list.
  ///   - exists: the level from which the list enclosing this one has an element.
  ///   - defined: the level from which the list isn't null.
  ///   - element: the level from which the list has an element.
  ///   - offsets: room for a number an entry and one more.
  static func lists(
    definitions: UnsafePointer<UInt8>, repetitions: UnsafePointer<UInt8>, count: Int, repetition: UInt8,
    exists: UInt8, defined: UInt8, element: UInt8, offsets: UnsafeMutablePointer<Int32>,
    bits: UnsafeMutablePointer<UInt8>
  ) -> (slots: Int, present: Int, elements: Int)? {
    var slots = 0
    var present = 0
    var elements = 0
    for index in 0..<count {
      let level = repetitions[index]
      if level > repetition { continue }
      let definition = definitions[index]
      if level == repetition {
        guard definition >= element, slots > 0 else { return nil }
        elements &+= 1
      } else if definition >= exists {
        offsets[slots] = Int32(truncatingIfNeeded: elements)
        let isSet = definition >= defined
        put(bits, slots, isSet)
        present &+= isSet ? 1 : 0
        elements &+= definition >= element ? 1 : 0
        slots &+= 1
      }
    }
    offsets[slots] = Int32(truncatingIfNeeded: elements)
    return elements <= Int(Int32.max) ? (slots, present, elements) : nil
  }
}
