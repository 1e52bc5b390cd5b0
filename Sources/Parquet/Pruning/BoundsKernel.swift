internal import Columnar

/// The least and the greatest of dense values.
enum BoundsKernel {
  typealias Result = (extremes: ValueStatistics.Extremes?, nanCount: Int)

  /// Not for coded values.
  static func extremes(of values: DenseValues) -> Result {
    let count = values.count
    guard count > 0 else { return (nil, 0) }
    switch (values.form.order, values.storage, values.form.layout) {
    case (.undefined, _, _):
      return (nil, 0)
    case (_, .bits(let bits, let start), _):
      let set = bits.setCount(in: start..<start + count)
      return (.booleans(min: set == count, max: set > 0), 0)
    case (.signed, .fixed(let buffer), .fixed(4)): return integers(buffer, count, Int32.self)
    case (.signed, .fixed(let buffer), .fixed(8)): return integers(buffer, count, Int64.self)
    case (.signed, .fixed(let buffer), _): return integers(buffer, count, Int128.self)
    case (.unsigned, .fixed(let buffer), .fixed(4)): return integers(buffer, count, UInt32.self)
    case (.unsigned, .fixed(let buffer), _): return integers(buffer, count, UInt64.self)
    case (.floating, .fixed(let buffer), .fixed(2)): return halves(buffer, count)
    case (.floating, .fixed(let buffer), .fixed(4)): return floats(buffer, count)
    case (.floating, .fixed(let buffer), _): return doubles(buffer, count)
    case (_, .fixed(let buffer), .fixed(let width)):
      return buffer.withUnsafeBytes { strings($0, count) { $0 &* width } }
    case (_, .bytes(let offsets, let data), _):
      return offsets.withValues(of: Int32.self) { offsets in
        data.withUnsafeBytes { strings($0, count) { Int(offsets[$0]) } }
      }
    default:
      return (nil, 0)
    }
  }

  // MARK: Numbers

  @inline(__always)
  private static func integers<Value: FixedWidthInteger & BitwiseCopyable>(
    _ buffer: Buffer, _ count: Int, _ type: Value.Type
  ) -> Result {
    buffer.withValues(of: type) { values in
      var (low, high) = (values[0], values[0])
      for index in 0..<count {
        low = min(low, values[index])
        high = max(high, values[index])
      }
      return (.integers(min: Int128(low), max: Int128(high)), 0)
    }
  }

