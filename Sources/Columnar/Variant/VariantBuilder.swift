/// Makes the bytes of variants: a dictionary of field names and the encoded value.
///
/// ```swift
/// var builder = VariantBuilder()
/// try builder.beginObject()
/// try builder.field("city")
/// builder.append("Oslo")
/// try builder.endObject()
/// let metadata = builder.metadata, value = builder.value
/// ```
///
/// To put a shredded variant together again, start from the metadata it was stored with (``reset(extending:)``): parts
/// kept as bytes are then copied as they are, and only names that the metadata lacks make it longer.
///
/// Spec: Parquet VariantEncoding § Value encoding
public struct VariantBuilder {
  private var bytes: [UInt8] = []
  private var containers: [Container] = []
  private var names = VariantNames()

  /// An object or array that is not yet ended.
  private struct Container {
    var isObject: Bool
    /// Where its members start in the bytes; its header is put before them at the end.
    var start: Int
    /// Where each member starts, relative to `start`.
    var offsets: [Int] = []
    var nameIDs: [Int] = []
    /// A field has been named and has no value yet.
    var awaitsValue = false
  }

  public init() {}

  /// Starts a new value with an empty dictionary.
  public mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    containers.removeAll(keepingCapacity: true)
    names.reset(extending: nil)
  }

  /// Starts a new value whose dictionary begins with an existing one's names.
  public mutating func reset(extending metadata: VariantMetadata) {
    bytes.removeAll(keepingCapacity: true)
    containers.removeAll(keepingCapacity: true)
    names.reset(extending: metadata)
  }

  /// The encoded value. All containers must have been ended, and one value written.
  public var value: [UInt8] { bytes }

  /// The encoded dictionary: the one extended, when nothing was added to it.
  public func metadata() throws(VariantError) -> Buffer { try names.encoded() }

  /// Whether exactly one value has been written and everything begun has been ended.
  public var isComplete: Bool { containers.isEmpty && !bytes.isEmpty }

  // MARK: Containers

  public mutating func beginObject() throws(VariantError) { try begin(isObject: true) }

  public mutating func beginArray() throws(VariantError) { try begin(isObject: false) }

  private mutating func begin(isObject: Bool) throws(VariantError) {
    guard containers.count < VariantValue.maximumDepth else { throw .tooDeep() }
    startMember()
    containers.append(Container(isObject: isObject, start: bytes.count))
  }

  /// Names the field of the object at hand that the next value belongs to.
  ///
  /// - Throws: `invalidUse` outside of an object, or when the field before has no value.
  public mutating func field(_ name: String) throws(VariantError) {
    try field(Buffer(copying: Array(name.utf8)))
  }

  package mutating func field(_ name: Buffer) throws(VariantError) {
    try field(id: names.id(of: name))
  }

  private mutating func field(id: Int) throws(VariantError) {
    guard let last = containers.indices.last, containers[last].isObject, !containers[last].awaitsValue else {
      throw VariantError(.invalidUse, "A field is named where an object in a variant takes none.")
    }
    containers[last].nameIDs.append(id)
    containers[last].awaitsValue = true
  }

  /// - Throws: `invalidUse` without an object at hand, `corrupt` when two of its fields have one name.
  public mutating func endObject() throws(VariantError) {
    guard let object = containers.last, object.isObject, !object.awaitsValue else {
      throw VariantError(.invalidUse, "An object in a variant ends where none can.")
    }
    containers.removeLast()
    let sortedPositions = try names.sortedPositions(of: object.nameIDs)
    let largestID = object.nameIDs.max() ?? 0
    let length = bytes.count - object.start
    let idWidth = Self.width(of: largestID)
    let offsetWidth = Self.width(of: length)
    let isLarge = object.nameIDs.count > 255
    var header: [UInt8] = [UInt8(2 | ((isLarge ? 16 : 0) | (idWidth - 1) << 2 | (offsetWidth - 1)) << 2)]
    Self.append(object.nameIDs.count, width: isLarge ? 4 : 1, to: &header)
    for position in sortedPositions { Self.append(object.nameIDs[position], width: idWidth, to: &header) }
    for position in sortedPositions { Self.append(object.offsets[position], width: offsetWidth, to: &header) }
    Self.append(length, width: offsetWidth, to: &header)
    bytes.insert(contentsOf: header, at: object.start)
  }

  /// - Throws: `invalidUse` without an array at hand.
  public mutating func endArray() throws(VariantError) {
    guard let array = containers.last, !array.isObject else {
      throw VariantError(.invalidUse, "An array in a variant ends where none can.")
    }
    containers.removeLast()
    let length = bytes.count - array.start
    let offsetWidth = Self.width(of: length)
    let isLarge = array.offsets.count > 255
    var header: [UInt8] = [UInt8(3 | ((isLarge ? 4 : 0) | (offsetWidth - 1)) << 2)]
    Self.append(array.offsets.count, width: isLarge ? 4 : 1, to: &header)
    for offset in array.offsets { Self.append(offset, width: offsetWidth, to: &header) }
    Self.append(length, width: offsetWidth, to: &header)
    bytes.insert(contentsOf: header, at: array.start)
  }

  /// Takes note of a member of the container at hand; a value in an object must have been named.
  private mutating func startMember() {
    guard let last = containers.indices.last else { return precondition(bytes.isEmpty, "a variant is one value") }
    precondition(!containers[last].isObject || containers[last].awaitsValue, "a value in an object has a name")
    containers[last].offsets.append(bytes.count - containers[last].start)
    containers[last].awaitsValue = false
  }

  static func width(of value: Int) -> Int {
    value < 1 << 8 ? 1 : value < 1 << 16 ? 2 : value < 1 << 24 ? 3 : 4
  }

  static func append(_ value: Int, width: Int, to bytes: inout [UInt8]) {
    for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }

  // MARK: Leaves

  /// A primitive: its type, then its bytes.
  mutating func appendPrimitive(_ type: Int, _ body: (inout [UInt8]) -> Void) {
    startMember()
    bytes.append(UInt8(type << 2))
    body(&bytes)
  }

  mutating func appendShortString(_ text: UnsafeRawBufferPointer) {
    startMember()
    bytes.append(UInt8(text.count << 2 | 1))
    bytes.append(contentsOf: text)
  }

  // MARK: Other variants

  /// Copies a value with everything in it.
  ///
  /// - Throws: `corrupt`, `unsupported` or `tooDeep` when the value cannot be read.
  public mutating func append(_ value: VariantValue) throws(VariantError) {
    var budget = try value.valueBytes().count
    try append(value, budget: &budget)
  }

  /// `budget`: see ``VariantValue``'s text; members may not share bytes.
  private mutating func append(_ value: VariantValue, budget: inout Int) throws(VariantError) {
    let source = try value.valueBytes()
    if names.extends(value.metadata) {
      // The names' numbers are the same on both sides.
      budget -= source.count
      guard budget >= 0 else { throw .corrupt("The members of a variant overlap.") }
      startMember()
      source.withUnsafeBytes { bytes.append(contentsOf: $0) }
      return
    }
    switch try value.content() {
    case .object(let object):
      budget -= object.members.valuesStart
      guard budget >= 0 else { throw .corrupt("The members of a variant overlap.") }
      try beginObject()
      for position in 0..<object.count {
        try field(object.nameBytes(at: position))
        try append(object.value(at: position), budget: &budget)
      }
      try endObject()
    case .array(let array):
      budget -= array.members.valuesStart
      guard budget >= 0 else { throw .corrupt("The members of a variant overlap.") }
      try beginArray()
      for position in 0..<array.count { try append(array.value(at: position), budget: &budget) }
      try endArray()
    default:
      budget -= source.count
      guard budget >= 0 else { throw .corrupt("The members of a variant overlap.") }
      startMember()
      source.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
  }

  /// Adds the fields of an object to the object at hand, as the rest of a partially shredded one.
  ///
  /// - Throws: `corrupt` when the value is no object; a name that both have is found by ``endObject()``.
  public mutating func appendFields(of value: VariantValue) throws(VariantError) {
    guard case .object(let object) = try value.content() else {
      throw .corrupt("The rest of a partially shredded object is not an object.")
    }
    var budget = try value.valueBytes().count
    for position in 0..<object.count {
      if names.extends(object.metadata) {
        try field(id: object.nameID(at: position))
      } else {
        try field(object.nameBytes(at: position))
      }
      try append(object.value(at: position), budget: &budget)
    }
  }
}
