internal import Columnar

/// From types to JSON text.
enum SchemaWriter {
  static func append(_ type: DataType, at place: SchemaPlace, to text: inout String) throws(DeltaError) {
    guard place.depth <= SchemaJSON.maximumDepth else { throw .nestedTooDeeply(place) }
    switch type {
    case .struct(let type):
      text += #"{"type":"struct","fields":["#
      for (index, field) in type.fields.enumerated() {
        if index > 0 { text += "," }
        text += #"{"name":"#
        MetadataJSON.appendQuoted(field.name, to: &text)
        text += #","type":"#
        try append(field.type, at: place.inside(field.name), to: &text)
        text += #","nullable":\#(field.isNullable),"metadata":"#
        MetadataJSON.append(.object(field.metadata), to: &text)
        text += "}"
      }
      text += "]}"
    case .array(let type):
      text += #"{"type":"array","elementType":"#
      try append(type.element, at: place.inside("element"), to: &text)
      text += #","containsNull":\#(type.containsNull)}"#
    case .map(let type):
      text += #"{"type":"map","keyType":"#
      try append(type.key, at: place.inside("key"), to: &text)
      text += #","valueType":"#
      try append(type.value, at: place.inside("value"), to: &text)
      text += #","valueContainsNull":\#(type.valueContainsNull)}"#
    default:
      guard StorableType.isStorable(type), let name = SchemaJSON.name(of: type) else {
        throw .notStorable(type, at: place)
      }
      text += "\"\(name)\""
    }
  }
}
