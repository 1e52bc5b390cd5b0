/// Decompresses Snappy's block format, half as fast again as the library that Linux distributions ship: theirs is built
/// for any processor of the family, and copies by a function call where this has a few vector instructions.
///
///     block    = varint of the decompressed length, element*
///     element  = tag byte, whose low two bits are the kind:
///       0: a literal of (tag >> 2) + 1 bytes, which follow; 60...63: of the length - 1 in the next 1...4 bytes
///       1: a copy of ((tag >> 2) & 7) + 4 bytes from (tag >> 5) * 256 + the next byte back
///       2, 3: a copy of (tag >> 2) + 1 bytes from as far back as the next 2 or 4 bytes say, little-endian
///
/// Copies may overlap what they make: then it repeats.
///
/// Spec: Parquet Compression § SNAPPY
package enum SnappyDecodingKernel {
  /// Fills the target exactly, from all of the source; `false` when the data are damaged or of another length.
  package static func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    guard var input = source.baseAddress else { return false }
    let inputEnd = input + source.count
    guard length(&input, inputEnd) == target.count else { return false }
    guard var output = target.baseAddress, target.count > 0 else { return input == inputEnd }
    let start = output
    let outputEnd = output + target.count
    return elements.withUnsafeBufferPointer { elements in
      guard let elements = elements.baseAddress else { return false }
      while input < inputEnd {
        if inputEnd - input > margin, outputEnd - output > margin {
          decodeFast(&input, inputEnd - margin, &output, outputEnd - margin, from: start, elements)
        }
        guard decodeElement(&input, inputEnd, &output, outputEnd, from: start) else { return false }
      }
      return output == outputEnd
    }
  }

  private static func length(_ input: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> Int? {
    var length = 0
    var shift = 0
    while input < end, shift < 35 {
      let byte = input.load(as: UInt8.self)
      input += 1
      length |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return length }
      shift += 7
    }
    return nil
  }

  // MARK: The fast way

  /// The fast way reads up to 65 bytes at an element, writes up to 79 for it, and moves on by less than that.
  private static let margin = 80

  /// For each tag: the length in bits 0 to 6; the offset's high bits in their place; from bit 16 on which of the next two
  /// bytes are of the offset; from bit 32 on the least offset with which whole vectors can be copied, or one that no
  /// offset reaches, where the fast way doesn't know the tag.
  private static let elements: [UInt64] = (0..<256).map { tag in
    let isShortCopy = tag & 3 == 1
    let length = isShortCopy ? tag >> 2 & 7 + 4 : tag >> 2 + 1
    let isUnknown = tag & 3 == 3 || tag & 3 == 0 && length > 60
    let least = isUnknown ? Int(UInt32.max) : tag & 3 == 0 ? 0 : min(length, 16)
    let offset = isShortCopy ? 0xFF << 16 | (tag >> 5) << 8 : tag & 3 == 2 ? 0xFFFF << 16 : 0
    return UInt64(length | offset) | UInt64(least) << 32
  }

  /// Decodes elements while both sides have the margin; stops before one that it doesn't know or that is damaged.
  ///
  /// There are hardly any branches but the loop's: which way an element goes can't be predicted.
  private static func decodeFast(
    _ input: inout UnsafeRawPointer, _ inputLimit: UnsafeRawPointer, _ output: inout UnsafeMutableRawPointer,
    _ outputLimit: UnsafeMutableRawPointer, from start: UnsafeMutableRawPointer, _ elements: UnsafePointer<UInt64>
  ) {
    var from = input
    var to = output
    while from < inputLimit, to < outputLimit {
      let tag = Int(from.load(as: UInt8.self))
      let kind = tag & 3
      let element = elements[tag]
      let length = Int(element & 0x7F)
      let next = UInt64(from.loadUnaligned(fromByteOffset: 1, as: UInt16.self).littleEndian)
      let offset = Int(next & element &>> 16 | element & 0x700)
      let source = kind == 0 ? from + 1 : UnsafeRawPointer(to) - offset
      guard offset <= to - start else { break }
      let isRegular = offset >= Int(element &>> 32)
      guard isRegular || (kind == 1 || kind == 2) && offset > 0 else { break }
      from += kind == 0 ? tag >> 2 &+ 2 : kind &+ 1
      if _fastPath(isRegular) {
        copy(source, to, at: 0)
        copy(source, to, at: 16)
        if length > 32 {
          copy(source, to, at: 32)
          copy(source, to, at: 48)
        }
      } else {
        fill(to, length, repeating: source, offset)
      }
      to += length
    }
    input = from
    output = to
  }

  @inline(__always)
  private static func copy(_ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, at offset: Int) {
    target.storeBytes(
      of: source.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self), toByteOffset: offset,
      as: SIMD16<UInt8>.self)
  }

  /// Repeats the `period` bytes at `source`, 1 to 15 of them, which end where the target begins. Writes up to 15 bytes
  /// more than asked for.
  private static func fill(
    _ target: UnsafeMutableRawPointer, _ length: Int, repeating source: UnsafeRawPointer, _ period: Int
  ) {
    let low = source.loadUnaligned(as: UInt64.self).littleEndian
    var done = 0
    if period >= 8 {
      let high = source.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      repeat {
        target.storeBytes(of: low.littleEndian, toByteOffset: done, as: UInt64.self)
        target.storeBytes(of: high, toByteOffset: done &+ 8, as: UInt64.self)
        done &+= period
      } while done < length
    } else {
      var pattern = low & UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* period)
      var filled = period
      while filled < 8 {
        pattern |= pattern &<< UInt64(truncatingIfNeeded: 8 &* filled)
        filled &*= 2
      }
      repeat {
        target.storeBytes(of: pattern.littleEndian, toByteOffset: done, as: UInt64.self)
        done &+= 8 &- 8 % period
      } while done < length
    }
  }

  // MARK: The careful way

  /// Decodes one element that may be of any kind, and anywhere.
  private static func decodeElement(
    _ input: inout UnsafeRawPointer, _ inputEnd: UnsafeRawPointer, _ output: inout UnsafeMutableRawPointer,
    _ outputEnd: UnsafeMutableRawPointer, from start: UnsafeMutableRawPointer
  ) -> Bool {
    let tag = Int(input.load(as: UInt8.self))
    input += 1
    var length = tag >> 2 + 1
    if tag & 3 == 0 {
      if length > 60 {
        guard let more = number(of: length - 60, &input, inputEnd) else { return false }
        length = more + 1
      }
      guard length <= inputEnd - input, length <= outputEnd - output else { return false }
      output.copyMemory(from: input, byteCount: length)
      input += length
    } else {
      guard var offset = number(of: tag & 3 == 3 ? 4 : tag & 3, &input, inputEnd) else { return false }
      if tag & 3 == 1 {
        length = tag >> 2 & 7 + 4
        offset |= (tag >> 5) << 8
      }
      guard offset > 0, offset <= output - start, length <= outputEnd - output else { return false }
      let source = output - offset
      for index in 0..<length {
        output.storeBytes(of: source.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
      }
    }
    output += length
    return true
  }

  private static func number(of bytes: Int, _ input: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> Int? {
    guard bytes <= end - input else { return nil }
    var number = 0
    for index in 0..<bytes { number |= Int(input.load(fromByteOffset: index, as: UInt8.self)) << (8 * index) }
    input += bytes
    return number
  }
}
