/// The fields of an object in a variant, in the order of their names' UTF-8 bytes.
///
/// Spec: Parquet VariantEncoding § Value Data for Object (`basic_type`=2)
public struct VariantObject: Sendable {
  let members: VariantMembers
  let metadata: VariantMetadata
  private let idsStart: Int
  private let idWidth: Int

  /// The fields.
  public var count: Int { members.count }

  init(header: Int, bytes: Buffer, metadata: VariantMetadata) throws(VariantError) {
    idWidth = ((header >> 2) & 3) + 1
    let countWidth = header & 0x10 == 0 ? 1 : 4
    let count = try bytes.variantUnsigned(at: 1, width: countWidth)
    idsStart = 1 + countWidth
    self.metadata = metadata
    members = try VariantMembers(
      bytes: bytes, count: count, offsetsStart: idsStart + count * idWidth, offsetWidth: (header & 3) + 1)
  }

  /// The number of a field's name in the metadata.
  package func nameID(at index: Int) throws(VariantError) -> Int {
    try members.bytes.variantUnsigned(at: idsStart + index * idWidth, width: idWidth)
  }

  package func nameBytes(at index: Int) throws(VariantError) -> Buffer {
    try metadata.nameBytes(nameID(at: index))
  }

  /// The name of the field at a position in `0..<count`.
  public func name(at index: Int) throws(VariantError) -> String {
    precondition(index >= 0 && index < count, "no such field")
    return try metadata.name(nameID(at: index))
  }

  /// The value of the field at a position in `0..<count`.
  public func value(at index: Int) throws(VariantError) -> VariantValue {
    try VariantValue(metadata: metadata, value: members.value(at: index))
  }

  /// The value of the field of that exact name, or `nil`; O(log count).
  public subscript(name: String) -> VariantValue? {
    get throws(VariantError) {
      let wanted = Buffer(copying: Array(name.utf8))
      var low = 0
      var high = count
      while low < high {
        let middle = (low + high) / 2
        let order = try nameBytes(at: middle).compareLexicographically(wanted)
        if order == 0 { return try value(at: middle) }
        if order < 0 { low = middle + 1 } else { high = middle }
      }
      return nil
    }
  }

  /// Positions of the fields by name, whatever order the bytes have.
  ///
  /// - Throws: `corrupt` when two fields have one name.
  package func sortedPositions() throws(VariantError) -> [Int] {
    var names: [Buffer] = []
    for index in 0..<count { names.append(try nameBytes(at: index)) }
    var positions = Array(names.indices)
    let isAscending = zip(names, names.dropFirst()).allSatisfy { $0.isLexicographicallyLess(than: $1) }
    guard !isAscending else { return positions }
    positions.sort { names[$0].isLexicographicallyLess(than: names[$1]) }
    for (left, right) in zip(positions, positions.dropFirst())
    where names[left].compareLexicographically(names[right]) == 0 {
      throw .corrupt("An object in a variant has two fields of one name.")
    }
    return positions
  }
}

/// The elements of an array in a variant.
///
/// Spec: Parquet VariantEncoding § Value Data for Array (`basic_type`=3)
public struct VariantArray: Sendable {
  let members: VariantMembers
  let metadata: VariantMetadata

  /// The elements.
  public var count: Int { members.count }

  init(header: Int, bytes: Buffer, metadata: VariantMetadata) throws(VariantError) {
    let countWidth = header & 4 == 0 ? 1 : 4
    let count = try bytes.variantUnsigned(at: 1, width: countWidth)
    self.metadata = metadata
    members = try VariantMembers(
      bytes: bytes, count: count, offsetsStart: 1 + countWidth, offsetWidth: (header & 3) + 1)
  }

  /// The element at a position in `0..<count`.
  public func value(at index: Int) throws(VariantError) -> VariantValue {
    try VariantValue(metadata: metadata, value: members.value(at: index))
  }
}

/// What objects and arrays share: a table of offsets, then the values.
struct VariantMembers: Sendable {
  /// From the first byte of the container.
  let bytes: Buffer
  let count: Int
  let offsetsStart: Int
  let offsetWidth: Int
  let valuesStart: Int
  /// One past the container's last byte.
  let end: Int

  init(bytes: Buffer, count: Int, offsetsStart: Int, offsetWidth: Int) throws(VariantError) {
    // `count` is below 2^32 and the widths at most 4, so nothing here overflows.
    valuesStart = offsetsStart + (count + 1) * offsetWidth
    guard valuesStart <= bytes.count else { throw .truncated(at: bytes.count) }
    let length = try bytes.variantUnsigned(at: offsetsStart + count * offsetWidth, width: offsetWidth)
    guard length <= bytes.count - valuesStart, count <= length else { throw .truncated(at: bytes.count) }
    end = valuesStart + length
    self.bytes = bytes
    self.count = count
    self.offsetsStart = offsetsStart
    self.offsetWidth = offsetWidth
  }

  /// From the first byte of a member to the end of the container.
  func value(at index: Int) throws(VariantError) -> Buffer {
    precondition(index >= 0 && index < count, "no such member")
    let offset = try bytes.variantUnsigned(at: offsetsStart + index * offsetWidth, width: offsetWidth)
    guard offset < end - valuesStart else { throw .truncated(at: offsetsStart + index * offsetWidth) }
    return bytes.slice(valuesStart + offset..<end)
  }
}
