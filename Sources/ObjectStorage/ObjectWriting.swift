/// What a write waits for before it is reported as done.
public enum Durability: Hashable, Sendable, CaseIterable {
  /// The file and the entries of all directories on the way to it are on the disk: they survive a failure of power.
  ///
  /// What was written before it as `relaxed`, by anyone, does not become durable by that.
  case full
  /// The system has taken the file: it survives the end of the process, not a failure of power.
  case relaxed
}

/// What a write does where there is a file of that name.
public enum WriteCondition: Hashable, Sendable, CaseIterable {
  /// It leaves it alone: ``WriteOutcome/alreadyExists``.
  case ifAbsent
  /// It replaces it at once: readers see the old bytes or the new ones.
  case always
}

/// What became of a write that did not fail.
public enum WriteOutcome: Hashable, Sendable {
  case written(ObjectMetadata)
  /// Another file has the name; nothing was written.
  case alreadyExists
}

/// A new file that is written from its beginning to its end.
///
/// Calls come one after another, never at once. A writer that is let go of without ``finish()`` or ``abandon()`` leaves
/// an unfinished file behind, which nothing names and `vacuum` removes.
public protocol ObjectWriter: Sendable {
  /// Adds bytes. They may be held back until there are enough of them, or until ``finish()``.
  ///
  /// - Throws: ``StorageError`` or `CancellationError`. After a ``StorageError`` nothing is left of the file.
  func write(_ bytes: UnsafeRawBufferPointer) async throws

  /// Writes what is held back and makes the file as durable as was asked for.
  ///
  /// - Throws: as ``write(_:)``.
  func finish() async throws -> ObjectMetadata

  /// Removes what was written. After ``finish()``, and a second time, it does nothing. It also works in a cancelled task.
  func abandon() async
}
