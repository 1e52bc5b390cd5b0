internal import CArrow

// Exporting by Arrow's C data interface. Each exported struct owns, through its `private_data`, an object that keeps
// the column's buffers, so nothing is copied but what Arrow lays out otherwise: decimals of up to 18 digits, times in
// milliseconds, INT96 and intervals. Consumers may move children out and release them on their own.
//
// Structs are passed as raw pointers, so that any module's declaration of them fits.

extension RecordBatch {
  /// Fills an `ArrowArray` and an `ArrowSchema` with the batch: a struct array whose fields are the columns.
  ///
  /// The caller owns both structs and calls their `release`. Buffers are shared until then. Dictionary-coded columns
  /// stay so: the schema is this batch's own.
  ///
  /// - Parameters:
  ///   - array: an uninitialised `struct ArrowArray`.
  ///   - schema: an uninitialised `struct ArrowSchema`, or `nil` when the consumer has it.
  /// - Throws: `unsupported` for decimals beyond 38 digits; nothing is filled then.
  public func exportArrow(
    array: UnsafeMutableRawPointer, schema: UnsafeMutableRawPointer? = nil
  ) throws(ColumnError) {
    let root = Column(.struct(self.schema), count: rowCount, nullCount: 0, storage: .structure(columns))
    try root.exportArrow(array: array, schema: schema)
  }
}

extension Column {
  /// Fills an `ArrowArray`, and an `ArrowSchema` without a name, with the column; see ``RecordBatch/exportArrow(array:schema:)``.
  public func exportArrow(
    array: UnsafeMutableRawPointer, schema: UnsafeMutableRawPointer? = nil
  ) throws(ColumnError) {
    let layout = try arrowLayout()
    let node = try ArrowArrayNode(layout)
    if let schema {
      let target = schema.assumingMemoryBound(to: ArrowSchema.self)
      target.initialize(to: try ArrowSchemaNode(StructField("", type), layout: layout).makeStruct())
    }
    array.assumingMemoryBound(to: ArrowArray.self).initialize(to: node.makeStruct())
  }
}

extension StructType {
  /// Fills an uninitialised `ArrowSchema` with the fields as a struct, which the caller releases.
  ///
  /// - Throws: `unsupported` for decimals beyond 38 digits.
  public func exportArrow(schema: UnsafeMutableRawPointer) throws(ColumnError) {
    let node = try ArrowSchemaNode(StructField("", .struct(self), isNullable: false), layout: nil)
    schema.assumingMemoryBound(to: ArrowSchema.self).initialize(to: node.makeStruct())
  }
}

/// Keeps what an exported `ArrowArray` points to. A class, since its life is what `release` ends.
private final class ArrowArrayNode {
  private let column: Column
  private let buffers: UnsafeMutableBufferPointer<UnsafeRawPointer?>
  private let parts: ArrowParts<ArrowArray>

  /// `column` is laid out as Arrow wants it.
  init(_ column: Column) throws(ColumnError) {
    self.column = column
    var pointers: [UnsafeRawPointer?] = []
    if case .null = column.storage {} else { pointers.append(column.validity.map { $0.buffer.pointer }) }
    var parts: [Column] = []
    var values: Column?
    switch column.storage {
    case .null: break
    case .boolean(let bits): pointers.append(bits.buffer.pointer)
    case .fixed(let buffer): pointers.append(buffer.pointer)
    case .bytes(let offsets, let data): pointers += [offsets.pointer, data.pointer]
    case .dictionary(let codes, let dictionary):
      pointers.append(codes.pointer)
      values = dictionary
    case .structure(let fields): parts = fields
    case .variant(let metadata, let value): parts = [metadata, value]
    case .list(let offsets, let elements):
      pointers.append(offsets.pointer)
      parts = [elements]
    case .map(let offsets, let keys, let values):
      pointers.append(offsets.pointer)
      let entries = StructType([StructField("key", keys.type, isNullable: false), StructField("value", values.type)])
      parts = [Column(.struct(entries), count: keys.count, nullCount: 0, storage: .structure([keys, values]))]
    }
    var nodes: [ArrowArrayNode] = []
    for part in parts { nodes.append(try ArrowArrayNode(part)) }
    let dictionary = try values.map { (values) throws(ColumnError) in try ArrowArrayNode(values) }
    buffers = .allocate(capacity: pointers.count)
    _ = buffers.initialize(from: pointers)
    self.parts = ArrowParts(nodes.map { $0.makeStruct() }, dictionary: dictionary?.makeStruct()) {
      $0.pointee.release?($0)
    }
  }

