/// A file of the log that table state came from, kept for what is only read on need: the statistics.
package struct LogSource: Sendable {
  /// Inside the log directory.
  package let name: String
  /// The version of the commit or checkpoint.
  package let version: Version
  /// A commit's or JSON checkpoint's text, when it was kept. `nil`: Parquet, or to be read again.
  package let bytes: [UInt8]?
  package let kind: Kind

  package enum Kind: Sendable, Hashable {
    /// JSON lines: a file's place in the source is the byte of its statistics.
    case json
    /// A Parquet checkpoint or sidecar: a file's place in the source is its row.
    case parquet
  }

  package init(name: String, version: Version, kind: Kind, bytes: [UInt8]? = nil) {
    self.name = name
    self.version = version
    self.kind = kind
    self.bytes = bytes
  }

  func isSameFile(as other: LogSource) -> Bool {
    kind == .parquet && other.kind == .parquet && name == other.name && version == other.version
  }
}
