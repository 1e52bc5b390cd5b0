internal import Parquet

/// Mutations of a Parquet file that get past its magic, its lengths and its Thrift, into what lies behind.
enum ParquetMutator {
  static func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8]? {
    guard var image = ParquetImage(bytes) else { return nil }
    switch random.below(12) {
    case 0, 1, 2:
      for _ in 0...random.below(3) { image.footer.mutate(&random) }
    case 3, 4:
      changePage(&image, &random) { header, _, random in header.mutate(&random) }
    case 5, 6, 7, 8, 9:
      changePage(&image, &random) { header, data, _ in
        data = LibFuzzer.mutated(data)
        header.setInteger(data.count, field: 3)
      }
    case 10:
      let range = image.indexRange
      guard !range.isEmpty else { return nil }
      let start = range.lowerBound + random.below(range.count)
      let part = start..<min(range.upperBound, start + 1 + random.below(64))
      image.overwrite(part, with: LibFuzzer.mutated(Array(image.bytes[part])))
    default:
      return random.chance(of: 50) ? nil : image.bytes(footer: LibFuzzer.mutated(image.footer.bytes))
    }
    return image.bytes
  }

  private static func changePage(
    _ image: inout ParquetImage, _ random: inout SeededRandom,
    _ change: (inout ThriftTree, inout [UInt8], inout SeededRandom) -> Void
  ) {
    let pages = image.pages
    guard !pages.isEmpty else { return image.footer.mutate(&random) }
    let page = pages[random.below(pages.count)]
    var (header, data) = (page.header, image.data(of: page))
    let count = data.count
    change(&header, &data, &random)
    // A page that isn't compressed says its size twice, and a checksum would end the matter.
    if data.count != count, image.codec(of: page) == 0 { header.setInteger(data.count, field: 2) }
    if random.chance(of: 95) { header[field: 4] = nil }
    image.replace(page, header: header, data: data)
  }

  /// The file with its pages decompressed and without checksums, so that mutations of bytes meet the encodings rather
  /// than a codec; `nil` when a page can't be.
  static func uncompressed(_ bytes: [UInt8]) -> [UInt8]? {
    guard var image = ParquetImage(bytes) else { return nil }
    let pages = image.pages
    guard pages.count <= 64 else { return nil }
    var codecs = Decompressor()
    // From the end on, so that the places of pages not yet replaced stay true.
    for page in pages.sorted(by: { $0.headerRange.lowerBound > $1.headerRange.lowerBound }) {
      var header = page.header
      guard let size = header[field: 2]?.integer, size >= 0, size < 1 << 20 else { return nil }
      var data = image.data(of: page)
      var plain = 0
      var isCompressed = true
      if let second = header[field: 8] {
        plain = (second[field: 5]?.integer ?? 0) + (second[field: 6]?.integer ?? 0)
        if case .boolean(let flag)? = second[field: 7] { isCompressed = flag }
        header[field: 8]?[field: 7] = .boolean(false)
      }
      guard plain >= 0, plain <= data.count, plain <= size else { return nil }
      if isCompressed, image.codec(of: page) != 0, size > plain {
        var target = [UInt8](repeating: 0, count: size - plain)
        let codec = CompressionCodec(rawValue: Int32(truncatingIfNeeded: image.codec(of: page)))
        let done: Void? = try? data[plain...].withUnsafeBytes { source in
          try target.withUnsafeMutableBytes { try codecs.decompress(codec, source, into: $0) }
        }
        guard done != nil else { return nil }
        data = Array(data[..<plain]) + target
      }
      header.setInteger(data.count, field: 2)
      header.setInteger(data.count, field: 3)
      header[field: 4] = nil
      image.replace(page, header: header, data: data)
    }
    image.setCodec(0)
    return image.bytes
  }
}
