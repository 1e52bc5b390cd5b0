import ArgumentParser
import DeltaLake

/// A range of versions on the command line, both ends included: `3..7`.
struct VersionRange: ExpressibleByArgument, CustomStringConvertible {
  let versions: ClosedRange<Version>

  init?(argument: String) {
    let ends = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard ends.count == 3, ends[1].isEmpty, let first = Version(ends[0]), let last = Version(ends[2]), first >= 0,
      first <= last
    else { return nil }
    versions = first...last
  }

  var description: String { "\(versions.lowerBound)..\(versions.upperBound)" }
}
