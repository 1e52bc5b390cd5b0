internal import CArrow

// Importing by Arrow's C data interface. The producer's structs are checked as hostile input as far as they can be:
// buffers carry no length there, so lengths follow from counts and offsets, which must make sense.

extension RecordBatch {
  /// Takes over a struct array from an `ArrowArray`, which is marked released: its memory is freed with the last
  /// buffer that shares it. The `ArrowSchema` stays the caller's.
  ///
  /// - Throws: `unsupported` for types without counterpart, `damaged` for structs that contradict themselves,
  ///   `tooLarge`. The array is released then as well.
  public init(
    importingArrow array: UnsafeMutableRawPointer, schema: UnsafeRawPointer
  ) throws(ColumnError) {
    let column = try Column(importingArrow: array, schema: schema)
    guard case .struct(let type) = column.type, case .structure(let children) = column.storage, column.nullCount == 0
    else {
      throw ColumnError(.typeMismatch, "A batch is a struct without nulls, but this is \(column.type.sqlName).")
    }
    self.init(schema: type, columns: children, rowCount: column.count)
  }
}

extension Column {
  /// Takes over an array; see ``RecordBatch/init(importingArrow:schema:)``.
  public init(importingArrow array: UnsafeMutableRawPointer, schema: UnsafeRawPointer) throws(ColumnError) {
    let source = array.assumingMemoryBound(to: ArrowArray.self)
    let owner = ImportedArray(source.pointee)
    source.pointee.release = nil
    let field = try ArrowSchemaReader.field(schema.assumingMemoryBound(to: ArrowSchema.self).pointee)
    self = try ArrowArrayReader(owner: owner).column(owner.array, field, depth: 0)
  }
}

extension StructType {
  /// The fields of an `ArrowSchema` of a struct; the caller still releases it.
  public init(importingArrow schema: UnsafeRawPointer) throws(ColumnError) {
    let field = try ArrowSchemaReader.field(schema.assumingMemoryBound(to: ArrowSchema.self).pointee)
    guard case .struct(let type) = field.field.type else {
      throw ColumnError(.typeMismatch, "A schema is a struct, but this is \(field.field.type.sqlName).")
    }
    self = type
  }
}

/// The producer's array, released when the last buffer is gone. A class for that.
private final class ImportedArray: @unchecked Sendable {
  var array: ArrowArray

  init(_ array: ArrowArray) { self.array = array }

  deinit { if let release = array.release { release(&array) } }
}

/// A field with what the import has to know beyond its type.
struct ArrowField {
  var field: StructField
  var layout: ArrowFormat.Layout
  var children: [ArrowField] = []
  /// The format of the codes of a dictionary.
  var codes: ArrowFormat.Layout?
}

enum ArrowSchemaReader {
  static let depthLimit = 64

  static func field(_ schema: ArrowSchema, depth: Int = 0) throws(ColumnError) -> ArrowField {
    guard depth < depthLimit else { throw ColumnError(.unsupported, "An Arrow schema nests beyond 64 levels.") }
    guard schema.release != nil, let format = schema.format else {
      throw ColumnError(.damaged, "This ArrowSchema was released or never filled.")
    }
    let name = schema.name.map { String(cString: $0) } ?? ""
    let isNullable = schema.flags & Int64(ARROW_FLAG_NULLABLE) != 0
    if let dictionary = schema.dictionary {
      var result = try field(dictionary.pointee, depth: depth + 1)
      result.codes = try ArrowFormat.layout(of: String(cString: format))
      result.field.name = name
      result.field.isNullable = isNullable
      return result
    }
    let layout = try ArrowFormat.layout(of: String(cString: format))
    var children: [ArrowField] = []
    guard schema.n_children >= 0, schema.n_children < 1 << 20, schema.n_children == 0 || schema.children != nil else {
      throw ColumnError(.damaged, "An ArrowSchema has \(schema.n_children) children.")
    }
    for index in 0..<Int(schema.n_children) {
      guard let child = schema.children[index] else { throw ColumnError(.damaged, "An ArrowSchema's child is null.") }
      children.append(try field(child.pointee, depth: depth + 1))
    }
    let type = try type(layout, children, extensionName(schema.metadata))
    return ArrowField(field: StructField(name, type, isNullable: isNullable), layout: layout, children: children)
  }

