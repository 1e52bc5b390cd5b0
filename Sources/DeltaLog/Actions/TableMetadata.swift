/// The table's schema, partitioning and properties: the `metaData` action. The latest one wins as a whole.
///
/// Spec: Delta § Change Metadata
public struct TableMetadata: Hashable, Sendable {
  /// The table's unique id, normally a UUID.
  public var id: String
  public var name: String?
  public var description: String?
  public var format: FileFormat
  /// The schema as JSON text.
  public var schemaString: String
  public var partitionColumns: [String]
  public var createdTime: Timestamp?
  /// The table properties, for instance `delta.appendOnly`.
  public var configuration: [String: String]
  package var unknownFields = UnknownFields()

  public init(
    id: String, name: String? = nil, description: String? = nil, format: FileFormat = FileFormat(),
    schemaString: String, partitionColumns: [String] = [], createdTime: Timestamp? = nil,
    configuration: [String: String] = [:]
  ) {
    self.id = id
    self.name = name
    self.description = description
    self.format = format
    self.schemaString = schemaString
    self.partitionColumns = partitionColumns
    self.createdTime = createdTime
    self.configuration = configuration
  }

  /// How the table's data files are encoded.
  ///
  /// Spec: Delta § Format Specification
  public struct FileFormat: Hashable, Sendable {
    /// `parquet`, by every present writer.
    public var provider: String
    public var options: [String: String]

    public init(provider: String = "parquet", options: [String: String] = [:]) {
      self.provider = provider
      self.options = options
    }
  }
}
