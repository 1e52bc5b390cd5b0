internal import Columnar
internal import DeltaLog

/// Deletion vectors. The first byte says as what the others are taken.
struct DeletionVectorTarget: FuzzTarget {
  let name = "deletion-vector"
  let maximumSize = 8 << 10

  func run(_ bytes: UnsafeRawBufferPointer) {
    guard let kind = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    switch kind % 4 {
    case 0: if let rows = bitmap(rest) { check(rows) }
    case 1: readText(rest)
    case 2: readFile(rest)
    default: combine(rest)
    }
  }

  private func bitmap(_ bytes: some Collection<UInt8>) -> RoaringBitmapArray? {
    try? Array(bytes).withUnsafeBytes { (bytes) throws(DeltaError) in try RoaringBitmapArray(serialized: bytes) }
  }

  private func check(_ rows: RoaringBitmapArray) {
    claim(rows.cardinality >= 0 && rows.isEmpty == (rows.cardinality == 0), "a cardinality of \(rows.cardinality)")
    let again = bitmap(rows.serialized())
    claim(again == rows && again?.cardinality == rows.cardinality, "a bitmap written back reads as another")
    guard let max = rows.max else { return }
    claim(rows.contains(max), "the greatest position is not there")
    let start = Swift.max(0, max - 150)
    let range = start..<start + 200
    let mask = rows.mask(range)
    var any = false
    for position in range {
      any = any || rows.contains(position)
      let bit = mask?.isSet(Int(position - start)) ?? false
      claim(bit == rows.contains(position), "the mask is wrong at \(position)")
    }
    claim(any == rows.intersects(range) && any == (mask != nil), "a range's emptiness is wrong")
    guard rows.cardinality <= 20_000 else { return }
    let positions = rows.positions
    claim(Int64(positions.count) == rows.cardinality, "\(positions.count) positions, not \(rows.cardinality)")
    claim(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 }, "positions don't ascend")
    claim(RoaringBitmapArray(positions) == rows, "a bitmap built from positions is another")
  }

  private func readText(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let data = Z85.decode(text) {
      claim(Z85.encode(data) == text, "Z85 text written back is another")
    }
    for type in [DeletionVectorDescriptor.StorageType.inline, .relativePath, .absolutePath] {
      let descriptor = DeletionVectorDescriptor(
        storageType: type, pathOrInlineDv: text, offset: Int32(truncatingIfNeeded: bytes.count &* 0x9E37_79B9),
        sizeInBytes: Int32(bytes.count / 5 * 4), cardinality: Int64(bytes.count % 7))
      _ = try? descriptor.place()
      _ = try? descriptor.fileRange()
      _ = try? DeletionVector(inline: descriptor)
    }
  }

  /// As a file's part, once as it is and once with the size that it should say.
  private func readFile(_ bytes: [UInt8]) {
    let descriptor = DeletionVectorDescriptor(
      storageType: .relativePath, pathOrInlineDv: "", sizeInBytes: Int32(bytes.count - min(8, bytes.count)),
      cardinality: 3)
    bytes.withUnsafeBytes { _ = try? DeletionVector(fileBytes: $0, of: descriptor, path: "dv.bin") }
    var whole = withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) } + bytes
    let checksum = bytes.withUnsafeBytes { CRC32.checksum($0) }
    withUnsafeBytes(of: checksum.bigEndian) { whole.append(contentsOf: $0) }
    var exact = descriptor
    exact.sizeInBytes = Int32(bytes.count)
    exact.cardinality = bitmap(bytes)?.cardinality ?? 0
    let vector = whole.withUnsafeBytes { try? DeletionVector(fileBytes: $0, of: exact, path: "dv.bin") }
    claim((vector != nil) == (bitmap(bytes) != nil), "a file's vector is read only in or out of its file")
  }

  /// Two bitmaps, against sets.
  private func combine(_ bytes: [UInt8]) {
    guard bytes.count >= 2 else { return }
    let cut = min(bytes.count, 2 + (Int(bytes[0]) | Int(bytes[1]) << 8))
    guard let left = bitmap(bytes[2..<cut]), let right = bitmap(bytes[cut...]) else { return }
    let (union, rest, both) = (left.union(right), left.subtracting(right), left.intersection(right))
    claim(union.cardinality == rest.cardinality + right.cardinality, "a union of \(union.cardinality)")
    claim(both.cardinality == left.cardinality - rest.cardinality, "an intersection of \(both.cardinality)")
    for rows in [union, rest, both] { check(rows) }
    guard left.cardinality <= 5_000, right.cardinality <= 5_000 else { return }
    let (first, second) = (Set(left.positions), Set(right.positions))
    claim(Set(union.positions) == first.union(second), "a wrong union")
    claim(Set(rest.positions) == first.subtracting(second), "a wrong difference")
    claim(Set(both.positions) == first.intersection(second), "a wrong intersection")
  }

  func seeds(from file: SeedFile) -> [[UInt8]] {
    if file.name.hasPrefix("deletion_vector_"), let bytes = file.bytes(upTo: 64 << 10), bytes.count > 9 {
      let size = bytes[1..<5].reduce(0) { $0 << 8 | Int($1) }
      guard size <= bytes.count - 9 else { return [] }
      let data = Array(bytes[5..<5 + size])
      return [[0] + data, [2] + data]
    }
    guard file.isCommit, let bytes = file.bytes(upTo: 64 << 10) else { return [] }
    return ((try? CommitScanner.actions(in: bytes, file: file.name)) ?? []).compactMap { action in
      guard case .add(let add) = action else { return nil }
      return add.deletionVector.map { [1] + Array($0.pathOrInlineDv.utf8) }
    }
  }

  var builtInSeeds: [[UInt8]] {
    let sets: [[Int64]] = [
      [], [0], [3, 4, 7], Array(0..<100), Array(stride(from: 0, to: 12_000, by: 2)), [1 << 33, 5 << 32 | 65_536],
      Array(65_530..<65_540),
    ]
    let bitmaps = sets.map { RoaringBitmapArray($0).serialized() }
    let pairs = zip(bitmaps, bitmaps.dropFirst()).map { left, right in
      [3, UInt8(left.count & 255), UInt8(left.count >> 8)] + left + right
    }
    return bitmaps.map { [0] + $0 } + bitmaps.map { [2] + $0 } + bitmaps.map { [1] + Array(Z85.encode($0).utf8) }
      + pairs
  }
}
