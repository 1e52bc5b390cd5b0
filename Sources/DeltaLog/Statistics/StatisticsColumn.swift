public import Columnar

/// A column or nested field whose file statistics are wanted.
///
/// Spec: Delta § Per-file Statistics
public struct StatisticsColumn: Hashable, Sendable {
  /// As predicates name it.
  public var path: ColumnPath
  /// As statistics name it: the physical path under column mapping.
  public var physicalPath: ColumnPath
  public var type: DataType
  /// Whether some files may have been written when the column was a `float`. Their bounds are spelt with a float's
  /// few digits, which as a double is another number.
  public var mayHoldFloats: Bool

  public init(path: ColumnPath, physicalPath: ColumnPath, type: DataType, mayHoldFloats: Bool = false) {
    self.path = path
    self.physicalPath = physicalPath
    self.type = type
    self.mayHoldFloats = mayHoldFloats
  }

  /// The column at a logical path through structs, or `nil` when there is none.
  public init?(_ path: ColumnPath, in mapping: ColumnMapping) {
    guard let physicalPath = mapping.physicalPath(of: path) else { return nil }
    var schema = mapping.logicalSchema
    var found: StructField?
    for name in path.names {
      guard let field = schema[name] else { return nil }
      found = field
      if case .struct(let type) = field.type { schema = type } else { schema = StructType([]) }
    }
    guard let found else { return nil }
    self.init(
      path: path, physicalPath: physicalPath, type: found.type,
      mayHoldFloats: found.type == .double && Self.wasWidened(found))
  }

  /// Every leaf of a schema that may have statistics, in schema order: arrays and maps have none.
  public static func leaves(of mapping: ColumnMapping) -> [StatisticsColumn] {
    var columns: [StatisticsColumn] = []
    func visit(_ type: StructType, _ names: [String]) {
      for field in type.fields {
        let path = names + [field.name]
        switch field.type {
        case .struct(let type): visit(type, path)
        case .array, .map: break
        default:
          if let column = StatisticsColumn(ColumnPath(path), in: mapping) { columns.append(column) }
        }
      }
    }
    visit(mapping.logicalSchema, [])
    return columns
  }

  private static func wasWidened(_ field: StructField) -> Bool {
    field.metadata[TypeWidening.changesKey] != nil
  }

  /// How bounds of the type are kept.
  var lane: StatisticsLane.Kind? {
    switch type {
    case .boolean, .byte, .short, .integer, .long, .date, .timestamp(.microseconds), .timestampNtz(.microseconds):
      .integers
    case .decimal(let precision, _): precision <= 18 ? .integers : precision <= 38 ? .wideIntegers : nil
    case .float, .double: .doubles
    case .string: .texts
    default: nil
    }
  }
}
