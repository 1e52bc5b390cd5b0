import Columnar
import DeltaLog
import Testing

@Suite("Type widening")
struct TypeWideningTests {
  static func decimal(_ precision: Int, _ scale: Int) -> DataType { .decimal(precision: precision, scale: scale) }

  @Test(
    "The protocol's table of changes",
    arguments: [
      (DataType.byte, DataType.short, true, true), (.byte, .long, true, true), (.short, .byte, false, false),
      (.integer, .long, true, true), (.float, .double, true, true), (.double, .float, false, false),
      (.integer, .double, true, false), (.long, .double, false, false), (.date, .timestampNtz(), true, false),
      (.date, .timestamp(), false, false), (decimal(10, 2), decimal(12, 2), true, true),
      (decimal(10, 2), decimal(12, 4), true, false), (decimal(10, 2), decimal(11, 4), false, false),
      (decimal(10, 2), decimal(10, 2), false, false), (.integer, decimal(10, 0), true, false),
      (.byte, decimal(9, 0), false, false), (.integer, decimal(12, 2), true, false),
      (.integer, decimal(11, 2), false, false),
      (.long, decimal(20, 0), true, false), (.long, decimal(19, 0), false, false), (.null, .string, true, true),
      (.integer, .integer, false, false), (.string, .binary, false, false),
    ])
  func changes(from: DataType, to: DataType, isSupported: Bool, byIceberg: Bool) {
    #expect(TypeWidening.isSupported(from: from, to: to) == isSupported)
    #expect(TypeWidening.isSupportedByIceberg(from: from, to: to) == byIceberg)
  }

  func schema(_ changes: String) throws -> StructType {
    try SchemaJSON.parse(
      #"{"type":"struct","fields":[{"name":"s","type":{"type":"struct","fields":[{"name":"e","type":"long","metadata":"#
        + #"{"delta.typeChanges":\#(changes)}}]},"nullable":true,"metadata":{}}]}"#)
  }

  @Test("Recorded changes are found at any depth")
  func records() throws {
    let schema = try schema(
      #"[{"fromType":"short","toType":"integer"},{"fromType":"decimal(6, 2)","toType":"decimal(10, 4)","fieldPath":"element.value"}]"#
    )
    let changes = try TypeWidening.changes(in: schema)
    #expect(changes.map(\.column) == [ColumnPath(["s", "e"]), ColumnPath(["s", "e"])])
    #expect(changes.map(\.fieldPath) == [[], ["element", "value"]])
    #expect(
      changes.map(\.from) == [.short, Self.decimal(6, 2)] && changes.map(\.to) == [.integer, Self.decimal(10, 4)])
  }

  @Test("A change that the protocol doesn't have is refused by name")
  func refused() throws {
    let schema = try schema(#"[{"fromType":"string","toType":"integer"}]"#)
    let error = #expect(throws: DeltaError.self) { try TypeWidening.changes(in: schema) }
    #expect(error?.code == .unsupportedFeatures)
    #expect(error?.message.contains("`string` to `integer`") == true && error?.message.contains("s.e") == true)
  }

  @Test(
    "Records that make no sense are a corrupt log",
    arguments: ["{}", "[1]", #"[{"fromType":"long"}]"#, #"[{"fromType":7,"toType":"long"}]"#])
  func corrupt(changes: String) throws {
    let schema = try schema(changes)
    let error = #expect(throws: DeltaError.self) { try TypeWidening.changes(in: schema) }
    #expect(error?.code == .corruptLog)
  }
}
