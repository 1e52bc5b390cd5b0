import ObjectStorage

/// In which order changes of a directory's entries come to the disk when nobody waits for them.
package enum EntryOrder: Sendable {
  /// In that in which they were made: file systems with a journal do that. Those of different directories in any.
  case kept
  /// In any: all that POSIX promises. A log whose writers do not wait for each other's versions may then lose one and keep
  /// the next.
  case any
}

/// What a failure of power may leave of a disk: each of the possible disks, or a sample where there are too many.
struct CrashImages {
  struct Image {
    let disk: SimulatedDisk
    /// That of names and bytes.
    let contents: Fingerprint
    /// Whether all is as the processes saw it: the processes have ended, not the power.
    let isWhole: Bool
  }

  /// What was not waited for, of one file.
  private enum Tail: UInt64, CaseIterable {
    case whole, none, half, zeros, halfThenZeros
  }

  private let disk: SimulatedDisk
  /// For each directory with changes that may be undone, which these are. Those of hidden names are not among them: nobody
  /// looks at these files, and all of them survive.
  private let options: [(node: Int, changes: [Int])]
  private let order: EntryOrder

  init(of disk: SimulatedDisk, _ order: EntryOrder) {
    self.disk = disk
    self.order = order
    options = disk.nodes.indices.compactMap { node in
      guard case .directory(let directory) = disk.nodes[node].content else { return nil }
      let changes = directory.changes.indices.filter { !Self.isHidden(directory.changes[$0].kind) }
      return changes.isEmpty ? nil : (node, changes)
    }
  }

  /// Calls `body` with at most `limit` images, or few more: with the whole one first, then the one that lost everything.
  ///
  /// - Returns: whether these were all that there are.
  func forEach(limit: Int, _ random: inout some RandomNumberGenerator, _ body: (Image) throws -> Void) rethrows -> Bool
  {
    try body(Image(disk: ended(disk), contents: disk.contents, isWhole: true))
    guard limit > 0 else { return true }
    var count = 1
    func visit(_ kept: [Int: Set<Int>]) throws {
      let (base, torn) = applying(kept)
      for tails in Self.combinations(torn.count, limit: limit) {
        try body(image(base, torn, tails))
        count += 1
      }
    }
    if let all = everyChoice(limit: limit) {
      for kept in all where count < limit * 2 { try visit(kept) }
      return count < limit * 2
    }
    try visit([:])
    while count < limit { try visit(anyChoice(&random)) }
    return false
  }

  /// Every choice of the changes that survive: the changes kept, by directory. `nil` if they are more than `limit`.
  private func everyChoice(limit: Int) -> [[Int: Set<Int>]]? {
    var all: [[Int: Set<Int>]] = [[:]]
    for (node, changes) in options {
      var kept: [Set<Int>]
      switch order {
      case .kept: kept = (0...changes.count).map { Set(changes.prefix($0)) }
      case .any:
        guard changes.count < 16 else { return nil }
        kept = (0..<(1 << changes.count)).map { mask in
          Set(changes.enumerated().filter { mask & (1 << $0.offset) != 0 }.map(\.element))
        }
      }
      guard all.count * kept.count <= limit else { return nil }
      all = all.flatMap { some in kept.map { some.merging([node: $0]) { $1 } } }
    }
    return all
  }

  private func anyChoice(_ random: inout some RandomNumberGenerator) -> [Int: Set<Int>] {
    var kept: [Int: Set<Int>] = [:]
    for (node, changes) in options {
      switch order {
      case .kept: kept[node] = Set(changes.prefix(Int.random(in: 0...changes.count, using: &random)))
      case .any: kept[node] = Set(changes.filter { _ in Bool.random(using: &random) })
      }
    }
    return kept
  }

  /// The disk with some of the changes, and its visible files whose bytes were not waited for.
  private func applying(_ kept: [Int: Set<Int>]) -> (SimulatedDisk, torn: [Int]) {
    var result = disk
    result.forgetProcesses()
    for node in disk.nodes.indices {
      guard case .directory(var directory) = disk.nodes[node].content else { continue }
      var entries = directory.durableEntries
      for (index, change) in directory.changes.enumerated()
      where Self.isHidden(change.kind) || kept[node]?.contains(index) == true {
        switch change.kind {
        case .set(let name, let entry): entries[name] = entry
        case .remove(let name): entries[name] = nil
        case .move(let name, let newName, let entry):
          entries[name] = nil
          entries[newName] = entry
        }
      }
      directory.entries = entries
      directory.durableEntries = entries
      directory.changes = []
      result.restore(node, .directory(directory))
    }
    var visible: Set<Int> = []
    result.forEachFile(below: 0, prefix: "", recursively: true) { path, file, entry in
      if file.durableCount < file.bytes.count, !TemporaryName.matches(path.split(separator: "/").last ?? "") {
        visible.insert(entry.node)
      }
    }
    return (result, visible.sorted())
  }

  private func image(_ base: SimulatedDisk, _ torn: [Int], _ tails: [Tail]) -> Image {
    var disk = base
    for (node, tail) in zip(torn, tails) {
      guard var file = disk.file(node) else { continue }
      let durable = file.durableCount
      let half = durable + (file.bytes.count - durable) / 2
      switch tail {
      case .whole: break
      case .none: file.bytes.removeSubrange(durable...)
      case .half: file.bytes.removeSubrange(half...)
      case .zeros: for index in durable..<file.bytes.count { file.bytes[index] = 0 }
      case .halfThenZeros: for index in half..<file.bytes.count { file.bytes[index] = 0 }
      }
      if tail != .whole { file.digest = file.digest.then(tail.rawValue &+ 1).then(UInt64(durable)) }
      file.durableCount = file.bytes.count
      disk.restore(node, .file(file))
    }
    return Image(disk: disk, contents: disk.contents, isWhole: false)
  }

  private static func isHidden(_ change: SimulatedDisk.EntryChange.Kind) -> Bool {
    switch change {
    case .set(let name, _), .remove(let name): TemporaryName.matches(name)
    case .move: false
    }
  }

  private func ended(_ disk: SimulatedDisk) -> SimulatedDisk {
    var disk = disk
    disk.forgetProcesses()
    return disk
  }

  /// Every choice of a tail for each of so many files; where they are more than `limit`, those in which all are alike.
  private static func combinations(_ count: Int, limit: Int) -> [[Tail]] {
    var all: [[Tail]] = [[]]
    for _ in 0..<count {
      guard all.count * Tail.allCases.count <= limit else {
        return Tail.allCases.map { Array(repeating: $0, count: count) }
      }
      all = all.flatMap { some in Tail.allCases.map { some + [$0] } }
    }
    return all
  }
}
