/// The values of one partition column over the files of a table: a code a file, and a text a code.
package struct PartitionColumn: Sendable {
  /// As the log has it: the physical name under column mapping.
  package let name: String
  /// One a file: the index of its value in ``values``, ``null`` or ``absent``.
  package var codes: [Int32]
  package var values: TextDictionary

  /// The log says null. The empty string means the same, but has a code of its own.
  package static let null: Int32 = -1
  /// The file's action doesn't name the column; to be read as null.
  package static let absent: Int32 = -2

  package init(name: String, codes: [Int32], values: TextDictionary = TextDictionary()) {
    self.name = name
    self.codes = codes
    self.values = values
  }

  /// A column that none of `count` files names.
  package init(name: String, absent count: Int) {
    self.init(name: name, codes: [Int32](repeating: Self.absent, count: count))
  }

  /// The value of a file in the log's spelling.
  package func value(at row: Int) -> String? {
    let code = codes[row]
    return code < 0 ? nil : values[code]
  }
}

/// Distinct texts with codes from 0 in the order they came.
package struct TextDictionary: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var hashes: [UInt32] = []
  /// Code + 1, or 0: open addressing, a power of two, at most half full.
  private var slots: [UInt32] = []

  package init() {}

  package var count: Int { ends.count }

  package subscript(code: Int32) -> String {
    withBytes(of: code) { String(decoding: $0, as: UTF8.self) }
  }

  @inline(__always)
  package func withBytes<Result>(of code: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let index = Int(code)
    let start = index == 0 ? 0 : ends[index - 1]
    return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<ends[index]])) }
  }

  /// The text's code, new if need be.
  package mutating func code(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    if slots.count < 2 * (count + 1) { grow() }
    let hash = UInt32(truncatingIfNeeded: BytesKernel.hash(text) >> 32)
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let code = Int32(slots[slot] - 1)
      if hashes[Int(code)] == hash, withBytes(of: code, { BytesKernel.equal($0, text) }) { return code }
      slot = (slot + 1) & mask
    }
    let code = Int32(count)
    slots[slot] = UInt32(code) + 1
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    hashes.append(hash)
    return code
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: max(16, slots.count * 2))
    let mask = slots.count - 1
    for (code, hash) in hashes.enumerated() {
      var slot = Int(hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(code) + 1
    }
  }

  /// Adds another dictionary's texts; returns the new code of each of its codes.
  package mutating func merge(_ other: TextDictionary) -> [Int32] {
    (0..<Int32(other.count)).map { code in other.withBytes(of: code) { self.code(of: $0) } }
  }
}
