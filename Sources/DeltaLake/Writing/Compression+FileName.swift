internal import Parquet

extension Compression {
  /// As the names of data files end; `nil` when nothing is compressed.
  var fileNamePart: String? {
    switch codec {
    case .snappy: "snappy"
    case .zstd: "zstd"
    case .gzip: "gz"
    case .brotli: "br"
    case .lz4Raw, .lz4: "lz4"
    default: nil
    }
  }
}
