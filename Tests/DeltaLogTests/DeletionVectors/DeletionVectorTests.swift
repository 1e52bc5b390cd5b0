import Columnar
import Foundation
import Testing

@testable import DeltaLog

@Suite("Deletion vectors")
struct DeletionVectorTests {
  @Test("The protocol's inline example deletes rows 3, 4, 7, 11, 18 and 29")
  func inlineExample() throws {
    let descriptor = DeletionVectorDescriptor(
      storageType: .inline, pathOrInlineDv: "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L", sizeInBytes: 40,
      cardinality: 6)
    #expect(try DeletionVector(inline: descriptor).rows.positions == [3, 4, 7, 11, 18, 29])
    #expect(try descriptor.place() == .inline)
    let ours = DeletionVectorDescriptor(inline: RoaringBitmapArray([3, 4, 7, 11, 18, 29]))
    #expect(ours.sizeInBytes == 44 && ours.cardinality == 6)
    #expect(try DeletionVector(inline: ours).rows.positions == [3, 4, 7, 11, 18, 29])
  }

  @Test("The protocol's path example leads to its file")
  func pathExample() throws {
    var descriptor = DeletionVectorDescriptor(
      storageType: .relativePath, pathOrInlineDv: "ab^-aqEH.-t@S}K{vb[*k^", offset: 4, sizeInBytes: 40, cardinality: 6)
    #expect(try descriptor.place() == .relative("ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin"))
    #expect(try descriptor.fileRange() == 4..<52)
    #expect(descriptor.uniqueId == "uab^-aqEH.-t@S}K{vb[*k^@4")
    descriptor.pathOrInlineDv = "^-aqEH.-t@S}K{vb[*k^"
    #expect(try descriptor.place() == .relative("deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin"))
    descriptor.offset = nil
    #expect(try descriptor.fileRange() == 0..<48)
    let uuid = try #require(Z85.decode("^-aqEH.-t@S}K{vb[*k^"))
    let made = DeletionVectorDescriptor(uuid: uuid, prefix: "ab", offset: 4, sizeInBytes: 40, cardinality: 6)
    #expect(made.pathOrInlineDv == "ab^-aqEH.-t@S}K{vb[*k^")
    #expect(
      DeletionVectorDescriptor.relativePath(uuid: uuid, prefix: "ab")
        == "ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin")
  }

  @Test(
    "A path that makes no sense, or leads out of the table, is refused",
    arguments: [
      "short", "../^-aqEH.-t@S}K{vb[*k^", "a/b^-aqEH.-t@S}K{vb[*k^", "#####################", "ü-aqEH.-t@S}K{vb[*k^",
    ])
  func paths(text: String) {
    let descriptor = DeletionVectorDescriptor(
      storageType: .relativePath, pathOrInlineDv: text, offset: 1, sizeInBytes: 4, cardinality: 1)
    #expect(throws: DeltaError.self) { try descriptor.place() }
  }

  @Test("An unknown storage type is refused by name")
  func storageType() {
    let descriptor = DeletionVectorDescriptor(
      storageType: .init("q"), pathOrInlineDv: "", offset: -1, sizeInBytes: 4, cardinality: 1)
    #expect(throws: DeltaError.self) { try descriptor.fileRange() }
    let error = #expect(throws: DeltaError.self) { try descriptor.place() }
    #expect(error?.code == .unsupportedFeatures && error?.message.contains("`q`") == true)
  }

  @Test("A file holds several vectors, each with its checksum")
  func files() throws {
    let vectors = [RoaringBitmapArray([1, 2, 3]), RoaringBitmapArray([70_000])]
    let (bytes, places) = DeletionVector.file(of: vectors)
    try DeletionVector.checkFileVersion(bytes[0], path: "x")
    #expect(throws: DeltaError.self) { try DeletionVector.checkFileVersion(2, path: "x") }
    for (vector, place) in zip(vectors, places) {
      var descriptor = DeletionVectorDescriptor(
        storageType: .relativePath, pathOrInlineDv: "", offset: place.offset, sizeInBytes: place.sizeInBytes,
        cardinality: vector.cardinality)
      let slice = Array(bytes[try descriptor.fileRange()])
      #expect(try read(slice, descriptor).rows == vector)
      for index in slice.indices {
        var damaged = slice
        damaged[index] ^= 4
        #expect(throws: DeltaError.self) { try read(damaged, descriptor) }
      }
      #expect(throws: DeltaError.self) { try read(Array(slice.dropLast()), descriptor) }
      descriptor.cardinality += 1
      #expect(throws: DeltaError.self) { try read(slice, descriptor) }
    }
  }

  @Test("Z85 is ZeroMQ's, and CRC-32 is zlib's")
  func codes() {
    #expect(Z85.encode([0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B]) == "HelloWorld")
    #expect(Z85.decode("HelloWorld") == [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B])
    #expect(Z85.decode("Hell") == nil && Z85.decode("Hell~") == nil && Z85.decode("#####") == nil)
    #expect(Array("123456789".utf8).withUnsafeBytes { CRC32.checksum($0) } == 0xCBF4_3926)
    #expect([UInt8]().withUnsafeBytes { CRC32.checksum($0) } == 0)
  }

  @Test(
    "Every deletion vector of the shared tables has the cardinality that the log says",
    .enabled(if: SharedLogs.isAvailable, "DELTALAKE_SHARED is not set"))
  func sharedVectors() throws {
    var count = 0
    for line in SharedLogs.lines() {
      for kind in ["add", "remove"] {
        guard let object = line[kind]?["deletionVector"]?.objectValue, let type = object["storageType"]?.stringValue,
          let text = object["pathOrInlineDv"]?.stringValue
        else { continue }
        let descriptor = DeletionVectorDescriptor(
          storageType: .init(type), pathOrInlineDv: text, offset: object["offset"]?.longValue.map { Int32($0) },
          sizeInBytes: Int32(object["sizeInBytes"]?.longValue ?? 0), cardinality: object["cardinality"]?.longValue ?? 0)
        let root = String(line.file.prefix(upTo: try #require(line.file.range(of: "/_delta_log/")?.lowerBound)))
        var file: String
        switch try descriptor.place() {
        case .inline:
          _ = try DeletionVector(inline: descriptor)
          count += 1
          continue
        case .relative(let path): file = root + "/" + path
        case .absolute(let uri):
          file = uri.replacing("file://", with: "").replacing("file:", with: "").replacing("__TABLE_ROOT__", with: root)
        }
        guard let data = FileManager.default.contents(atPath: file), line.table != "derived-corrupt-dv" else {
          continue
        }
        try DeletionVector.checkFileVersion(data[0], path: file)
        _ = try read(Array(data[try descriptor.fileRange()]), descriptor)
        count += 1
      }
    }
    #expect(count > 250)
  }

  private func read(_ bytes: [UInt8], _ descriptor: DeletionVectorDescriptor) throws -> DeletionVector {
    try Buffer(copying: bytes).withUnsafeBytes { try DeletionVector(fileBytes: $0, of: descriptor, path: "x.bin") }
  }
}
