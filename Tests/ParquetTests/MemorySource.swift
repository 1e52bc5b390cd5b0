import Columnar
import Synchronization

@testable import Parquet

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file's bytes in memory; counts the requests and what they gave.
final class MemorySource: ByteSource {
  let name = "memory"
  let bytes: [UInt8]
  let requestOverhead: Int
  private let requests = Mutex(0)
  private let given = Mutex(0)
  var requestCount: Int { requests.withLock { $0 } }
  var byteCount: Int { given.withLock { $0 } }

  init(_ bytes: [UInt8], requestOverhead: Int = 1 << 20) {
    self.bytes = bytes
    self.requestOverhead = requestOverhead
  }

  convenience init?(path: String, requestOverhead: Int = 1 << 20) {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    self.init(Array(data), requestOverhead: requestOverhead)
  }

  func size() async throws -> Int { bytes.count }

  func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    requests.withLock { $0 += ranges.count }
    given.withLock { $0 += ranges.reduce(0) { $0 + $1.count } }
    return ranges.map { range in bytes[range].withUnsafeBytes { Buffer(copying: $0) } }
  }
}
