#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is known of the terminal that shows the output.
struct Terminal: Sendable {
  /// Characters in a line; `nil` for no limit.
  var width: Int?
  /// Whether lines are drawn with box characters, and nulls dimmed.
  var isDecorated: Bool

  init(width: Int?, isDecorated: Bool) {
    self.width = width
    self.isDecorated = isDecorated
  }

  /// Whether somebody looks on.
  static func isThere(descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The terminal behind a descriptor. `COLUMNS` in the environment overrules its width. A file or pipe is not
  /// decorated, and has a width only when `COLUMNS` says so.
  static func of(descriptor: Int32) -> Terminal {
    let columns = getenv("COLUMNS").flatMap { Int(String(cString: $0)) }.flatMap { $0 > 0 ? $0 : nil }
    guard isatty(descriptor) == 1 else { return Terminal(width: columns, isDecorated: false) }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    return Terminal(width: columns ?? (isKnown ? Int(size.ws_col) : 80), isDecorated: !isDumb)
  }
}
