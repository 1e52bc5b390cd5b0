/// Where the deletion vector of a logical file is, and how many rows it deletes.
///
/// Spec: Delta § Deletion Vector Descriptor Schema
public struct DeletionVectorDescriptor: Hashable, Sendable {
  /// How a deletion vector is stored, by the letter in the log.
  public struct StorageType: Hashable, Sendable, CustomStringConvertible {
    public let letter: String

    public init(_ letter: String) {
      self.letter = letter
    }

    /// In a file beside the table's data, named by a UUID.
    public static let relativePath = StorageType("u")
    /// In the descriptor itself, as Z85 text.
    public static let inline = StorageType("i")
    /// In a file at an absolute path.
    public static let absolutePath = StorageType("p")

    public var description: String { letter }
  }

  public var storageType: StorageType
  /// By storage type: an optional prefix and a Z85 UUID, the Z85 bytes themselves, or a path.
  public var pathOrInlineDv: String
  /// Where the vector starts in its file; `nil` counts as 0.
  public var offset: Int32?
  /// The serialised size, before Z85 when inline.
  public var sizeInBytes: Int32
  /// The rows it deletes.
  public var cardinality: Int64

  public init(
    storageType: StorageType, pathOrInlineDv: String, offset: Int32? = nil, sizeInBytes: Int32, cardinality: Int64
  ) {
    self.storageType = storageType
    self.pathOrInlineDv = pathOrInlineDv
    self.offset = offset
    self.sizeInBytes = sizeInBytes
    self.cardinality = cardinality
  }

  /// What tells one deletion vector of a data file from another.
  ///
  /// Spec: Delta § Derived Fields
  public var uniqueId: String {
    offset.map { "\(storageType.letter)\(pathOrInlineDv)@\($0)" } ?? storageType.letter + pathOrInlineDv
  }
}
