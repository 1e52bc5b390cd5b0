/// What a store could not do.
public struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An open set: more may come.
  public struct Code: Hashable, Sendable {
    public let name: String
    public static let notFound = Code(name: "notFound")
    public static let permissionDenied = Code(name: "permissionDenied")
    public static let invalidPath = Code(name: "invalidPath")
    public static let inputOutput = Code(name: "inputOutput")
  }

  public var code: Code
  /// What failed, where, and what to do.
  public var message: String
  /// The file, as the caller named it.
  public var path: String

  public init(_ code: Code, _ message: String, path: String) {
    self.code = code
    self.message = message
    self.path = path
  }

  public var description: String { message }
}

extension StorageError {
  static func notFound(_ path: String, in store: String) -> StorageError {
    StorageError(.notFound, "There is no file \(path) in \(store).", path: path)
  }

  static func outside(_ path: String, of store: String) -> StorageError {
    StorageError(.invalidPath, "The path \(path) leads outside of \(store) and was not followed.", path: path)
  }
}
