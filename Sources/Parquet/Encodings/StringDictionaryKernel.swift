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
  /// The words of each short string; zeros for others.
  private var words = EncodingBuffer()
  /// The upper half of a hash, and the code + 1 below; 0 where there is none.
  private var places = EncodingBuffer()
  private var placeCount = 0
  /// 32 bytes of ones, 32 of zeros: those from `32 - n` on keep the first `n` bytes of a string.
  private var mask = EncodingBuffer()
  /// A string that ends so near to the end of its memory that no whole words may be read there is copied here first.
  private var scratch = EncodingBuffer()

  private static var shortLength: Int { 32 }
  private typealias Words = SIMD4<UInt64>

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
    words.removeAll()
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
    let base = bytes.baseAddress ?? UnsafeRawPointer(mask.base)
    let safe = bytes.count &- Self.shortLength
    let maskEnd = UnsafeRawPointer(mask.base) + Self.shortLength
    var places = UnsafePointer(self.places.base.assumingMemoryBound(to: UInt64.self))
    var last = placeCount &- 1
    var entryWords = UnsafeRawPointer(words.base)
    var entryOffsets = UnsafePointer(self.offsets.base.assumingMemoryBound(to: Int32.self))
    for index in 0..<count {
      let start = offset(index)
      let length = offset(index &+ 1) &- start
      var string = base + start
      if start > safe { string = copied(string, length) }
      let isShort = length <= Self.shortLength
      let key: Words
      let hash: UInt64
      if isShort {
        key = string.loadUnaligned(as: Words.self) & (maskEnd - length).loadUnaligned(as: Words.self)
        hash = Self.hash(key, length, seed)
      } else {
        key = Words(repeating: 0)
        hash = HashKernel.hash(string, length: length, seed)
      }
      var place = Int(truncatingIfNeeded: hash) & last
      while true {
        let entry = places[place]
        if entry == 0 {
          guard let code = insert(string, length, key, hash, at: place) else { return index }
          codes[index] = code
          places = UnsafePointer(self.places.base.assumingMemoryBound(to: UInt64.self))
          last = placeCount &- 1
          entryWords = UnsafeRawPointer(words.base)
          entryOffsets = UnsafePointer(self.offsets.base.assumingMemoryBound(to: Int32.self))
          break
        }
        if (entry ^ hash) &>> 32 == 0 {
          let code = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
          let from = Int(entryOffsets[code])
          let isSameLength = Int(entryOffsets[code &+ 1]) &- from == length
          let differs = (entryWords + code &* Self.shortLength).loadUnaligned(as: Words.self) ^ key
          let areWordsEqual = (differs[0] | differs[1]) | (differs[2] | differs[3]) == 0
          if isSameLength, areWordsEqual,
            isShort || HashKernel.areEqual(string, data.base + from, length: length)
          {
            codes[index] = UInt32(truncatingIfNeeded: code)
            break
          }
        }
        place = (place &+ 1) & last
      }
    }
    return count
  }

  @inline(__always)
  private static func hash(_ words: Words, _ length: Int, _ seed: HashKernel.Seed) -> UInt64 {
    let lengthWord = UInt64(truncatingIfNeeded: length)
    return HashKernel.fold(words[0] ^ seed.first, words[1] ^ seed.second ^ lengthWord)
      ^ HashKernel.fold(words[2] ^ seed.second, words[3] ^ seed.first)
  }

  /// The string, or a copy with more bytes behind it.
  private func copied(_ string: UnsafeRawPointer, _ length: Int) -> UnsafeRawPointer {
    scratch.removeAll()
    scratch.reserve(length)
    scratch.append(UnsafeRawBufferPointer(start: string, count: length))
    return UnsafeRawPointer(scratch.base)
  }

  private func insert(
    _ string: UnsafeRawPointer, _ length: Int, _ key: Words, _ hash: UInt64, at place: Int
  ) -> UInt32? {
    guard data.count &+ length &+ 4 &* (count &+ 1) <= byteLimit else { return nil }
    data.append(UnsafeRawBufferPointer(start: string, count: length))
    // Room to compare whole words of the last string.
    data.reserve(0)
    offsets.append(littleEndian: UInt32(truncatingIfNeeded: data.count))
    words.reserve(Self.shortLength).storeBytes(of: key, as: Words.self)
    words.fill(Self.shortLength)
    count &+= 1
    places.base.assumingMemoryBound(to: UInt64.self)[place] = Self.place(hash, code: count &- 1)
    if count &* 2 > placeCount { growTable() }
    return UInt32(truncatingIfNeeded: count &- 1)
  }

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
        ? Self.hash((words.base + code &* Self.shortLength).loadUnaligned(as: Words.self), length, seed)
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
