import Testing

@testable import DeltaLog

@Suite("Deletion vectors that fuzzing found")
struct DeletionVectorRegressions {
  @Test("Runs that touch make the same set as one run")
  func touchingRuns() throws {
    // One bitmap of one block with the runs 1...2 and 3...5.
    let bytes: [UInt8] =
      [0xD1, 0xD3, 0x39, 0x64, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3B, 0x30, 0, 0, 1, 0, 0, 4, 0]
      + [2, 0, 1, 0, 1, 0, 3, 0, 2, 0]
    let set = try bytes.withUnsafeBytes { bytes in try RoaringBitmapArray(serialized: bytes) }
    #expect(set.positions == [1, 2, 3, 4, 5])
    #expect(set == RoaringBitmapArray(1...5))
  }
}
