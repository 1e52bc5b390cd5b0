import Columnar
import Testing

@testable import DeltaLog

@Suite("Partition paths") struct PartitionPathTests {
  static let folders: [(values: [(name: String, value: String?)], folders: String, inLog: String)] = [
    ([], "", ""),
    ([("a", "1")], "a=1", "a=1"),
    ([("a", "1"), ("b", nil)], "a=1/b=__HIVE_DEFAULT_PARTITION__", "a=1/b=__HIVE_DEFAULT_PARTITION__"),
    ([("a", "")], "a=__HIVE_DEFAULT_PARTITION__", "a=__HIVE_DEFAULT_PARTITION__"),
    ([("a", "x/y")], "a=x%2Fy", "a=x%252Fy"),
    ([("a b", "x y")], "a%20b=x%20y", "a%2520b=x%2520y"),
    ([("a=b", "..")], "a%3Db=..", "a%253Db=.."),
    (
      [("t", "2024-01-01T10:00:00.000000Z")], "t=2024-01-01T10%3A00%3A00.000000Z",
      "t=2024-01-01T10%253A00%253A00.000000Z"
    ),
    ([("a", "100%")], "a=100%25", "a=100%2525"),
    ([("ä", "日本")], "ä=日本", "%C3%A4=%E6%97%A5%E6%9C%AC"),
    (
      [("a", "\u{0}\n\u{7F}\"#'*:?\\{[]^")], "a=%00%0A%7F%22%23%27%2A%3A%3F%5C%7B%5B%5D%5E",
      "a=%2500%250A%257F%2522%2523%2527%252A%253A%253F%255C%257B%255B%255D%255E"
    ),
  ]

  @Test("Folders are named as Hive names them, and the log has their paths as URIs", arguments: folders)
  func named(_ values: [(name: String, value: String?)], _ folders: String, _ inLog: String) {
    #expect(PartitionPath.folders(values) == folders)
    #expect(PercentEncoding.logPath(folders) == inLog)
    #expect(PercentEncoding.decoded(inLog) == folders)
  }

  @Test("A folder's name is never longer than a file system takes, and stays text")
  func long() {
    let folder = PartitionPath.folders([("a", String(repeating: "日", count: 200))])
    #expect(folder.utf8.count <= 240 && folder.hasPrefix("a=日日") && folder.hasSuffix("日"))
  }

  @Test("A colon in a relative path does not look like the end of a scheme")
  func colon() {
    #expect(PercentEncoding.logPath("a:b.parquet") == "a%3Ab.parquet")
  }

  @Test("File names are unique and say how they are compressed")
  func fileNames() {
    var generator = SystemRandomNumberGenerator()
    let id = UniqueID(using: &generator)
    #expect(PartitionPath.fileName(id, part: 7, codec: "zstd") == "part-00007-\(id)-c000.zstd.parquet")
    #expect(PartitionPath.fileName(id, part: 123_456, codec: nil) == "part-123456-\(id)-c000.parquet")
    #expect(PartitionPath.fileName(codec: nil) != PartitionPath.fileName(codec: nil))
    #expect(PartitionPath.randomPrefix(3).utf8.count == 3)
  }
}
