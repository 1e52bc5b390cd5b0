package import ObjectStorage
package import DeltaLog

/// A table's root: a store, in whose root are `_delta_log` and the data files.
package struct TableLocation: Sendable {
  /// As the user named it. For messages.
  package let description: String
  package let store: any ObjectStore
  /// What a catalog knows of the log; `nil` for a table whose folder is all there is.
  package var catalogCommits: CatalogCommits?

  /// Threads that decode what is read of the table.
  package var threadCount = WorkerThreads.coreCount

  package static let logDirectory = "_delta_log"

  package init(store: any ObjectStore, description: String? = nil) {
    self.store = store
    self.description = description ?? store.description
  }

  /// - Parameter location: a path, or a `file:` URL (percent-encoded).
  package init(_ location: String) throws(DeltaError) {
    let path: String
    if location.hasPrefix("file:") {
      let rest = location.dropFirst("file:".count)
      path = PercentEncoding.decoded(String(rest.hasPrefix("//") ? rest.dropFirst(2) : rest))
    } else if location.contains("://") {
      throw DeltaError(
        .invalidArgument,
        "The location \(location) is in a store that this build can't reach: only local paths and file: URLs are "
          + "supported.", path: location)
    } else {
      path = location
    }
    guard !path.isEmpty else { throw DeltaError(.invalidArgument, "The table's location is empty.") }
    self.init(store: LocalObjectStore(root: path), description: location)
  }
}
