public import Columnar

/// A file's schema: as it is stored, a tree of ``SchemaNode``s over ``ParquetLeaf``s, and as it is meant, a list of
/// ``ParquetField``s.
///
/// Spec: Parquet LogicalTypes § Nested Types
public struct ParquetSchema: Sendable {
  /// The stored tree. Its children are the columns.
  public let root: SchemaNode
  /// The stored columns, in the order of the row groups' chunks.
  public let leaves: [ParquetLeaf]
  /// What the columns mean, in order; one for each child of the root.
  public let fields: [ParquetField]

  /// The columns as types. A field id is in the fields' metadata as `parquet.field.id`.
  public var rowSchema: Schema { StructType(fields.map(\.structField)) }

  /// - Throws: ``ParquetError`` with code `corrupt` when the elements are no tree, nest deeper than 200, or have an
  ///   annotation that their physical type doesn't allow.
  public init(_ elements: [SchemaElement]) throws(ParquetError) {
    var builder = SchemaBuilder(elements: elements)
    root = try builder.buildRoot()
    leaves = builder.leaves
    fields = FieldBuilder(leaves: leaves).fields(of: root)
  }
}

/// A node of the stored tree.
public struct SchemaNode: Sendable {
  public let element: SchemaElement
  /// Empty for a leaf.
  public let children: [SchemaNode]
  /// The optional and repeated nodes from below the root to this one.
  public let definitionLevel: Int
  /// The repeated nodes from below the root to this one.
  public let repetitionLevel: Int
  /// The leaves beneath or, for a leaf, itself.
  public let leaves: Range<Int>

  public var name: String { element.name }
  public var isLeaf: Bool { element.physicalType != nil }
  public var repetition: Repetition { element.repetition ?? .required }
}

/// A stored column.
public struct ParquetLeaf: Sendable {
  /// Its position among the leaves and among a row group's chunks.
  public let index: Int
  /// The names from below the root.
  public let path: [String]
  public let element: SchemaElement
  public let physicalType: PhysicalType
  /// The bytes of a value of type `fixedLengthByteArray`, more than 0; else 0.
  public let typeLength: Int
  /// What one value means.
  public let type: DataType
  /// The level at which there is a value; lower ones say at which node it ends.
  public let maxDefinitionLevel: Int
  public let maxRepetitionLevel: Int

  /// The path with dots, for messages.
  public var name: String { path.joined(separator: ".") }
}

/// Makes the tree out of the flat list, which may lie about it.
private struct SchemaBuilder {
  /// Levels are kept in bytes, and trees are walked recursively.
  static let maximumDepth = 200
  /// The names in all leaves' paths: a deep chain above many leaves would make them far larger than the file.
  static let maximumPathNames = 1 << 22

  let elements: [SchemaElement]
  var leaves: [ParquetLeaf] = []
  private var position = 0
  private var path: [String] = []
  private var pathNames = 0

  init(elements: [SchemaElement]) { self.elements = elements }

  mutating func buildRoot() throws(ParquetError) -> SchemaNode {
    guard let first = elements.first, first.physicalType == nil else { throw .schema("its root is not a group") }
    let root = try node(definitionLevel: 0, repetitionLevel: 0, isRoot: true)
    guard position == elements.count else { throw .schema("\(elements.count - position) elements belong nowhere") }
    return root
  }

  private mutating func node(
    definitionLevel: Int, repetitionLevel: Int, isRoot: Bool = false
  ) throws(ParquetError) -> SchemaNode {
    guard position < elements.count else { throw .schema("a group has fewer children than it says") }
    guard path.count < Self.maximumDepth else { throw .schema("it nests deeper than \(Self.maximumDepth)") }
    let element = elements[position]
    position += 1
    var (definitionLevel, repetitionLevel) = (definitionLevel, repetitionLevel)
    if !isRoot {
      path.append(element.name)
      if element.repetition == .optional || element.repetition == .repeated { definitionLevel += 1 }
      if element.repetition == .repeated { repetitionLevel += 1 }
    }
    defer { if !isRoot { path.removeLast() } }

    let firstLeaf = leaves.count
    var children: [SchemaNode] = []
    if let physicalType = element.physicalType {
      try addLeaf(element, physicalType, definitionLevel, repetitionLevel)
    } else {
      guard let count = element.childCount ?? (isRoot ? 0 : nil) else {
        throw .schema("\(element.name) has neither a type nor children")
      }
      guard count >= 0, Int(count) <= elements.count - position else {
        throw .schema("\(element.name) has \(count) children, and \(elements.count - position) elements are left")
      }
      for _ in 0..<count {
        children.append(try node(definitionLevel: definitionLevel, repetitionLevel: repetitionLevel))
      }
    }
    return SchemaNode(
      element: element, children: children, definitionLevel: definitionLevel, repetitionLevel: repetitionLevel,
      leaves: firstLeaf..<leaves.count)
  }

  private mutating func addLeaf(
    _ element: SchemaElement, _ physicalType: PhysicalType, _ definitionLevel: Int, _ repetitionLevel: Int
  ) throws(ParquetError) {
    pathNames += path.count
    guard pathNames <= Self.maximumPathNames else { throw .schema("its paths are too long") }
    let path = path
    try located(column: path.joined(separator: ".")) { () throws(ParquetError) -> Void in
      var typeLength = 0
      if physicalType == .fixedLengthByteArray {
        typeLength = Int(element.typeLength ?? 0)
        guard typeLength > 0 else { throw .schema("a fixed-length column has length \(typeLength)") }
      }
      leaves.append(
        ParquetLeaf(
          index: leaves.count, path: path, element: element, physicalType: physicalType, typeLength: typeLength,
          type: try LeafType.type(of: element, physicalType, length: typeLength),
          maxDefinitionLevel: definitionLevel, maxRepetitionLevel: repetitionLevel))
    }
  }
}

extension ParquetError {
  static func schema(_ problem: String) -> ParquetError {
    ParquetError(.corrupt, "The file's schema is damaged: \(problem).")
  }

  static func annotation(_ annotation: LogicalType, on physicalType: PhysicalType, length: Int) -> ParquetError {
    let type = physicalType == .fixedLengthByteArray ? "\(physicalType)(\(length))" : "\(physicalType)"
    return ParquetError(
      .corrupt, "The file's schema is damaged: the annotation \(annotation) is not allowed on the type \(type).")
  }
}
