internal import Columnar

/// Codes for different byte strings, in the order of their first coming. A class, since it owns tables that are filled
/// in place.
///
/// Strings of up to 32 bytes are taken as four words, filled up with zeros: no loop and no branch depends on their
/// lengths. The hash table's places hold half of a string's hash and its code, so that strings are hardly ever compared
/// in vain.
final class StringDictionary {
  private(set) var count = 0
  private let byteLimit: Int
  /// `count + 1` offsets as `Int32`, from 0 on.
  private var offsets = EncodingBuffer()
  private var data = EncodingBuffer()
  /// A ``Key`` for each string; of a long one only its length counts.
  private var keys = EncodingBuffer()
  /// The upper half of a hash, and the code + 1 below; 0 where there is none.
  private var places = EncodingBuffer()
  private var placeCount = 0
  /// 32 bytes of ones, 32 of zeros: those from `32 - n` on keep the first `n` bytes of a string.
  private var mask = EncodingBuffer()
  /// A string that ends so near to the end of its memory that no whole words may be read there is copied here first.
  private var scratch = EncodingBuffer()

  private static var shortLength: Int { 32 }

  /// A short string: its words and its length. Four numbers: vectors of 64-bit ones are slow where there is only SSE2.
  private struct Key {
    let a, b, c, d, length: UInt64

    static var stride: Int { 40 }

    /// - Parameter isOneWord: whether no string is longer than 8 bytes; a literal, which makes most of this nothing.
    @inline(__always)
    init(_ bytes: UnsafeRawPointer, mask: UnsafeRawPointer, length: Int, isOneWord: Bool = false) {
      a = HashKernel.word(bytes) & HashKernel.word(mask)
      b = isOneWord ? 0 : HashKernel.word(bytes + 8) & HashKernel.word(mask + 8)
      c = isOneWord ? 0 : HashKernel.word(bytes + 16) & HashKernel.word(mask + 16)
      d = isOneWord ? 0 : HashKernel.word(bytes + 24) & HashKernel.word(mask + 24)
      self.length = UInt64(truncatingIfNeeded: length)
    }

    @inline(__always)
    init(at entry: UnsafeRawPointer) {
      a = HashKernel.word(entry)
      b = HashKernel.word(entry + 8)
      c = HashKernel.word(entry + 16)
      d = HashKernel.word(entry + 24)
      length = HashKernel.word(entry + 32)
    }

    @inline(__always)
    func hash(_ seed: HashKernel.Seed) -> UInt64 {
      HashKernel.fold(a ^ seed.first, b ^ seed.second ^ length) ^ HashKernel.fold(c ^ seed.second, d ^ seed.first)
    }

    /// Whether the key of a code is this one.
    @inline(__always)
    func isAt(_ keys: UnsafeRawPointer, _ code: Int, isOneWord: Bool = false) -> Bool {
      let other = Key(at: keys + code &* Self.stride)
      // Of one length both: then the other words are zeros in both.
      if isOneWord { return (a ^ other.a) | (length ^ other.length) == 0 }
      return (a ^ other.a) | (b ^ other.b) | (c ^ other.c) | (d ^ other.d) | (length ^ other.length) == 0
    }

    @inline(__always)
    func store(_ target: UnsafeMutableRawPointer) {
      target.storeBytes(of: a.littleEndian, as: UInt64.self)
      target.storeBytes(of: b.littleEndian, toByteOffset: 8, as: UInt64.self)
      target.storeBytes(of: c.littleEndian, toByteOffset: 16, as: UInt64.self)
      target.storeBytes(of: d.littleEndian, toByteOffset: 24, as: UInt64.self)
      target.storeBytes(of: length.littleEndian, toByteOffset: 32, as: UInt64.self)
    }
  }

  /// - Parameter byteLimit: the most bytes of different strings, with 4 more for each one.
  init(byteLimit: Int) {
    self.byteLimit = min(byteLimit, Int(Int32.max))
    for _ in 0..<4 { mask.append(repeating: .max) }
    for _ in 0..<4 { mask.append(repeating: 0) }
    removeAll()
  }

  func removeAll() {
    offsets.removeAll()
    offsets.append(littleEndian: 0)
    data.removeAll()
    keys.removeAll()
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
    let base = bytes.baseAddress ?? UnsafeRawPointer(mask.base)
    let safe = bytes.count &- Self.shortLength
    var longest = 0
    for index in 0..<count { longest = max(longest, offset(index &+ 1) &- offset(index)) }
    var index = 0
    while index < count {
      index =
        longest <= 8
        ? findShort(base, safe, from: index, to: count, codes, isOneWord: true, offset: offset)
        : findShort(base, safe, from: index, to: count, codes, isOneWord: false, offset: offset)
      if index == count { break }
      let start = offset(index)
      let length = offset(index &+ 1) &- start
      let string = start > safe ? copied(base + start, length) : base + start
      guard let code = code(of: string, length) else { return index }
      codes[index] = code
      index &+= 1
    }
    return count
  }

