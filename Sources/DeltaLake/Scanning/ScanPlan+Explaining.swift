internal import Columnar
internal import DeltaLog

extension ScanPlan {
  /// Files whose footers are read, or rows decoded, at the same time.
  private static let openAtOnce = 4

  /// Why the scan reads what it reads. Opens each file that is to be read, as the scan itself would: a request or two
  /// a file, and memory only for the files listed.
  ///
  /// - Parameters:
  ///   - fileLimit: how many files to list; the totals are always those of all.
  ///   - isRun: whether to read the rows as well and say what that took. The scan's own limit does not end it early.
  /// - Throws: ``DeltaError`` or `CancellationError`.
  public func explain(fileLimit: Int = 100, isRun: Bool = false) async throws -> ScanExplanation {
    let table = scan.snapshot.state.files
    var explanation = ScanExplanation()
    explanation.totals.files = table.count
    explanation.totals.bytes = scan.snapshot.sizeInBytes
    if isRun { (explanation.totals.spent, explanation.totals.matchedRows) = (.init(), 0) }

    let reads = try fileReads()
    let openAtOnce = max(1, min(Self.openAtOnce, scan.threadCount))
    try await withThrowingTaskGroup(of: (Int, ScanExplanation.File).self) { group in
      var listed: [(Int, ScanExplanation.File)] = []
      var next = 0
      func openNext() {
        guard next < fileRows.count else { return }
        let index = next
        next += 1
        group.addTask(executorPreference: Surroundings.current.workers) {
          var file = ScanExplanation.File(
            path: table.path(at: fileRows[index]), sizeInBytes: table.sizes[fileRows[index]], refutation: nil)
          try await reads.read(index).explain(&file, isRun: isRun)
          return (index, file)
        }
      }
      for _ in 0..<openAtOnce { openNext() }
      while let (index, file) = try await group.next() {
        explanation.totals.add(file)
        if index < fileLimit { listed.append((index, file)) }
        openNext()
      }
      explanation.files = listed.sorted { $0.0 < $1.0 }.map(\.1)
    }
    try await addSkippedFiles(to: &explanation, limit: max(0, fileLimit - fileRows.count))
    return explanation
  }

  private func addSkippedFiles(to explanation: inout ScanExplanation, limit: Int) async throws {
    guard let predicate = scan.predicate else { return }
    let table = scan.snapshot.state.files
    var isOpened = [Bool](repeating: false, count: table.count)
    for file in fileRows { isOpened[file] = true }
    for file in 0..<table.count where !isOpened[file] {
      explanation.totals.skippedBytes = explanation.totals.skippedBytes &+ table.sizes[file]
    }
    if prunedByPartition > 0 { explanation.totals.skippedFiles[.partitionValues] = prunedByPartition }
    if prunedByStatistics > 0 { explanation.totals.skippedFiles[.fileStatistics] = prunedByStatistics }
    guard limit > 0, fileRows.count < table.count else { return }

    let pruning = try FilePruning(scan.snapshot, predicate)
    var isLeft = [Bool](repeating: false, count: table.count)
    for file in try pruning.filesByPartition() { isLeft[file] = true }
    let listed = (0..<table.count).filter { !isOpened[$0] }.prefix(limit)
    let byPartition = listed.filter { !isLeft[$0] }
    var refutations = try await pruning.refutations(byStatisticsOf: listed.filter { isLeft[$0] })
    for (file, refutation) in zip(byPartition, try pruning.refutations(byPartitionOf: byPartition)) {
      refutations[file] = refutation
    }
    for file in listed {
      let refutation =
        refutations[file] ?? ScanExplanation.Refutation(evidence: .fileStatistics, clause: nil, known: [])
      explanation.files.append(
        ScanExplanation.File(path: table.path(at: file), sizeInBytes: table.sizes[file], refutation: refutation))
    }
  }
}
