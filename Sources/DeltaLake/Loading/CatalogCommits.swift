public import DeltaLog

/// What a catalog knows of the log of a table that it manages: the newest version, and the commits that may not be in
/// the log's folder yet.
///
/// ```swift
/// var commits = CatalogCommits(latestVersion: 9)
/// try commits.addStaged("00000000000000000008.7d17ac10-5cc3-401b-bd1a-9c82dd2ea032.json")
/// commits.addInline(bytes, version: 9)
/// let snapshot = try await table.snapshot(ratified: commits)
/// ```
///
/// Spec: Delta § Reading Catalog-managed Tables
public struct CatalogCommits: Sendable {
  /// The newest version that the catalog ratified: newer files in the log don't count.
  public let latestVersion: Version
  /// As the log's files, in any order.
  private(set) var files: [LogFile] = []
  /// The contents of inline commits, by the names that they have in `files`.
  private(set) var inlineBytes: [String: [UInt8]] = [:]

  public init(latestVersion: Version) {
    self.latestVersion = latestVersion
  }

  /// Adds a ratified commit that is a file of the folder `_delta_log/_staged_commits`.
  ///
  /// - Parameter fileName: its name in that folder, `N.UUID.json`, which says its version.
  /// - Throws: ``DeltaError`` with `.invalidArgument` for a name of another form.
  public mutating func addStaged(_ fileName: String) throws(DeltaError) {
    guard let file = LogFile(parsing: Self.folder + fileName), !fileName.utf8.contains(UInt8(ascii: "/")) else {
      throw .invalidArgument(
        "\(fileName) is not the name of a staged commit: it should be a version of 20 digits, a UUID and json, with "
          + "dots between.")
    }
    files.append(file)
  }

  /// Adds a ratified commit whose contents, a JSON action a line, the catalog keeps itself.
  public mutating func addInline(_ bytes: [UInt8], version: Version) {
    // No file has this name: it stands for the commit in messages.
    let name = Self.folder + LogFile.digits(version) + ".inline.json"
    files.append(LogFile(name: name, kind: .stagedCommit, version: version, sizeInBytes: Int64(bytes.count)))
    inlineBytes[name] = bytes
  }

  private static let folder = "_staged_commits/"
}

extension DeltaTable {
  /// As ``snapshot(asOf:)``, for a table that a catalog manages: its commits count in place of the log's files of the
  /// same versions, and nothing newer than what it ratified counts.
  ///
  /// Ask the catalog anew for each snapshot. Times are those inside of the commits, which such tables always have.
  ///
  /// - Throws: ``DeltaError`` as ``snapshot(asOf:)``; `.versionNotFound` when commits up to the catalog's latest
  ///   version are neither among its own nor in the log.
  ///
  /// Spec: Delta § Reader Requirements for Catalog-managed tables
  public func snapshot(asOf moment: Moment = .latest, ratified commits: CatalogCommits) async throws -> Snapshot {
    var location = location
    location.catalogCommits = commits
    return try await DeltaTable(location: location).snapshot(asOf: moment)
  }
}
