/// What a store could not do.
public struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An open set: more may come.
  public struct Code: Hashable, Sendable {
    public let name: String
    public static let notFound = Code(name: "notFound")
    public static let permissionDenied = Code(name: "permissionDenied")
    public static let invalidPath = Code(name: "invalidPath")
    public static let inputOutput = Code(name: "inputOutput")
    /// The file is larger than what may be read at once.
    public static let tooLarge = Code(name: "tooLarge")
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

  static func notRegular(_ path: String, in store: String, is kind: String) -> StorageError {
    StorageError(
      .inputOutput, "\(path) in \(store) is \(kind), not a file, and was not read. Put the file there in its place.",
      path: path)
  }

  static func tooLarge(_ path: String, in store: String, _ size: Int, limit: Int) -> StorageError {
    StorageError(
      .tooLarge,
      "The file \(path) in \(store) has \(size) bytes, more than the \(limit) that are read at once: no file of a table's "
        + "log should be that large. Restore it from a copy if it was damaged.", path: path)
  }

  static func outside(_ path: String, of store: String) -> StorageError {
    StorageError(.invalidPath, "The path \(path) leads outside of \(store) and was not followed.", path: path)
  }
}
