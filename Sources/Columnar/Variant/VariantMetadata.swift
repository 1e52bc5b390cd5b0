/// The dictionary of field names that the objects of a variant refer to by number.
///
/// Opening checks the header and the table of offsets as a whole in O(1); a name is checked when it is asked for.
///
/// Spec: Parquet VariantEncoding § Metadata encoding
public struct VariantMetadata: Sendable {
  /// The encoded metadata, header first.
  public let bytes: Buffer
  /// The names in the dictionary.
  public let count: Int
  /// Whether the names are said to be unique and in the order of their UTF-8 bytes.
  public let isSorted: Bool
  let offsetWidth: Int
  /// Where the names' bytes start.
  let namesStart: Int

  /// - Throws: `corrupt` when the dictionary does not fit in the bytes, `unsupported` for another version than 1.
  public init(_ bytes: Buffer) throws(VariantError) {
    let header = try bytes.variantUnsigned(at: 0, width: 1)
    guard header & 0x0F == 1 else {
      throw VariantError(.unsupported, "Variant metadata of version \(header & 0x0F); only version 1 is known.", at: 0)
    }
    let width = (header >> 6) + 1
    let count = try bytes.variantUnsigned(at: 1, width: width)
    // `01 00`, which some writers use for an empty dictionary, lacks the one offset that the encoding asks for.
    let offsets = count == 0 && bytes.count == 1 + width ? 0 : count + 1
    let namesStart = 1 + width + offsets * width
    guard namesStart <= bytes.count else { throw .truncated(at: bytes.count) }
    self.bytes = bytes
    self.count = count
    isSorted = header & 0x10 != 0
    offsetWidth = width
    self.namesStart = namesStart
  }

  /// The UTF-8 bytes of a name, not yet validated.
  package func nameBytes(_ id: Int) throws(VariantError) -> Buffer {
    guard id >= 0, id < count else {
      throw .corrupt("A variant refers to field name \(id) of a dictionary of \(count).")
    }
    let at = 1 + offsetWidth + id * offsetWidth
    let start = try bytes.variantUnsigned(at: at, width: offsetWidth)
    let end = try bytes.variantUnsigned(at: at + offsetWidth, width: offsetWidth)
    guard start <= end else { throw .corrupt("The names of a variant's dictionary overlap.", at: at) }
    return try bytes.variantSlice(at: namesStart + start, count: end - start)
  }

  /// The name with a number in `0..<count`.
  ///
  /// - Throws: `corrupt` when there is no such name, or it is not UTF-8.
  public func name(_ id: Int) throws(VariantError) -> String {
    try nameBytes(id).variantString()
  }

  /// The number of a name, or `nil`; O(log count) when sorted, else O(count).
  package func id(of name: Buffer) throws(VariantError) -> Int? {
    guard isSorted else {
      for id in 0..<count where try nameBytes(id).compareLexicographically(name) == 0 { return id }
      return nil
    }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let order = try nameBytes(middle).compareLexicographically(name)
      if order == 0 { return middle }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}
