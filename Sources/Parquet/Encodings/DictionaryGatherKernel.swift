/// Dictionary indices to values, without keeping the indices: runs become fills, packed values a gather from the
/// dictionary, which mostly fits a cache.
///
/// Spec: Parquet Encodings § Dictionary Encoding
enum DictionaryGatherKernel {
  /// Indices unpacked at a time; on the stack.
  private static let block = 512

  /// Decodes `count` indices and writes the values of `width` bytes that they stand for.
  static func gather(
    _ decoder: inout RunLengthBitPackedDecoder, count: Int, dictionary: UnsafeRawPointer, dictionaryCount: Int,
    width: Int, into target: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    switch width {
    case 1: try gather(&decoder, count, dictionary, dictionaryCount, target, as: UInt8.self)
    case 2: try gather(&decoder, count, dictionary, dictionaryCount, target, as: UInt16.self)
    case 4: try gather(&decoder, count, dictionary, dictionaryCount, target, as: UInt32.self)
    case 8: try gather(&decoder, count, dictionary, dictionaryCount, target, as: UInt64.self)
    case 16: try gather(&decoder, count, dictionary, dictionaryCount, target, as: SIMD2<UInt64>.self)
    default: try gatherBytes(&decoder, count, dictionary, dictionaryCount, width, target)
    }
  }

  /// Decodes indices as they are, checked.
  static func indices(
    _ decoder: inout RunLengthBitPackedDecoder, count: Int, dictionaryCount: Int,
    into target: UnsafeMutablePointer<UInt32>
  ) throws(DecodingFailure) {
    var done = 0
    while done < count {
      try decoder.prepareRun()
      let part = min(decoder.left, count - done)
      if decoder.isPacked {
        decoder.unpack(part, into: target + done)
        guard maximum(target + done, part) < dictionaryCount else { throw outOfRange(dictionaryCount) }
      } else {
        guard decoder.value < dictionaryCount else { throw outOfRange(dictionaryCount) }
        (target + done).update(repeating: decoder.value, count: part)
        decoder.consume(part)
      }
      done += part
    }
  }

  @inline(__always)
  private static func gather<Value: BitwiseCopyable>(
    _ decoder: inout RunLengthBitPackedDecoder, _ count: Int, _ dictionary: UnsafeRawPointer, _ dictionaryCount: Int,
    _ target: UnsafeMutableRawPointer, as type: Value.Type
  ) throws(DecodingFailure) {
    let values = dictionary.assumingMemoryBound(to: Value.self)
    let output = target.assumingMemoryBound(to: Value.self)
    let failure = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: block) { scratch -> DecodingFailure? in
      guard let indices = scratch.baseAddress else { return nil }
      do throws(DecodingFailure) {
        var done = 0
        while done < count {
          try decoder.prepareRun()
          if decoder.isPacked {
            let part = min(decoder.left, count &- done, block)
            decoder.unpack(part, into: indices)
            guard maximum(indices, part) < dictionaryCount else { return outOfRange(dictionaryCount) }
            let to = output + done
            for index in 0..<part { to[index] = values[Int(indices[index])] }
            done &+= part
          } else {
            let part = min(decoder.left, count &- done)
            guard decoder.value < dictionaryCount else { return outOfRange(dictionaryCount) }
            (output + done).update(repeating: values[Int(decoder.value)], count: part)
            decoder.consume(part)
            done &+= part
          }
        }
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  private static func gatherBytes(
    _ decoder: inout RunLengthBitPackedDecoder, _ count: Int, _ dictionary: UnsafeRawPointer, _ dictionaryCount: Int,
    _ width: Int, _ target: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    let failure = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: block) { scratch -> DecodingFailure? in
      guard let indices = scratch.baseAddress else { return nil }
      do throws(DecodingFailure) {
        var done = 0
        while done < count {
          let part = min(count &- done, block)
          try decoder.decode(part, into: indices)
          guard maximum(indices, part) < dictionaryCount else { return outOfRange(dictionaryCount) }
          for index in 0..<part {
            (target + (done &+ index) &* width)
              .copyMemory(from: dictionary + Int(indices[index]) &* width, byteCount: width)
          }
          done &+= part
        }
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  private static func maximum(_ indices: UnsafeMutablePointer<UInt32>, _ count: Int) -> UInt32 {
    // Indices are below 2^31 in any valid page; or-ing wouldn't do for others than powers of two, so compare.
    var lanes = SIMD8<UInt32>(repeating: 0)
    var index = 0
    while index &+ 8 <= count {
      let values = UnsafeRawPointer(indices + index).loadUnaligned(as: SIMD8<UInt32>.self)
      lanes.replace(with: values, where: values .> lanes)
      index &+= 8
    }
    var result = lanes.max()
    while index < count {
      result = max(result, indices[index])
      index &+= 1
    }
    return result
  }

  private static func outOfRange(_ count: Int) -> DecodingFailure {
    .damaged("a dictionary index is out of range: the dictionary has \(count) values")
  }
}
