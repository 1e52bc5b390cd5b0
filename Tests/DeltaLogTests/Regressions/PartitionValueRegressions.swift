import Columnar
import DeltaLog
import Testing

@Suite("Partition values that fuzzing found")
struct PartitionValueRegressions {
  @Test(
    "A decimal with an exponent beyond reason is refused, the least integer too",
    arguments: ["1E-9223372036854775808", "1E9223372036854775807", "1E-9223372036854775809", "1E10000"])
  func hugeExponent(_ text: String) {
    #expect(throws: DeltaError.self) {
      try PartitionValues.scalar(text, of: .decimal(precision: 10, scale: 2), column: "p")
    }
  }
}
