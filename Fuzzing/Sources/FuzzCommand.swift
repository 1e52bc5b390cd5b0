internal import Foundation

/// `Fuzzing TARGET [libFuzzer's options and corpus folders]`, `Fuzzing --targets`,
/// `Fuzzing --seeds TARGET FOLDER ROOT…`: see Fuzzing/README.md.
///
/// `main` is libFuzzer's, which calls this before it looks at the arguments itself.
enum FuzzCommand {
  static let targets: [any FuzzTarget] = [
    CommitTarget(), MetadataTarget(), ParquetTarget(), SnappyTarget(), CheckpointTarget(), DeletionVectorTarget(),
    PredicateTarget(), QueryTarget(), VariantTarget(),
  ]

  /// Carries out what isn't fuzzing and ends the process, or picks the target.
  ///
  /// - Returns: libFuzzer's options.
  static func begin(_ arguments: [String]) -> [String] {
    switch arguments.first {
    case "--targets":
      for target in targets { print(target.name) }
      exit(0)
    case "--seeds" where arguments.count >= 3:
      writeSeeds(of: target(named: arguments[1]), to: arguments[2], from: Array(arguments[3...]))
      exit(0)
    case let name? where !name.hasPrefix("-"):
      return LibFuzzer.pick(target(named: name)) + arguments.dropFirst()
    default:
      refuse("usage: Fuzzing TARGET [libFuzzer options] | --targets | --seeds TARGET FOLDER ROOT…")
    }
  }

  private static func target(named name: String) -> any FuzzTarget {
    guard let target = targets.first(where: { $0.name == name }) else {
      refuse("There is no target \(name). There are: " + targets.map(\.name).joined(separator: ", "))
    }
    return target
  }

  /// Files that are there already are left: what fuzzing found stays beside them.
  private static func writeSeeds(of target: any FuzzTarget, to folder: String, from roots: [String]) {
    var seeds = Set<[UInt8]>()
    for root in roots {
      for file in SeedFile.all(in: root) {
        for seed in target.seeds(from: file) where seed.count <= target.maximumSize { seeds.insert(seed) }
      }
    }
    for seed in target.builtInSeeds { seeds.insert(seed) }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for seed in seeds {
      let path = folder + "/seed-" + Digest.hex(of: seed)
      if !FileManager.default.fileExists(atPath: path) {
        _ = FileManager.default.createFile(atPath: path, contents: Data(seed))
      }
    }
    print("\(target.name): \(seeds.count) seeds")
  }

  private static func refuse(_ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(2)
  }
}

/// Names seeds by what is in them, the same in every run.
enum Digest {
  static func hex(of bytes: some Sequence<UInt8>) -> String { String(fnv(bytes), radix: 16) }

  static func fnv(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
