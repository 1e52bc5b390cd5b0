internal import Columnar

/// How values in memory become stored ones.
enum StoredConversion: Hashable, Sendable {
  /// The bytes are the same.
  case copy
  /// To INT32.
  case signed8, unsigned8, signed16, unsigned16
  /// `Int64` to INT32, where it fits.
  case narrow
  /// `Int128` to big-endian bytes.
  case decimal(length: Int)
  /// Big-endian bytes of any length to those of one length.
  case decimalBytes(length: Int)
  /// INT96 to INT64 nanoseconds.
  case int96

  init(_ leaf: WriteLeaf) {
    switch leaf.type {
    case .byte: self = .signed8
    case .unsignedByte: self = .unsigned8
    case .short: self = .signed16
    case .unsignedShort: self = .unsigned16
    case .time(.milliseconds): self = .narrow
    case .int96: self = .int96
    case .decimal(let precision, _):
      switch precision {
      case ...9: self = .narrow
      case ...18: self = .copy
      case ...38: self = .decimal(length: leaf.stored.length)
      default: self = .decimalBytes(length: leaf.stored.length)
      }
    default: self = .copy
    }
  }

  /// - Throws: ``ParquetError`` with code `invalidValue` for a value that doesn't fit.
  func convert(_ source: Buffer, count: Int, type: DataType) throws(ParquetError) -> Buffer {
    switch self {
    case .copy: return source
    case .signed8: return StoringKernel.map(source, count, as: Int8.self) { Int32($0) }
    case .unsigned8: return StoringKernel.map(source, count, as: UInt8.self) { Int32($0) }
    case .signed16: return StoringKernel.map(source, count, as: Int16.self) { Int32($0) }
    case .unsigned16: return StoringKernel.map(source, count, as: UInt16.self) { Int32($0) }
    case .narrow:
      let result = StoringKernel.map(source, count, as: Int64.self) { Int32(truncatingIfNeeded: $0) }
      if let row = StoringKernel.firstWide(source, count) { throw Self.misfit(source, row, Int64.self, type) }
      return result
    case .decimal(let length):
      let result = StoringKernel.bigEndian(source, count, length: length)
      if let row = StoringKernel.firstLong(source, count, length: length) {
        throw Self.misfit(source, row, Int128.self, type)
      }
      return result
    case .int96:
      guard let result = StoringKernel.nanoseconds(source, count) else {
        throw ParquetError(
          .invalidValue, "A timestamp lies outside of the years 1678 to 2261, which nanoseconds in 64 bits reach.")
      }
      return result
    case .decimalBytes: preconditionFailure("decimals beyond 38 digits are not of one width")
    }
  }

  /// Sign-extends or shortens each value to `length` bytes.
  func convert(
    _ offsets: Buffer, _ data: Buffer, count: Int, length: Int, type: DataType
  ) throws(ParquetError) -> Buffer {
    guard let result = StoringKernel.extend(offsets, data, count, length: length) else {
      throw ParquetError(.invalidValue, "A value has more digits than \(type) stores.")
    }
    return result
  }

  private static func misfit<Value: FixedWidthInteger & BitwiseCopyable>(
    _ source: Buffer, _ row: Int, _ width: Value.Type, _ type: DataType
  ) -> ParquetError {
    let value = source.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: row * MemoryLayout<Value>.size, as: Value.self)
    }
    if case .decimal(_, let scale) = type {
      return .valueOutOfRange(scale == 0 ? "\(value)" : "\(value)E-\(scale)", type)
    }
    return .valueOutOfRange("\(value)", type)
  }
}

/// Loops that gather values and give them the width that they are stored in. Sizes were checked by the caller.
enum StoringKernel {
  @inline(__always)
  static func map<Source: BitwiseCopyable, Target: BitwiseCopyable>(
    _ source: Buffer, _ count: Int, as type: Source.Type, _ body: (Source) -> Target
  ) -> Buffer {
    let result = Buffer(uninitialized: count * MemoryLayout<Target>.size)
    let from = source.pointer.assumingMemoryBound(to: Source.self)
    let to = result.mutablePointer.assumingMemoryBound(to: Target.self)
    for index in 0..<count { to[index] = body(from[index]) }
    return withExtendedLifetime(source) { result }
  }