  private static func type(
    _ layout: ArrowFormat.Layout, _ children: [ArrowField], _ extensionName: String?
  ) throws(ColumnError) -> DataType {
    func only() throws(ColumnError) -> ArrowField {
      guard children.count == 1 else {
        throw ColumnError(.damaged, "A list's ArrowSchema has \(children.count) children.")
      }
      return children[0]
    }
    switch layout {
    case .null: return .null
    case .boolean: return .boolean
    case .fixed(.fixedBinary(length: 16)) where extensionName == ArrowFormat.uuid: return .uuid
    case .fixed(let type), .scaled(let type, _, _, _), .decimal(let type, _), .bytes(let type, _): return type
    case .interval: return .interval
    case .structure:
      let fields = children.map(\.field)
      if extensionName == ArrowFormat.variant, fields.map(\.name) == ["metadata", "value"],
        fields.allSatisfy({ $0.type == .binary })
      {
        return .variant
      }
      return .struct(StructType(fields))
    case .list, .fixedList:
      let element = try only().field
      return .array(ArrayType(element.type, containsNull: element.isNullable))
    case .map:
      guard case .struct(let entries) = try only().field.type, entries.fields.count == 2 else {
        throw ColumnError(.damaged, "A map's ArrowSchema is not of key and value.")
      }
      return .map(
        MapType(
          key: entries.fields[0].type, value: entries.fields[1].type, valueContainsNull: entries.fields[1].isNullable))
    }
  }

  /// Pairs are counted and their lengths given in 4 native bytes; the whole has no length of its own.
  private static func extensionName(_ metadata: UnsafePointer<CChar>?) -> String? {
    guard let metadata else { return nil }
    let bytes = UnsafeRawPointer(metadata)
    var at = 0
    func number() -> Int {
      defer { at += 4 }
      return Int(bytes.loadUnaligned(fromByteOffset: at, as: Int32.self))
    }
    func text() -> String? {
      let length = number()
      guard length >= 0, length < 1 << 24 else { return nil }
      defer { at += length }
      return String(decoding: UnsafeRawBufferPointer(start: bytes + at, count: length), as: UTF8.self)
    }
    let count = number()
    guard count > 0, count < 1 << 16 else { return nil }
    for _ in 0..<count {
      guard let key = text(), let value = text() else { return nil }
      if key == ArrowFormat.extensionKey { return value }
    }
    return nil
  }
}

/// Walks an array and its field together.
private struct ArrowArrayReader {
  let owner: ImportedArray

  func column(_ array: ArrowArray, _ field: ArrowField, depth: Int) throws(ColumnError) -> Column {
    guard array.length >= 0, array.offset >= 0, array.length < Int32.max, array.offset < Int64.max - array.length,
      array.offset + array.length < 1 << 40
    else { throw ColumnError(.damaged, "An ArrowArray of \(array.length) rows from row \(array.offset).") }
    guard array.n_children == 0 || array.children != nil, array.n_buffers == 0 || array.buffers != nil else {
      throw ColumnError(.damaged, "An ArrowArray without its buffers or children.")
    }
    let view = ArrayView(array: array, owner: owner, count: Int(array.length), offset: Int(array.offset))
    if let codes = field.codes { return try dictionary(view, field, codes, depth) }
    let type = field.field.type
    let validity = try view.validity(field.layout)
    func finish(_ storage: ColumnStorage) -> Column {
      Column(type, count: view.count, validity: validity, storage: storage)
    }
    switch field.layout {
    case .null: return Column(nulls: view.count, of: .null)
    case .boolean: return finish(.boolean(try view.bits(1)))
    case .fixed: return finish(.fixed(try view.values(1, width: type.fixedWidth ?? 0)))
    case .interval:
      let raw = Column(.interval, count: view.count, storage: .fixed(try view.values(1, width: 16)))
      return finish(raw.mapped(ArrowInterval.self, to: .interval) { ParquetInterval($0) }.storage)
    case .scaled(_, let width, let factor, let divisor):
      return try scaled(view, type, width, factor, divisor).masked(by: validity)
    case .decimal(_, let width): return try decimal(view, type, width).masked(by: validity)
    case .bytes(_, let width):
      let (offsets, range) = try view.offsets(width)
      let data = try view.window(2, range, alignment: 1)
      return finish(.bytes(offsets: offsets, data: data))
    case .structure:
      var children: [Column] = []
      for (index, child) in field.children.enumerated() {
        let column = try self.child(array, index, child, depth)
        guard column.count >= view.offset + view.count else {
          throw ColumnError(.damaged, "A struct of \(view.offset + view.count) rows has a child of \(column.count).")
        }
        children.append(column.slice(view.offset..<view.offset + view.count))
      }
      if type == .variant { return finish(.variant(metadata: children[0], value: children[1])) }
      return finish(.structure(children))
    case .list(let width):
      let (offsets, range) = try view.offsets(width)
      let elements = try child(array, 0, field.children[0], depth)
      return finish(.list(offsets: offsets, elements: try Self.part(elements, range)))
    case .fixedList(let length):
      let elements = try child(array, 0, field.children[0], depth)
      let (end, overflow) = (view.offset + view.count).multipliedReportingOverflow(by: length)
      guard !overflow, end <= elements.count else { throw ColumnError(.damaged, "A fixed-size list lacks elements.") }
      let offsets = (0...view.count).map { Int32(truncatingIfNeeded: (view.offset + $0) * length) }
      return finish(.list(offsets: Buffer(copying: offsets), elements: elements))
    case .map:
      let (offsets, range) = try view.offsets(4)
      let entries = try Self.part(try child(array, 0, field.children[0], depth), range)
      guard let parts = entries.storage.children, parts.count == 2, parts[0].nullCount == 0 else {
        throw ColumnError(.damaged, "A map has null keys.")
      }
      return finish(.map(offsets: offsets, keys: parts[0], values: parts[1]))
    }
  }

