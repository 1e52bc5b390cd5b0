internal import Columnar

/// What is seen of values while they are written: how many there are, their least and their greatest one.
///
/// One of a page is merged into that of its chunk, one of a chunk into that of its file.
///
/// Spec: Parquet thrift § Statistics
struct ValueStatistics: Hashable, Sendable {
  let form: ValueForm
  /// Values that are not null, NaNs among them.
  private(set) var valueCount = 0
  private(set) var nanCount = 0
  /// Kept by the writer: values don't know of nulls.
  var nullCount = 0
  /// `nil` without values, with nothing but NaNs, and for forms without order.
  private(set) var extremes: Extremes?

  /// The least and the greatest value, NaNs left out. Of zeros, -0.0 is the least and +0.0 the greatest.
  enum Extremes: Hashable, Sendable {
    case booleans(min: Bool, max: Bool)
    case integers(min: Int128, max: Int128)
    case floats(min: Double, max: Double)
    case bytes(min: [UInt8], max: [UInt8])
  }

  init(_ form: ValueForm) { self.form = form }

  /// Takes in values. Of coded ones, those of the dictionary that occur are looked at, once each.
  mutating func update(_ values: DenseValues) {
    precondition(values.form == form, "values of the statistics' form")
    guard values.count > 0 else { return }
    valueCount += values.count
    switch values.storage {
    case .coded(let codes, let dictionary):
      guard form.order != .undefined else { return }
      // Of a few values the few that the dictionary has are sooner looked up than sorted out.
      if form.order == .floating || values.count < dictionary.count / 4, let decoded = try? values.decoded() {
        return merge(BoundsKernel.extremes(of: decoded))
      }
      let used = CompactionKernel.distinctCodes(codes, count: values.count, below: dictionary.count)
      guard let occurring = try? dictionary.gathered(used, count: used.count / 4) else { return }
      merge(BoundsKernel.extremes(of: occurring))
    case .bits, .fixed, .bytes:
      merge(BoundsKernel.extremes(of: values))
    }
  }

  mutating func merge(_ other: ValueStatistics) {
    precondition(other.form == form, "statistics of one form")
    valueCount += other.valueCount
    nullCount += other.nullCount
    merge((other.extremes, other.nanCount))
  }

  private mutating func merge(_ other: (extremes: Extremes?, nanCount: Int)) {
    nanCount += other.nanCount
    guard let theirs = other.extremes else { return }
    guard let ours = extremes else {
      extremes = theirs
      return
    }
    switch (ours, theirs) {
    case (.booleans(let min, let max), .booleans(let otherMin, let otherMax)):
      extremes = .booleans(min: min && otherMin, max: max || otherMax)
    case (.integers(let min, let max), .integers(let otherMin, let otherMax)):
      extremes = .integers(min: Swift.min(min, otherMin), max: Swift.max(max, otherMax))
    case (.floats(let min, let max), .floats(let otherMin, let otherMax)):
      extremes = .floats(min: Swift.min(min, otherMin), max: Swift.max(max, otherMax))
    case (.bytes(let min, let max), .bytes(let otherMin, let otherMax)):
      let least = otherMin.lexicographicallyPrecedes(min) ? otherMin : min
      extremes = .bytes(min: least, max: max.lexicographicallyPrecedes(otherMax) ? otherMax : max)
    default:
      preconditionFailure("statistics of one form")
    }
  }
}

extension ValueStatistics {
  /// Both bounds PLAIN, as a file's statistics have them: strings without their lengths.
  var plainBounds: (min: [UInt8], max: [UInt8])? {
    switch extremes {
    case nil: return nil
    case .booleans(let min, let max): return ([min ? 1 : 0], [max ? 1 : 0])
    case .bytes(let min, let max): return (min, max)
    case .integers(let min, let max): return (plain(min), plain(max))
    case .floats(let min, let max):
      switch form.layout {
      case .fixed(2):
        return (Self.littleEndian(HalfFloat.bits(Float(min))), Self.littleEndian(HalfFloat.bits(Float(max))))
      case .fixed(4): return (Self.littleEndian(Float(min).bitPattern), Self.littleEndian(Float(max).bitPattern))
      default: return (Self.littleEndian(min.bitPattern), Self.littleEndian(max.bitPattern))
      }
    }
  }

  private func plain(_ value: Int128) -> [UInt8] {
    switch form.layout {
    case .fixed(4): Self.littleEndian(UInt32(truncatingIfNeeded: value))
    case .fixed(8): Self.littleEndian(UInt64(truncatingIfNeeded: value))
    default: PlainKey.bigEndian(value, length: form.typeLength) ?? []
    }
  }

  private static func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// Both bounds as values of a column's type, exact; `nil` where a scalar can't be.
  ///
  /// - Parameter type: the one that the form was made of.
  func scalars(of type: DataType) -> (min: Scalar, max: Scalar)? {
    switch extremes {
    case nil: return nil
    case .booleans(let min, let max): return (.boolean(min), .boolean(max))
    case .integers(let min, let max):
      guard let min = Self.scalar(min, type), let max = Self.scalar(max, type) else { return nil }
      return (min, max)
    case .floats(let min, let max):
      return type == .double ? (.double(min), .double(max)) : (.float(Float(min)), .float(Float(max)))
    case .bytes(let min, let max):
      guard type == .string else { return (.binary(min), .binary(max)) }
      return (.string(String(decoding: min, as: UTF8.self)), .string(String(decoding: max, as: UTF8.self)))
    }
  }

  private static func scalar(_ value: Int128, _ type: DataType) -> Scalar? {
    switch type {
    case .byte: Int8(exactly: value).map { .byte($0) }
    case .short: Int16(exactly: value).map { .short($0) }
    case .integer, .unsignedByte, .unsignedShort: Int32(exactly: value).map { .integer($0) }
    case .long, .unsignedInteger: Int64(exactly: value).map { .long($0) }
    case .unsignedLong: UInt64(exactly: value).map { .unsignedLong($0) }
    case .date: Int32(exactly: value).map { .date($0) }
    case .timestamp(let unit): microseconds(value, unit).map { .timestamp($0) }
    case .timestampNtz(let unit): microseconds(value, unit).map { .timestampNtz($0) }
    case .decimal(let precision, let scale): .decimal(value, precision: precision, scale: scale)
    default: nil
    }
  }

  /// `nil` for what whole microseconds can't say.
  private static func microseconds(_ value: Int128, _ unit: TimeUnit) -> Int64? {
    switch unit {
    case .microseconds: Int64(exactly: value)
    case .milliseconds: Int64(exactly: value * 1000)
    case .nanoseconds: value % 1000 == 0 ? Int64(exactly: value / 1000) : nil
    }
  }
}