  /// The first `Int64` that is no `Int32`.
  static func firstWide(_ source: Buffer, _ count: Int) -> Int? {
    let values = source.pointer.assumingMemoryBound(to: Int64.self)
    defer { withExtendedLifetime(source) {} }
    var excess: UInt64 = 0
    for index in 0..<count { excess |= UInt64(bitPattern: values[index] &+ 0x8000_0000) }
    if excess >> 32 == 0 { return nil }
    return (0..<count).first { Int32(exactly: values[$0]) == nil }
  }

  /// `Int128`s as the last `length` of their big-endian bytes.
  static func bigEndian(_ source: Buffer, _ count: Int, length: Int) -> Buffer {
    let result = Buffer(uninitialized: count * length)
    let values = UnsafeRawPointer(source.pointer)
    var target = result.mutablePointer
    for index in 0..<count {
      let low = values.loadUnaligned(fromByteOffset: index &* 16, as: UInt64.self)
      let high = values.loadUnaligned(fromByteOffset: index &* 16 &+ 8, as: UInt64.self)
      // From the back, so that what is stored too much in front is overwritten; the first value has nothing in front.
      if length >= 9 {
        (target + length &- 8).storeBytes(of: low.bigEndian, as: UInt64.self)
        let rest = length &- 8
        var bytes = high.bigEndian &>> UInt64(8 &* (8 &- rest))
        for byte in 0..<rest {
          target.storeBytes(of: UInt8(truncatingIfNeeded: bytes), toByteOffset: byte, as: UInt8.self)
          bytes &>>= 8
        }
      } else {
        for byte in 0..<length {
          let shift = UInt64(8 &* (length &- 1 &- byte))
          target.storeBytes(of: UInt8(truncatingIfNeeded: low &>> shift), toByteOffset: byte, as: UInt8.self)
        }
      }
      target += length
    }
    return withExtendedLifetime(source) { result }
  }

  /// The first `Int128` that needs more than `length` bytes.
  static func firstLong(_ source: Buffer, _ count: Int, length: Int) -> Int? {
    guard length < 16 else { return nil }
    let values = source.pointer.assumingMemoryBound(to: Int128.self)
    defer { withExtendedLifetime(source) {} }
    let shift = Int128(8 * length - 1)
    return (0..<count).first {
      let sign = values[$0] >> shift
      return sign != 0 && sign != -1
    }
  }

  /// INT96 as nanoseconds since 1970; `nil` when one doesn't fit.
  static func nanoseconds(_ source: Buffer, _ count: Int) -> Buffer? {
    let result = Buffer(uninitialized: count * 8)
    let target = result.mutablePointer.assumingMemoryBound(to: Int64.self)
    defer { withExtendedLifetime(source) {} }
    for index in 0..<count {
      let time = source.pointer.loadUnaligned(fromByteOffset: index &* 12, as: Int64.self)
      let day = source.pointer.loadUnaligned(fromByteOffset: index &* 12 &+ 8, as: Int32.self)
      let value = (Int128(day) - 2_440_588) * 86_400_000_000_000 + Int128(time)
      guard let nanoseconds = Int64(exactly: value) else { return nil }
      target[index] = nanoseconds
    }
    return result
  }

  /// Big-endian two's complement of any length brought to one length; `nil` when a value doesn't fit.
  static func extend(_ offsets: Buffer, _ data: Buffer, _ count: Int, length: Int) -> Buffer? {
    let result = Buffer(uninitialized: count * length)
    var target = result.mutablePointer
    let bounds = offsets.pointer.assumingMemoryBound(to: Int32.self)
    let bytes = data.pointer.assumingMemoryBound(to: UInt8.self)
    defer { withExtendedLifetime((offsets, data)) {} }
    for index in 0..<count {
      var start = Int(bounds[index])
      let end = Int(bounds[index &+ 1])
      let sign: UInt8 = start < end && bytes[start] & 0x80 != 0 ? 0xFF : 0
      while end &- start > length {
        guard bytes[start] == sign, bytes[start &+ 1] & 0x80 == sign & 0x80 else { return nil }
        start &+= 1
      }
      let fill = length &- max(0, end &- start)
      target.initializeMemory(as: UInt8.self, repeating: sign, count: fill)
      if start < end { (target + fill).copyMemory(from: bytes + start, byteCount: end &- start) }
      target += length
    }
    return result
  }