  private func child(
    _ array: ArrowArray, _ index: Int, _ field: ArrowField, _ depth: Int
  ) throws(ColumnError) -> Column {
    guard index < Int(array.n_children), let child = array.children[index] else {
      throw ColumnError(.damaged, "An ArrowArray has fewer children than its schema.")
    }
    return try column(child.pointee, field, depth: depth + 1)
  }

  private static func part(_ elements: Column, _ range: Range<Int>) throws(ColumnError) -> Column {
    guard range.upperBound <= elements.count else {
      throw ColumnError(.damaged, "Offsets reach element \(range.upperBound) of \(elements.count).")
    }
    return elements
  }

  // MARK: Values laid out otherwise

  private func scaled(
    _ view: ArrayView, _ type: DataType, _ width: Int, _ factor: Int64, _ divisor: Int64
  ) throws(ColumnError) -> Column {
    let raw = Column(.long, count: view.count, storage: .fixed(try view.values(1, width: width)))
    let wide = width == 8 ? raw : raw.mapped(Int32.self, to: .long) { Int64($0) }
    if type == .date {
      return wide.mapped(Int64.self, to: type, placeholder: Int32(0)) { Int32(exactly: $0.flooringQuotient(divisor)) }
    }
    return wide.mapped(Int64.self, to: type, placeholder: Int64(0)) {
      let (value, overflow) = $0.multipliedReportingOverflow(by: factor)
      return overflow ? nil : value
    }
  }

  private func decimal(_ view: ArrayView, _ type: DataType, _ width: Int) throws(ColumnError) -> Column {
    let raw = Column(type, count: view.count, storage: .fixed(try view.values(1, width: width)))
    switch (width, type.fixedWidth) {
    case (16, 16), (8, 8): return raw
    case (16, _): return raw.mapped(Int128.self, to: type, placeholder: Int64(0)) { Int64(exactly: $0) }
    case (8, _): return raw.mapped(Int64.self, to: type) { Int128($0) }
    case (_, 16): return raw.mapped(Int32.self, to: type) { Int128($0) }
    default: return raw.mapped(Int32.self, to: type) { Int64($0) }
    }
  }

  private func dictionary(
    _ view: ArrayView, _ field: ArrowField, _ codes: ArrowFormat.Layout, _ depth: Int
  ) throws(ColumnError) -> Column {
    guard let dictionary = view.array.dictionary, case .fixed(let codeType) = codes, codeType.isWholeNumber else {
      throw ColumnError(.damaged, "A dictionary-coded ArrowArray without dictionary or codes.")
    }
    var plain = field
    plain.codes = nil
    let values = try column(dictionary.pointee, plain, depth: depth + 1)
    let raw = Column(
      codeType, count: view.count, validity: try view.validity(codes),
      storage: .fixed(try view.values(1, width: codeType.fixedWidth ?? 0)))
    let narrow = try raw.cast(to: .integer)
    guard narrow.nullCount == raw.nullCount else { throw .codesOutside(of: values.count) }
    let clean = narrow.withoutCodesUnderNulls()
    let bounds = clean.withValues(of: Int32.self) { codes -> (least: Int32, greatest: Int32) in
      codes.baseAddress.map { GatherKernel.bounds($0, count: codes.count) } ?? (0, -1)
    }
    if values.count == 0 {
      guard raw.nullCount == view.count else { throw .codesOutside(of: 0) }
      return Column(nulls: view.count, of: values.type)
    }
    guard bounds.least >= 0, Int(bounds.greatest) < values.count else { throw .codesOutside(of: values.count) }
    let canStay =
      values.nullCount == 0 && (values.type.fixedWidth != nil || values.type == .string || values.type == .binary)
    if canStay {
      return Column(
        values.type, count: view.count, validity: raw.validity, storage: .dictionary(codes: clean, values: values))
    }
    return try values.taking(clean).masked(by: raw.validity)
  }
}

