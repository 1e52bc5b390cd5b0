/// Where each data page of a chunk is, and which row it starts with.
///
/// Spec: Parquet PageIndex § Technical Approach
public struct OffsetIndex: Hashable, Sendable {
  public var pageLocations: [PageLocation] = []
  /// A number a page, for `byteArray` columns.
  public var unencodedByteArrayDataBytes: [Int64]?
}

extension OffsetIndex: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: pageLocations = try reader.structures(field)
      case 2: unencodedByteArrayDataBytes = try reader.int64s(field)
      default: try reader.skip(field)
      }
    }
  }
}

/// Spec: Parquet thrift § PageLocation
public struct PageLocation: Hashable, Sendable {
  public var offset: Int64 = -1
  /// Header included.
  public var compressedPageSize: Int32 = -1
  /// The page's first row, counted within the row group.
  public var firstRowIndex: Int64 = -1
}

extension PageLocation: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: offset = try reader.int64(field)
      case 2: compressedPageSize = try reader.int32(field)
      case 3: firstRowIndex = try reader.int64(field)
      default: try reader.skip(field)
      }
    }
    guard offset >= 0, compressedPageSize >= 0, firstRowIndex >= 0 else {
      throw reader.error("a page location is incomplete or negative")
    }
  }
}

/// Bounds and counts of each data page of a chunk. The lists are as long as the chunk has pages.
///
/// Spec: Parquet PageIndex § Technical Approach
public struct ColumnIndex: Hashable, Sendable {
  /// Whether a page is nothing but nulls; then its bounds mean nothing.
  public var nullPages: [Bool] = []
  public var minValues: [[UInt8]] = []
  public var maxValues: [[UInt8]] = []
  public var boundaryOrder: BoundaryOrder = .unordered
  /// `nil` means unknown, not 0.
  public var nullCounts: [Int64]?
  public var repetitionLevelHistograms: [Int64]?
  public var definitionLevelHistograms: [Int64]?
  /// `nil` means unknown, not 0.
  public var nanCounts: [Int64]?
}

extension ColumnIndex: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: nullPages = try reader.bools(field)
      case 2: minValues = try reader.binaries(field)
      case 3: maxValues = try reader.binaries(field)
      case 4: boundaryOrder = try reader.enumeration(field, BoundaryOrder.self)
      case 5: nullCounts = try reader.int64s(field)
      case 6: repetitionLevelHistograms = try reader.int64s(field)
      case 7: definitionLevelHistograms = try reader.int64s(field)
      case 8: nanCounts = try reader.int64s(field)
      default: try reader.skip(field)
      }
    }
    let count = nullPages.count
    guard minValues.count == count, maxValues.count == count,
      nullCounts.map({ $0.count == count }) ?? true, nanCounts.map({ $0.count == count }) ?? true
    else { throw reader.error("a column index's lists differ in length") }
  }
}

/// What stands before a bloom filter's bits.
///
/// Spec: Parquet BloomFilter § File Format
public struct BloomFilterHeader: Hashable, Sendable {
  public var byteCount: Int32 = -1
  /// Whether algorithm, hash and compression are those defined so far: split blocks, XXH64, none.
  public var isSupported = true
}

extension BloomFilterHeader: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var known = 0
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: byteCount = try reader.int32(field)
      case 2, 3, 4: known += try reader.structure(field, FirstMember.self).isOnlyMember ? 1 : 0
      default: try reader.skip(field)
      }
    }
    isSupported = known == 3
  }
}

/// A union of which only the first member is defined.
private struct FirstMember: ThriftStruct {
  var isOnlyMember = false

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      isOnlyMember = field.id == 1
      try reader.skip(field)
    }
  }
}
