import Testing

@testable import DeltaLog

@Suite("Deletion vector files") struct DeletionVectorFilesTests {
  private let vectors = [
    RoaringBitmapArray([1, 2, 3]), RoaringBitmapArray((0..<5000).map { $0 * 3 }), RoaringBitmapArray([70_000]),
    RoaringBitmapArray([5_000_000_000]),
  ]

  /// Reads each vector back from where its descriptor says it is.
  private func read(_ written: DeletionVectorFiles) throws -> [RoaringBitmapArray] {
    try written.descriptors.map { descriptor in
      switch try descriptor.place() {
      case .inline: return try DeletionVector(inline: descriptor).rows
      case .absolute: throw DeltaError.invalidArgument("no path was asked for")
      case .relative(let path):
        let bytes = try #require(written.files.first { $0.path == path }).bytes
        try DeletionVector.checkFileVersion(bytes[0], path: path)
        let part = Array(bytes[try descriptor.fileRange()])
        return try part.withUnsafeBytes { try DeletionVector(fileBytes: $0, of: descriptor, path: path).rows }
      }
    }
  }

  @Test("Vectors share a file, and each is found at its place")
  func together() throws {
    let written = DeletionVectorFiles(vectors, prefix: "a1")
    #expect(written.files.count == 1 && written.files[0].path.hasPrefix("a1/deletion_vector_"))
    #expect(try read(written) == vectors)
    #expect(written.descriptors.map(\.cardinality) == [3, 5000, 1, 1])
    #expect(written.descriptors[0].offset == 1 && written.descriptors.allSatisfy { $0.storageType == .relativePath })
  }

  @Test("A full file is followed by another")
  func split() throws {
    let written = DeletionVectorFiles(vectors, fileLimit: 100)
    #expect(written.files.count == 2 && Set(written.files.map(\.path)).count == 2)
    #expect(try read(written) == vectors)
    let each = DeletionVectorFiles(vectors, fileLimit: 0)
    #expect(each.files.count == 4)
    #expect(try read(each) == vectors)
  }

  @Test("Small vectors go into the log where that is wanted, and come back from it")
  func inline() throws {
    let written = DeletionVectorFiles(vectors, inlineLimit: 64)
    #expect(written.descriptors.map { $0.storageType == .inline } == [true, false, true, true])
    #expect(written.files.count == 1 && written.descriptors[0].offset == nil)
    #expect(try read(written) == vectors)
    let all = DeletionVectorFiles(vectors, inlineLimit: .max)
    #expect(all.files.isEmpty)
    #expect(try read(all) == vectors)
  }

  @Test("Nothing to write makes no file")
  func nothing() {
    let written = DeletionVectorFiles([])
    #expect(written.files.isEmpty && written.descriptors.isEmpty)
  }
}
