import ObjectStorage
import _TestSupport

/// A store that goes through all of a folder to list its end, as a file system does.
struct FolderStore: ForwardingStore {
  let base: any ObjectStore

  init(_ base: any ObjectStore) { self.base = base }

  var seeksWhenListing: Bool { false }
}
