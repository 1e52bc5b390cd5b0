import Columnar

// What tools/check-arrow calls from Python: streams of batches that PyArrow imports, and PyArrow's own back.

/// Fills an `ArrowArrayStream` with two batches of every type; 0 when it worked.
@_cdecl("deltalake_arrow_sample_stream")
public func sampleStream(_ stream: UnsafeMutableRawPointer) -> Int32 {
  let batch = InteropSample.batch
  var parts = [batch, batch.slice(1..<3)]
  do {
    try ArrowStream.export(schema: batch.schema, to: stream) { parts.isEmpty ? nil : parts.removeFirst() }
    return 0
  } catch {
    return 1
  }
}

/// Fills an `ArrowArray` and an `ArrowSchema` with one batch, dictionaries kept; 0 when it worked.
@_cdecl("deltalake_arrow_sample_batch")
public func sampleBatch(_ array: UnsafeMutableRawPointer, _ schema: UnsafeMutableRawPointer) -> Int32 {
  do {
    try InteropSample.batch.exportArrow(array: array, schema: schema)
    return 0
  } catch {
    return 1
  }
}

/// Takes over one stream and fills another with the same batches, read and written by us; 0 when it worked.
@_cdecl("deltalake_arrow_pass")
public func passStream(_ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer) -> Int32 {
  do {
    let reader = try ArrowStreamReader(importing: source)
    try ArrowStream.export(schema: reader.schema, to: target) { try reader.next() }
    return 0
  } catch {
    print(error)
    return 1
  }
}

/// A stream that fails at the second batch; 0 when it worked.
@_cdecl("deltalake_arrow_failing_stream")
public func failingStream(_ stream: UnsafeMutableRawPointer) -> Int32 {
  let batch = InteropSample.batch
  var calls = 0
  do {
    try ArrowStream.export(schema: batch.schema, to: stream) {
      calls += 1
      if calls > 1 { throw ColumnError(.damaged, "The second batch is broken.") }
      return batch
    }
    return 0
  } catch {
    return 1
  }
}

/// Takes over one stream and fills another with the values of an SQL expression, a column named `value`; 0 when it worked.
@_cdecl("deltalake_arrow_evaluate")
public func evaluateStream(
  _ source: UnsafeMutableRawPointer, _ sql: UnsafePointer<CChar>, _ target: UnsafeMutableRawPointer
) -> Int32 {
  do {
    let reader = try ArrowStreamReader(importing: source)
    let bound = try ColumnExpression(parsing: String(cString: sql)).bound(to: reader.schema)
    let schema = Schema([StructField("value", bound.type)])
    try ArrowStream.export(schema: schema, to: target) {
      guard let batch = try reader.next() else { return nil }
      return RecordBatch(schema: schema, columns: [try bound.evaluate(on: batch)], rowCount: batch.rowCount)
    }
    return 0
  } catch {
    print(error)
    return 1
  }
}

/// Three rows of every type that crosses: two values and a null.
enum InteropSample {
  static var batch: RecordBatch {
    let null = Bitmap([true, true, false])
    func fixed<Value: BitwiseCopyable>(_ type: DataType, _ values: [Value]) -> Column {
      Column(type, count: 3, validity: null, storage: .fixed(Buffer(copying: values)))
    }
    let columns: [(String, Column)] = [
      ("boolean", Column(booleans: [true, false, nil])), ("byte", Column(bytes: [1, -128, nil])),
      ("short", Column(shorts: [1, -2, nil])), ("integer", Column(integers: [1, -2, nil])),
      ("long", Column(longs: [1, .min, nil])), ("unsignedByte", fixed(.unsignedByte, [1, 255, 0] as [UInt8])),
      ("unsignedShort", fixed(.unsignedShort, [1, 65_535, 0] as [UInt16])),
      ("unsignedInteger", fixed(.unsignedInteger, [1, .max, 0] as [UInt32])),
      ("unsignedLong", fixed(.unsignedLong, [1, .max, 0] as [UInt64])),
      ("half", fixed(.float16, [0x3C00, 0xC000, 0] as [UInt16])), ("float", Column(floats: [1.5, -2, nil])),
      ("double", Column(doubles: [1.5, .infinity, nil])),
      ("money", Column(decimals: [150, -25, nil], precision: 9, scale: 2)),
      ("big", Column(decimals: [Int128(10_000_000_000_000_000) * 10_000_000_000, -1, nil], precision: 38, scale: 3)),
      ("string", Column(strings: ["Ærø", "", nil])), ("binary", Column(binaries: [[0, 255], [], nil])),
      (
        "code",
        Column(fixed: .fixedBinary(length: 3), bytes: [1, 2, 3, 4, 5, 6, 0, 0, 0], validity: null)
      ),
      ("uuid", Column(fixed: .uuid, bytes: (0..<48).map { UInt8($0) }, validity: null)),
      ("date", Column(dates: [0, -1, nil])), ("millis", fixed(.time(.milliseconds), [1, 86_399_999, 0] as [Int64])),
      ("micros", fixed(.time(.microseconds), [1, 86_399_999_999, 0] as [Int64])),
      ("instant", Column(timestamps: [0, 1_704_067_200_123_456, nil])),
      ("nanos", fixed(.timestamp(.nanoseconds), [1, 1_704_067_200_123_456_789, 0] as [Int64])),
      ("wall", fixed(.timestampNtz(.microseconds), [0, -1, 0] as [Int64])),
      (
        "interval", fixed(.interval, [(1, 2, 3_000), (0, 1, 0), (0, 0, 0)].flatMap { [$0.0, $0.1, $0.2] as [UInt32] })
      ),
      ("colour", Column(codes: [1, 0, nil], values: Column(strings: ["red", "green"]))),
      (
        "point",
        Column(
          fields: [
            ("x", Column(longs: [1, nil, 3])), ("tags", Column(lists: [1, 0, nil], of: Column(strings: ["a"]))),
          ],
          count: 3, validity: null)
      ),
      ("list", Column(lists: [2, 0, nil], of: Column(longs: [1, nil]))),
      ("map", Column(maps: [2, 0, nil], keys: Column(strings: ["k", "l"]), values: Column(integers: [1, nil]))),
      (
        "variant",
        Column(
          .variant, count: 3, validity: null,
          storage: .variant(
            metadata: Column(binaries: [[1, 0, 0], [1, 0, 0], [1, 0, 0]]),
            value: Column(binaries: [[12, 7], [0], []])))
      ),
      ("nothing", Column(nulls: 3, of: .null)),
    ]
    return RecordBatch(
      schema: Schema(columns.map { StructField($0.0, $0.1.type) }), columns: columns.map(\.1), rowCount: 3)
  }
}

extension Column {
  fileprivate init(fixed type: DataType, bytes: [UInt8], validity: Bitmap) {
    self.init(type, count: 3, validity: validity, storage: .fixed(Buffer(copying: bytes)))
  }
}
