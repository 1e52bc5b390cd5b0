import Testing

@testable import Columnar

/// Spec: Parquet VariantEncoding § Value Data for Object (`basic_type`=2); Parquet VariantEncoding § Value Data for Array (`basic_type`=3)
/// Spec: Parquet VariantEncoding § Object field ID order and uniqueness
@Suite("Building variants")
struct VariantBuildingTests {
  private func built(_ builder: VariantBuilder) throws -> VariantValue {
    try VariantValue(metadata: builder.metadata(), value: Buffer(copying: builder.value))
  }

  private func text(_ value: VariantValue) throws -> String {
    var text = TextBuffer()
    try value.appendJSON(to: &text, .canonical)
    return text.string()
  }

  @Test("What was built reads back, fields in the order of their names")
  func nested() throws {
    var builder = VariantBuilder()
    try builder.beginObject()
    try builder.field("z")
    builder.append(Int8(1))
    try builder.field("list")
    try builder.beginArray()
    builder.append(String(repeating: "x", count: 64))
    builder.append(decimal: -5, scale: 2)
    builder.append(decimal: 1_000_000_000_000_000_000_000, scale: 0)
    builder.append(timestamp: 1_000, .milliseconds)
    builder.append(Float(0.1))
    builder.append(Double.nan)
    builder.appendNull()
    try builder.endArray()
    try builder.endObject()
    #expect(builder.isComplete)
    let expected =
      #"{"list":[""# + String(repeating: "x", count: 64)
      + #"","-0.05","1000000000000000000000","1970-01-01T00:00:01.000000Z",0.1,"NaN",null],"z":1}"#
    #expect(try text(built(builder)) == expected)
  }

  @Test("Widths grow with the count and the bytes", arguments: [0, 1, 255, 256, 70_000])
  func sizes(count: Int) throws {
    var builder = VariantBuilder()
    try builder.beginObject()
    for index in 0..<count {
      try builder.field("n\(index)")
      builder.append(Int64(index))
    }
    try builder.endObject()
    guard case .object(let object) = try built(builder).content() else {
      Issue.record("not an object")
      return
    }
    #expect(object.count == count)
    if count > 0 { #expect(try object["n\(count - 1)"]?.json() == "\(count - 1)") }
  }

  @Test("A partially shredded object is put together without touching its metadata")
  func reassembly() throws {
    var stored = VariantBuilder()
    try stored.beginObject()
    for name in ["a", "b", "c"] {
      try stored.field(name)
      stored.append(name)
    }
    try stored.endObject()
    let metadata = try VariantMetadata(stored.metadata())
    #expect(metadata.isSorted)
    // `b` is shredded; `a` and `c` remain in the value.
    var rest = VariantBuilder()
    rest.reset(extending: metadata)
    try rest.beginObject()
    for name in ["c", "a"] {
      try rest.field(name)
      rest.append(name)
    }
    try rest.endObject()
    var builder = VariantBuilder()
    builder.reset(extending: metadata)
    try builder.beginObject()
    try builder.field("b")
    builder.append(Int32(2))
    try builder.appendFields(of: built(rest))
    try builder.endObject()
    #expect(try builder.metadata().values(of: UInt8.self) == metadata.bytes.values(of: UInt8.self))
    #expect(try text(built(builder)) == #"{"a":"a","b":2,"c":"c"}"#)
    builder.reset(extending: metadata)
    try builder.beginObject()
    try builder.field("new")
    builder.append(true)
    try builder.endObject()
    #expect(try text(built(builder)) == #"{"new":true}"#)
    #expect(try VariantMetadata(builder.metadata()).count == 4)
  }

  @Test("Fields that share their bytes are refused before they are copied", arguments: [2, 200_000])
  func sharedBytes(count: Int) throws {
    var names = VariantBuilder()
    try names.beginObject()
    for index in 0..<count {
      try names.field("n\(index)")
      names.appendNull()
    }
    try names.endObject()
    let metadata = try VariantMetadata(names.metadata())
    let text = [UInt8](repeating: 0x78, count: 1 << 20)
    // Large, with numbers and offsets of 4 bytes.
    var rest: [UInt8] = [2 | 0b11111 << 2]
    func append(_ number: Int) { for shift in 0..<4 { rest.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) } }
    append(count)
    for index in 0..<count { append(index) }
    for _ in 0..<count { append(0) }
    append(text.count + 5)
    rest.append(16 << 2)
    append(text.count)
    rest += text
    var builder = VariantBuilder()
    builder.reset(extending: metadata)
    try builder.beginObject()
    #expect(throws: VariantError.self) {
      try builder.appendFields(of: VariantValue(metadata: metadata, value: Buffer(copying: rest)))
    }
    #expect(builder.value.count < 3 << 20)
  }

  @Test("Copies from another dictionary are renumbered")
  func copying() throws {
    var source = VariantBuilder()
    try source.beginArray()
    try source.beginObject()
    try source.field("x")
    try source.beginObject()
    try source.field("y")
    source.append("deep")
    try source.endObject()
    try source.endObject()
    try source.endArray()
    var target = VariantBuilder()
    try target.beginObject()
    try target.field("y")
    try target.append(built(source))
    try target.endObject()
    #expect(try text(built(target)) == #"{"y":[{"x":{"y":"deep"}}]}"#)
  }

  @Test("One name twice, and calls in the wrong place, throw")
  func misuse() throws {
    var builder = VariantBuilder()
    try builder.beginObject()
    try builder.field("a")
    #expect(throws: VariantError.self) { try builder.field("b") }
    builder.appendNull()
    try builder.field("a")
    builder.appendNull()
    #expect(throws: VariantError.self) { try builder.endObject() }
    var array = VariantBuilder()
    try array.beginArray()
    #expect(throws: VariantError.self) { try array.field("a") }
    #expect(throws: VariantError.self) { try array.endObject() }
  }

  @Test("A column keeps its rows, and a missing variant apart from one that is null")
  func column() throws {
    var rows = VariantColumnBuilder()
    var builder = VariantBuilder()
    builder.append("hi")
    try rows.append(builder)
    rows.appendNull()
    builder.reset()
    builder.appendNull()
    try rows.append(builder)
    let column = rows.finish()
    #expect(column.count == 3 && column.nullCount == 1)
    #expect(try column.variant(at: 0)?.string() == "hi")
    #expect(try column.variant(at: 1) == nil)
    #expect(try column.variant(at: 2)?.json() == "null")
  }
}
