internal import Columnar

/// One leaf column of a file as one reading wants it.
struct LeafPlan {
  /// The leaf's position among the file's leaves, which is that of its column chunks.
  let index: Int
  /// The dotted path, for messages.
  let name: String
  let physical: PhysicalType
  /// Of `fixedLengthByteArray`.
  let length: Int
  let type: DataType
  let storage: LeafStorage
  let maximumDefinition: Int
  let maximumRepetition: Int
  /// The definition level from which the innermost enclosing list has an element; 0 outside of lists.
  let elementDefinition: Int
  /// Whether structs or lists above need the levels.
  let keepsLevels: Bool

  /// Bytes of a value before conversion; 0 for strings.
  var physicalWidth: Int {
    switch physical {
    case .boolean, .byteArray: 0
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .fixedLengthByteArray: length
    }
  }
}
