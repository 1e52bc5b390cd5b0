internal import Columnar

/// A file of the `_delta_log` directory, by what its name says it is.
package struct LogFile: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `N.json`.
    case commit
    /// `N.M.compacted.json`: the reconciled actions of commits N to M.
    case compaction(through: Version)
    /// `N.checkpoint.parquet`.
    case classicCheckpoint
    /// `N.checkpoint.O.P.parquet`: part O, from 1, of P.
    case checkpointPart(Int, of: Int)
    /// `N.checkpoint.UUID.json` or `.parquet`: a checkpoint of the V2 spec.
    case uuidCheckpoint(isJSON: Bool)
    /// `N.crc`.
    case checksum
    /// `_staged_commits/N.UUID.json`: an attempt to commit; only a catalog knows whether it counts.
    case stagedCommit
  }

  /// The path inside the log directory, for instance `00000000000000000003.json`.
  package let name: String
  package let kind: Kind
  package let version: Version
  package let sizeInBytes: Int64
  package let modificationTime: Timestamp

  package init(
    name: String, kind: Kind, version: Version, sizeInBytes: Int64 = 0,
    modificationTime: Timestamp = Timestamp(milliseconds: 0)
  ) {
    self.name = name
    self.kind = kind
    self.version = version
    self.sizeInBytes = sizeInBytes
    self.modificationTime = modificationTime
  }

  /// `nil` for anything that takes no part in the log: temporary and hidden files, `_last_checkpoint`, foreign names.
  ///
  /// Spec: Delta § Delta Log Entries
  /// Spec: Delta § Checkpoint Naming Scheme
  package init?(
    parsing name: String, sizeInBytes: Int64 = 0, modificationTime: Timestamp = Timestamp(milliseconds: 0)
  ) {
    let directory = "_staged_commits/"
    let isStaged = name.hasPrefix(directory)
    let file = isStaged ? name.dropFirst(directory.count) : Substring(name)
    let pieces = file.split(separator: ".", omittingEmptySubsequences: false)
    guard pieces.count >= 2, let version = Self.number(pieces[0], digits: 20) else { return nil }
    guard let kind = isStaged ? Self.stagedKind(pieces.dropFirst()) : Self.kind(pieces.dropFirst(), version) else {
      return nil
    }
    self.init(
      name: name, kind: kind, version: version, sizeInBytes: sizeInBytes, modificationTime: modificationTime)
  }

  private static func kind(_ rest: ArraySlice<Substring>, _ version: Version) -> Kind? {
    let rest = Array(rest)
    switch rest.count {
    case 1 where rest[0] == "json": return .commit
    case 1 where rest[0] == "crc": return .checksum
    case 2 where rest[0] == "checkpoint" && rest[1] == "parquet": return .classicCheckpoint
    case 3 where rest[1] == "compacted" && rest[2] == "json":
      guard let last = number(rest[0], digits: 20), last > version else { return nil }
      return .compaction(through: last)
    case 3 where rest[0] == "checkpoint" && !rest[1].isEmpty && (rest[2] == "json" || rest[2] == "parquet"):
      return .uuidCheckpoint(isJSON: rest[2] == "json")
    case 4 where rest[0] == "checkpoint" && rest[3] == "parquet":
      guard let part = number(rest[1], digits: 10), let count = number(rest[2], digits: 10), part >= 1, part <= count
      else { return nil }
      return .checkpointPart(Int(part), of: Int(count))
    default: return nil
    }
  }

  private static func stagedKind(_ rest: ArraySlice<Substring>) -> Kind? {
    let rest = Array(rest)
    return rest.count == 2 && !rest[0].isEmpty && rest[1] == "json" ? .stagedCommit : nil
  }

  /// Greater numbers are no versions, so that there is always a next one.
  package static let greatestVersion: Version = 1_000_000_000_000_000_000

  private static func number(_ text: Substring, digits: Int) -> Int64? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int64(text),
      number <= greatestVersion
    else { return nil }
    return number
  }
}

extension LogFile {
  /// `version` as file names have it: 20 digits.
  package static func digits(_ version: Version) -> String { String(version, paddedTo: 20) }

  package static func commitName(_ version: Version) -> String { digits(version) + ".json" }
  package static func checksumName(_ version: Version) -> String { digits(version) + ".crc" }
  package static func checkpointName(_ version: Version) -> String { digits(version) + ".checkpoint.parquet" }
  package static func compactionName(_ range: ClosedRange<Version>) -> String {
    digits(range.lowerBound) + "." + digits(range.upperBound) + ".compacted.json"
  }
  /// Of a checkpoint of the V2 spec.
  package static func checkpointName(_ version: Version, _ id: UniqueID, isJSON: Bool) -> String {
    digits(version) + ".checkpoint.\(id)." + (isJSON ? "json" : "parquet")
  }
}
