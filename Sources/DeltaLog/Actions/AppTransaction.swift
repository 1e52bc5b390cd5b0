/// How far an application has come with its own writes, recorded with the commit: the `txn` action.
///
/// Spec: Delta § Transaction Identifiers
public struct AppTransaction: Hashable, Sendable {
  public var appId: String
  /// The application's own count; it need not ascend.
  public var version: Int64
  public var lastUpdated: Timestamp?

  public init(appId: String, version: Int64, lastUpdated: Timestamp? = nil) {
    self.appId = appId
    self.version = version
    self.lastUpdated = lastUpdated
  }
}
