/// A file's footer.
///
/// Spec: Parquet thrift § FileMetaData
public struct FileMetadata: Hashable, Sendable {
  /// 1 or 2; says nothing.
  public var version: Int32
  /// The schema, depth first; the root is first. ``ParquetSchema`` makes a tree of it.
  public var schema: [SchemaElement]
  /// The rows as the footer counts them; the row groups' own counts prevail.
  public var rowCount: Int64
  public var rowGroups: [RowGroup]
  public var keyValueMetadata: [KeyValue] = []
  /// The writer, for example `parquet-mr version 1.12.0 (build …)`.
  public var createdBy: String?
  /// One a leaf, in schema order; `nil` where the order of bounds is undefined.
  public var columnOrders: [ColumnOrder]?
  /// Set when columns are encrypted under a footer that is not.
  public var encryptionAlgorithm: EncryptionAlgorithm?

  public init(version: Int32 = 1, schema: [SchemaElement], rowCount: Int64, rowGroups: [RowGroup]) {
    self.version = version
    self.schema = schema
    self.rowCount = rowCount
    self.rowGroups = rowGroups
  }
}

extension FileMetadata: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init(schema: [], rowCount: 0, rowGroups: [])
    var hasRowGroups = false
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: version = try reader.int32(field)
      case 2: schema = try reader.structures(field)
      case 3: rowCount = try reader.int64(field)
      case 4:
        rowGroups = try reader.structures(field)
        hasRowGroups = true
      case 5: keyValueMetadata = try reader.structures(field)
      case 6: createdBy = try reader.string(field)
      case 7: columnOrders = try reader.structures(field, ColumnOrderUnion.self).map(\.value)
      case 8: encryptionAlgorithm = try reader.structure(field, EncryptionAlgorithmUnion.self).value
      default: try reader.skip(field)
      }
    }
    guard !schema.isEmpty else { throw .missingField("schema", of: "FileMetaData", reader) }
    guard hasRowGroups else { throw .missingField("row_groups", of: "FileMetaData", reader) }
  }
}

/// Free-form metadata of a file or column chunk.
///
/// Spec: Parquet thrift § FileMetaData
public struct KeyValue: Hashable, Sendable {
  public var key: String
  public var value: String?

  public init(key: String, value: String?) {
    self.key = key
    self.value = value
  }
}

extension KeyValue: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init(key: "", value: nil)
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: key = try reader.string(field)
      case 2: value = try reader.string(field)
      default: try reader.skip(field)
      }
    }
  }
}

/// The rows that are stored together, column chunk after column chunk.
///
/// Spec: Parquet thrift § RowGroup
public struct RowGroup: Hashable, Sendable {
  /// One a leaf, in schema order.
  public var columns: [ColumnChunk]
  public var rowCount: Int64
  /// Bytes of all column data, decompressed.
  public var totalByteSize: Int64
  public var totalCompressedSize: Int64?
  public var fileOffset: Int64?
  public var sortingColumns: [SortingColumn] = []
  public var ordinal: Int16?

  public init(columns: [ColumnChunk], rowCount: Int64, totalByteSize: Int64) {
    self.columns = columns
    self.rowCount = rowCount
    self.totalByteSize = totalByteSize
  }
}

extension RowGroup: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init(columns: [], rowCount: 0, totalByteSize: 0)
    var rowCount: Int64?
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: columns = try reader.structures(field)
      case 2: totalByteSize = try reader.int64(field)
      case 3: rowCount = try reader.int64(field)
      case 4: sortingColumns = try reader.structures(field)
      case 5: fileOffset = try reader.int64(field)
      case 6: totalCompressedSize = try reader.int64(field)
      case 7: ordinal = try reader.int16(field)
      default: try reader.skip(field)
      }
    }
    guard let rowCount else { throw .missingField("num_rows", of: "RowGroup", reader) }
    self.rowCount = rowCount
  }
}

/// A leaf by which the rows of a row group are sorted.
///
/// Spec: Parquet thrift § SortingColumn
public struct SortingColumn: Hashable, Sendable {
  /// The leaf's position.
  public var columnIndex: Int32 = 0
  public var isDescending = false
  public var nullsFirst = false
}

extension SortingColumn: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: columnIndex = try reader.int32(field)
      case 2: isDescending = try reader.bool(field)
      case 3: nullsFirst = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
  }
}

/// By which order a column's bounds are the least and the greatest.
///
/// Spec: Parquet thrift § ColumnOrder
public enum ColumnOrder: Hashable, Sendable {
  /// The order of the logical or physical type.
  case typeDefined
  /// Floating point by IEEE 754's total order.
  case ieee754TotalOrder
  /// INT96 by time.
  case int96Timestamp
  /// One of a later specification: bounds are not used.
  case unrecognized(id: Int16)
}

private struct ColumnOrderUnion: ThriftStruct {
  var value: ColumnOrder = .unrecognized(id: 0)

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: value = .typeDefined
      case 2: value = .ieee754TotalOrder
      case 3: value = .int96Timestamp
      default: value = .unrecognized(id: field.id)
      }
      try reader.skip(field)
    }
  }
}

/// How a file's columns are encrypted. Only named: encrypted columns are refused.
///
/// Spec: Parquet thrift § EncryptionAlgorithm
public enum EncryptionAlgorithm: Hashable, Sendable {
  case aesGcmV1, aesGcmCtrV1
  case unrecognized(id: Int16)
}

private struct EncryptionAlgorithmUnion: ThriftStruct {
  var value: EncryptionAlgorithm = .unrecognized(id: 0)

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: value = .aesGcmV1
      case 2: value = .aesGcmCtrV1
      default: value = .unrecognized(id: field.id)
      }
      try reader.skip(field)
    }
  }
}
