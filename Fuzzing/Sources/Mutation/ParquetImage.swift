/// A Parquet file taken apart far enough to change a piece and have the rest still fit: lengths and offsets follow.
struct ParquetImage {
  /// Everything before the footer.
  private(set) var body: [UInt8]
  var footer: ThriftTree

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 12, Array(bytes.suffix(4)) == Array("PAR1".utf8) else { return nil }
    let length = bytes[(bytes.count - 8)..<(bytes.count - 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
    let start = bytes.count - 8 - length
    guard start >= 4, let footer = ThriftTree.structure(in: bytes, at: start) else { return nil }
    body = Array(bytes[..<start])
    self.footer = footer.tree
  }

  var bytes: [UInt8] { bytes(footer: footer.bytes) }

  /// The file with other bytes as its footer, its length and magic set right.
  func bytes(footer: [UInt8]) -> [UInt8] {
    var result = body + footer
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: footer.count).littleEndian) { result.append(contentsOf: $0) }
    return result + Array("PAR1".utf8)
  }

  // MARK: Pages

  struct Page {
    /// Where the footer has the page's chunk.
    var rowGroup: Int, column: Int
    var header: ThriftTree
    var headerRange: Range<Int>
    var dataRange: Range<Int>
  }

  /// The pages that can be found.
  var pages: [Page] {
    var pages: [Page] = []
    for (rowGroup, group) in (footer[field: 4]?.elements ?? []).enumerated() {
      for (column, chunk) in (group[field: 1]?.elements ?? []).enumerated() {
        guard let metadata = chunk[field: 3], let size = metadata[field: 7]?.integer,
          let data = metadata[field: 9]?.integer
        else { continue }
        let dictionary = metadata[field: 11]?.integer ?? 0
        var position = dictionary > 0 && dictionary < data ? dictionary : data
        guard position >= 0, size >= 0, size <= body.count, position <= body.count - size else { continue }
        let end = position + size
        while position < end, let header = ThriftTree.structure(in: body, at: position),
          let count = header.tree[field: 3]?.integer, count >= 0, count <= end - header.end
        {
          pages.append(
            Page(
              rowGroup: rowGroup, column: column, header: header.tree, headerRange: position..<header.end,
              dataRange: header.end..<header.end + count))
          position = header.end + count
        }
      }
    }
    return pages
  }

  func data(of page: Page) -> [UInt8] { Array(body[page.dataRange]) }

  /// The number of the codec in the chunk's metadata.
  func codec(of page: Page) -> Int {
    footer[field: 4]?.elements[page.rowGroup][field: 1]?.elements[page.column][field: 3]?[field: 4]?.integer ?? 0
  }

  /// Puts a header and data in a page's place. Offsets behind it and its chunk's size follow; its own sizes don't.
  mutating func replace(_ page: Page, header: ThriftTree, data: [UInt8]) {
    let old = page.headerRange.lowerBound..<page.dataRange.upperBound
    let new = header.bytes + data
    body.replaceSubrange(old, with: new)
    let step = new.count - old.count
    guard step != 0, var groups = footer[field: 4]?.elements else { return }
    for group in groups.indices {
      guard var chunks = groups[group][field: 1]?.elements else { continue }
      Self.shift(&groups[group], [5], after: old.lowerBound, by: step)
      for column in chunks.indices {
        Self.shift(&chunks[column], [2, 4, 6], after: old.lowerBound, by: step)
        guard var metadata = chunks[column][field: 3] else { continue }
        Self.shift(&metadata, [9, 10, 11, 14], after: old.lowerBound, by: step)
        if group == page.rowGroup, column == page.column, let size = metadata[field: 7]?.integer {
          metadata.setInteger(size + step, field: 7)
        }
        chunks[column][field: 3] = metadata
      }
      groups[group][field: 1]?.elements = chunks
    }
    footer[field: 4]?.elements = groups
  }

  private static func shift(_ tree: inout ThriftTree, _ ids: [Int16], after start: Int, by step: Int) {
    for id in ids {
      if let offset = tree[field: id]?.integer, offset > start { tree.setInteger(offset &+ step, field: id) }
    }
  }

  // MARK: Other bytes

  /// What lies between the last page and the footer: page indexes and bloom filters.
  var indexRange: Range<Int> {
    let end = pages.map(\.dataRange.upperBound).max() ?? body.count
    return min(end, body.count)..<body.count
  }

  /// Changes bytes without moving any.
  mutating func overwrite(_ range: Range<Int>, with bytes: [UInt8]) {
    for (index, byte) in zip(range, bytes) { body[index] = byte }
  }

  /// Sets the codec of every chunk.
  mutating func setCodec(_ codec: Int) {
    guard var groups = footer[field: 4]?.elements else { return }
    for group in groups.indices {
      guard var chunks = groups[group][field: 1]?.elements else { continue }
      for column in chunks.indices { chunks[column][field: 3]?.setInteger(codec, field: 4) }
      groups[group][field: 1]?.elements = chunks
    }
    footer[field: 4]?.elements = groups
  }
}
