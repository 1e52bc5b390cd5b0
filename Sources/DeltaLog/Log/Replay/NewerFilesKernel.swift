/// The logical files that commits have named, newest first, and a hash table over them: what the log says of a file
/// further back no longer counts.
///
/// Only these are in the hash table; a checkpoint's files just look themselves up.
///
/// Spec: Delta § Action Reconciliation
package struct NewerFiles: Sendable {
  /// Adds and removes in the order of replay.
  private(set) var table = FileTable()
  /// By row: whether the action is an add.
  private(set) var isAdd: [Bool] = []
  /// By row: whether another action of the same commit took its place.
  private(set) var isReplaced: [Bool] = []
  /// Row + 1, or 0: open addressing, a power of two, at most half full.
  private var slots: [UInt32] = []

  package init() {}

  package var isEmpty: Bool { table.sizes.isEmpty }

  /// Names the file that actions to come are from.
  mutating func begin(_ source: LogSource) { table.sources.append(source) }

  /// Takes an action unless a newer commit has named its file. Of two in one commit the later counts.
  ///
  /// - Parameter commitStart: the rows there were when the commit began.
  mutating func apply(
    _ action: ScannedFileAction, isAdd: Bool, commitStart: Int, in json: JSONScanner, keepingExtras: Bool
  ) throws(JSONSyntaxError) {
    if action.path.hasEscapes {
      let path = json.bytes(action.path)
      try path.withUnsafeBufferPointer { path throws(JSONSyntaxError) in
        try apply(action, path, isAdd, commitStart, json, keepingExtras)
      }
    } else {
      let path = UnsafeBufferPointer(start: json.base + action.path.start, count: action.path.count)
      try apply(action, path, isAdd, commitStart, json, keepingExtras)
    }
  }

  private mutating func apply(
    _ action: ScannedFileAction, _ path: UnsafeBufferPointer<UInt8>, _ isAdd: Bool, _ commitStart: Int,
    _ json: JSONScanner, _ keepingExtras: Bool
  ) throws(JSONSyntaxError) {
    let vector = action.deletionVector
    var hash = BytesKernel.hash(path)
    var letter: UInt8 = 0
    var text: [UInt8] = []
    let offset = vector.offset ?? DeletionVectorTable.noOffset
    if !vector.isAbsent {
      letter = json.bytes(vector.storageType).first ?? 0
      text = json.bytes(vector.pathOrInlineDv)
      hash = BytesKernel.combine(hash, text.withUnsafeBufferPointer { Self.vectorHash(letter, $0, offset) })
    }
    let key = UInt32(truncatingIfNeeded: hash >> 32)
    if slots.count < 2 * (table.count + 1) { grow() }
    let mask = slots.count - 1
    var slot = Int(key) & mask
    while slots[slot] != 0 {
      let row = Int(slots[slot] - 1)
      if table.keyHashes[row] == key,
        text.withUnsafeBufferPointer({ table.hasKey(at: row, path, letter, $0, offset) })
      {
        if row < commitStart { return }
        isReplaced[row] = true
        break
      }
      slot = (slot + 1) & mask
    }
    let row = table.count
    try table.append(action, path: path, keyHash: key, in: json, keepingExtras: keepingExtras)
    self.isAdd.append(isAdd)
    isReplaced.append(false)
    slots[slot] = UInt32(row) + 1
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: max(64, slots.count * 2))
    let mask = slots.count - 1
    for (row, hash) in table.keyHashes.enumerated() where !isReplaced[row] {
      var slot = Int(hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(row) + 1
    }
  }

  static func vectorHash(_ letter: UInt8, _ text: UnsafeBufferPointer<UInt8>, _ offset: Int64) -> UInt64 {
    BytesKernel.combine(BytesKernel.hash(text), UInt64(bitPattern: offset) ^ UInt64(letter) << 56)
  }

  /// Whether a commit has named the file of this key.
  @inline(__always)
  func contains(
    _ key: UInt32, _ path: UnsafeBufferPointer<UInt8>, _ letter: UInt8, _ text: UnsafeBufferPointer<UInt8>,
    _ offset: Int64
  ) -> Bool {
    let mask = slots.count - 1
    guard mask > 0 else { return false }
    var slot = Int(key) & mask
    while slots[slot] != 0 {
      let row = Int(slots[slot] - 1)
      if table.keyHashes[row] == key, table.hasKey(at: row, path, letter, text, offset) { return true }
      slot = (slot + 1) & mask
    }
    return false
  }

  /// The rows of an older table that no commit here has named, in order; `nil` when that is all of them.
  func survivors(of older: FileTable) -> [Int32]? {
    guard !isEmpty else { return nil }
    var gone: [Int32] = []
    let mask = slots.count - 1
    for row in 0..<older.count {
      // Most rows end here, without a look at their path.
      if slots[Int(older.keyHashes[row]) & mask] == 0 { continue }
      let isNamed = older.withKey(at: row) { path, letter, text, offset in
        contains(older.keyHashes[row], path, letter, text, offset)
      }
      if isNamed { gone.append(Int32(row)) }
    }
    return gone.isEmpty ? nil : Self.rows(older.count, without: gone)
  }

  /// All rows but these, which ascend.
  static func rows(_ count: Int, without gone: [Int32]) -> [Int32] {
    var rows: [Int32] = []
    rows.reserveCapacity(count - gone.count)
    var next = 0
    for row in 0..<Int32(count) {
      if next < gone.count, gone[next] == row { next += 1 } else { rows.append(row) }
    }
    return rows
  }
}

