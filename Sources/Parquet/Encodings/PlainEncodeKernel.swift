internal import Columnar

/// Values as they are: numbers little-endian, strings after their lengths.
///
/// Spec: Parquet Encodings § Plain
enum PlainEncodeKernel {
  /// Appends values, those of a dictionary instead of their codes. Not for bits, which don't end at a byte.
  static func append(_ values: DenseValues, to target: inout EncodingBuffer) {
    switch (values.storage, values.form.layout) {
    case (.fixed(let bytes), .fixed(let width)):
      guard values.form.isBigEndian else {
        return bytes.withUnsafeBytes {
          target.append(UnsafeRawBufferPointer(rebasing: $0[..<(values.count * width)]))
        }
      }
      appendBigEndian(bytes, count: values.count, length: values.form.typeLength, to: &target)
    case (.bytes(let offsets, let data), _):
      append(offsets: offsets, data, count: values.count, to: &target)
    case (.coded(let codes, let dictionary), _):
      append(codes, of: dictionary, count: values.count, to: &target)
    case (.bits, _), (.fixed, _):
      preconditionFailure("bits are gathered, and fixed values have a width")
    }
  }

  /// `Int128` as the last `length` of its big-endian bytes.
  private static func appendBigEndian(_ values: Buffer, count: Int, length: Int, to target: inout EncodingBuffer) {
    var to = target.reserve(count * length)
    values.withValues(of: Int128.self) { values in
      let drop = UInt128((16 - length) * 8)
      for index in 0..<count {
        // Stored whole: the surplus is overwritten by the next value, or lies in the slack.
        to.storeBytes(of: (UInt128(bitPattern: values[index]) &<< drop).bigEndian, as: UInt128.self)
        to += length
      }
    }
    target.fill(count * length)
  }

  private static func append(
    offsets: Buffer, _ data: Buffer, count: Int, to target: inout EncodingBuffer
  ) {
    offsets.withValues(of: Int32.self) { offsets in
      data.withUnsafeBytes { data in
        guard count > 0, let base = data.baseAddress else { return }
        let total = Int(offsets[count] &- offsets[0]) + 4 * count
        var to = target.reserve(total)
        let end = base + data.count
        for index in 0..<count {
          let start = Int(offsets[index])
          let length = Int(offsets[index &+ 1]) &- start
          put(base + start, length, before: end, &to)
        }
        target.fill(total)
      }
    }
  }

  private static func append(
    _ codes: Buffer, of dictionary: DenseValues, count: Int, to target: inout EncodingBuffer
  ) {
    codes.withValues(of: UInt32.self) { codes in
      switch (dictionary.storage, dictionary.form.layout) {
      case (.bytes(let offsets, let data), _):
        offsets.withValues(of: Int32.self) { offsets in
          data.withUnsafeBytes { data in
            guard let base = data.baseAddress else { return }
            var total = 4 * count
            for index in 0..<count {
              let code = Int(codes[index])
              total &+= Int(offsets[code &+ 1] &- offsets[code])
            }
            var to = target.reserve(total)
            let end = base + data.count
            for index in 0..<count {
              let code = Int(codes[index])
              let start = Int(offsets[code])
              put(base + start, Int(offsets[code &+ 1]) &- start, before: end, &to)
            }
            target.fill(total)
          }
        }
      case (.fixed(let values), .fixed(let width)):
        let decoded = CompactionKernel.gather(values, width: width, codes, count: count)
        append(DenseValues(form: dictionary.form, count: count, storage: .fixed(decoded)), to: &target)
      case (.fixed, _), (.bits, _), (.coded, _):
        preconditionFailure("a dictionary of bits or codes")
      }
    }
  }

  /// A length and its bytes. Short strings by a load and a store of 32 bytes: the surplus is overwritten by the next
  /// string, or lies in the slack.
  @inline(__always)
  private static func put(
    _ from: UnsafeRawPointer, _ length: Int, before end: UnsafeRawPointer, _ to: inout UnsafeMutableRawPointer
  ) {
    to.storeBytes(of: UInt32(truncatingIfNeeded: length).littleEndian, as: UInt32.self)
    to += 4
    if length <= 32, end - from >= 32 {
      to.storeBytes(of: from.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
    } else {
      to.copyMemory(from: from, byteCount: length)
    }
    to += length
  }
}