  deinit {
    buffers.deallocate()
  }

  /// The struct, which from now on owns this object.
  func makeStruct() -> ArrowArray {
    ArrowArray(
      length: Int64(column.count), null_count: Int64(column.nullCount), offset: 0, n_buffers: Int64(buffers.count),
      n_children: Int64(parts.childCount), buffers: buffers.baseAddress, children: parts.children,
      dictionary: parts.dictionary,
      release: { array in
        guard let array, let data = array.pointee.private_data else { return }
        array.pointee.release = nil
        array.pointee.private_data = nil
        Unmanaged<ArrowArrayNode>.fromOpaque(data).release()
      }, private_data: Unmanaged.passRetained(self).toOpaque())
  }
}

/// The structs beneath an exported one: its children and its dictionary. A class, since its life is theirs.
private final class ArrowParts<Struct> {
  let childCount: Int
  /// `nil` when there is none.
  let children: UnsafeMutablePointer<UnsafeMutablePointer<Struct>?>?
  let dictionary: UnsafeMutablePointer<Struct>?
  private let release: (UnsafeMutablePointer<Struct>) -> Void

  /// - Parameter release: of a struct that was not moved away.
  init(_ structs: [Struct], dictionary: Struct?, release: @escaping (UnsafeMutablePointer<Struct>) -> Void) {
    func place(_ value: Struct) -> UnsafeMutablePointer<Struct> {
      let pointer = UnsafeMutablePointer<Struct>.allocate(capacity: 1)
      pointer.initialize(to: value)
      return pointer
    }
    childCount = structs.count
    children = structs.isEmpty ? nil : .allocate(capacity: structs.count)
    for (index, value) in structs.enumerated() { children?.advanced(by: index).initialize(to: place(value)) }
    self.dictionary = dictionary.map(place)
    self.release = release
  }

  deinit {
    for index in 0..<childCount { end(children?[index]) }
    end(dictionary)
    children?.deallocate()
  }

  private func end(_ pointer: UnsafeMutablePointer<Struct>?) {
    guard let pointer else { return }
    release(pointer)
    pointer.deallocate()
  }
}

/// Keeps what an exported `ArrowSchema` points to. A class, since its life is what `release` ends.
final class ArrowSchemaNode {
  private let format: UnsafeMutablePointer<CChar>
  private let name: UnsafeMutablePointer<CChar>
  private let metadata: UnsafeMutablePointer<CChar>?
  private let parts: ArrowParts<ArrowSchema>
  private let flags: Int64

  /// - Parameter layout: the column that is exported with it, if any: where it has dictionaries, so has the schema.
  init(_ field: StructField, layout: Column?) throws(ColumnError) {
    guard let format = ArrowFormat.format(of: field.type) else {
      throw ColumnError(
        .unsupported,
        "\(field.name.isEmpty ? "A column" : field.name) is of type \(field.type.sqlName), "
          + "which Arrow export does not have. Cast it before.")
    }
    var fields: [(StructField, Column?)] = []
    var values: Column?
    if let layout, case .dictionary(_, let dictionary) = layout.storage { values = dictionary }
    switch field.type {
    case .struct(let type):
      let parts = layout?.storage.children
      for (index, field) in type.fields.enumerated() { fields.append((field, parts?[index])) }
    case .variant:
      fields = [
        (StructField("metadata", .binary, isNullable: false), nil), (StructField("value", .binary), nil),
      ]
    case .array(let type):
      var elements: Column?
      if let layout, case .list(_, let column) = layout.storage { elements = column }
      fields = [(StructField("element", type.element, isNullable: type.containsNull), elements)]
    case .map(let type):
      let entries = StructType([
        StructField("key", type.key, isNullable: false),
        StructField("value", type.value, isNullable: type.valueContainsNull),
      ])
      var pairs: Column?
      if let layout, case .map(_, let keys, let values) = layout.storage {
        pairs = Column(.struct(entries), count: keys.count, nullCount: 0, storage: .structure([keys, values]))
      }
      fields = [(StructField("entries", .struct(entries), isNullable: false), pairs)]
    default: break
    }
    var nodes: [ArrowSchemaNode] = []
    for (field, layout) in fields { nodes.append(try ArrowSchemaNode(field, layout: layout)) }
    let dictionary =
      values == nil ? nil : try ArrowSchemaNode(StructField("", field.type), layout: nil)
    self.format = Self.copy(Array((values == nil ? format : "i").utf8))
    // A zero byte would end the name early; there is no other way to write it.
    name = Self.copy(field.name.utf8.filter { $0 != 0 })
    metadata = ArrowFormat.extensionName(of: field.type).map { name in
      Self.copy(Self.encode([(ArrowFormat.extensionKey, name), ("ARROW:extension:metadata", "")]))
    }
    flags = field.isNullable ? Int64(ARROW_FLAG_NULLABLE) : 0
    self.parts = ArrowParts(nodes.map { $0.makeStruct() }, dictionary: dictionary?.makeStruct()) {
      $0.pointee.release?($0)
    }
  }

