internal import Columnar
internal import DeltaLog

/// Values of any length. What is taken in between two ``finish()`` is bounded by the size of a batch's text.
class ByteStringBuilder: ValueBuilder {
  final var data: [UInt8] = []
  private final var offsets: [Int32] = [0]

  /// Ends the value whose bytes were added to ``data``.
  final func end() -> Bool {
    addPlaceholder()
    return hit()
  }

  override final func addPlaceholder() { offsets.append(Int32(truncatingIfNeeded: data.count)) }

  override final func storage() -> ColumnStorage {
    defer {
      data.removeAll(keepingCapacity: true)
      offsets.removeAll(keepingCapacity: true)
      offsets.append(0)
    }
    return .bytes(offsets: Buffer(copying: offsets), data: Buffer(copying: data))
  }
}

final class StringBuilder: ByteStringBuilder {
  override func append(text: UnsafeBufferPointer<UInt8>) -> Bool {
    data.append(contentsOf: text)
    return end()
  }

  /// A value that is no string is taken as the text that stands there.
  override func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    guard try scanner.peek() == UInt8(ascii: "\"") else {
      let start = scanner.position
      try scanner.skipValue(depth: depth)
      return append(text: UnsafeBufferPointer(start: scanner.base + start, count: scanner.position - start))
    }
    let text = try scanner.readString()
    guard !text.hasEscapes else {
      data += scanner.bytes(text)
      return end()
    }
    return append(text: UnsafeBufferPointer(start: scanner.base + text.start, count: text.count))
  }
}

/// Bytes: in CSV as hexadecimal digits, as `deltalake scan` prints them, in JSON as base64, as Spark has them there.
final class BinaryBuilder: ByteStringBuilder {
  override func append(text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let bytes = TextValue.hex(text) else { return miss() }
    data += bytes
    return end()
  }

  override func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    guard try scanner.peek() == UInt8(ascii: "\"") else {
      try scanner.skipValue(depth: depth)
      return miss()
    }
    guard let bytes = scanner.bytes(try scanner.readString()).withUnsafeBufferPointer({ TextValue.base64($0) }) else {
      return miss()
    }
    data += bytes
    return end()
  }
}

/// JSON of any kind as variants.
final class VariantTextBuilder: ValueBuilder {
  private var column = VariantColumnBuilder()
  private var variant = VariantBuilder()

  init() { super.init(.variant) }

  override func append(text: UnsafeBufferPointer<UInt8>) -> Bool {
    var scanner = JSONScanner(UnsafeRawBufferPointer(text))
    let isValue = (try? scanner.skipValue()) != nil && !scanner.skipBlanks()
    guard isValue else { return miss() }
    scanner = JSONScanner(UnsafeRawBufferPointer(text))
    return (try? append(json: &scanner, depth: 0)) ?? miss()
  }

  override func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    variant.reset()
    let start = scanner.position
    do {
      try add(&scanner, depth)
      try column.append(variant)
      return hit()
    } catch let error as JSONSyntaxError {
      throw error
    } catch {
      // Too large, also as a number, or a key twice.
      scanner.position = start
      try scanner.skipValue(depth: depth)
      return miss()
    }
  }

  private func add(_ scanner: inout JSONScanner, _ depth: Int) throws {
    switch try scanner.peek() {
    case UInt8(ascii: "\""): variant.append(scanner.string(try scanner.readString()))
    case UInt8(ascii: "t"), UInt8(ascii: "f"): variant.append(try scanner.readBoolean())
    case UInt8(ascii: "n"):
      _ = try scanner.takeNull()
      variant.appendNull()
    case UInt8(ascii: "{"):
      guard depth < NestingLimit.depth else { throw JSONSyntaxError(.tooDeep, at: scanner.position) }
      try scanner.beginObject()
      try variant.beginObject()
      var isFirst = true
      while let key = try scanner.nextKey(&isFirst) {
        try variant.field(scanner.string(key))
        try add(&scanner, depth + 1)
      }
      try variant.endObject()
    case UInt8(ascii: "["):
      guard depth < NestingLimit.depth else { throw JSONSyntaxError(.tooDeep, at: scanner.position) }
      try scanner.beginArray()
      try variant.beginArray()
      var isFirst = true
      while try scanner.nextElement(&isFirst) { try add(&scanner, depth + 1) }
      try variant.endArray()
    default:
      let number = try scanner.readNumber()
      let text = UnsafeBufferPointer(start: scanner.base + number.start, count: number.count)
      if let whole = TextValue.whole(text, isPlain: true) {
        variant.append(whole)
      } else if !text.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }), let parsed = Decimal128.parse(text),
        parsed.scale <= 38, Decimal128.fits(parsed.unscaled, precision: 38)
      {
        variant.append(decimal: parsed.unscaled, scale: parsed.scale)
      } else if let double = TextValue.double(text) {
        variant.append(double)
      } else {
        throw VariantError(.invalidUse, "A variant holds no number that large.")
      }
    }
  }

  override func addPlaceholder() { column.appendNull() }

  override func storage() -> ColumnStorage {
    let finished = column
    column = VariantColumnBuilder()
    return finished.finish().storage
  }
}

/// How deep values may nest in rows.
enum NestingLimit {
  static let depth = 100
}