extension FileTable {
  /// Calls `body` with the parts of a row's key: path, and of the deletion vector storage type (or 0), text, offset.
  @inline(__always)
  func withKey<Result>(
    at row: Int, _ body: (UnsafeBufferPointer<UInt8>, UInt8, UnsafeBufferPointer<UInt8>, Int64) -> Result
  ) -> Result {
    texts.withBytes(at: pathPlaces[row], count: Int(pathCounts[row])) { path in
      guard let index = deletionVectorIndices?[row], index >= 0 else {
        return body(path, 0, UnsafeBufferPointer(start: nil, count: 0), DeletionVectorTable.noOffset)
      }
      let vector = deletionVectors[Int(index)]
      return texts.withBytes(at: vector.place, count: Int(vector.textCount)) {
        body(path, vector.storageType, $0, vector.offset)
      }
    }
  }

  @inline(__always)
  func hasKey(
    at row: Int, _ path: UnsafeBufferPointer<UInt8>, _ letter: UInt8, _ text: UnsafeBufferPointer<UInt8>,
    _ offset: Int64
  ) -> Bool {
    withKey(at: row) { ownPath, ownLetter, ownText, ownOffset in
      letter == ownLetter && offset == ownOffset && BytesKernel.equal(path, ownPath)
        && BytesKernel.equal(text, ownText)
    }
  }

  /// The rows whose key stands further up already, ascending: a checkpoint may list a file twice.
  func duplicateRows() -> [Int32] {
    guard count > 1 else { return [] }
    var capacity = 64
    while capacity < count * 2 { capacity *= 2 }
    let mask = capacity - 1
    var duplicates: [Int32] = []
    var slots = [UInt32](repeating: 0, count: capacity)
    keyHashes.withUnsafeBufferPointer { hashes in
      slots.withUnsafeMutableBufferPointer { slots in
        for row in 0..<hashes.count {
          var slot = Int(hashes[row]) & mask
          while slots[slot] != 0 {
            let other = Int(slots[slot] - 1)
            if hashes[other] == hashes[row], withKey(at: row, { hasKey(at: other, $0, $1, $2, $3) }) { break }
            slot = (slot + 1) & mask
          }
          if slots[slot] != 0 { duplicates.append(Int32(row)) } else { slots[slot] = UInt32(row) + 1 }
        }
      }
    }
    return duplicates
  }
}
