package import Columnar

/// Ranges of a file merged into fewer requests where they are close to one another.
package struct CoalescedRanges: Sendable {
  /// What to fetch: ascending, without overlap.
  package let requests: [Range<Int>]
  private let ranges: [Range<Int>]
  /// For each range the request it is in.
  private let requestIndices: [Int]

  /// - Parameters:
  ///   - maximumGap: bytes that are fetched for nothing rather than starting another request.
  ///   - maximumLength: no request grows beyond it by merging.
  package init(_ ranges: [Range<Int>], maximumGap: Int = 1 << 20, maximumLength: Int = 64 << 20) {
    var requests: [Range<Int>] = []
    var requestIndices = [Int](repeating: 0, count: ranges.count)
    for index in ranges.indices.sorted(by: { ranges[$0].lowerBound < ranges[$1].lowerBound }) {
      let range = ranges[index]
      if let last = requests.last, range.lowerBound - last.upperBound <= maximumGap,
        range.upperBound <= last.upperBound || range.upperBound - last.lowerBound <= maximumLength
          || range.lowerBound < last.upperBound
      {
        requests[requests.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        requests.append(range)
      }
      requestIndices[index] = requests.count - 1
    }
    self.requests = requests
    self.ranges = ranges
    self.requestIndices = requestIndices
  }

  /// The ranges' own bytes, in their order, out of a buffer for each request.
  package func slices(of buffers: [Buffer]) -> [Buffer] {
    precondition(
      buffers.count == requests.count && zip(buffers, requests).allSatisfy { $0.count == $1.count },
      "a whole buffer for each request")
    return zip(ranges, requestIndices).map { range, index in
      let start = requests[index].lowerBound
      return buffers[index].slice(range.lowerBound - start..<range.upperBound - start)
    }
  }
}

extension ByteSource {
  /// A buffer for each range, fetched in fewer requests where ranges are close.
  package func readCoalesced(_ ranges: [Range<Int>], maximumGap: Int = 1 << 20) async throws -> [Buffer] {
    if ranges.isEmpty { return [] }
    let coalesced = CoalescedRanges(ranges, maximumGap: maximumGap)
    let buffers = try await read(coalesced.requests)
    guard buffers.count == coalesced.requests.count,
      zip(buffers, coalesced.requests).allSatisfy({ $0.count == $1.count })
    else { throw ParquetError(.io, "The source gave other numbers of bytes than it was asked for.", file: name) }
    return coalesced.slices(of: buffers)
  }
}
