internal import Synchronization

/// A new file, written from its beginning to its end under its own name. A class, since an open file has one owner.
///
/// Small pieces are gathered, and the file is created with the first that are flushed: a small file is one visit to the
/// threads that may block.
package final class FileWriter<Calls: FileSystemCalls>: ObjectWriter {
  private enum State {
    /// Nothing is on the disk yet.
    case unopened
    case open(FileDescriptor)
    /// A call is under way.
    case busy
    case failed(StorageError)
    case finished(ObjectMetadata)
    case abandoned
  }

  private struct Contents {
    var state: State = .unopened
    /// Bytes held back.
    var buffer: [UInt8] = []
  }

  private let writing: FileWriting<Calls>
  private let path: String
  private let target: String
  private let durability: Durability
  private let contents = Mutex(Contents())

  init(_ writing: FileWriting<Calls>, path: String, target: String, durability: Durability) {
    self.writing = writing
    self.path = path
    self.target = target
    self.durability = durability
  }

  package func write(_ bytes: UnsafeRawBufferPointer) async throws {
    try Task.checkCancellation()
    let isHeldBack = try contents.withLock { contents in
      switch contents.state {
      case .unopened, .open: break
      case .failed(let error): throw error
      case .busy, .finished, .abandoned: preconditionFailure("a file is written by one call after another, and once")
      }
      guard contents.buffer.count + bytes.count <= writing.bufferLimit else { return false }
      contents.buffer.append(contentsOf: bytes)
      return true
    }
    if isHeldBack { return }
    let piece = BytesToWrite(borrowing: bytes)
    try await advance { [self] buffer, file throws(SystemCallError) in
      let file = try await flush(buffer, to: file)
      do throws(SystemCallError) {
        try await writing.write(piece, to: file)
      } catch {
        await discard(file)
        throw error
      }
      return .open(file)
    }
  }

  package func finish() async throws -> ObjectMetadata {
    try Task.checkCancellation()
    try await advance { [self] buffer, file throws(SystemCallError) in
      let file = try await flush(buffer, to: file)
      let status: FileStatus
      do throws(SystemCallError) {
        if durability == .full { try await writing.calls.synchronize(file) }
        status = try await writing.calls.status(of: file)
      } catch {
        await discard(file)
        throw error
      }
      do throws(SystemCallError) {
        try await writing.calls.close(file)
        if durability == .full { try await writing.makeDurable(directoryOf: target) }
      } catch {
        // Nothing names the file yet, so that it can go, whatever the disk has of it.
        try? await writing.calls.unlink(target)
        throw error
      }
      return .finished(ObjectMetadata(path: path, size: status.size, lastModified: status.lastModified))
    }
    guard case .finished(let metadata) = contents.withLock({ $0.state }) else {
      throw StorageError.notWritten(path, in: writing.root, .inputOutput)
    }
    return metadata
  }

  package func abandon() async {
    let file = contents.withLock { contents -> FileDescriptor? in
      defer { contents.buffer = [] }
      switch contents.state {
      case .open(let file):
        contents.state = .abandoned
        return file
      case .unopened: contents.state = .abandoned
      case .busy: preconditionFailure("a file is abandoned after its last call has ended")
      case .failed, .finished, .abandoned: break
      }
      return nil
    }
    guard let file else { return }
    // What can't be removed is an unfinished file that nothing names.
    try? await writing.calls.run { [self] in await discard(file) }
  }

  /// Takes the state, lets `step` make calls with it, and puts the new one there.
  private func advance(
    _ step: @escaping @Sendable (_ buffer: [UInt8], FileDescriptor?) async throws(SystemCallError) -> State
  ) async throws {
    let (buffer, file) = try contents.withLock { contents -> ([UInt8], FileDescriptor?) in
      let file: FileDescriptor?
      switch contents.state {
      case .unopened: file = nil
      case .open(let open): file = open
      case .failed(let error): throw error
      case .busy, .finished, .abandoned: preconditionFailure("a file is written by one call after another, and once")
      }
      contents.state = .busy
      let buffer = contents.buffer
      contents.buffer = []
      return (buffer, file)
    }
    let state = try await writing.calls.run { [self] in
      do throws(SystemCallError) {
        return try await step(buffer, file)
      } catch .exists {
        return .failed(.alreadyExists(path, in: writing.root))
      } catch {
        return .failed(.notWritten(path, in: writing.root, error))
      }
    }
    contents.withLock { $0.state = state }
    if case .failed(let error) = state { throw error }
  }

  /// Writes what was held back, to a file that is created if there is none yet.
  private func flush(
    _ buffer: [UInt8], to file: FileDescriptor?
  ) async throws(SystemCallError) -> FileDescriptor {
    let open: FileDescriptor
    if let file { open = file } else { open = try await writing.create(target) }
    do throws(SystemCallError) {
      try await writing.write(BytesToWrite(buffer), to: open)
    } catch {
      await discard(open)
      throw error
    }
    return open
  }

  private func discard(_ file: FileDescriptor) async {
    try? await writing.calls.close(file)
    try? await writing.calls.unlink(target)
  }

  deinit {
    if case .open(let file) = contents.withLock({ $0.state }) { writing.calls.release(file) }
  }
}
