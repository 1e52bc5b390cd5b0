internal import CArrow

/// Batches as an `ArrowArrayStream`, the C stream interface.
public enum ArrowStream {
  /// Fills an uninitialised `struct ArrowArrayStream` that pulls its batches from a closure; the consumer releases it.
  ///
  /// Dictionary-coded columns come decoded, since a stream has one schema for all its batches.
  ///
  /// - Parameters:
  ///   - schema: of every batch.
  ///   - next: the next batch, `nil` at the end. Called on the consumer's thread, one call at a time.
  /// - Throws: `unsupported` for types that Arrow export does not have.
  public static func export(
    schema: Schema, to stream: UnsafeMutableRawPointer, next: @escaping () throws -> RecordBatch?
  ) throws(ColumnError) {
    _ = try ArrowSchemaNode(StructField("", .struct(schema)), layout: nil)
    let source = ExportedStream(schema: schema, next: next)
    stream.assumingMemoryBound(to: ArrowArrayStream.self).initialize(
      to: ArrowArrayStream(
        get_schema: { stream, out in
          guard let source = ExportedStream.of(stream), let out else { return ExportedStream.invalid }
          return source.attempt { try source.schema.exportArrow(schema: UnsafeMutableRawPointer(out)) }
        },
        get_next: { stream, out in
          guard let source = ExportedStream.of(stream), let out else { return ExportedStream.invalid }
          return source.attempt {
            guard let batch = try source.next() else {
              // The end is an array that is released.
              out.initialize(to: ArrowArray())
              return
            }
            guard batch.schema.fields.map(\.type) == source.schema.fields.map(\.type) else {
              throw ColumnError(.typeMismatch, "A batch is not of the stream's schema.")
            }
            let plain = try batch.columns.map { try $0.decoded() }
            try RecordBatch(schema: batch.schema, columns: plain, rowCount: batch.rowCount)
              .exportArrow(array: UnsafeMutableRawPointer(out))
          }
        },
        get_last_error: { stream in UnsafePointer(ExportedStream.of(stream)?.message) },
        release: { stream in
          guard let stream, let data = stream.pointee.private_data else { return }
          stream.pointee.release = nil
          stream.pointee.private_data = nil
          Unmanaged<ExportedStream>.fromOpaque(data).release()
        }, private_data: Unmanaged.passRetained(source).toOpaque()))
  }
}

/// What an exported stream's `private_data` keeps. A class, since its life is what `release` ends.
private final class ExportedStream {
  /// EINVAL and EIO are the same everywhere that Swift runs.
  static let invalid: Int32 = 22
  static let failed: Int32 = 5

  let schema: Schema
  let next: () throws -> RecordBatch?
  /// Of the last failure; lives until the next call.
  private(set) var message: UnsafeMutablePointer<CChar>?

  init(schema: Schema, next: @escaping () throws -> RecordBatch?) {
    self.schema = schema
    self.next = next
  }

  deinit { message?.deallocate() }

  static func of(_ stream: UnsafeMutablePointer<ArrowArrayStream>?) -> ExportedStream? {
    stream?.pointee.private_data.map { Unmanaged<ExportedStream>.fromOpaque($0).takeUnretainedValue() }
  }

  func attempt(_ body: () throws -> Void) -> Int32 {
    message?.deallocate()
    message = nil
    do {
      try body()
      return 0
    } catch {
      let text = "\(error)".utf8.filter { $0 != 0 }
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count + 1)
      for (index, byte) in text.enumerated() { copy[index] = CChar(bitPattern: byte) }
      copy[text.count] = 0
      message = copy
      return Self.failed
    }
  }
}

/// Batches that another library gives as an `ArrowArrayStream`. A class, since it ends the stream with its own life.
public final class ArrowStreamReader {
  public let schema: Schema
  private var stream: ArrowArrayStream
  private var arrowSchema: ArrowSchema

  /// Takes over a `struct ArrowArrayStream`, which is marked released.
  ///
  /// - Throws: `unsupported` and `damaged` as ``RecordBatch/init(importingArrow:schema:)``, also for the stream's own failures.
  public init(importing source: UnsafeMutableRawPointer) throws(ColumnError) {
    let pointer = source.assumingMemoryBound(to: ArrowArrayStream.self)
    var stream = pointer.pointee
    pointer.pointee.release = nil
    guard stream.release != nil, let getSchema = stream.get_schema else {
      throw ColumnError(.damaged, "This ArrowArrayStream was released or never filled.")
    }
    var arrowSchema = ArrowSchema()
    let code = getSchema(&stream, &arrowSchema)
    do throws(ColumnError) {
      guard code == 0 else { throw Self.failure(&stream, code) }
      schema = try StructType(importingArrow: &arrowSchema)
    } catch {
      arrowSchema.release?(&arrowSchema)
      stream.release?(&stream)
      throw error
    }
    self.stream = stream
    self.arrowSchema = arrowSchema
  }

  deinit {
    arrowSchema.release?(&arrowSchema)
    stream.release?(&stream)
  }

  /// The next batch, sharing the producer's memory; `nil` at the end.
  public func next() throws(ColumnError) -> RecordBatch? {
    guard let getNext = stream.get_next else { return nil }
    var array = ArrowArray()
    let code = getNext(&stream, &array)
    guard code == 0 else { throw Self.failure(&stream, code) }
    guard array.release != nil else { return nil }
    return try RecordBatch(importingArrow: &array, schema: &arrowSchema)
  }

  private static func failure(_ stream: inout ArrowArrayStream, _ code: Int32) -> ColumnError {
    let text = stream.get_last_error?(&stream).map { String(cString: $0) } ?? "error \(code)"
    return ColumnError(.damaged, "The Arrow stream failed: \(text)")
  }
}
