import Columnar
import Foundation
import Testing

@testable import Parquet

@Suite("Keys of maps")
struct MapKeyRegressions {
  /// Two rows of a map of numbers whose keys may be null by the file's schema: the first has a null key, the second is null.
  private static let nullKey = """
    UEFSMRUAFX4VfiwVBBUAFQYVBgAAAgAAAAQABAAAAAICAgABAAClpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaUAFQAV\
    JBUkLBUEFQAVBhUGAAACAAAABAAEAAAAAgICAAIAAAAVAhlcSAZzY2hlbWEVAgA1AhgBbRUCXCwAAAA1BBgHZW50cmllcxUEABUCJQIYBGtleXMAFQIl\
    ABgEdmFscwAWBBkcGSwmABwVAhklAAYZOAFtB2VudHJpZXMEa2V5cxUAFgQWRhagASYIAAAmABwVAhklAAYZOAFtB2VudHJpZXMEdmFscxUAFgQW4AgW\
    RiaoAQAAFpQBFgQAKAxtYWRlIGJ5IGhhbmQAqQAAAFBBUjE=
    """

  @Test("A null key is damage, whatever the schema allows")
  func null() async throws {
    let bytes = [UInt8](try #require(Data(base64Encoded: Self.nullKey)))
    let file = try await ParquetFile.open(MemorySource(bytes))
    let error = await #expect(throws: ParquetError.self) {
      for task in try await file.rowGroups(ParquetRead()) {
        var reader = try await task.reader()
        while try await reader.next() != nil {}
      }
    }
    #expect(error?.code == .corrupt && error?.column == "m.entries.keys")
  }
}
