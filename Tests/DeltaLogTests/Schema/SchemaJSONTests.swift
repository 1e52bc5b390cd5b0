import Columnar
import DeltaLog
import Testing

@testable import DeltaLog

@Suite("Schema JSON")
struct SchemaJSONTests {
  @Test(
    "Every primitive type has its name",
    arguments: [
      ("string", DataType.string), ("long", .long), ("integer", .integer), ("short", .short), ("byte", .byte),
      ("float", .float), ("double", .double), ("boolean", .boolean), ("binary", .binary), ("date", .date),
      ("timestamp", .timestamp()), ("timestamp_ntz", .timestampNtz()), ("variant", .variant), ("void", .null),
      ("decimal(38,18)", .decimal(precision: 38, scale: 18)), ("decimal(1,0)", .decimal(precision: 1, scale: 0)),
    ])
  func primitives(name: String, type: DataType) throws {
    let text = #"{"type":"struct","fields":[{"name":"a","type":"\#(name)","nullable":true,"metadata":{}}]}"#
    let schema = try SchemaJSON.parse(text)
    #expect(schema == StructType([StructField("a", type)]))
    #expect(try SchemaJSON.string(for: schema) == text)
  }

  @Test("Nested types keep nullability, and metadata keeps longs and doubles apart")
  func nested() throws {
    let text = #"""
      {"type":"struct","fields":[{"name":"a \"b\"","type":{"type":"map","keyType":"string","valueType":{"type":"array",\#
      "elementType":{"type":"struct","fields":[{"name":"c","type":"decimal(10,2)","nullable":false,"metadata":{}}]},\#
      "containsNull":false},"valueContainsNull":true},"nullable":false,\#
      "metadata":{"d":1.0,"l":[1,-9223372036854775808],"o":{"x":null,"y":"\u0001ü"}}}]}
      """#
    let schema = try SchemaJSON.parse(text)
    #expect(schema.fields[0].name == "a \"b\"")
    #expect(schema.fields[0].metadata["d"] == .double(1))
    #expect(schema.fields[0].metadata["l"] == .array([.long(1), .long(.min)]))
    #expect(try SchemaJSON.string(for: schema) == text)
  }

  @Test("Spaces in decimal(p, s), a variant as an object and flags left out are understood")
  func leniency() throws {
    let schema = try SchemaJSON.parse(
      #"{"type":"struct","fields":[{"name":"a","type":"decimal(10, 4)"},{"name":"v","type":{"type":"variant"}},"#
        + #"{"name":"l","type":{"type":"array","elementType":"void"},"metadata":null}]}"#)
    #expect(
      schema.fields.map(\.type) == [.decimal(precision: 10, scale: 4), .variant, .array(ArrayType(.null))])
    #expect(schema.fields.allSatisfy { $0.isNullable })
  }

  @Test("A length-limited string is a string that remembers its limit")
  func limitedStrings() throws {
    let schema = try SchemaJSON.parse(#"{"type":"struct","fields":[{"name":"a","type":"varchar(7)"}]}"#)
    #expect(schema.fields[0].type == .string)
    #expect(schema.fields[0].metadata["__CHAR_VARCHAR_TYPE_STRING"] == .string("varchar(7)"))
  }

  @Test(
    "A type that is not known is refused by name",
    arguments: [
      "hyperlong", "interval day to second", "interval year to month", "geometry(OGC:CRS84)",
      "geography(OGC:CRS84, spherical)", "time(6)", "int", "varchar(x)", "char", "",
    ])
  func unknownTypes(name: String) {
    let error = #expect(throws: DeltaError.self) {
      try SchemaJSON.parse(#"{"type":"struct","fields":[{"name":"a","type":"\#(name)","nullable":true}]}"#)
    }
    #expect(error?.code == .unsupportedFeatures)
    #expect(error?.message.contains("`\(name)`") == true)
    #expect(error?.message.contains("`a`") == true)
  }

  @Test(
    "What is no schema is a corrupt log that names metaData.schemaString",
    arguments: [
      "", "{", "null", "\"string\"", "[]", "{}", #"{"type":"struct"}"#, #"{"type":"struct","fields":{}}"#,
      #"{"type":"struct","fields":[1]}"#, #"{"type":"struct","fields":[{"name":"a"}]}"#,
      #"{"type":"struct","fields":[{"name":"a","type":7}]}"#, #"{"type":"struct","fields":[]} x"#,
      #"{"type":"struct","fields":[{"name":"a","type":"decimal(39,0)"}]}"#,
      #"{"type":"struct","fields":[{"name":"a","type":"decimal(5,6)"}]}"#,
      #"{"type":"struct","fields":[{"name":"a","type":"long","nullable":"yes"}]}"#,
      #"{"type":"struct","fields":[{"name":"a","type":"long"},{"name":"a","type":"long"}]}"#,
      #"{"type":"struct","fields":[{"name":"a","type":{"type":"map","keyType":"long"}}]}"#,
      #"{"type":"array","elementType":"long","containsNull":true}"#, "{\"type\":\"str\u{1}uct\"}", "01", "1.", "-",
      "\"\\x\"", "\"\\u12\"", "tru", "{\"a\" 1}", "[1 2]",
    ])
  func invalid(text: String) {
    let error = #expect(throws: DeltaError.self) { try SchemaJSON.parse(text) }
    #expect(error?.code == .corruptLog)
    #expect(error?.message.contains("metaData.schemaString") == true)
  }

  @Test("Nesting has a limit", arguments: [99, 101, 5000])
  func depth(levels: Int) throws {
    let text =
      #"{"type":"struct","fields":[{"name":"a","type":"#
      + String(repeating: #"{"type":"array","elementType":"#, count: levels) + "\"long\""
      + String(repeating: #","containsNull":true}"#, count: levels) + "}]}"
    if levels < 100 {
      #expect(throws: Never.self) { try SchemaJSON.parse(text) }
    } else {
      #expect(throws: DeltaError.self) { try SchemaJSON.parse(text) }
    }
  }

  @Test(
    "A type that a table can't have is not written, by the name of its column",
    arguments: [
      (DataType.uuid, "Column `s.a` is of type UUID"), (.time(.microseconds), "BIGINT of microseconds"),
      (.decimal(precision: 39, scale: 0), "38 digits"), (.decimal(precision: 3, scale: 4), "DECIMAL(3,4)"),
      (.timestamp(.nanoseconds), "TIMESTAMP(9)"), (.array(ArrayType(.int96)), "Column `s.a.element` is of type INT96"),
    ])
  func unstorable(type: DataType, words: String) {
    let schema = StructType([StructField("s", .struct(StructType([StructField("a", type)])))])
    let error = #expect(throws: DeltaError.self) { try SchemaJSON.string(for: schema) }
    #expect(error?.code == .schemaMismatch)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("What could not be read again is not written")
  func writingDepth() throws {
    func schema(_ levels: Int) -> StructType {
      var type = DataType.long
      for _ in 0..<levels { type = .array(ArrayType(type)) }
      return StructType([StructField("a", type)])
    }
    #expect(try SchemaJSON.parse(SchemaJSON.string(for: schema(99))) == schema(99))
    let error = #expect(throws: DeltaError.self) { try SchemaJSON.string(for: schema(101)) }
    #expect(error?.message.contains("`a` nests more than 100 levels") == true)
  }

  @Test("Escapes and surrogate pairs become characters, a lonely surrogate becomes U+FFFD")
  func escapes() throws {
    #expect(try MetadataJSON.parse(#""\u00fc\ud83d\ude00\ud83dx\udc00\n\/""#) == .string("ü😀\u{FFFD}x\u{FFFD}\n/"))
  }

  @Test(
    "Every schema in the shared logs comes back as equal JSON",
    .enabled(if: SharedLogs.isAvailable, "DELTALAKE_SHARED is not set"))
  func sharedSchemas() throws {
    var count = 0
    for line in SharedLogs.lines() {
      guard let text = line["metaData"]?["schemaString"]?.stringValue else { continue }
      if text.contains("hyperlong") || text.contains("geometry") {
        #expect(throws: DeltaError.self, "\(line.table)") { try SchemaJSON.parse(text) }
        continue
      }
      let schema = try SchemaJSON.parse(text)
      let again = try SchemaJSON.string(for: schema)
      let trees = (try MetadataJSON.parse(again), try MetadataJSON.parse(text))
      #expect(trees.0 == trees.1, "\(line.table)")
      if again == text { count += 1 }
    }
    #expect(count > 200)
  }
}
