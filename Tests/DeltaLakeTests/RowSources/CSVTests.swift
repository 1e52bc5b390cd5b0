import Columnar
import Foundation
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Rows of CSV")
struct CSVTests {
  @Test("Types are guessed from the first rows")
  func guesses() async throws {
    let source = try await RowSource.csv(
      """
      id,km,ok,day,at,zip,big,none
      1,2.5,true,2024-02-29,2024-02-29T12:00:00Z,007,12345678901234567890,
      -2,3,False,1969-12-31,2024-02-29 12:00:00.5,123,1,

      """)
    #expect(
      source.schema.fields.map(\.type) == [
        .long, .double, .boolean, .date, .timestamp(), .string, .string, .string,
      ])
    #expect(
      try await source.rows() == [
        "1|2.5|true|19782|1709208000000000|007|12345678901234567890|NULL",
        "-2|3.0|false|-1|1709208000500000|123|1|NULL",
      ])
  }

  @Test(
    "Quotes, line ends, blank lines and a byte order mark are as RFC 4180 has them",
    arguments: [
      "a,b\r\n1,\"x,y\"\r\n2,\"say \"\"hi\"\"\"\r\n3,\"two\r\nlines\"\r\n4,\r\n5,\"\"\r\n",
      "\u{FEFF}a,b\n1,\"x,y\"\n\n2,\"say \"\"hi\"\"\"\n3,\"two\r\nlines\"\n4,\n5,\"\"",
      "a,b\n\n1,\"x,y\"\n2,\"say \"\"hi\"\"\"\n\r\n3,\"two\r\nlines\"\n4,\n5,\"\"\n\n\n",
    ])
  func quoting(text: String) async throws {
    let rows = try await RowSource.csv(text).rows()
    #expect(rows == ["1|x,y", "2|say \"hi\"", "3|two\r\nlines", "4|NULL", "5|"])
  }

  @Test("A row is the same wherever the window's words end", arguments: 0..<24)
  func alignment(shift: Int) async throws {
    let pad = String(repeating: "p", count: shift)
    let rows = try await RowSource.csv("\(pad)h,i,j\n\"q\"\"q\",,x\nab,\"\",\"l\n\"\n\(pad),2,3").rows()
    #expect(rows == ["q\"q|NULL|x", "ab|\(shift == 99 ? "" : "NULL")|l\n", "\(pad.isEmpty ? "NULL" : pad)|2|3"])
  }

  @Test("A quote inside of a field that begins without one is kept")
  func innerQuote() async throws {
    #expect(try await RowSource.csv("a,b\n5\" pipe,1\n").rows() == ["5\" pipe|1"])
  }

  @Test("A single column has nulls in empty lines")
  func singleColumn() async throws {
    #expect(try await RowSource.csv("a\n1\n\n3\n").rows() == ["1", "NULL", "3"])
  }

  @Test("Delimiter, null and header are as the options say")
  func options() async throws {
    var options = CSVOptions()
    options.delimiter = 0x09
    options.nullText = "\\N"
    options.hasHeader = false
    let source = try await RowSource.csv("1\t\\N\t\t\"\\N\"\n\t2\tx,y\tz\n", options)
    #expect(source.schema.fields.map(\.name) == ["column1", "column2", "column3", "column4"])
    #expect(try await source.rows() == ["1|NULL||\\N", "NULL|2|x,y|z"])
  }

  @Test("A schema gives types by name, in any case of letters, and the rest is guessed")
  func schema() async throws {
    let schema = try StructType(
      sql: "ID INT, price DECIMAL(20, 2), at TIMESTAMP_NTZ, bin BINARY, tags ARRAY<INT>, s STRUCT<x: INT>, absent INT")
    let source = try await RowSource.csv(
      "id,price,at,bin,tags,s,more\n007,12345678901234567.10,2024-02-29T00:00:01,00ff,\"[1,null]\",\"{\"\"x\"\":5}\",1\n",
      schema: schema)
    #expect(source.schema.fields.map(\.name) == ["id", "price", "at", "bin", "tags", "s", "more"])
    #expect(
      try await source.rows() == ["7|12345678901234567.10|1709164801000000|[0, 255]|[1,NULL]|{5}|1"])
  }

  @Test("What is no value of a given type is told, and the others stay")
  func misfits() async throws {
    let source = try await RowSource.csv(
      "id,d\n1,2024-02-30\nx,2024-02-29\n", schema: try StructType(sql: "id INT, d DATE"))
    let batch = try #require(try await source.makeReader().next())
    #expect(batch.misfits.map(\.column) == ["id", "d"])
    #expect(batch.misfits.map { $0.rows.setCount } == [1, 1])
    #expect(try await source.rows() == ["1|NULL", "NULL|19782"])
  }

  @Test(
    "What a refused row has left behind is in no other row",
    arguments: [
      ("ARRAY<ARRAY<STRUCT<x: INT>>>", #"[[{"x":1},{"y":2}]]"#, #"[[{"x":5}]]"#, "[[{5}]]"),
      ("ARRAY<ARRAY<STRUCT<x: INT>>>", #"[[],[{"x":1,"x":1}],[]]"#, "[[],[null]]", "[[],[NULL]]"),
      ("ARRAY<MAP<STRING, STRUCT<x: INT>>>", #"[{"k":{"x":1},"l":{"y":2}}]"#, #"[{"m":{"x":5}}]"#, "[<m:{5}>]"),
      ("MAP<STRING, MAP<STRING, STRUCT<x: INT>>>", #"{"k":{"k":{"y":2}}}"#, #"{"m":{"n":null}}"#, "<m:<n:NULL>>"),
      (
        "MAP<STRING, ARRAY<STRUCT<x: ARRAY<INT>>>>", #"{"k":[{"x":[1,2],"y":2}]}"#, #"{"m":[{"x":[3]}]}"#, "<m:[{[3]}]>"
      ),
      ("STRUCT<a: ARRAY<ARRAY<STRUCT<x: INT>>>>", #"{"a":[[{"x":1},{"y":2}]]}"#, #"{"a":[[{"x":5}]]}"#, "{[[{5}]]}"),
      ("ARRAY<ARRAY<STRUCT<x: INT>>>", #"[[{"x":1},{"x":2"#, #"[[{"x":5}]]"#, "[[{5}]]"),
    ])
  func refusedNesting(type: String, refused: String, next: String, value: String) async throws {
    func quoted(_ text: String) -> String { "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }
    let text = "id,a\n1,\(quoted(refused))\n2,\(quoted(next))\n3,\n4,\(quoted(next))\n"
    let source = try await RowSource.csv(text, schema: try StructType(sql: "id INT, a \(type)"))
    let batch = try #require(try await source.makeReader().next())
    #expect(batch.misfits.map { $0.rows.setCount } == [1])
    #expect(Array(try await source.rows().dropFirst()) == ["2|\(value)", "3|NULL", "4|\(value)"])
  }

  @Test(
    "A number beyond the range of its type is none of it, not infinite",
    arguments: [
      ("DOUBLE", "1e400", nil), ("DOUBLE", "1e308", "1e+308"), ("DOUBLE", "inf", "inf"), ("FLOAT", "-1e39", nil),
      ("FLOAT", "-Infinity", "-inf"), ("FLOAT", "1.00000005960464477539062500001", "1.0000001"),
      ("VARIANT", "1e400", nil),
    ] as [(String, String, String?)])
  func range(type: String, text: String, value: String?) async throws {
    let source = try await RowSource.csv("a\n\(text)\n", schema: try StructType(sql: "a \(type)"))
    let batch = try #require(try await source.makeReader().next())
    #expect(batch.misfits.map(\.column) == (value == nil ? ["a"] : []))
    #expect(try await source.rows() == [value ?? "NULL"])
    // Guessed, it is the text that stands there.
    if type == "DOUBLE", value == nil { #expect(try await RowSource.csv("a\n\(text)\n").rows() == [text]) }
  }

  @Test(
    "Damaged text is refused by file and line",
    arguments: [
      ("a,b\n1,2\n3\n", "rows.csv, line 3: 1 fields, where there are 2 columns."),
      ("a,b\n1,\"x\ny\"\n3,4,5\n", "rows.csv, line 4: 3 fields"),
      ("a,b\n1,\"x\n", "rows.csv, line 2: a quote in this row is never closed."),
      ("a,b\n1,\"x\"y\n", "rows.csv, line 2: text follows a closing quote"),
      ("a,a\n1,2\n", "rows.csv, line 1: two columns are called a."),
      ("a,\n1,2\n", "rows.csv, line 1: column 2 has no name."),
      ("", "rows.csv, line 1: the file is empty"),
    ])
  func damaged(text: String, message: String) async throws {
    let told = await failure { _ = try await RowSource.csv(text).rows() }
    #expect(told.hasPrefix(message), "\(told)")
  }

  @Test("A value that is not of the guessed type is named with its line and the way out")
  func guessedWrongly() async throws {
    let text = "id,w\n" + String(repeating: "1,2\n", count: 1_200_000) + "1,x\n"
    let told = await failure { _ = try await RowSource.csv(text).rows() }
    #expect(
      told.hasPrefix("rows.csv, line 1200002: 'x' in column w is no BIGINT, which the first rows suggest."), "\(told)")
    #expect(told.contains("--columns"))
  }

  @Test("Rows that span windows and batches come whole and in order")
  func large() async throws {
    let long = String(repeating: "é", count: 3_000_000)
    let text = "id,t\n" + (0..<70_000).map { "\($0),t\($0)\n" }.joined() + "70000,\"\(long)\"\n70001,end"
    let source = try await RowSource.csv(text)
    let reader = try await source.makeReader()
    var count: Int64 = 0
    var last: Column?
    while let batch = try await reader.next() {
      #expect(batch.firstRow == count)
      count += Int64(batch.rows.rowCount)
      last = batch.rows.columns[1]
    }
    #expect(count == 70_002)
    let column = try #require(last)
    #expect(column.scalar(at: column.count - 1) == .string("end"))
  }

  @Test("Files with the same columns in another order go together, others don't")
  func files() async throws {
    let one = TextFile.bytes(Array("a,b\n1,x\n".utf8), name: "one.csv")
    let two = TextFile.bytes(Array("b,a\ny,2.5\n".utf8), name: "two.csv")
    #expect(try await RowSource.csv([one, two]).rows() == ["1.0|x", "2.5|y"])
    let three = TextFile.bytes(Array("a\n1\n".utf8), name: "three.csv")
    let told = await failure { _ = try await RowSource.csv([one, three]) }
    #expect(told.hasPrefix("three.csv, line 1: there is no column b"), "\(told)")
  }
}

@Suite("Values out of text")
struct TextValueTests {
  private func read<Value>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Value?) -> Value? {
    Array(text.utf8).withUnsafeBufferPointer(body)
  }

  @Test(
    "Whole numbers fill 64 bits and no more",
    arguments: [
      ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("9223372036854775808", nil), ("-0", 0),
      ("18446744073709551616", nil), ("", nil), ("-", nil), ("1.0", nil), ("01", nil), ("1 ", nil),
    ] as [(String, Int64?)])
  func whole(text: String, value: Int64?) {
    #expect(read(text) { TextValue.whole($0, isPlain: true) } == value)
  }

  @Test(
    "Doubles are those of the library",
    arguments: [
      "0.1", "123456789.125", "1e308", "-2.5E-3", "9007199254740993", "0.30000000000000004", "5e-324",
      "12345678901234567890123", "-0.0", "1e-400", "1.7976931348623157e308", "nan",
    ])
  func double(text: String) throws {
    #expect(read(text) { TextValue.double($0) }?.bitPattern == Double(text)?.bitPattern)
  }

  @Test(
    "Timestamps have a zone or are UTC, and lose no digit",
    arguments: [
      ("2024-02-29T12:00:00+01:00", 1_709_204_400_000_000), ("2024-02-29 12:00", 1_709_208_000_000_000),
      ("2024-02-29T12:00:00.123456000Z", 1_709_208_000_123_456), ("2024-02-29T12:00:00.1234567Z", nil),
      ("2023-02-29", nil), ("2024-02-29T24:00:00", nil), ("2024-02-29T12:00:00 Mars", nil),
      ("2024-02-29T12:00:00+", nil),
    ] as [(String, Int64?)])
  func timestamp(text: String, value: Int64?) {
    #expect(read(text) { TextValue.timestamp($0, keepsWallClock: false) } == value)
  }

  @Test(
    "Decimals are exact or none",
    arguments: [
      ("1.20", 120), ("-0.01", -1), ("1.230", 123), ("1.234", nil), ("999999.99", nil), ("1e2", 10_000),
    ] as [(String, Int64?)])
  func decimal(text: String, value: Int64?) {
    #expect(read(text) { TextValue.decimal($0, precision: 7, scale: 2) } == value.map { Int128($0) })
  }

  @Test("Base64 with and without padding")
  func base64() {
    #expect(read("AP8=") { TextValue.base64($0) } == [0, 255])
    #expect(read("AP8") { TextValue.base64($0) } == [0, 255])
    #expect(read("A") { TextValue.base64($0) } == nil)
    #expect(read("A P8") { TextValue.base64($0) } == nil)
  }
}
