internal import Columnar

/// From types to JSON text.
enum SchemaWriter {
  static func append(_ type: DataType, to text: inout String) throws(DeltaError) {
    switch type {
    case .struct(let type):
      text += #"{"type":"struct","fields":["#
      for (index, field) in type.fields.enumerated() {
        if index > 0 { text += "," }
        text += #"{"name":"#
        MetadataJSON.appendQuoted(field.name, to: &text)
        text += #","type":"#
        try append(field.type, to: &text)
        text += #","nullable":\#(field.isNullable),"metadata":"#
        MetadataJSON.append(.object(field.metadata), to: &text)
        text += "}"
      }
      text += "]}"
    case .array(let type):
      text += #"{"type":"array","elementType":"#
      try append(type.element, to: &text)
      text += #","containsNull":\#(type.containsNull)}"#
    case .map(let type):
      text += #"{"type":"map","keyType":"#
      try append(type.key, to: &text)
      text += #","valueType":"#
      try append(type.value, to: &text)
      text += #","valueContainsNull":\#(type.valueContainsNull)}"#
    default:
      guard let name = SchemaJSON.name(of: type) else { throw .unsupportedType("\(type)", of: "a column") }
      text += "\"\(name)\""
    }
  }
}
