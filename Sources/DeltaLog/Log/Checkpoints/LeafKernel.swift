internal import Columnar

// Reading the leaves of a checkpoint's columns by row, whether plain or dictionary-coded.
//
// The pointers are good while the column is held: every reader keeps its column.

/// A column of strings.
struct TextLeaf {
  let column: Column
  private let codes: UnsafePointer<Int32>?
  private let offsets: UnsafePointer<Int32>
  private let data: UnsafePointer<UInt8>
  /// The dictionary's size; `nil` when the column is plain.
  let dictionaryCount: Int?

  /// `nil` for anything but strings.
  init?(_ column: Column?) {
    guard let column else { return nil }
    var values = column
    var codes: UnsafePointer<Int32>?
    if case .dictionary(let buffer, let dictionary) = column.storage {
      guard buffer.count >= column.count * 4 else { return nil }
      codes = buffer.pointer.assumingMemoryBound(to: Int32.self)
      values = dictionary
    }
    guard case .bytes(let offsets, let data) = values.storage, offsets.count >= (values.count + 1) * 4 else {
      return nil
    }
    self.column = column
    self.codes = codes
    self.offsets = offsets.pointer.assumingMemoryBound(to: Int32.self)
    self.data = data.pointer.assumingMemoryBound(to: UInt8.self)
    dictionaryCount = codes == nil ? nil : values.count
  }

  /// Of a dictionary-coded column the row's code.
  @inline(__always) func code(_ row: Int) -> Int { codes.map { Int($0[row]) } ?? row }

  @inline(__always) func bytes(_ row: Int) -> UnsafeBufferPointer<UInt8> {
    let index = code(row)
    let start = Int(offsets[index])
    return UnsafeBufferPointer(start: data + start, count: Int(offsets[index &+ 1]) &- start)
  }

  @inline(__always) func isNull(_ row: Int) -> Bool { column.validity.map { !$0.isSet(row) } ?? false }

  func string(_ row: Int) -> String? { isNull(row) ? nil : String(decoding: bytes(row), as: UTF8.self) }
}

/// A column of whole numbers of 4 or 8 bytes.
struct NumberLeaf {
  let column: Column
  private let codes: UnsafePointer<Int32>?
  private let values: UnsafeRawPointer
  private let isWide: Bool

  init?(_ column: Column?) {
    guard let column else { return nil }
    var plain = column
    var codes: UnsafePointer<Int32>?
    if case .dictionary(let buffer, let dictionary) = column.storage {
      guard buffer.count >= column.count * 4 else { return nil }
      codes = buffer.pointer.assumingMemoryBound(to: Int32.self)
      plain = dictionary
    }
    guard case .fixed(let buffer) = plain.storage, let width = plain.type.fixedWidth, width == 4 || width == 8,
      buffer.count >= plain.count * width
    else { return nil }
    self.column = column
    self.codes = codes
    values = buffer.pointer
    isWide = width == 8
  }

  @inline(__always) func isNull(_ row: Int) -> Bool { column.validity.map { !$0.isSet(row) } ?? false }

  @inline(__always) func value(_ row: Int) -> Int64? { isNull(row) ? nil : unchecked(row) }

  @inline(__always) private func unchecked(_ row: Int) -> Int64 {
    let index = codes.map { Int($0[row]) } ?? row
    return isWide
      ? values.load(fromByteOffset: index &* 8, as: Int64.self)
      : Int64(values.load(fromByteOffset: index &* 4, as: Int32.self))
  }

  /// The values of these rows, with `missing` for nulls.
  func gather(_ rows: [Int32], missing: Int64) -> [Int64] {
    if column.nullCount == column.count { return [Int64](repeating: missing, count: rows.count) }
    return [Int64](unsafeUninitializedCapacity: rows.count) { target, count in
      rows.withUnsafeBufferPointer { rows in
        if column.nullCount == 0, isWide, codes == nil {
          let source = values.assumingMemoryBound(to: Int64.self)
          for index in 0..<rows.count { target.initializeElement(at: index, to: source[Int(rows[index])]) }
        } else {
          for index in 0..<rows.count {
            target.initializeElement(at: index, to: value(Int(rows[index])) ?? missing)
          }
        }
      }
      count = rows.count
    }
  }
}

/// A column of booleans.
struct BooleanLeaf {
  let column: Column
  private let bits: Bitmap