  /// Codes short strings that have a code already. Returns the first index of another one.
  @inline(__always)
  private func findShort(
    _ base: UnsafeRawPointer, _ safe: Int, from first: Int, to end: Int, _ codes: UnsafeMutablePointer<UInt32>,
    isOneWord: Bool, offset: (Int) -> Int
  ) -> Int {
    let seed = HashKernel.seed
    let maskEnd = UnsafeRawPointer(mask.base) + Self.shortLength
    let places = UnsafePointer(self.places.base.assumingMemoryBound(to: UInt64.self))
    let last = placeCount &- 1
    let keys = UnsafeRawPointer(keys.base)
    var index = first
    var start = offset(first)
    while index < end {
      let next = offset(index &+ 1)
      let length = next &- start
      if length > Self.shortLength || start > safe { return index }
      let key = Key(base + start, mask: maskEnd - length, length: length, isOneWord: isOneWord)
      let hash = key.hash(seed)
      var place = Int(truncatingIfNeeded: hash) & last
      var entry = places[place]
      while entry != 0, (entry ^ hash) &>> 32 != 0 || !key.isAt(keys, Self.code(entry), isOneWord: isOneWord) {
        place = (place &+ 1) & last
        entry = places[place]
      }
      if entry == 0 { return index }
      codes[index] = UInt32(truncatingIfNeeded: Self.code(entry))
      start = next
      index &+= 1
    }
    return index
  }

  /// The code of a string, a new one if need be; `nil` when that is too much.
  private func code(of string: UnsafeRawPointer, _ length: Int) -> UInt32? {
    let seed = HashKernel.seed
    let maskEnd = UnsafeRawPointer(mask.base) + Self.shortLength
    let isShort = length <= Self.shortLength
    // Long strings have keys of nothing but their lengths.
    let key = Key(isShort ? string : maskEnd, mask: maskEnd - (isShort ? length : 0), length: length)
    let hash = isShort ? key.hash(seed) : HashKernel.hash(string, length: length, seed)
    let places = UnsafePointer(self.places.base.assumingMemoryBound(to: UInt64.self))
    let offsets = offsets.base.assumingMemoryBound(to: Int32.self)
    var place = Int(truncatingIfNeeded: hash) & (placeCount &- 1)
    while places[place] != 0 {
      let code = Self.code(places[place])
      if (places[place] ^ hash) &>> 32 == 0, key.isAt(UnsafeRawPointer(keys.base), code),
        isShort || HashKernel.areEqual(string, data.base + Int(offsets[code]), length: length)
      {
        return UInt32(truncatingIfNeeded: code)
      }
      place = (place &+ 1) & (placeCount &- 1)
    }
    return insert(string, key, hash, at: place)
  }

  /// The string, or a copy with more bytes behind it.
  private func copied(_ string: UnsafeRawPointer, _ length: Int) -> UnsafeRawPointer {
    scratch.removeAll()
    scratch.reserve(length)
    scratch.append(UnsafeRawBufferPointer(start: string, count: length))
    return UnsafeRawPointer(scratch.base)
  }

  private func insert(
    _ string: UnsafeRawPointer, _ key: Key, _ hash: UInt64, at place: Int
  ) -> UInt32? {
    let length = Int(truncatingIfNeeded: key.length)
    guard data.count &+ length &+ 4 &* (count &+ 1) <= byteLimit else { return nil }
    data.append(UnsafeRawBufferPointer(start: string, count: length))
    // Room to compare whole words of the last string.
    data.reserve(0)
    offsets.append(littleEndian: UInt32(truncatingIfNeeded: data.count))
    key.store(keys.reserve(Key.stride))
    keys.fill(Key.stride)
    count &+= 1
    places.base.assumingMemoryBound(to: UInt64.self)[place] = Self.place(hash, code: count &- 1)
    if count &* 2 > placeCount { growTable() }
    return UInt32(truncatingIfNeeded: count &- 1)
  }

  /// The code in a place that has one.
  @inline(__always)
  private static func code(_ place: UInt64) -> Int { Int(truncatingIfNeeded: place & 0xFFFF_FFFF) &- 1 }

  @inline(__always)
  private static func place(_ hash: UInt64, code: Int) -> UInt64 {
    hash & ~0xFFFF_FFFF | UInt64(truncatingIfNeeded: code &+ 1)
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
    let last = placeCount &- 1
    for code in 0..<count {
      let start = Int(offsets[code])
      let length = Int(offsets[code &+ 1]) &- start
      let hash =
        length <= Self.shortLength
        ? Key(at: keys.base + code &* Key.stride).hash(seed)
        : HashKernel.hash(data.base + start, length: length, seed)
      var place = Int(truncatingIfNeeded: hash) & last
      while places[place] != 0 { place = (place &+ 1) & last }
      places[place] = Self.place(hash, code: code)
    }
  }
}

extension EncodingBuffer {
  fileprivate mutating func append(repeating word: UInt64) {
    reserve(8).storeBytes(of: word, as: UInt64.self)
    fill(8)
  }
}
