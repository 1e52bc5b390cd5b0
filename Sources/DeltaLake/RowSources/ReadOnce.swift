internal import Synchronization

/// What one reading gets, and no other. A class, since readings share it.
final class ReadOnce<Value>: Sendable {
  private let value: Mutex<Value?>

  init(_ value: sending Value) { self.value = Mutex(value) }

  /// `nil` from the second time on.
  func take() -> sending Value? {
    value.withLock { value -> sending Value? in
      let taken = value
      value = nil
      return taken
    }
  }
}
