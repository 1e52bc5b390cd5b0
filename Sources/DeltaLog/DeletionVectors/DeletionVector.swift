public import Columnar

/// The rows of a data file that are deleted, as positions in that file starting at 0.
///
/// Spec: Delta § Deletion Vectors
public struct DeletionVector: Sendable {
  public let rows: RoaringBitmapArray

  public init(_ rows: RoaringBitmapArray) {
    self.rows = rows
  }

  /// The vector that an inline descriptor holds.
  ///
  /// - Throws: ``DeltaError`` `corruptDeletionVector`.
  public init(inline descriptor: DeletionVectorDescriptor) throws(DeltaError) {
    guard descriptor.storageType == .inline, let bytes = Z85.decode(descriptor.pathOrInlineDv) else {
      throw .corruptDeletionVector("it is not stored in the log as Z85 text")
    }
    guard descriptor.sizeInBytes >= 0, Int(descriptor.sizeInBytes) <= bytes.count else {
      throw .corruptDeletionVector("it has \(bytes.count) bytes and not \(descriptor.sizeInBytes)")
    }
    let rows: RoaringBitmapArray = try Self.read(bytes, count: Int(descriptor.sizeInBytes))
    try Self.check(rows, descriptor, path: nil)
    self.init(rows)
  }

  /// The vector that a file holds at a descriptor's place.
  ///
  /// - Parameters:
  ///   - fileBytes: the bytes of ``DeletionVectorDescriptor/fileRange()``.
  ///   - path: the file's, for the error.
  /// - Throws: ``DeltaError`` `corruptDeletionVector` when sizes, checksum, format or cardinality are wrong.
  public init(
    fileBytes bytes: UnsafeRawBufferPointer, of descriptor: DeletionVectorDescriptor, path: String
  ) throws(DeltaError) {
    guard bytes.count >= 8, Int(descriptor.sizeInBytes) == bytes.count - 8 else {
      throw .corruptDeletionVector("it has not the size that the log says", path: path)
    }
    let size = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
    guard Int(size) == bytes.count - 8 else {
      throw .corruptDeletionVector("it says it has \(size) bytes, the log says \(descriptor.sizeInBytes)", path: path)
    }
    let data = UnsafeRawBufferPointer(rebasing: bytes[4..<bytes.count - 4])
    let checksum = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self))
    guard CRC32.checksum(data) == checksum else {
      throw .corruptDeletionVector("its checksum does not match", path: path)
    }
    let rows = try RoaringBitmapArray(serialized: data)
    try Self.check(rows, descriptor, path: path)
    self.init(rows)
  }

  /// Fails unless the first byte of a deletion vector file is a format version that this library reads.
  public static func checkFileVersion(_ version: UInt8, path: String) throws(DeltaError) {
    guard version == fileVersion else {
      throw .corruptDeletionVector("the file's format version is \(version), not \(fileVersion)", path: path)
    }
  }

  /// The first byte of a deletion vector file.
  public static let fileVersion: UInt8 = 1

  public var cardinality: Int64 { rows.cardinality }

  /// A bit for each row of a range of file positions, set when the row is deleted; `nil` when none is.
  public func mask(rows range: Range<Int64>) -> Bitmap? { rows.mask(range) }

  /// The vectors as the contents of one file, and the offset and size in bytes of each, for its descriptor.
  ///
  /// Spec: Delta § Deletion Vector File Storage Format
  public static func file(
    of vectors: [RoaringBitmapArray]
  ) -> (bytes: [UInt8], places: [(offset: Int32, sizeInBytes: Int32)]) {
    var bytes: [UInt8] = [fileVersion]
    var places: [(offset: Int32, sizeInBytes: Int32)] = []
    for vector in vectors {
      let data = vector.serialized()
      places.append((Int32(clamping: bytes.count), Int32(clamping: data.count)))
      append(data, to: &bytes)
    }
    return (bytes, places)
  }

  /// Appends a serialised vector to a file: its size, itself, its checksum.
  static func append(_ data: [UInt8], to bytes: inout [UInt8]) {
    withUnsafeBytes(of: UInt32(clamping: data.count).bigEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: data)
    let checksum = data.withUnsafeBytes { CRC32.checksum($0) }
    withUnsafeBytes(of: checksum.bigEndian) { bytes.append(contentsOf: $0) }
  }

  private static func read(_ bytes: [UInt8], count: Int) throws(DeltaError) -> RoaringBitmapArray {
    try Buffer(copying: bytes).withUnsafeBytes { (bytes) throws(DeltaError) in
      try RoaringBitmapArray(serialized: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
  }

  private static func check(
    _ rows: RoaringBitmapArray, _ descriptor: DeletionVectorDescriptor, path: String?
  ) throws(DeltaError) {
    guard rows.cardinality == descriptor.cardinality else {
      throw .corruptDeletionVector(
        "it deletes \(rows.cardinality) rows, the log says \(descriptor.cardinality)", path: path)
    }
  }
}
