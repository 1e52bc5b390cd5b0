/// Text under construction: bytes that grow, written without a `String` in between.
///
/// What is appended is UTF-8; nothing checks it again.
package struct TextBuffer: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  /// The bytes written.
  @usableFromInline package var count: Int

  package init(capacity: Int = 256) {
    base = .allocate(capacity: Swift.max(capacity, 64))
    self.capacity = Swift.max(capacity, 64)
    count = 0
  }

  deinit { base.deallocate() }

  /// Makes room for that many bytes more, for the unchecked writes that follow.
  @inlinable package mutating func reserve(_ more: Int) {
    if capacity &- count < more { grow(by: more) }
  }

  @usableFromInline mutating func grow(by more: Int) {
    let wanted = Swift.max(count + more, capacity * 2)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    capacity = wanted
  }

  /// Where the next byte goes, after ``reserve(_:)``; tell ``advance(by:)`` how many were written.
  @inlinable package var end: UnsafeMutablePointer<UInt8> { base + count }

  @inlinable package mutating func advance(by written: Int) { count &+= written }

  @inlinable package mutating func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count &+= 1
  }

  @inlinable package mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    (base + count).update(from: text.utf8Start, count: length)
    count &+= length
  }

  @inlinable package mutating func append(copying bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: bytes.count)
    count &+= bytes.count
  }

  package mutating func append(string text: some StringProtocol) {
    var text = String(text)
    text.withUTF8 { append(copying: UnsafeRawBufferPointer($0)) }
  }

  package mutating func append(repeating byte: UInt8, count times: Int) {
    guard times > 0 else { return }
    reserve(times)
    (base + count).update(repeating: byte, count: times)
    count += times
  }

  @inlinable package mutating func removeAll() { count = 0 }

  /// Keeps the first bytes only.
  package mutating func truncate(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= count, "more than there is")
    count = newCount
  }

  /// Copies a range of another text. The range lies inside of it.
  @inlinable package mutating func append(_ range: Range<Int>, of other: borrowing TextBuffer) {
    precondition(range.lowerBound >= 0 && range.upperBound <= other.count, "more than there is")
    reserve(range.count)
    (base + count).update(from: other.base + range.lowerBound, count: range.count)
    count &+= range.count
  }

  /// The first byte, for as long as the text is kept and not appended to.
  package borrowing func address() -> UnsafePointer<UInt8> { UnsafePointer(base) }

  @inlinable package borrowing func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// The bytes as a `String`; anything that is not UTF-8 is replaced.
  package borrowing func string() -> String {
    String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
  }

  /// The bytes as an array: a copy.
  package borrowing func bytes() -> [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
