import Columnar
import Testing

@Suite("Arrow's C data interface")
struct ArrowInterfaceTests {
  /// Room for any of the C structs.
  @discardableResult
  private static func withStruct<Result>(_ body: (UnsafeMutableRawPointer) throws -> Result) rethrows -> Result {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 16)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: 128)
    return try body(memory)
  }

  @Test("A column that is exported and imported is the same", arguments: SampleColumns.all)
  func roundTrip(_ column: Column) throws {
    for range in [0..<10, 3..<10, 0..<0, 1..<2] {
      let part = column.slice(range)
      try Self.withStruct { array in
        try Self.withStruct { schema in
          try part.exportArrow(array: array, schema: schema)
          let back = try Column(importingArrow: array, schema: schema)
          #expect(try back.type == part.type && back.decoded() == part.decoded())
          Self.releaseSchema(schema)
        }
      }
    }
  }

  @Test("Imported columns outlive the structs they came in")
  func lifetime() throws {
    let back = try Self.withStruct { array in
      try Self.withStruct { schema in
        try SampleBatch.batch.exportArrow(array: array, schema: schema)
        let batch = try RecordBatch(importingArrow: array, schema: schema)
        Self.releaseSchema(schema)
        return batch
      }
    }
    #expect(back.columns.map { $0.count } == SampleBatch.batch.columns.map { $0.count })
    for (found, expected) in zip(back.columns, SampleBatch.batch.columns) { #expect(found == expected) }
    let kept = back.columns[9].filtered(by: Bitmap([true, false, true, true]))
    #expect(kept == SampleBatch.batch.columns[9].filtered(by: Bitmap([true, false, true, true])))
  }

  @Test("A stream gives its batches, then ends")
  func stream() throws {
    let batch = SampleBatch.batch
    try Self.withStruct { memory in
      var parts = [batch, batch.slice(1..<3), batch.slice(0..<0)]
      try ArrowStream.export(schema: batch.schema, to: memory) { parts.isEmpty ? nil : parts.removeFirst() }
      let reader = try ArrowStreamReader(importing: memory)
      #expect(reader.schema.fields.map(\.type) == batch.schema.fields.map(\.type))
      #expect(try reader.next()?.columns == batch.columns)
      #expect(try reader.next()?.columns == batch.slice(1..<3).columns)
      #expect(try reader.next()?.rowCount == 0)
      #expect(try reader.next() == nil)
    }
  }

  @Test("A failure crosses a stream with its words")
  func failure() throws {
    try Self.withStruct { memory in
      try ArrowStream.export(schema: SampleBatch.batch.schema, to: memory) {
        throw ColumnError(.damaged, "the disk is gone")
      }
      let reader = try ArrowStreamReader(importing: memory)
      let error = #expect(throws: ColumnError.self) { try reader.next() }
      #expect(error?.message.contains("the disk is gone") == true)
    }
  }

  @Test("What is released or has no counterpart is refused")
  func refusals() throws {
    Self.withStruct { memory in
      Self.withStruct { schema in
        #expect(throws: ColumnError.self) { try Column(importingArrow: memory, schema: schema) }
        #expect(throws: ColumnError.self) { try ArrowStreamReader(importing: memory) }
      }
    }
    let huge = Column(nulls: 1, of: .decimal(precision: 50, scale: 0))
    Self.withStruct { memory in
      #expect(throws: ColumnError.self) { try huge.exportArrow(array: memory) }
    }
  }

  /// Calls `release`, the eighth word of an ArrowSchema.
  private static func releaseSchema(_ schema: UnsafeMutableRawPointer) {
    typealias Release = @convention(c) (UnsafeMutableRawPointer) -> Void
    let release = schema.load(fromByteOffset: 56, as: Release?.self)
    release?(schema)
    #expect(schema.load(fromByteOffset: 56, as: Release?.self) == nil)
  }
}
