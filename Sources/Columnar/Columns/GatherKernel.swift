#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

// Row `i` of a result is row `indices[i]` of the source. The indices were checked by the caller.

/// 16 bytes that need no more alignment than 8.
struct SixteenBytes: BitwiseCopyable {
  var low: UInt64
  var high: UInt64
}

extension Buffer {
  /// Values of `width` bytes gathered.
  func gatheredValues(width: Int, _ indices: UnsafePointer<Int32>, count: Int) -> Buffer {
    let result = Buffer(uninitialized: count * width)
    switch width {
    case 1: gather(UInt8.self, indices, count, into: result)
    case 2: gather(UInt16.self, indices, count, into: result)
    case 4: gather(UInt32.self, indices, count, into: result)
    case 8: gather(UInt64.self, indices, count, into: result)
    case 16: gather(SixteenBytes.self, indices, count, into: result)
    default:
      for row in 0..<count {
        memcpy(result.mutablePointer + row &* width, pointer + Int(indices[row]) &* width, width)
      }
    }
    withExtendedLifetime(memory) {}
    return result
  }

  @inline(__always)
  private func gather<Value: BitwiseCopyable>(
    _ type: Value.Type, _ indices: UnsafePointer<Int32>, _ count: Int, into result: Buffer
  ) {
    let source = pointer.assumingMemoryBound(to: Value.self)
    let target = result.mutablePointer.assumingMemoryBound(to: Value.self)
    for row in 0..<count { target[row] = source[Int(indices[row])] }
  }
}

enum GatherKernel {
  /// The new offsets of gathered lists or strings, starting at 0, and their total.
  static func offsets(
    _ offsets: UnsafePointer<Int32>, _ indices: UnsafePointer<Int32>, count: Int
  ) -> (offsets: Buffer, total: Int) {
    let result = Buffer(uninitialized: (count + 1) * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    var total = 0
    target[0] = 0
    for row in 0..<count {
      let index = Int(indices[row])
      total &+= Int(offsets[index &+ 1]) &- Int(offsets[index])
      target[row &+ 1] = Int32(truncatingIfNeeded: total)
    }
    return (result, total)
  }

  /// The bytes of gathered strings; `total` is what ``offsets(_:_:count:)`` found. Rows that follow each other in the
  /// source are copied as one.
  static func bytes(
    _ offsets: UnsafePointer<Int32>, _ data: UnsafeRawPointer, _ indices: UnsafePointer<Int32>, count: Int, total: Int
  ) -> Buffer {
    let result = Buffer(uninitialized: total)
    var target = result.mutablePointer
    var row = 0
    while row < count {
      let first = Int(indices[row])
      var next = first &+ 1
      row &+= 1
      while row < count, Int(indices[row]) == next {
        next &+= 1
        row &+= 1
      }
      let start = Int(offsets[first])
      let length = Int(offsets[next]) &- start
      memcpy(target, data + start, length)
      target += length
    }
    return result
  }

  /// The rows of the elements of gathered lists.
  static func elements(
    _ offsets: UnsafePointer<Int32>, _ indices: UnsafePointer<Int32>, count: Int, total: Int
  ) -> Buffer {
    let result = Buffer(uninitialized: total * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    var filled = 0
    for row in 0..<count {
      let index = Int(indices[row])
      var element = offsets[index]
      let end = offsets[index &+ 1]
      while element < end {
        target[filled] = element
        filled &+= 1
        element &+= 1
      }
    }
    return result
  }

  /// The smallest and the greatest index; `(0, -1)` when there is none.
  static func bounds(_ indices: UnsafePointer<Int32>, count: Int) -> (least: Int32, greatest: Int32) {
    guard count > 0 else { return (0, -1) }
    var least = Int32.max
    var greatest = Int32.min
    for row in 0..<count {
      least = min(least, indices[row])
      greatest = max(greatest, indices[row])
    }
    return (least, greatest)
  }

  /// Negative indices made 0, and a bitmap of those that were not negative.
  static func withoutNegatives(_ indices: UnsafePointer<Int32>, count: Int) -> (indices: Buffer, present: Bitmap) {
    let result = Buffer(uninitialized: count * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    for row in 0..<count { target[row] = max(indices[row], 0) }
    let present = Bitmap.uninitialized(count: count)
    Bits.fill(present.mutableWords, count: count) { indices[$0] >= 0 }
    return (result, present)
  }
}

/// Bits written 64 at a time.
enum Bits {
  /// Bit `i` is `test(i)`, in a shape that vectorises: 64 bytes of 0 or 1 first, then eight of them at a time to bits.
  @inline(__always)
  static func fill(_ target: UnsafeMutablePointer<UInt64>, count: Int, _ test: (Int) -> Bool) {
    let whole = count &>> 6
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { scratch in
      let bytes = scratch.baseAddress!.assumingMemoryBound(to: UInt8.self)
      let packs = UnsafeRawPointer(scratch.baseAddress!)
      for word in 0..<whole {
        let start = word &<< 6
        for bit in 0..<64 { bytes[bit] = test(start &+ bit) ? 1 : 0 }
        var result: UInt64 = 0
        for pack in 0..<8 {
          let eight = packs.load(fromByteOffset: pack &<< 3, as: UInt64.self)
          result |= ((eight &* 0x0102_0408_1020_4080) &>> 56) &<< UInt64(pack &<< 3)
        }
        target[word] = result
      }
    }
    let start = whole &<< 6
    guard start < count else { return }
    var result: UInt64 = 0
    for row in start..<count { result |= (test(row) ? 1 : 0) &<< UInt64(row &- start) }
    target[whole] = result
  }
}
