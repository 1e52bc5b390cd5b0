/// Descriptors of deletion vectors as arrays; few files have one, so they stand beside the files.
package struct DeletionVectorTable: Sendable {
  /// Where `pathOrInlineDv` is, in the file table's ``TextArena``.
  package var places: [TextArena.Place] = []
  package var textCounts: [UInt32] = []
  /// The first byte of `storageType`; unknown types are refused before they come here.
  package var storageTypes: [UInt8] = []
  /// ``noOffset`` when absent.
  package var offsets: [Int64] = []
  package var sizes: [Int32] = []
  package var cardinalities: [Int64] = []

  package static let noOffset = Int64.min

  package init() {}

  package var count: Int { places.count }

  package mutating func append(_ row: Row) {
    places.append(row.place)
    textCounts.append(row.textCount)
    storageTypes.append(row.storageType)
    offsets.append(row.offset)
    sizes.append(row.size)
    cardinalities.append(row.cardinality)
  }

  package subscript(index: Int) -> Row {
    Row(
      place: places[index], textCount: textCounts[index], storageType: storageTypes[index], offset: offsets[index],
      size: sizes[index], cardinality: cardinalities[index])
  }

  /// One descriptor.
  package struct Row: BitwiseCopyable, Sendable {
    package var place: TextArena.Place
    package var textCount: UInt32
    package var storageType: UInt8
    package var offset: Int64
    package var size: Int32
    package var cardinality: Int64
  }
}
