/// Deletion vectors put into files, many into one, or into the log itself, with the descriptor of each.
///
/// Spec: Delta § Deletion Vector File Storage Format
package struct DeletionVectorFiles: Sendable {
  package struct File: Sendable {
    /// Relative to the table's root, not percent-encoded.
    package var path: String
    package var bytes: [UInt8]
  }

  package private(set) var files: [File] = []
  /// In the order of the vectors.
  package private(set) var descriptors: [DeletionVectorDescriptor] = []

  /// - Parameters:
  ///   - inlineLimit: vectors of up to so many bytes go into the log, which saves a file; 0: none.
  ///   - fileLimit: a file that has so many bytes gets no further vector.
  ///   - prefix: a folder for the files, of letters and digits; empty: the table's root.
  package init(
    _ vectors: [RoaringBitmapArray], inlineLimit: Int = 0, fileLimit: Int = 2 << 20, prefix: String = "",
    newID: () -> UniqueID = { UniqueID() }
  ) {
    var places: [(vector: Int, data: [UInt8])] = []
    for (index, vector) in vectors.enumerated() {
      let data = vector.serialized()
      let isInline = data.count <= inlineLimit
      if !isInline { places.append((index, data)) }
      descriptors.append(
        DeletionVectorDescriptor(
          storageType: .inline, pathOrInlineDv: isInline ? Z85.encode(data) : "",
          sizeInBytes: Int32(clamping: data.count), cardinality: vector.cardinality))
    }
    var start = 0
    while start < places.count {
      var bytes: [UInt8] = [DeletionVector.fileVersion]
      let id = newID()
      repeat {
        let (index, data) = places[start]
        descriptors[index] = DeletionVectorDescriptor(
          uuid: id.bytes, prefix: prefix, offset: Int32(clamping: bytes.count),
          sizeInBytes: Int32(clamping: data.count), cardinality: vectors[index].cardinality)
        DeletionVector.append(data, to: &bytes)
        start += 1
      } while start < places.count && bytes.count < fileLimit
        && bytes.count + places[start].data.count < Int(Int32.max) - 8
      files.append(
        File(path: DeletionVectorDescriptor.relativePath(uuid: id.bytes, prefix: prefix), bytes: bytes))
    }
  }
}
