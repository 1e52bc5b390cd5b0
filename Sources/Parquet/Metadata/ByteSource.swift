public import Columnar

/// Random access to the bytes of one file.
///
/// A source is asked for as many ranges at once as are known, so that a remote one can fetch them together.
public protocol ByteSource: Sendable {
  /// A name for error messages: a path or URL.
  var name: String { get }

  /// The file's size in bytes. The file must not change while it is read.
  func size() async throws -> Int

  /// A buffer for each range, in order and of exactly its length.
  ///
  /// - Throws: when a range is not within the file, or the bytes cannot be had; never returns fewer.
  func read(_ ranges: [Range<Int>]) async throws -> [Buffer]

  /// About how many bytes come in the time that a read takes before its first byte does: fetching less than this for
  /// nothing beats another read. 1 MiB, as over a network, unless the source says otherwise.
  var requestOverhead: Int { get }
}

extension ByteSource {
  public var requestOverhead: Int { 1 << 20 }

  /// One range's bytes.
  package func read(_ range: Range<Int>) async throws -> Buffer {
    let buffers = try await read([range])
    guard buffers.count == 1, buffers[0].count == range.count else {
      throw ParquetError.cannotRead(name, range, reason: "the source gave another number of bytes")
    }
    return buffers[0]
  }
}

/// A source whose last bytes are at hand, so that what lies there is not fetched again.
struct TailCachedByteSource: ByteSource {
  let base: any ByteSource
  let fileSize: Int
  let tail: Buffer

  var name: String { base.name }
  var requestOverhead: Int { base.requestOverhead }
  func size() async throws -> Int { fileSize }

  func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    let tailStart = fileSize - tail.count
    let missing = ranges.indices.filter { ranges[$0].lowerBound < tailStart || ranges[$0].upperBound > fileSize }
    let fetched = missing.isEmpty ? [] : try await base.read(missing.map { ranges[$0] })
    guard fetched.count == missing.count else {
      throw ParquetError(.io, "The source gave \(fetched.count) buffers for \(missing.count) ranges.", file: name)
    }
    var result = ranges.map { _ in tail }
    for (index, range) in ranges.enumerated() where range.lowerBound >= tailStart && range.upperBound <= fileSize {
      result[index] = tail.slice(range.lowerBound - tailStart..<range.upperBound - tailStart)
    }
    for (index, buffer) in zip(missing, fetched) {
      guard buffer.count == ranges[index].count else {
        throw ParquetError.cannotRead(name, ranges[index], reason: "the source gave \(buffer.count) bytes")
      }
      result[index] = buffer
    }
    return result
  }
}