  init?(_ column: Column?) {
    guard let column, case .boolean(let bits) = column.storage else { return nil }
    self.column = column
    self.bits = bits
  }

  @inline(__always) func value(_ row: Int) -> Bool? {
    if let validity = column.validity, !validity.isSet(row) { return nil }
    return bits.isSet(row)
  }
}

/// A column of maps from string to string.
struct TextMapLeaf {
  let column: Column
  let keys: TextLeaf
  let values: TextLeaf
  private let offsets: UnsafePointer<Int32>

  init?(_ column: Column?) {
    guard let column, case .map(let offsets, let keys, let values) = column.storage,
      offsets.count >= (column.count + 1) * 4, let keys = TextLeaf(keys), let values = TextLeaf(values)
    else { return nil }
    self.column = column
    self.keys = keys
    self.values = values
    self.offsets = offsets.pointer.assumingMemoryBound(to: Int32.self)
  }

  @inline(__always) func entries(_ row: Int) -> Range<Int> {
    if let validity = column.validity, !validity.isSet(row) { return 0..<0 }
    return Int(offsets[row])..<Int(offsets[row &+ 1])
  }

  /// The row's entry of a key: of two, the later.
  func entry(of key: [UInt8], _ row: Int) -> Int? {
    key.withUnsafeBufferPointer { key in
      entries(row).last { BytesKernel.equal(keys.bytes($0), key) }
    }
  }

  func map(_ row: Int) -> [String: String?]? {
    if let validity = column.validity, !validity.isSet(row) { return nil }
    var map: [String: String?] = [:]
    for entry in entries(row) { map.updateValue(values.string(entry), forKey: keys.string(entry) ?? "") }
    return map
  }
}

/// A column of lists of strings.
struct TextListLeaf {
  let column: Column
  private let elements: TextLeaf
  private let offsets: UnsafePointer<Int32>

  init?(_ column: Column?) {
    guard let column, case .list(let offsets, let elements) = column.storage,
      offsets.count >= (column.count + 1) * 4, let elements = TextLeaf(elements)
    else { return nil }
    self.column = column
    self.elements = elements
    self.offsets = offsets.pointer.assumingMemoryBound(to: Int32.self)
  }

  func list(_ row: Int) -> [String]? {
    if let validity = column.validity, !validity.isSet(row) { return nil }
    return (Int(offsets[row])..<Int(offsets[row + 1])).compactMap(elements.string)
  }
}

/// A struct column and its fields by name.
struct StructLeaf {
  let column: Column
  private let fields: [StructField]
  private let children: [Column]

  /// `nil` for anything but a struct.
  init?(_ column: Column?) {
    guard let column, case .structure(let children) = column.storage, case .struct(let type) = column.type,
      type.fields.count == children.count
    else { return nil }
    self.column = column
    self.fields = type.fields
    self.children = children
  }

  subscript(name: String) -> Column? {
    fields.firstIndex { $0.name == name }.map { children[$0] }
  }

  func text(_ name: String, _ row: Int) -> String? { TextLeaf(self[name])?.string(row) }
  func number(_ name: String, _ row: Int) -> Int64? { NumberLeaf(self[name])?.value(row) }
  func boolean(_ name: String, _ row: Int) -> Bool? { BooleanLeaf(self[name])?.value(row) }
  func map(_ name: String, _ row: Int) -> [String: String?]? { TextMapLeaf(self[name])?.map(row) }
  func list(_ name: String, _ row: Int) -> [String]? { TextListLeaf(self[name])?.list(row) }

  /// The rows where the struct isn't null, ascending; 64 at a step.
  var rows: [Int32] {
    guard let validity = column.validity else {
      return column.nullCount == column.count ? [] : Array(0..<Int32(column.count))
    }
    var rows: [Int32] = []
    rows.reserveCapacity(column.count - column.nullCount)
    var index = 0
    while index < column.count {
      var word: UInt64 = 0
      if column.count - index >= 64 {
        word = UnsafeRawPointer(validity.bytes).loadUnaligned(fromByteOffset: index >> 3, as: UInt64.self)
      } else {
        for bit in index..<column.count where validity.isSet(bit) { word |= 1 << UInt64(bit - index) }
      }
      while word != 0 {
        rows.append(Int32(index + word.trailingZeroBitCount))
        word &= word - 1
      }
      index += 64
    }
    return rows
  }
}