  deinit {
    format.deallocate()
    name.deallocate()
    metadata?.deallocate()
  }

  /// The struct, which from now on owns this object.
  func makeStruct() -> ArrowSchema {
    ArrowSchema(
      format: format, name: name, metadata: metadata, flags: flags, n_children: Int64(parts.childCount),
      children: parts.children, dictionary: parts.dictionary,
      release: { schema in
        guard let schema, let data = schema.pointee.private_data else { return }
        schema.pointee.release = nil
        schema.pointee.private_data = nil
        Unmanaged<ArrowSchemaNode>.fromOpaque(data).release()
      }, private_data: Unmanaged.passRetained(self).toOpaque())
  }

  private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar> {
    let result = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { result[index] = CChar(bitPattern: byte) }
    result[bytes.count] = 0
    return result
  }

  /// A count of pairs, then of each key and value the length and the bytes; counts in 4 native bytes.
  private static func encode(_ pairs: [(String, String)]) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] { withUnsafeBytes(of: Int32(value)) { Array($0) } }
    return pairs.reduce(into: number(pairs.count)) { result, pair in
      for text in [pair.0, pair.1] { result += number(text.utf8.count) + Array(text.utf8) }
    }
  }
}

// MARK: Layouts that differ

extension Column {
  /// The column in Arrow's layout, at any depth: itself where the layouts agree.
  func arrowLayout() throws(ColumnError) -> Column {
    let storage: ColumnStorage
    switch (type, self.storage) {
    case (_, .dictionary(let codes, let values)):
      storage = .dictionary(codes: try arrowCodes(codes, values), values: try values.arrowLayout())
    case (.decimal(let precision, _), .fixed) where precision <= 18:
      storage = mapped(Int64.self, to: type) { Int128($0) }.storage
    case (.decimal(let precision, _), _) where precision > 38:
      throw ColumnError(.unsupported, "Arrow export does not have \(type.sqlName). Cast it to DOUBLE or STRING before.")
    case (.time(.milliseconds), .fixed):
      storage = mapped(Int64.self, to: .integer) { Int32(truncatingIfNeeded: $0) }.storage
    case (.int96, .fixed): storage = try cast(to: .timestamp(.microseconds)).storage
    case (.interval, .fixed): storage = mapped(ParquetInterval.self, to: type) { ArrowInterval($0) }.storage
    case (_, .structure(let children)):
      storage = .structure(try children.mapThrowing { child throws(ColumnError) in try child.arrowLayout() })
    case (_, .list(let offsets, let elements)): storage = .list(offsets: offsets, elements: try elements.arrowLayout())
    case (_, .map(let offsets, let keys, let values)):
      storage = .map(offsets: offsets, keys: try keys.arrowLayout(), values: try values.arrowLayout())
    case (_, .variant(let metadata, let value)):
      storage = .variant(metadata: try metadata.decoded(), value: try value.decoded())
    default: return self
    }
    return Column(type, count: count, validity: validity, nullCount: nullCount, storage: storage)
  }

  /// Arrow wants codes under nulls to be inside of the dictionary too, which an empty one cannot offer.
  private func arrowCodes(_ codes: Buffer, _ values: Column) throws(ColumnError) -> Buffer {
    if values.count == 0, nullCount < count { throw .codesOutside(of: 0) }
    return codes
  }
}

/// Spec: Parquet LogicalTypes § INTERVAL
struct ParquetInterval: BitwiseCopyable {
  var months: UInt32
  var days: UInt32
  var milliseconds: UInt32

  init(_ interval: ArrowInterval) {
    months = UInt32(bitPattern: interval.months)
    days = UInt32(bitPattern: interval.days)
    milliseconds = UInt32(truncatingIfNeeded: interval.nanoseconds / 1_000_000)
  }
}

/// Arrow's month-day-nano interval.
struct ArrowInterval: BitwiseCopyable {
  var months: Int32
  var days: Int32
  var nanoseconds: Int64

  init(_ interval: ParquetInterval) {
    months = Int32(bitPattern: interval.months)
    days = Int32(bitPattern: interval.days)
    nanoseconds = Int64(interval.milliseconds) * 1_000_000
  }
}
