import Columnar
import Foundation
import Testing

@Suite("Variants that fuzzing found")
struct VariantRegressions {
  @Test("Members that share bytes are refused whether or not other bytes follow the value")
  func overlapBeforeTrailingBytes() throws {
    let text =
      "EQABAwABAgtiYWxvbmcgbmFtZSMDAQACGAAwUAMEAAUKDxEUAAAAABQBAAAABQACFGIAAwAEAAUKDxEjFAAAAAAUAQAAABQCAAAABWEDBAAFCg8Z"
      + "FAAAAAAUAf///////////////////wAAABQCAAAAJWxvbmcgbmFtLA=="
    let bytes = [UInt8](try #require(Data(base64Encoded: text)))
    let metadata = try VariantMetadata(Buffer(copying: Array(bytes[2..<19])))
    let variant = try VariantValue(metadata: metadata, value: Buffer(copying: Array(bytes[19...])))
    let alone = try VariantValue(metadata: metadata, value: variant.valueBytes())
    #expect(throws: VariantError.self) { try variant.json() }
    #expect(throws: VariantError.self) { try alone.json() }
  }
}
