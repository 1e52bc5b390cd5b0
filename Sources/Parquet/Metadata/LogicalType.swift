public import Columnar

/// What a field's values mean beyond how they are stored.
///
/// Spec: Parquet thrift § LogicalType
public enum LogicalType: Hashable, Sendable {
  case string, map, list, enumeration
  case decimal(precision: Int, scale: Int)
  case date
  case time(isAdjustedToUTC: Bool, unit: TimeUnit)
  case timestamp(isAdjustedToUTC: Bool, unit: TimeUnit)
  case integer(bitWidth: Int, isSigned: Bool)
  /// Always null.
  case unknown
  case json, bson, uuid, float16
  /// Has no number of its own yet: only ``ConvertedType/interval`` says it.
  case interval
  case variant(specificationVersion: Int8?)
  case geometry(crs: String?)
  case geography(crs: String?, algorithm: Int32?)
  case file
  /// An annotation of a later specification: the field reads as what it is stored as.
  case unrecognized(id: Int16)
}

/// Unions of one field that says it all. `nil` inside stands for a union with no field set.
struct LogicalTypeUnion: ThriftStruct {
  var value: LogicalType?

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 5: value = try reader.structure(field, DecimalParameters.self).type
      case 7:
        let time = try reader.structure(field, TimeParameters.self)
        value = time.unit.map { .time(isAdjustedToUTC: time.isAdjustedToUTC, unit: $0) } ?? .unrecognized(id: 7)
      case 8:
        let time = try reader.structure(field, TimeParameters.self)
        value = time.unit.map { .timestamp(isAdjustedToUTC: time.isAdjustedToUTC, unit: $0) } ?? .unrecognized(id: 8)
      case 10: value = try reader.structure(field, IntegerParameters.self).type
      case 16: value = try reader.structure(field, VariantParameters.self).type
      case 17:
        let parameters = try reader.structure(field, GeospatialParameters.self)
        value = .geometry(crs: parameters.crs)
      case 18:
        let parameters = try reader.structure(field, GeospatialParameters.self)
        value = .geography(crs: parameters.crs, algorithm: parameters.algorithm)
      default:
        value = Self.withoutParameters[field.id] ?? .unrecognized(id: field.id)
        try reader.skip(field)
      }
    }
  }

  private static let withoutParameters: [Int16: LogicalType] = [
    1: .string, 2: .map, 3: .list, 4: .enumeration, 6: .date, 11: .unknown, 12: .json, 13: .bson, 14: .uuid,
    15: .float16, 19: .file,
  ]
}

private struct DecimalParameters: ThriftStruct {
  let type: LogicalType

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var scale: Int32 = 0
    var precision: Int32?
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: scale = try reader.int32(field)
      case 2: precision = try reader.int32(field)
      default: try reader.skip(field)
      }
    }
    guard let precision else { throw .missingField("precision", of: "DecimalType", reader) }
    type = .decimal(precision: Int(precision), scale: Int(scale))
  }
}

private struct TimeParameters: ThriftStruct {
  var isAdjustedToUTC = false
  var unit: TimeUnit?

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: isAdjustedToUTC = try reader.bool(field)
      case 2: unit = try reader.structure(field, TimeUnitUnion.self).value
      default: try reader.skip(field)
      }
    }
  }
}

private struct TimeUnitUnion: ThriftStruct {
  var value: TimeUnit?

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: value = .milliseconds
      case 2: value = .microseconds
      case 3: value = .nanoseconds
      default: value = nil
      }
      try reader.skip(field)
    }
  }
}

private struct IntegerParameters: ThriftStruct {
  let type: LogicalType

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var bitWidth: Int8?
    var isSigned = true
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: bitWidth = try reader.int8(field)
      case 2: isSigned = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
    guard let bitWidth else { throw .missingField("bitWidth", of: "IntType", reader) }
    type = .integer(bitWidth: Int(bitWidth), isSigned: isSigned)
  }
}

private struct VariantParameters: ThriftStruct {
  let type: LogicalType

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var version: Int8?
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: version = try reader.int8(field)
      default: try reader.skip(field)
      }
    }
    type = .variant(specificationVersion: version)
  }
}

private struct GeospatialParameters: ThriftStruct {
  var crs: String?
  var algorithm: Int32?

  init(from reader: inout ThriftReader) throws(ParquetError) {
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: crs = try reader.string(field)
      case 2: algorithm = try reader.int32(field)
      default: try reader.skip(field)
      }
    }
  }
}
