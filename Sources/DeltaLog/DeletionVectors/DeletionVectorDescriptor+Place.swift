extension DeletionVectorDescriptor {
  /// Where a deletion vector's bytes are.
  public enum Place: Hashable, Sendable {
    /// In the log; nothing needs to be read.
    case inline
    /// In a file, by its plain path (not percent-encoded) relative to the table's root.
    case relative(String)
    /// In a file, by its absolute path or URI as the log spells it (percent-encoded).
    case absolute(String)
  }

  /// Where the bytes are.
  ///
  /// Spec: Delta § Derived Fields
  ///
  /// - Throws: ``DeltaError`` `corruptDeletionVector` when the descriptor makes no sense, `unsupportedFeatures` for a
  ///   storage type that is not known.
  public func place() throws(DeltaError) -> Place {
    switch storageType {
    case .inline: return .inline
    case .absolutePath: return .absolute(pathOrInlineDv)
    case .relativePath:
      let text = pathOrInlineDv
      guard text.utf8.count >= 20, text.utf8.count == text.count, let uuid = Z85.decode(text.suffix(20)) else {
        throw .corruptDeletionVector("`\(text)` has no UUID in it")
      }
      let name = "deletion_vector_\(Self.canonical(uuid)).bin"
      let prefix = text.dropLast(20)
      // The prefix is a folder that some writer made up: letters and digits, and never a way out of the table.
      guard prefix.utf8.allSatisfy({ $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 || $0 == 0x2D || $0 == 0x5F }) else {
        throw .corruptDeletionVector("the folder `\(prefix)` is not made of letters and digits")
      }
      return .relative(prefix.isEmpty ? name : prefix + "/" + name)
    default:
      throw DeltaError(
        .unsupportedFeatures,
        "A deletion vector has the storage type `\(storageType)`, which is not known to this library.")
    }
  }

  /// The bytes of the file that ``DeletionVector/init(fileBytes:of:path:)`` needs: a size, the vector, a checksum.
  ///
  /// - Throws: ``DeltaError`` `corruptDeletionVector` when offset or size is negative.
  public func fileRange() throws(DeltaError) -> Range<Int> {
    let start = Int(offset ?? 0)
    guard start >= 0, sizeInBytes >= 0 else { throw .corruptDeletionVector("its offset or size is negative") }
    return start..<start + 4 + Int(sizeInBytes) + 4
  }

  /// A descriptor of a vector stored in the log itself.
  public init(inline rows: RoaringBitmapArray) {
    let bytes = rows.serialized()
    self.init(
      storageType: .inline, pathOrInlineDv: Z85.encode(bytes), sizeInBytes: Int32(clamping: bytes.count),
      cardinality: rows.cardinality)
  }

  /// A descriptor of a vector in a file beside the data, at ``relativePath(uuid:prefix:)``.
  public init(uuid: [UInt8], prefix: String = "", offset: Int32, sizeInBytes: Int32, cardinality: Int64) {
    precondition(uuid.count == 16, "a UUID has 16 bytes")
    self.init(
      storageType: .relativePath, pathOrInlineDv: prefix + Z85.encode(uuid), offset: offset, sizeInBytes: sizeInBytes,
      cardinality: cardinality)
  }

  /// The path, relative to the table's root, of the deletion vector file with that UUID.
  public static func relativePath(uuid: [UInt8], prefix: String = "") -> String {
    precondition(uuid.count == 16, "a UUID has 16 bytes")
    let name = "deletion_vector_\(canonical(uuid)).bin"
    return prefix.isEmpty ? name : prefix + "/" + name
  }

  private static func canonical(_ uuid: [UInt8]) -> String {
    var text = ""
    for (index, byte) in uuid.enumerated() {
      if [4, 6, 8, 10].contains(index) { text += "-" }
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return text
  }
}
