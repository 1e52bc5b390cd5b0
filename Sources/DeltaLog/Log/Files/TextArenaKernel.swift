// Texts of a million files: bytes in a few long arrays instead of a million strings.

/// Texts end to end in chunks. A text's place stays good while chunks are added, and when the chunks of several arenas
/// are put after each other (then ``Place/moved(by:)``).
package struct TextArena: Sendable {
  package private(set) var chunks: [[UInt8]] = []
  /// The chunk that single texts are appended to.
  private var open: Int?

  /// The chunk in the upper 24 bits, the byte in it in the lower 40.
  package struct Place: BitwiseCopyable, Sendable {
    package var bits: UInt64

    package init(chunk: Int, byte: Int) { bits = UInt64(chunk) << 40 | UInt64(byte) }

    @inline(__always) package var chunk: Int { Int(bits >> 40) }
    @inline(__always) package var byte: Int { Int(bits & 0xFF_FFFF_FFFF) }

    /// The same text after `chunks` others were put before its chunk.
    @inline(__always) package func moved(by chunks: Int) -> Place {
      var place = self
      place.bits &+= UInt64(chunks) << 40
      return place
    }
  }

  /// A chunk is closed when it has grown to this many bytes.
  private static let chunkSize = 8 << 20

  package init() {}

  package var byteCount: Int { chunks.reduce(0) { $0 + $1.count } }

  package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) -> Place {
    var chunk = open ?? chunks.count
    if chunk == chunks.count || chunks[chunk].count + bytes.count > Self.chunkSize {
      chunk = chunks.count
      chunks.append([])
      open = chunk
    }
    let place = Place(chunk: chunk, byte: chunks[chunk].count)
    chunks[chunk].append(contentsOf: bytes)
    return place
  }

  /// Adds a filled chunk and returns its number.
  package mutating func append(chunk: [UInt8]) -> Int {
    chunks.append(chunk)
    return chunks.count - 1
  }

  /// Adds another arena's chunks, shared and not copied; returns how far its places move.
  package mutating func append(contentsOf other: TextArena) -> Int {
    let moved = chunks.count
    chunks.append(contentsOf: other.chunks)
    return moved
  }

  @inline(__always)
  package func withBytes<Result>(
    at place: Place, count: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    chunks[place.chunk].withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[place.byte..<place.byte + count]))
    }
  }

  package func string(at place: Place, count: Int) -> String {
    withBytes(at: place, count: count) { String(decoding: $0, as: UTF8.self) }
  }
}

/// Bytes as keys: comparing and hashing.
package enum BytesKernel {
  @inline(__always)
  package static func equal(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    guard let left8 = UnsafeRawPointer(left.baseAddress), let right8 = UnsafeRawPointer(right.baseAddress) else {
      return true
    }
    var index = 0
    while index &+ 8 <= left.count {
      let left = left8.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      guard left == right8.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
      index &+= 8
    }
    while index < left.count {
      guard left[index] == right[index] else { return false }
      index &+= 1
    }
    return true
  }

  /// Differs from process to process, so that nobody can prepare a log whose keys collide.
  private static let processSeed = UInt64.random(in: 1 ... .max)
  private static let key1: UInt64 = 0xA076_1D64_78BD_642F
  private static let key2: UInt64 = 0xE703_7ED1_A0B4_28DB

  package static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 { hash(bytes, seed: processSeed) }

  /// Sixteen bytes a step: two words multiplied to 128 bits and folded.
  @inline(__always)
  package static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
    let count = bytes.count
    var state = seed ^ fold(UInt64(truncatingIfNeeded: count) ^ key1, seed ^ key2)
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return state }
    var index = 0
    while count &- index >= 16 {
      let first = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let second = base.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self)
      state = fold(first ^ key1, second ^ state)
      index &+= 16
    }
    let rest = count &- index
    if rest >= 8 {
      let first = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let second = base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      state = fold(first ^ key1, second ^ state)
    } else if rest >= 4 {
      let first = UInt64(base.loadUnaligned(fromByteOffset: index, as: UInt32.self))
      let second = UInt64(base.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
      state = fold(first << 32 | second ^ key1, state ^ key2)
    } else if rest > 0 {
      let word = UInt64(bytes[index]) << 16 | UInt64(bytes[index &+ rest >> 1]) << 8 | UInt64(bytes[count &- 1])
      state = fold(word ^ key1, state ^ key2)
    }
    return fold(state ^ key2, key1)
  }

  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  /// The hash of a path together with that of a deletion vector's unique id.
  @inline(__always)
  package static func combine(_ path: UInt64, _ vector: UInt64) -> UInt64 { fold(path ^ key1, vector ^ key2) }
}
