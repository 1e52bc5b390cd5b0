import Columnar
import Synchronization

@testable import Parquet

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file's bytes in memory; counts the requests.
final class MemorySource: ByteSource {
  let name = "memory"
  let bytes: [UInt8]
  private let requests = Mutex(0)
  var requestCount: Int { requests.withLock { $0 } }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  convenience init?(path: String) {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    self.init(Array(data))
  }

  func size() async throws -> Int { bytes.count }

  func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    requests.withLock { $0 += ranges.count }
    return ranges.map { range in bytes[range].withUnsafeBytes { Buffer(copying: $0) } }
  }
}
