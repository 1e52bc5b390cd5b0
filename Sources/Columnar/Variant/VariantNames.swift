/// The dictionary of a variant that is being built: an existing one's names, then those that were added.
///
/// Numbers found once are kept for as long as the same metadata is extended, as the rows of a column mostly do.
///
/// Spec: Parquet VariantEncoding § Metadata encoding
struct VariantNames {
  private var base: VariantMetadata?
  private var added: [Buffer] = []
  private var ids: [Key: Int] = [:]

  /// A name's bytes as a dictionary key.
  private struct Key: Hashable {
    let bytes: Buffer

    static func == (left: Key, right: Key) -> Bool { left.bytes.compareLexicographically(right.bytes) == 0 }

    func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
  }

  mutating func reset(extending metadata: VariantMetadata?) {
    if added.isEmpty, let base, let metadata, base.bytes.compareLexicographically(metadata.bytes) == 0 { return }
    base = metadata
    added.removeAll(keepingCapacity: true)
    ids.removeAll(keepingCapacity: true)
  }

  /// Whether the numbers in `metadata` mean the same names here.
  func extends(_ metadata: VariantMetadata) -> Bool {
    guard let base else { return false }
    return base.bytes.pointer == metadata.bytes.pointer && base.bytes.count == metadata.bytes.count
      || base.bytes.compareLexicographically(metadata.bytes) == 0
  }

  mutating func id(of name: Buffer) throws(VariantError) -> Int {
    if let id = ids[Key(bytes: name)] { return id }
    if let id = try base?.id(of: name) {
      ids[Key(bytes: name)] = id
      return id
    }
    let id = (base?.count ?? 0) + added.count
    added.append(name)
    ids[Key(bytes: name)] = id
    return id
  }

  private func bytes(of id: Int) throws(VariantError) -> Buffer {
    let first = base?.count ?? 0
    if id < first, let base { return try base.nameBytes(id) }
    guard added.indices.contains(id - first) else {
      throw .corrupt("A variant refers to field name \(id) of a dictionary of \(first + added.count).")
    }
    return added[id - first]
  }

  /// Positions of fields by their names' bytes.
  func sortedPositions(of ids: [Int]) throws(VariantError) -> [Int] {
    var fields: [Buffer] = []
    fields.reserveCapacity(ids.count)
    for id in ids { fields.append(try bytes(of: id)) }
    let positions = fields.indices.sorted { fields[$0].isLexicographicallyLess(than: fields[$1]) }
    for (left, right) in zip(positions, positions.dropFirst())
    where fields[left].compareLexicographically(fields[right]) == 0 {
      throw .corrupt("An object in a variant has two fields of one name.")
    }
    return positions
  }

  /// The metadata: the base when nothing was added, else all names with the sorted flag where it holds.
  func encoded() throws(VariantError) -> Buffer {
    if added.isEmpty, let base { return base.bytes }
    let count = (base?.count ?? 0) + added.count
    var names: [Buffer] = []
    for id in 0..<count { names.append(try bytes(of: id)) }
    let length = names.reduce(0) { $0 + $1.count }
    let isSorted = zip(names, names.dropFirst()).allSatisfy { $0.isLexicographicallyLess(than: $1) }
    let width = VariantBuilder.width(of: max(length, count))
    var result: [UInt8] = [UInt8(1 | (isSorted ? 0x10 : 0) | (width - 1) << 6)]
    VariantBuilder.append(count, width: width, to: &result)
    var offset = 0
    for name in names {
      VariantBuilder.append(offset, width: width, to: &result)
      offset += name.count
    }
    VariantBuilder.append(offset, width: width, to: &result)
    for name in names { name.withUnsafeBytes { result.append(contentsOf: $0) } }
    return Buffer(copying: result)
  }
}
