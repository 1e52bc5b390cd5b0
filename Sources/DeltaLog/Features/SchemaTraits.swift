internal import Columnar

/// What a schema holds that some table feature must stand for, at any depth.
struct SchemaTraits: Hashable {
  var hasTimestampNtz = false
  var hasVariant = false
  var hasInvariants = false
  var hasGeneratedColumns = false
  var hasIdentityColumns = false
  var hasDefaults = false
  var hasCollations = false
  var hasTypeChanges = false
  var hasColumnMapping = false

  init(_ schema: StructType) {
    visit(schema)
  }

  private mutating func visit(_ schema: StructType) {
    for field in schema.fields {
      for key in field.metadata.keys {
        switch key {
        case "delta.invariants": hasInvariants = true
        case "delta.generationExpression": hasGeneratedColumns = true
        case "delta.identity.start", "delta.identity.step": hasIdentityColumns = true
        case "CURRENT_DEFAULT": hasDefaults = true
        case "__COLLATIONS": hasCollations = true
        case TypeWidening.changesKey: hasTypeChanges = true
        case ColumnMapping.nameKey, ColumnMapping.idKey: hasColumnMapping = true
        default: break
        }
      }
      visit(field.type)
    }
  }

  private mutating func visit(_ type: DataType) {
    switch type {
    case .struct(let type): visit(type)
    case .array(let type): visit(type.element)
    case .map(let type):
      visit(type.key)
      visit(type.value)
    case .timestampNtz: hasTimestampNtz = true
    case .variant: hasVariant = true
    default: break
    }
  }
}