  static func areCodes(_ codes: Buffer, count: Int, below limit: Int) -> Bool {
    let values = codes.pointer.assumingMemoryBound(to: UInt32.self)
    var greatest: UInt32 = 0
    for index in 0..<count { greatest = max(greatest, values[index]) }
    return withExtendedLifetime(codes) { Int(greatest) < limit }
  }

  // MARK: Without nulls

  /// The values whose bit, from bit `start` on, is set.
  static func compact(
    _ source: Buffer, width: Int, _ validity: Bitmap, from start: Int, slots: Int, values: Int
  ) -> Buffer {
    let result = Buffer(uninitialized: values * width)
    switch width {
    case 1: compact(source, UInt8.self, validity, start, slots, result)
    case 2: compact(source, UInt16.self, validity, start, slots, result)
    case 4: compact(source, UInt32.self, validity, start, slots, result)
    case 8: compact(source, UInt64.self, validity, start, slots, result)
    default:
      var target = result.mutablePointer
      for slot in 0..<slots where validity.isSet(start &+ slot) {
        target.copyMemory(from: source.pointer + slot &* width, byteCount: width)
        target += width
      }
    }
    return withExtendedLifetime((source, validity)) { result }
  }

  @inline(__always)
  private static func compact<Value: BitwiseCopyable>(
    _ source: Buffer, _ type: Value.Type, _ validity: Bitmap, _ start: Int, _ slots: Int, _ result: Buffer
  ) {
    let from = source.pointer.assumingMemoryBound(to: Value.self)
    // A value is stored before its bit is looked at: the last one may lie in the padding.
    let to = result.mutablePointer.assumingMemoryBound(to: Value.self)
    var filled = 0
    var slot = 0
    while slot < slots, (start &+ slot) & 7 != 0 {
      to[filled] = from[slot]
      filled &+= validity.isSet(start &+ slot) ? 1 : 0
      slot &+= 1
    }
    let bytes = validity.buffer.pointer
    while slot &+ 8 <= slots {
      let byte = bytes.load(fromByteOffset: (start &+ slot) &>> 3, as: UInt8.self)
      if byte == 0xFF {
        for index in 0..<8 { to[filled &+ index] = from[slot &+ index] }
        filled &+= 8
      } else if byte != 0 {
        var bits = byte
        for index in 0..<8 {
          to[filled] = from[slot &+ index]
          filled &+= Int(bits & 1)
          bits &>>= 1
        }
      }
      slot &+= 8
    }
    while slot < slots {
      to[filled] = from[slot]
      filled &+= validity.isSet(start &+ slot) ? 1 : 0
      slot &+= 1
    }
  }

  /// Offsets of the strings at some rows, if these follow each other without other bytes in between.
  static func denseOffsets(_ offsets: Buffer, rows: Buffer) -> Buffer? {
    let count = rows.count / 4
    guard count > 0 else { return nil }
    let old = offsets.pointer.assumingMemoryBound(to: Int32.self)
    let slots = rows.pointer.assumingMemoryBound(to: Int32.self)
    let result = Buffer(uninitialized: (count + 1) * 4)
    let new = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    defer { withExtendedLifetime((offsets, rows)) {} }
    var end = old[Int(slots[0])]
    var differs: Int32 = 0
    for index in 0..<count {
      let row = Int(slots[index])
      new[index] = old[row]
      differs |= old[row] ^ end
      end = old[row &+ 1]
    }
    new[count] = end
    return differs == 0 ? result : nil
  }
}
