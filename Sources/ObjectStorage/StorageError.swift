/// What a store could not do.
public struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An open set: more may come.
  public struct Code: Hashable, Sendable {
    public let name: String
    public static let notFound = Code(name: "notFound")
    public static let permissionDenied = Code(name: "permissionDenied")
    public static let invalidPath = Code(name: "invalidPath")
    public static let inputOutput = Code(name: "inputOutput")
    /// A new file has a name that is taken.
    public static let alreadyExists = Code(name: "alreadyExists")
    /// The disk is full, or the user's share of it.
    public static let noSpace = Code(name: "noSpace")
    /// The disk may only be read.
    public static let readOnly = Code(name: "readOnly")
    /// The file system lacks a call that writing safely needs.
    public static let notSupported = Code(name: "notSupported")
    /// Whether the file was written, or would survive a failure of power, can't be told from the answer.
    public static let outcomeUnknown = Code(name: "outcomeUnknown")
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

  /// - Parameter reason: what the system said.
  static func outcomeUnknown(_ path: String, in store: String, _ reason: String) -> StorageError {
    StorageError(
      .outcomeUnknown,
      "The file \(path) in \(store) may or may not have been written, and may not survive a failure of power: "
        + "\(reason). Look whether it is there before writing it again, and check the disk.", path: path)
  }

  static func alreadyExists(_ path: String, in store: String) -> StorageError {
    StorageError(
      .alreadyExists, "The file \(path) is there already in \(store) and was not replaced. Write under another name.",
      path: path)
  }

  static func notAFile(_ path: String, in store: String) -> StorageError {
    StorageError(.invalidPath, "The path \"\(path)\" does not name a file in \(store).", path: path)
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
