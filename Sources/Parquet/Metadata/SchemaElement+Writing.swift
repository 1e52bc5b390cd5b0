internal import Columnar

extension SchemaElement: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: physicalType?.rawValue)
    writer.field(2, int32: typeLength)
    writer.field(3, int32: repetition?.rawValue)
    writer.field(4, name)
    writer.field(5, int32: childCount)
    writer.field(6, int32: convertedType?.rawValue)
    writer.field(7, int32: scale)
    writer.field(8, int32: precision)
    writer.field(9, int32: fieldID)
    logicalType?.write(to: &writer, field: 10)
  }
}

extension LogicalType {
  /// Writes the annotation as a union; nothing for one that only ``ConvertedType`` can say.
  fileprivate func write(to writer: inout ThriftWriter, field: Int16) {
    switch self {
    case .string: writer.field(field, member: 1)
    case .map: writer.field(field, member: 2)
    case .list: writer.field(field, member: 3)
    case .enumeration: writer.field(field, member: 4)
    case .decimal(let precision, let scale):
      writer.field(field, member: 5) {
        $0.field(1, int32: Int32(clamping: scale))
        $0.field(2, int32: Int32(clamping: precision))
      }
    case .date: writer.field(field, member: 6)
    case .time(let isAdjustedToUTC, let unit):
      writer.field(field, member: 7) {
        $0.field(1, isAdjustedToUTC)
        $0.field(2, member: unit.member)
      }
    case .timestamp(let isAdjustedToUTC, let unit):
      writer.field(field, member: 8) {
        $0.field(1, isAdjustedToUTC)
        $0.field(2, member: unit.member)
      }
    case .integer(let bitWidth, let isSigned):
      writer.field(field, member: 10) {
        $0.field(1, int8: Int8(clamping: bitWidth))
        $0.field(2, isSigned)
      }
    case .unknown: writer.field(field, member: 11)
    case .json: writer.field(field, member: 12)
    case .bson: writer.field(field, member: 13)
    case .uuid: writer.field(field, member: 14)
    case .float16: writer.field(field, member: 15)
    case .interval: break
    case .variant(let version): writer.field(field, member: 16) { $0.field(1, int8: version) }
    case .geometry(let crs): writer.field(field, member: 17) { $0.field(1, crs) }
    case .geography(let crs, let algorithm):
      writer.field(field, member: 18) {
        $0.field(1, crs)
        $0.field(2, int32: algorithm)
      }
    case .file: writer.field(field, member: 19)
    case .unrecognized: break
    }
  }
}

extension TimeUnit {
  fileprivate var member: Int16 {
    switch self {
    case .milliseconds: 1
    case .microseconds: 2
    case .nanoseconds: 3
    }
  }
}
