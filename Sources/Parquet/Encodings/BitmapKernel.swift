/// Bits, least significant first: filled, copied at any alignment, and used to spread values over nulls.
enum BitmapKernel {
  /// Sets or clears bits `start ..< start + count`; other bits stay.
  static func fill(_ bits: UnsafeMutablePointer<UInt8>, from start: Int, count: Int, with bit: Bool) {
    guard count > 0 else { return }
    let end = start &+ count
    let first = start >> 3
    let last = (end &- 1) >> 3
    let head = UInt8(truncatingIfNeeded: 0xFF << (start & 7))
    let tail = UInt8(truncatingIfNeeded: 0xFF >> (7 - (end &- 1) & 7))
    func merge(_ index: Int, _ mask: UInt8) { bits[index] = bit ? bits[index] | mask : bits[index] & ~mask }
    if first == last { return merge(first, head & tail) }
    merge(first, head)
    if last > first + 1 { (bits + first + 1).update(repeating: bit ? 0xFF : 0, count: last - first - 1) }
    merge(last, tail)
  }

  /// Copies `count` bits and counts those that are set. The target's bits behind the last copied one, up to a multiple
  /// of 64, may change: bits are written front to back.
  static func copy(
    _ source: UnsafeRawBufferPointer, from sourceStart: Int, to target: UnsafeMutablePointer<UInt8>,
    at targetStart: Int, count: Int
  ) -> Int {
    guard count > 0, let base = source.baseAddress else { return 0 }
    assert(sourceStart + count <= source.count * 8)
    var set = 0
    var done = 0
    func one() {
      let from = sourceStart &+ done
      let to = targetStart &+ done
      let bit = (base.load(fromByteOffset: from >> 3, as: UInt8.self) >> UInt8(from & 7)) & 1
      let mask = UInt8(1) << UInt8(to & 7)
      target[to >> 3] = bit != 0 ? target[to >> 3] | mask : target[to >> 3] & ~mask
      set &+= Int(bit)
      done &+= 1
    }
    while done < count, (targetStart &+ done) & 7 != 0 { one() }
    let output = UnsafeMutableRawPointer(target)
    // 56 bits at a time: one unaligned load holds them whatever the shift.
    while count &- done >= 56 {
      let from = sourceStart &+ done
      guard (from >> 3) &+ 8 <= source.count else { break }
      var word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: from >> 3, as: UInt64.self))
      word = (word >> UInt64(from & 7)) & 0x00FF_FFFF_FFFF_FFFF
      let to = (targetStart &+ done) >> 3
      output.storeBytes(of: UInt32(truncatingIfNeeded: word).littleEndian, toByteOffset: to, as: UInt32.self)
      output.storeBytes(
        of: UInt16(truncatingIfNeeded: word >> 32).littleEndian, toByteOffset: to &+ 4, as: UInt16.self)
      output.storeBytes(of: UInt8(truncatingIfNeeded: word >> 48), toByteOffset: to &+ 6, as: UInt8.self)
      set &+= word.nonzeroBitCount
      done &+= 56
    }
    while done < count { one() }
    return set
  }

  static func setCount(_ bits: UnsafePointer<UInt8>, from start: Int, count: Int) -> Int {
    var set = 0
    var index = start
    let end = start &+ count
    while index < end, index & 7 != 0 || end &- index < 64 {
      set &+= Int((bits[index >> 3] >> UInt8(index & 7)) & 1)
      index &+= 1
    }
    while end &- index >= 64 {
      set &+= UnsafeRawPointer(bits).loadUnaligned(fromByteOffset: index >> 3, as: UInt64.self).nonzeroBitCount
      index &+= 64
    }
    while index < end {
      set &+= Int((bits[index >> 3] >> UInt8(index & 7)) & 1)
      index &+= 1
    }
    return set
  }

  /// Spreads the first `present` values over the set ones of `count` slots, in place, with 0 in the others.
  static func spread<Value: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafeMutablePointer<Value>, present: Int, over bits: UnsafePointer<UInt8>, from start: Int, count: Int
  ) {
    spread(values, present, bits, start, count, zero: 0)
  }

  /// The same for values of 12 bytes and such: `width` bytes each.
  static func spread(
    _ values: UnsafeMutableRawPointer, width: Int, present: Int, over bits: UnsafePointer<UInt8>, from start: Int,
    count: Int
  ) {
    var next = present
    var slot = count
    while slot > next {
      slot &-= 1
      let isSet = (bits[(start &+ slot) >> 3] >> UInt8((start &+ slot) & 7)) & 1 != 0
      let target = values + slot &* width
      if isSet, next > 0 {
        next &-= 1
        if next != slot { target.copyMemory(from: values + next &* width, byteCount: width) }
      } else {
        target.initializeMemory(as: UInt8.self, repeating: 0, count: width)
      }
    }
  }

  @inline(__always)
  private static func spread<Value: BitwiseCopyable>(
    _ values: UnsafeMutablePointer<Value>, _ present: Int, _ bits: UnsafePointer<UInt8>, _ start: Int, _ count: Int,
    zero: Value
  ) {
    // From the back, so that no value is overwritten before it has moved. Done as soon as no null is in front.
    var next = present
    var slot = count
    while slot > next, next > 0 {
      let bit = start &+ slot
      if bit & 7 == 0, slot >= 64, next >= 64 {
        var word = UnsafeRawPointer(bits).loadUnaligned(fromByteOffset: (bit &- 64) >> 3, as: UInt64.self).littleEndian
        slot &-= 64
        if word == .max {
          next &-= 64
          (values + slot).update(from: values + next, count: 64)
        } else if word == 0 {
          (values + slot).update(repeating: zero, count: 64)
        } else {
          var target = slot &+ 64
          while target > slot {
            target &-= 1
            let value = values[next &- 1]
            let isSet = word >> 63 != 0
            values[target] = isSet ? value : zero
            next &-= isSet ? 1 : 0
            word &<<= 1
          }
        }
        continue
      }
      slot &-= 1
      let isSet = (bits[(start &+ slot) >> 3] >> UInt8((start &+ slot) & 7)) & 1 != 0
      let value = values[next &- 1]
      values[slot] = isSet ? value : zero
      next &-= isSet ? 1 : 0
    }
    if next == 0 { values.update(repeating: zero, count: slot) }
  }

  /// Spreads the ends of `present` strings: a null ends where the string before it does, at first at `origin`.
  static func spreadEnds(
    _ ends: UnsafeMutablePointer<Int32>, present: Int, over bits: UnsafePointer<UInt8>, from start: Int, count: Int,
    origin: Int32
  ) {
    var next = present
    var slot = count
    while slot > next {
      slot &-= 1
      let isSet = (bits[(start &+ slot) >> 3] >> UInt8((start &+ slot) & 7)) & 1 != 0
      ends[slot] = next > 0 ? ends[next &- 1] : origin
      next &-= isSet && next > 0 ? 1 : 0
    }
  }

  /// Spreads bits, from a dense copy of them.
  static func spreadBits(
    _ dense: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>, at targetStart: Int,
    over bits: UnsafePointer<UInt8>, from start: Int, count: Int
  ) {
    var next = 0
    for slot in 0..<count {
      let isSet = (bits[(start &+ slot) >> 3] >> UInt8((start &+ slot) & 7)) & 1
      let value = isSet & (dense[next >> 3] >> UInt8(next & 7)) & 1
      let to = targetStart &+ slot
      let mask = UInt8(1) << UInt8(to & 7)
      target[to >> 3] = value != 0 ? target[to >> 3] | mask : target[to >> 3] & ~mask
      next &+= Int(isSet)
    }
  }
}
