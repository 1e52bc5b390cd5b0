// Value by value from one fixed-width buffer to another. The closures are inlined and specialised: each call of these
// functions compiles to a loop of its own.

extension Column {
  /// Each value through `body`; a `nil` is a null. Values under nulls go through it too.
  @inline(__always)
  func mapped<In: BitwiseCopyable, Out: BitwiseCopyable>(
    _ input: In.Type, to type: DataType, placeholder: Out, _ body: (In) -> Out?
  ) -> Column {
    guard case .fixed(let buffer) = storage else { return Column(nulls: count, of: type) }
    let result = Buffer(uninitialized: count * MemoryLayout<Out>.stride)
    let known = Bitmap.uninitialized(count: count)
    let source = buffer.pointer.assumingMemoryBound(to: In.self)
    let target = result.mutablePointer.assumingMemoryBound(to: Out.self)
    let words = known.mutableWords
    var row = 0
    while row < count {
      var word: UInt64 = 0
      let end = min(64, count &- row)
      for bit in 0..<end {
        let value = body(source[row &+ bit])
        target[row &+ bit] = value ?? placeholder
        word |= (value == nil ? 0 : 1) &<< UInt64(bit)
      }
      words[row &>> 6] = word
      row &+= 64
    }
    withExtendedLifetime(buffer) {}
    return Column(type, count: count, validity: Bitmap.intersection(known, validity), storage: .fixed(result))
  }

  /// Each value through `body`, which has a result for each.
  @inline(__always)
  func mapped<In: BitwiseCopyable, Out: BitwiseCopyable>(
    _ input: In.Type, to type: DataType, _ body: (In) -> Out
  ) -> Column {
    guard case .fixed(let buffer) = storage else { return Column(nulls: count, of: type) }
    let result = Buffer(uninitialized: count * MemoryLayout<Out>.stride)
    let source = buffer.pointer.assumingMemoryBound(to: In.self)
    let target = result.mutablePointer.assumingMemoryBound(to: Out.self)
    for row in 0..<count { target[row] = body(source[row]) }
    withExtendedLifetime(buffer) {}
    return Column(type, count: count, validity: validity, nullCount: nullCount, storage: .fixed(result))
  }

  /// A bit for each value.
  @inline(__always)
  func tested<In: BitwiseCopyable>(_ input: In.Type, _ body: (In) -> Bool) -> Bitmap {
    guard case .fixed(let buffer) = storage else { return Bitmap(repeating: false, count: count) }
    let result = Bitmap.uninitialized(count: count)
    let source = buffer.pointer.assumingMemoryBound(to: In.self)
    Bits.fill(result.mutableWords, count: count) { body(source[$0]) }
    withExtendedLifetime(buffer) {}
    return result
  }

  /// Each string's or binary's bytes through `body`; a `nil` is a null. Values under nulls are left out.
  @inline(__always)
  func mappedBytes<Out: BitwiseCopyable>(
    to type: DataType, placeholder: Out, _ body: (UnsafeBufferPointer<UInt8>) -> Out?
  ) -> Column {
    let result = Buffer(uninitialized: count * MemoryLayout<Out>.stride)
    let known = Bitmap.uninitialized(count: count)
    let target = result.mutablePointer.assumingMemoryBound(to: Out.self)
    let words = known.mutableWords
    for word in 0..<Bitmap.wordCount(count) { words[word] = 0 }
    forEachBytes { row, bytes in
      let value = bytes.flatMap { body($0) }
      target[row] = value ?? placeholder
      if value != nil { words[row &>> 6] |= 1 &<< UInt64(row & 63) }
    }
    return Column(type, count: count, validity: known, storage: .fixed(result))
  }

  /// Calls `body` with each row's bytes, `nil` for a null. For columns with `bytes` storage.
  @inline(__always)
  func forEachBytes(_ body: (Int, UnsafeBufferPointer<UInt8>?) -> Void) {
    guard case .bytes(let offsetBuffer, let dataBuffer) = storage else { return }
    let offsets = offsetBuffer.pointer.assumingMemoryBound(to: Int32.self)
    let data = dataBuffer.pointer.assumingMemoryBound(to: UInt8.self)
    for row in 0..<count {
      if let validity, !validity.isSet(row) {
        body(row, nil)
        continue
      }
      let start = Int(offsets[row])
      body(row, UnsafeBufferPointer(start: data + start, count: Int(offsets[row &+ 1]) &- start))
    }
    withExtendedLifetime((offsetBuffer, dataBuffer, self)) {}
  }
}

/// A column of strings or binaries in the making.
struct BytesBuilder {
  private(set) var data: [UInt8] = []
  private var offsets: [Int32] = [0]
  private var nulls: [Int] = []

  init(capacity: Int) {
    offsets.reserveCapacity(capacity + 1)
  }

  mutating func append(_ bytes: some Sequence<UInt8>) throws(ColumnError) {
    data.append(contentsOf: bytes)
    try end()
  }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(ColumnError) {
    data.append(contentsOf: bytes)
    try end()
  }

  mutating func append(_ text: String) throws(ColumnError) {
    data.append(contentsOf: text.utf8)
    try end()
  }

  mutating func appendNull() {
    nulls.append(offsets.count - 1)
    offsets.append(Int32(truncatingIfNeeded: data.count))
  }

  /// Ends a value whose bytes were added with ``add(_:)``.
  mutating func end() throws(ColumnError) {
    guard data.count <= Int32.max else { throw .tooLarge("bytes", data.count) }
    offsets.append(Int32(truncatingIfNeeded: data.count))
  }

  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    data.append(contentsOf: bytes)
  }

  mutating func addBlanks(_ count: Int) {
    if count > 0 { data.append(contentsOf: repeatElement(32, count: count)) }
  }

  func finish(_ type: DataType) -> Column {
    let count = offsets.count - 1
    var validity: Bitmap?
    if !nulls.isEmpty {
      let bits = Bitmap(repeating: true, count: count)
      let bytes = bits.buffer.mutablePointer.assumingMemoryBound(to: UInt8.self)
      for row in nulls { bytes[row >> 3] &= ~(1 << UInt8(row & 7)) }
      validity = bits
    }
    return Column(
      type, count: count, validity: validity, nullCount: nulls.count,
      storage: .bytes(offsets: Buffer(copying: offsets), data: Buffer(copying: data)))
  }
}