extension Column {
  /// The codes of an `integer` column, 0 under nulls.
  fileprivate func withoutCodesUnderNulls() -> Buffer {
    guard let codes = storage.buffer else { return Buffer(zeroed: count * 4) }
    guard let validity else { return codes.slice(0..<count * 4) }
    let result = Buffer(uninitialized: count * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    codes.withValues(of: Int32.self) { codes in
      for row in 0..<count { target[row] = validity.isSet(row) ? codes[row] : 0 }
    }
    return result
  }
}

/// The buffers of one array, from its offset on.
private struct ArrayView {
  let array: ArrowArray
  let owner: ImportedArray
  let count: Int
  let offset: Int

  /// Bytes of a buffer; a copy when they are not aligned as their values need.
  func window(_ index: Int, _ range: Range<Int>, alignment: Int) throws(ColumnError) -> Buffer {
    guard index < Int(array.n_buffers) else { throw ColumnError(.damaged, "An ArrowArray lacks a buffer.") }
    guard let start = array.buffers[index] else {
      guard range.isEmpty else { throw ColumnError(.damaged, "An ArrowArray's buffer is null, but it has rows.") }
      return Buffer(zeroed: 0)
    }
    if UInt(bitPattern: start + range.lowerBound) % UInt(alignment) != 0 {
      return Buffer(copying: UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count))
    }
    let owner = self.owner
    let memory = BufferMemory(unowned: UnsafeMutableRawPointer(mutating: start)) { withExtendedLifetime(owner) {} }
    return Buffer(memory: memory, offset: range.lowerBound, count: range.count)
  }

  func values(_ index: Int, width: Int) throws(ColumnError) -> Buffer {
    let (start, overflow) = offset.multipliedReportingOverflow(by: width)
    let (length, overflow2) = count.multipliedReportingOverflow(by: width)
    guard !overflow, !overflow2 else { throw .tooLarge("values", count) }
    let alignment = width == 12 ? 4 : width & (width - 1) == 0 ? min(width, 16) : 1
    return try window(index, start..<start + length, alignment: max(1, alignment))
  }

  /// A copy when they do not start at a byte.
  func bits(_ index: Int) throws(ColumnError) -> Bitmap {
    let all = offset + count
    let buffer = try window(index, 0..<(all + 7) / 8, alignment: 1)
    return Bitmap(buffer: buffer, count: all).slice(offset..<all)
  }

  func validity(_ layout: ArrowFormat.Layout) throws(ColumnError) -> Bitmap? {
    guard layout != .null, array.null_count != 0, array.n_buffers > 0, array.buffers[0] != nil else { return nil }
    return try bits(0)
  }

  /// `Int32` offsets that ascend, and the range they span. With width 8 they are narrowed, which copies.
  func offsets(_ width: Int) throws(ColumnError) -> (Buffer, Range<Int>) {
    guard array.n_buffers > 1 else { throw ColumnError(.damaged, "An ArrowArray lacks its offsets.") }
    // An empty array may come without any.
    if count == 0 { return (Buffer(zeroed: 4), 0..<0) }
    let wide = ArrayView(array: array, owner: owner, count: count + 1, offset: offset)
    let raw = try wide.values(1, width: width)
    var isAscending = true
    if width == 4 {
      let range = raw.withValues(of: Int32.self) { values in
        for row in 0..<count { isAscending = isAscending && values[row] <= values[row + 1] }
        return (Int(values[0]), Int(values[count]))
      }
      guard isAscending, range.0 >= 0 else { throw ColumnError(.damaged, "An ArrowArray's offsets do not ascend.") }
      return (raw, 0..<range.1)
    }
    let range = raw.withValues(of: Int64.self) { values in
      for row in 0..<count { isAscending = isAscending && values[row] <= values[row + 1] }
      return (values[0], values[count])
    }
    guard isAscending, range.0 >= 0 else { throw ColumnError(.damaged, "An ArrowArray's offsets do not ascend.") }
    guard range.1 <= Int32.max else { throw .tooLarge("bytes or elements", Int(range.1)) }
    let narrow = raw.withValues(of: Int64.self) { $0.map { Int32(truncatingIfNeeded: $0) } }
    return (Buffer(copying: narrow), 0..<Int(range.1))
  }
}
