import ObjectStorage
import _TestSupport

/// A store that goes through all of a folder to list its end, as a file system does.
struct FolderStore: ForwardingStore {
  let base: any ObjectStore
  let identity: String?

  init(_ base: any ObjectStore, _ identity: String? = nil) {
    self.base = base
    self.identity = identity
  }

  var seeksWhenListing: Bool { false }
}
