internal import Columnar
internal import Parquet

/// A file in memory that has exactly these bytes.
struct BytesSource: ByteSource {
  let bytes: [UInt8]
  var name: String { "input" }

  func size() async throws -> Int { bytes.count }

  func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    ranges.map { range in
      claim(range.lowerBound >= 0 && range.upperBound <= bytes.count, "\(range) is asked of \(bytes.count) bytes")
      return bytes.withUnsafeBytes { Buffer(copying: UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
  }
}
