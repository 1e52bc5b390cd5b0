internal import Columnar

/// Which rows of a range have a value, and how many.
struct PresentRows {
  private let bits: Bitmap
  private let rows: Range<Int>
  let count: Int

  init(_ bits: Bitmap, _ rows: Range<Int>) {
    // Starting at a bit of a byte of its own makes the loops below simple.
    self.bits = rows.count == bits.count ? bits : bits.slice(rows)
    self.rows = rows
    count = self.bits.setCount
  }

  /// The values of rows that have one, in order, `width` bytes each.
  func compacted(_ values: Buffer, width: Int) -> Buffer {
    let result = Buffer(uninitialized: count * width)
    let source = values.slice(rows.lowerBound * width..<rows.upperBound * width)
    source.withUnsafeBytes { source in
      guard let source = source.baseAddress else { return }
      let target = result.mutablePointer
      switch width {
      case 1: compact(source, target, UInt8.self)
      case 2: compact(source, target, UInt16.self)
      case 4: compact(source, target, UInt32.self)
      case 8: compact(source, target, UInt64.self)
      case 16: compact(source, target, SIMD2<UInt64>.self)
      default: compact(source, target, width: width)
      }
    }
    return result
  }

  /// The same for bits.
  func compacted(_ values: Bitmap) -> Bitmap {
    let result = Buffer(zeroed: (count + 7) / 8)
    let target = result.mutablePointer.assumingMemoryBound(to: UInt8.self)
    var done = 0
    values.buffer.withUnsafeBytes { source in
      forEachRun { start, count in
        _ = BitmapKernel.copy(source, from: rows.lowerBound &+ start, to: target, at: done, count: count)
        done &+= count
      }
    }
    return Bitmap(buffer: result, count: count)
  }

  /// The same for strings. Where rows without a value have no bytes, which is usual, the bytes are shared.
  func compacted(offsets: Buffer, _ data: Buffer) -> (offsets: Buffer, data: Buffer) {
    let window = offsets.slice(rows.lowerBound * 4..<(rows.upperBound + 1) * 4)
    return window.withValues(of: Int32.self) { window in
      guard let source = window.baseAddress, rows.count > 0 else { return (Buffer(zeroed: 4), data) }
      let result = Buffer(uninitialized: (count + 1) * 4)
      let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
      target[0] = source[0]
      compact(source + 1, target + 1, Int32.self)
      var bytes = 0
      forEachRun { start, count in bytes &+= Int(source[start &+ count] &- source[start]) }
      if bytes == Int(source[rows.count] &- source[0]) { return (result, data) }
      // Some row without a value has bytes: they are left out.
      let copied = Buffer(uninitialized: bytes)
      var filled = 0
      var next = 0
      target[0] = 0
      data.withUnsafeBytes { data in
        forEachRun { start, count in
          let shift = source[start] &- Int32(truncatingIfNeeded: filled)
          for row in start..<start &+ count {
            next &+= 1
            target[next] = source[row &+ 1] &- shift
          }
          let length = Int(source[start &+ count] &- source[start])
          if length > 0, let from = data.baseAddress {
            (copied.mutablePointer + filled).copyMemory(from: from + Int(source[start]), byteCount: length)
          }
          filled &+= length
        }
      }
      return (result, copied)
    }
  }

  @inline(__always)
  private func compact<Value: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ type: Value.Type
  ) {
    compact(source.assumingMemoryBound(to: type), target.assumingMemoryBound(to: type), type)
  }

  /// A word of bits at a time: 64 values that are all there are copied at once; where many are, each is stored and the
  /// place for the next one moves on or not, without a branch; where few are, they are looked up.
  @inline(__always)
  private func compact<Value: BitwiseCopyable>(
    _ source: UnsafePointer<Value>, _ target: UnsafeMutablePointer<Value>, _ type: Value.Type
  ) {
    var target = target
    forEachWord { start, word, length in
      let source = source + start
      if word == .max {
        target.update(from: source, count: 64)
        target += 64
      } else if word.nonzeroBitCount >= 16 {
        // The last store may be behind all values: in the padding.
        for bit in 0..<length {
          target.pointee = source[bit]
          target += Int((word &>> UInt64(bit)) & 1)
        }
      } else {
        var word = word
        while word != 0 {
          target.pointee = source[word.trailingZeroBitCount]
          target += 1
          word &= word &- 1
        }
      }
    }
  }

  private func compact(_ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, width: Int) {
    var target = target
    forEachRun { start, count in
      target.copyMemory(from: source + start &* width, byteCount: count &* width)
      target += count &* width
    }
  }

  /// The first row of each word, its bits with none behind the last row, and how many rows it has.
  @inline(__always)
  private func forEachWord(_ body: (_ start: Int, _ word: UInt64, _ length: Int) -> Void) {
    bits.buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      var start = 0
      while start < bits.count {
        let length = min(64, bits.count &- start)
        let byte = start >> 3
        var word: UInt64 = 0
        if byte &+ 8 <= bytes.count {
          word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: byte, as: UInt64.self))
        } else {
          for index in byte..<bytes.count {
            word |= UInt64(base.load(fromByteOffset: index, as: UInt8.self)) &<< UInt64((index &- byte) &<< 3)
          }
        }
        if length < 64 { word &= (1 &<< UInt64(length)) &- 1 }
        body(start, word, length)
        start &+= 64
      }
    }
  }

  /// Stretches of rows that have values, at most 64 rows long.
  @inline(__always)
  private func forEachRun(_ body: (_ start: Int, _ count: Int) -> Void) {
    forEachWord { start, word, _ in
      if word == .max { return body(start, 64) }
      var word = word
      var at = start
      while word != 0 {
        let gap = word.trailingZeroBitCount
        word &>>= UInt64(gap)
        let count = (~word).trailingZeroBitCount
        body(at &+ gap, count)
        at &+= gap &+ count
        word &>>= UInt64(count)
      }
    }
  }
}

