internal import Columnar

/// Codes for different byte strings, in the order of their first coming. A class, since it owns tables that are filled
/// in place.
///
/// The hash table's places hold half of a string's hash and its code, so that strings are hardly ever compared in vain.
final class StringDictionary {
  private(set) var count = 0
  private let byteLimit: Int
  /// `count + 1` offsets as `Int32`, from 0 on.
  private var offsets = EncodingBuffer()
  private var data = EncodingBuffer()
  /// The upper half of a hash, and the code + 1 below; 0 where there is none.
  private var places = EncodingBuffer()
  private var placeCount = 0
  /// A string that ends so near to the end of its memory that no whole word may be read there is copied here first.
  private var scratch = EncodingBuffer()

  /// - Parameter byteLimit: the most bytes of different strings, with 4 more for each one.
  init(byteLimit: Int) {
    self.byteLimit = min(byteLimit, Int(Int32.max))
    removeAll()
  }

  func removeAll() {
    offsets.removeAll()
    offsets.append(littleEndian: 0)
    data.removeAll()
    (count, placeCount) = (0, 0)
  }

  /// Bytes of the strings, without their lengths.
  var dataByteCount: Int { data.count }

  /// The different strings, by code.
  var values: (offsets: Buffer, data: Buffer) { (offsets.view(), data.view()) }

  /// Writes a code for each string between an offset and the next; stops before a different one that is too much.
  ///
  /// - Returns: how many have a code.
  func append(
    offsets: UnsafePointer<Int32>, _ bytes: UnsafeRawBufferPointer, count: Int,
    codes: UnsafeMutablePointer<UInt32>
  ) -> Int {
    append(bytes, count, codes) { Int(offsets[$0]) }
  }

  /// The same for strings of one length, one behind the other.
  func append(
    _ bytes: UnsafeRawBufferPointer, length: Int, count: Int, codes: UnsafeMutablePointer<UInt32>
  ) -> Int {
    append(bytes, count, codes) { $0 &* length }
  }

  @inline(__always)
  private func append(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ codes: UnsafeMutablePointer<UInt32>, offset: (Int) -> Int
  ) -> Int {
    guard count > 0 else { return 0 }
    if placeCount == 0 { clearPlaces(64) }
    let seed = HashKernel.seed
    let base = bytes.baseAddress ?? UnsafeRawPointer(offsets.base)
    let safe = bytes.count &- 8
    var places = places.base.assumingMemoryBound(to: UInt64.self)
    var mask = placeCount &- 1
    var entryOffsets = UnsafePointer(self.offsets.base.assumingMemoryBound(to: Int32.self))
    var entryData = UnsafeRawPointer(self.data.base)
    for index in 0..<count {
      let start = offset(index)
      let end = offset(index &+ 1)
      let length = end &- start
      let string = end <= safe ? base + start : copied(base + start, length)
      let hash = HashKernel.hash(string, length: length, seed)
      var place = Int(truncatingIfNeeded: hash) & mask
      while true {
        let entry = places[place]
        if entry == 0 {
          guard let code = insert(string, length) else { return index }
          places[place] = hash & ~0xFFFF_FFFF | UInt64(code &+ 1)
          codes[index] = code
          if self.count &* 2 > placeCount { growTable() }
          places = self.places.base.assumingMemoryBound(to: UInt64.self)
          mask = placeCount &- 1
          entryOffsets = UnsafePointer(self.offsets.base.assumingMemoryBound(to: Int32.self))
          entryData = UnsafeRawPointer(self.data.base)
          break
        }
        if (entry ^ hash) &>> 32 == 0 {
          let code = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
          let from = Int(entryOffsets[code])
          if Int(entryOffsets[code &+ 1]) &- from == length,
            HashKernel.areEqual(string, entryData + from, length: length)
          {
            codes[index] = UInt32(truncatingIfNeeded: code)
            break
          }
        }
        place = (place &+ 1) & mask
      }
    }
    return count
  }

  private func copied(_ string: UnsafeRawPointer, _ length: Int) -> UnsafeRawPointer {
    scratch.removeAll()
    scratch.reserve(length)
    scratch.append(UnsafeRawBufferPointer(start: string, count: length))
    return UnsafeRawPointer(scratch.base)
  }

  private func insert(_ string: UnsafeRawPointer, _ length: Int) -> UInt32? {
    guard data.count &+ length &+ 4 &* (count &+ 1) <= byteLimit else { return nil }
    data.append(UnsafeRawBufferPointer(start: string, count: length))
    offsets.append(littleEndian: UInt32(truncatingIfNeeded: data.count))
    count &+= 1
    return UInt32(truncatingIfNeeded: count &- 1)
  }

  private func clearPlaces(_ count: Int) {
    placeCount = count
    places.removeAll()
    places.reserve(count * 8).initializeMemory(as: UInt64.self, repeating: 0, count: count)
  }

  private func growTable() {
    clearPlaces(placeCount * 4)
    let seed = HashKernel.seed
    let places = places.base.assumingMemoryBound(to: UInt64.self)
    let offsets = offsets.base.assumingMemoryBound(to: Int32.self)
    let mask = placeCount &- 1
    for code in 0..<count {
      let start = Int(offsets[code])
      let hash = HashKernel.hash(data.base + start, length: Int(offsets[code &+ 1]) &- start, seed)
      var place = Int(truncatingIfNeeded: hash) & mask
      while places[place] != 0 { place = (place &+ 1) & mask }
      places[place] = hash & ~0xFFFF_FFFF | UInt64(code &+ 1)
    }
  }
}
