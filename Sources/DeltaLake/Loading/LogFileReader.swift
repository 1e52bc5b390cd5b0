internal import DeltaLog

/// Reads log files a few ahead, many small ones at once, and hands them out in order.
struct LogFileReader {
  let log: LogDirectory

  /// Reads under way; each is of some files.
  private static let readAhead = 4
  private static let filesAtOnce = 32
  private static let bytesAtOnce: Int64 = 1 << 20

  func forEach(_ files: [LogFile], _ body: (LogFile, [UInt8]) async throws -> Void) async throws {
    let groups = Self.groups(files)
    let log = log
    try await groups.indices.forEach(workingAhead: Self.readAhead) { index in
      try await log.read(files[groups[index]].map(\.name))
    } then: { index, contents in
      for (file, bytes) in zip(files[groups[index]], contents) {
        try Task.checkCancellation()
        try await body(file, bytes)
      }
    }
  }

  /// Which files to read at once.
  private static func groups(_ files: [LogFile]) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = 0
    var bytes: Int64 = 0
    for (index, file) in files.enumerated() {
      let size = max(0, file.sizeInBytes)
      if index > start, index - start >= filesAtOnce || bytes + size > bytesAtOnce {
        groups.append(start..<index)
        (start, bytes) = (index, 0)
      }
      // Sizes are what the directory says: their sum may be anything.
      bytes = bytes.addingReportingOverflow(size).overflow ? .max / 2 : bytes + size
    }
    if start < files.count { groups.append(start..<files.count) }
    return groups
  }
}