/// Loops that make dense values of others.
enum CompactionKernel {
  static func widen<Value: FixedWidthInteger & BitwiseCopyable>(
    _ values: Buffer, count: Int, from type: Value.Type
  ) -> Buffer {
    let result = Buffer(uninitialized: count * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    values.withValues(of: type) { values in
      for index in 0..<count { target[index] = Int32(truncatingIfNeeded: values[index]) }
    }
    return result
  }

  /// `Int64` to `Int32`; `nil` when one is too large.
  static func narrow(_ values: Buffer, count: Int) -> Buffer? {
    let result = Buffer(uninitialized: count * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    let lost = values.withValues(of: Int64.self) { values in
      var lost: Int64 = 0
      for index in 0..<count {
        let narrowed = Int32(truncatingIfNeeded: values[index])
        lost |= values[index] ^ Int64(narrowed)
        target[index] = narrowed
      }
      return lost
    }
    return lost == 0 ? result : nil
  }

  /// Whether `Int32` codes are all inside of a dictionary.
  static func areCodes(_ codes: Buffer, count: Int, below limit: Int) -> Bool {
    codes.withValues(of: UInt32.self) { codes in
      var largest: UInt32 = 0
      for index in 0..<count { largest = max(largest, codes[index]) }
      return count == 0 || Int(largest) < limit
    }
  }

  /// The codes that occur, each once, ascending, as `UInt32`. All are below `limit`.
  static func distinctCodes(_ codes: Buffer, count: Int, below limit: Int) -> Buffer {
    let result = Buffer(uninitialized: min(count, limit) * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: UInt32.self)
    let flags = Buffer(zeroed: limit)
    let used = flags.mutablePointer.assumingMemoryBound(to: UInt8.self)
    codes.withValues(of: UInt32.self) { codes in
      for index in 0..<count { used[Int(codes[index])] = 1 }
    }
    var found = 0
    for code in 0..<limit where used[code] != 0 {
      target[found] = UInt32(truncatingIfNeeded: code)
      found &+= 1
    }
    withExtendedLifetime(flags) {}
    return result.slice(0..<found * 4)
  }

  static func gather(_ values: Buffer, width: Int, _ codes: Buffer, count: Int) -> Buffer {
    codes.withValues(of: UInt32.self) { gather(values, width: width, $0, count: count) }
  }

  static func gather(_ values: Buffer, width: Int, _ codes: UnsafeBufferPointer<UInt32>, count: Int) -> Buffer {
    let result = Buffer(uninitialized: count * width)
    switch width {
    case 4: gather(values, codes, count, result, UInt32.self)
    case 8: gather(values, codes, count, result, UInt64.self)
    case 16: gather(values, codes, count, result, SIMD2<UInt64>.self)
    default:
      for index in 0..<count {
        (result.mutablePointer + index &* width)
          .copyMemory(from: values.pointer + Int(codes[index]) &* width, byteCount: width)
      }
    }
    withExtendedLifetime(values) {}
    return result
  }

  @inline(__always)
  private static func gather<Value: BitwiseCopyable>(
    _ values: Buffer, _ codes: UnsafeBufferPointer<UInt32>, _ count: Int, _ result: Buffer, _ type: Value.Type
  ) {
    let source = values.pointer.assumingMemoryBound(to: type)
    let target = result.mutablePointer.assumingMemoryBound(to: type)
    for index in 0..<count { target[index] = source[Int(codes[index])] }
  }

  /// `nil` when the bytes are too many for offsets.
  static func gather(
    offsets: Buffer, _ data: Buffer, _ codes: Buffer, count: Int
  ) -> (offsets: Buffer, data: Buffer)? {
    let ends = Buffer(uninitialized: (count + 1) * 4)
    return codes.withValues(of: UInt32.self) { codes in
      offsets.withValues(of: Int32.self) { offsets in
        let target = ends.mutablePointer.assumingMemoryBound(to: Int32.self)
        var total = 0
        target[0] = 0
        for index in 0..<count {
          let code = Int(codes[index])
          total &+= Int(offsets[code &+ 1] &- offsets[code])
          target[index &+ 1] = Int32(truncatingIfNeeded: total)
        }
        guard total <= Int(Int32.max) else { return nil }
        let bytes = Buffer(uninitialized: total)
        for index in 0..<count {
          let code = Int(codes[index])
          let length = Int(offsets[code &+ 1] &- offsets[code])
          guard length > 0 else { continue }
          (bytes.mutablePointer + Int(target[index]))
            .copyMemory(from: data.pointer + Int(offsets[code]), byteCount: length)
        }
        withExtendedLifetime(data) {}
        return (ends, bytes)
      }
    }
  }
}
