/// How the pages of a file are compressed when it is written.
///
/// Spec: Parquet Compression § Codecs
public struct Compression: Hashable, Sendable {
  public let codec: CompressionCodec
  /// How hard to try, in the codec's own measure; one that the codec doesn't have is taken for the nearest.
  /// `nil` for codecs without levels.
  public let level: Int?

  private init(_ codec: CompressionCodec, level: Int? = nil) {
    self.codec = codec
    self.level = level
  }

  public static let uncompressed = Compression(.uncompressed)
  /// Fast, and read by everything.
  public static let snappy = Compression(.snappy)
  /// As fast as Snappy and a little smaller; not read by old readers.
  public static let lz4Raw = Compression(.lz4Raw)
  /// Level 1: decompresses nearly as fast as Snappy, and is much smaller.
  public static let zstd = Compression(.zstd, level: 1)
  public static let gzip = Compression(.gzip, level: 6)
  public static let brotli = Compression(.brotli, level: 4)

  /// - Parameter level: -7 (fastest) to 22 (smallest).
  public static func zstd(level: Int) -> Compression { Compression(.zstd, level: level) }

  /// - Parameter level: 0 (stored) to 9 (smallest).
  public static func gzip(level: Int) -> Compression { Compression(.gzip, level: level) }

  /// - Parameter level: 0 (fastest) to 11 (smallest).
  public static func brotli(level: Int) -> Compression { Compression(.brotli, level: level) }
}

extension Compression {
  /// A codec by its name, in any case: `zstd`, `snappy`, `gzip`, `brotli`, `lz4`, `lz4_raw`, `none`, `uncompressed`.
  ///
  /// - Parameter level: the codec's usual one where it is `nil`; of no effect for codecs without levels.
  /// - Returns: `nil` for other names.
  public init?(named name: String, level: Int? = nil) {
    let usual: Compression
    switch name.lowercased() {
    case "zstd": usual = .zstd
    case "snappy": usual = .snappy
    case "gzip": usual = .gzip
    case "brotli": usual = .brotli
    case "lz4", "lz4_raw": usual = .lz4Raw
    case "none", "uncompressed": usual = .uncompressed
    default: return nil
    }
    self.init(usual.codec, level: usual.level.map { level ?? $0 })
  }
}
