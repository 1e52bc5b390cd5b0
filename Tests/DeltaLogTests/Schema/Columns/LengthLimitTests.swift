import Columnar
import DeltaLog
import Testing

@Suite("Length limits of strings")
struct LengthLimitTests {
  @Test(
    "Limits are found where strings are nested",
    arguments: [
      ("char(3)", LengthLimit.char(3)), ("VARCHAR(20)", .varchar(20)), ("array<varchar(5)>", .array(.varchar(5))),
      ("map<char(1),varchar(2)>", .map(key: .char(1), value: .varchar(2))),
      (
        "struct<a:varchar(5),b:decimal(10,2),c:array<int>>",
        .structure([("a", .varchar(5)), ("b", .unlimited), ("c", .array(.unlimited))])
      ),
      ("struct<odd, name:char(2)>", .structure([("odd, name", .char(2))])),
      ("struct<`a:``b`:char(2)>", .structure([("a:`b", .char(2))])), ("struct<>", .structure([])),
      ("timestamp_ntz", .unlimited), ("decimal(3,1)", .unlimited),
    ])
  func parsing(text: String, expected: LengthLimit) {
    #expect(LengthLimit(text) == expected)
  }

  @Test(
    "What is no type is none",
    arguments: [
      "", "char", "char()", "char(0)", "varchar(-1)", "varchar(x)", "array<char(1)", "map<int>", "char(1) x",
      "struct<a>", "struct<`a:int>", "decimal(3", "char(99999999999999999999)", "char(2000000)",
      String(repeating: "array<", count: 5000) + "char(1)" + String(repeating: ">", count: 5000),
    ])
  func damaged(text: String) {
    #expect(LengthLimit(text) == nil)
  }

  @Test("Only real limits count, and one that can't be understood is refused by name")
  func fields() throws {
    func field(_ text: String) -> StructField {
      StructField("a", .string, metadata: ["__CHAR_VARCHAR_TYPE_STRING": .string(text)])
    }
    #expect(try field("varchar(7)").lengthLimit() == .varchar(7))
    #expect(try field("struct<a:int,b:string>").lengthLimit() == nil)
    #expect(try StructField("a", .string).lengthLimit() == nil)
    let error = #expect(throws: DeltaError.self) { try field("varchar(x)").lengthLimit() }
    #expect(error?.code == .unsupportedFeatures)
    #expect(error?.message.contains("`varchar(x)` of column `a`") == true)
  }
}
