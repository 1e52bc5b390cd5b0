import Foundation
import ObjectStorage
import _TestSupport

/// A store that goes through all of a folder to list its end, as a file system does.
struct FolderStore: ForwardingStore {
  let base: any ObjectStore
  let description: String

  /// - Parameter description: by what the folder is known again.
  init(_ base: any ObjectStore, _ description: String = "/" + UUID().uuidString) {
    self.base = base
    self.description = description
  }

  var seeksWhenListing: Bool { false }
}
