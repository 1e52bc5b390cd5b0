#if os(Linux)
  #if canImport(Musl)
    internal import Musl
  #else
    internal import Glibc
  #endif
#endif

/// Memory from the system for pooled blocks, on Linux in huge pages: a scan touches all of it within a few milliseconds,
/// and a fault for every 4 KiB costs a tenth to a fifth of its time.
///
/// Blocks up to 4 MiB are cut one after the other from regions. Of those the system gets back the memory, never the
/// addresses, of which there are plenty.
struct BufferRegion {
  private var next: UnsafeMutableRawPointer?
  private var left = 0

  private static let regionSize = 32 << 20
  private static let hugePage = 2 << 20
  #if os(Linux)
    private static let page = max(4096, Int(sysconf(Int32(_SC_PAGESIZE))))
  #endif

  /// Whether blocks of that size are cut from regions.
  static func cuts(_ size: Int) -> Bool {
    #if os(Linux)
      size <= 4 << 20
    #else
      false
    #endif
  }

  /// A block of a size for which ``cuts(_:)`` is true, a multiple of 64; `nil` when the system gives no more.
  mutating func block(_ size: Int) -> UnsafeMutableRawPointer? {
    if size > left {
      next = Self.reserved()
      left = next == nil ? 0 : Self.regionSize
    }
    guard let base = next, size <= left else { return nil }
    next = base + size
    left -= size
    return base
  }

  /// Gives the memory of a block back, but not its address: it may be used again, and holds anything.
  static func release(_ block: UnsafeMutableRawPointer, _ size: Int) {
    #if os(Linux)
      // Pages that are wholly the block's.
      let start = (Int(bitPattern: block) + page - 1) & ~(page - 1)
      let end = (Int(bitPattern: block) + size) & ~(page - 1)
      if let base = UnsafeMutableRawPointer(bitPattern: start), end > start {
        _ = madvise(base, end - start, MADV_DONTNEED)
      }
    #endif
  }

  /// A block of its own.
  static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    #if os(Linux)
      guard size >= 2 * hugePage else { return .allocate(byteCount: size, alignment: 64) }
      let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: hugePage)
      _ = madvise(block, size & ~(hugePage - 1), MADV_HUGEPAGE)
      return block
    #else
      return .allocate(byteCount: size, alignment: 64)
    #endif
  }

  /// Addresses of a region; its memory comes when it is touched.
  private static func reserved() -> UnsafeMutableRawPointer? {
    #if os(Linux)
      let size = regionSize + hugePage
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
      guard let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0), mapped != MAP_FAILED else {
        return nil
      }
      let base = mapped + (hugePage - Int(bitPattern: mapped) & (hugePage - 1)) & (hugePage - 1)
      _ = madvise(base, regionSize, MADV_HUGEPAGE)
      return base
    #else
      return nil
    #endif
  }
}
