internal import Columnar

/// Takes INT96 apart.
enum INT96Kernel {
  /// Nanoseconds since 1970 of values of 12 bytes: those of the day, then the Julian day. `nil` when one doesn't fit.
  static func nanoseconds(_ values: Buffer, count: Int) -> Buffer? {
    precondition(values.count >= count * 12, "values of 12 bytes")
    let result = Buffer(uninitialized: count * 8)
    let target = result.mutablePointer.assumingMemoryBound(to: Int64.self)
    return values.withUnsafeBytes { source in
      for index in 0..<count {
        let time = source.loadUnaligned(fromByteOffset: index &* 12, as: Int64.self)
        let day = source.loadUnaligned(fromByteOffset: index &* 12 &+ 8, as: Int32.self)
        let value = (Int128(day) - 2_440_588) * 86_400_000_000_000 + Int128(time)
        guard let nanoseconds = Int64(exactly: value) else { return nil }
        target[index] = nanoseconds
      }
      return result
    }
  }
}