  private static func floats(_ buffer: Buffer, _ count: Int) -> Result {
    buffer.withValues(of: Float.self) { values in
      var low = SIMD8<Float>(repeating: .infinity)
      var high = SIMD8<Float>(repeating: -.infinity)
      var nans = SIMD8<Int32>(repeating: 0)
      var index = 0
      while index &+ 8 <= count {
        let lane = UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + index).loadUnaligned(as: SIMD8<Float>.self)
        low.replace(with: lane, where: lane .< low)
        high.replace(with: lane, where: lane .> high)
        nans.replace(with: nans &+ 1, where: lane .!= lane)
        index &+= 8
      }
      var least = Double(low.min())
      var greatest = Double(high.max())
      var nanCount = Int(nans.wrappedSum())
      while index < count {
        add(Double(values[index]), &least, &greatest, &nanCount)
        index &+= 1
      }
      return finished(least, greatest, nanCount, count)
    }
  }

  private static func doubles(_ buffer: Buffer, _ count: Int) -> Result {
    buffer.withValues(of: Double.self) { values in
      var low = SIMD8<Double>(repeating: .infinity)
      var high = SIMD8<Double>(repeating: -.infinity)
      var nans = SIMD8<Int64>(repeating: 0)
      var index = 0
      while index &+ 8 <= count {
        let lane = UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + index).loadUnaligned(as: SIMD8<Double>.self)
        low.replace(with: lane, where: lane .< low)
        high.replace(with: lane, where: lane .> high)
        nans.replace(with: nans &+ 1, where: lane .!= lane)
        index &+= 8
      }
      var least = low.min()
      var greatest = high.max()
      var nanCount = Int(nans.wrappedSum())
      while index < count {
        add(values[index], &least, &greatest, &nanCount)
        index &+= 1
      }
      return finished(least, greatest, nanCount, count)
    }
  }

  private static func halves(_ buffer: Buffer, _ count: Int) -> Result {
    buffer.withValues(of: UInt16.self) { values in
      var (least, greatest, nanCount) = (Double.infinity, -Double.infinity, 0)
      for index in 0..<count { add(Double(HalfFloat.value(values[index])), &least, &greatest, &nanCount) }
      return finished(least, greatest, nanCount, count)
    }
  }

  @inline(__always)
  private static func add(_ value: Double, _ least: inout Double, _ greatest: inout Double, _ nanCount: inout Int) {
    if value < least { least = value }
    if value > greatest { greatest = value }
    if value.isNaN { nanCount &+= 1 }
  }

  /// Spec: Parquet thrift § ColumnOrder
  private static func finished(_ least: Double, _ greatest: Double, _ nanCount: Int, _ count: Int) -> Result {
    guard nanCount < count else { return (nil, nanCount) }
    return (.floats(min: least == 0 ? -0.0 : least, max: greatest == 0 ? 0.0 : greatest), nanCount)
  }

  // MARK: Strings

  /// The first 8 bytes of a string as a big-endian number decide nearly always; the rest is looked at when they are
  /// those of the bound.
  @inline(__always)
  private static func strings(_ bytes: UnsafeRawBufferPointer, _ count: Int, offset: (Int) -> Int) -> Result {
    let base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped
    let safe = bytes.count &- 8
    func key(_ start: Int, _ length: Int) -> UInt64 {
      if start <= safe {
        let shift = UInt64(truncatingIfNeeded: (8 &- min(8, length)) &<< 3)
        let word = UInt64(bigEndian: base.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        return length == 0 ? 0 : word & (.max &<< shift)
      }
      var word: UInt64 = 0
      for index in 0..<min(8, length) {
        word |= UInt64(base.load(fromByteOffset: start &+ index, as: UInt8.self)) &<< UInt64((7 &- index) &<< 3)
      }
      return word
    }
    var (low, high) = (0, 0)
    var lowKey = key(offset(0), offset(1) &- offset(0))
    var highKey = lowKey
    for index in 1..<max(1, count) {
      let start = offset(index)
      let length = offset(index &+ 1) &- start
      let this = key(start, length)
      if this <= lowKey, this < lowKey || precedes(base, start, length, offset(low), offset(low &+ 1) &- offset(low)) {
        (low, lowKey) = (index, this)
      }
      if this >= highKey,
        this > highKey || precedes(base, offset(high), offset(high &+ 1) &- offset(high), start, length)
      {
        (high, highKey) = (index, this)
      }
    }
    func string(_ index: Int) -> [UInt8] {
      Array(UnsafeRawBufferPointer(start: base + offset(index), count: offset(index &+ 1) &- offset(index)))
    }
    return (.bytes(min: string(low), max: string(high)), 0)
  }

  private static func precedes(
    _ base: UnsafeRawPointer, _ start: Int, _ length: Int, _ otherStart: Int, _ otherLength: Int
  ) -> Bool {
    let common = min(length, otherLength)
    var index = 0
    while index &+ 8 <= common {
      let word = UInt64(bigEndian: base.loadUnaligned(fromByteOffset: start &+ index, as: UInt64.self))
      let other = UInt64(bigEndian: base.loadUnaligned(fromByteOffset: otherStart &+ index, as: UInt64.self))
      if word != other { return word < other }
      index &+= 8
    }
    while index < common {
      let byte = base.load(fromByteOffset: start &+ index, as: UInt8.self)
      let other = base.load(fromByteOffset: otherStart &+ index, as: UInt8.self)
      if byte != other { return byte < other }
      index &+= 1
    }
    return length < otherLength
  }
}
