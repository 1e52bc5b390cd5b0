/// Bytes on their way to a file: an array's, or those behind a pointer whose owner waits until they are written.
package struct BytesToWrite: @unchecked Sendable {
  private enum Storage {
    case array([UInt8], from: Int)
    case pointer(UnsafeRawBufferPointer)
  }
  private var storage: Storage

  package init(_ bytes: [UInt8]) { storage = .array(bytes, from: 0) }

  /// - Parameter bytes: must stay until the writing has ended.
  package init(borrowing bytes: UnsafeRawBufferPointer) { storage = .pointer(bytes) }

  package var count: Int {
    switch storage {
    case .array(let bytes, let from): bytes.count - from
    case .pointer(let bytes): bytes.count
    }
  }

  package func withUnsafeBytes<Value, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    switch storage {
    case .pointer(let bytes): return try body(bytes)
    case .array(let bytes, let from):
      // `withUnsafeBytes` of the array rethrows untyped.
      let result = bytes.withUnsafeBytes { all -> Result<Value, Failure> in
        do throws(Failure) {
          return .success(try body(UnsafeRawBufferPointer(rebasing: all[from...])))
        } catch {
          return .failure(error)
        }
      }
      return try result.get()
    }
  }

  /// Leaves out the first bytes, which are written.
  ///
  /// - Precondition: there are so many.
  package mutating func removeFirst(_ written: Int) {
    precondition(written <= count, "more was written than there is")
    switch storage {
    case .array(let bytes, let from): storage = .array(bytes, from: from + written)
    case .pointer(let bytes): storage = .pointer(UnsafeRawBufferPointer(rebasing: bytes[written...]))
    }
  }
}
