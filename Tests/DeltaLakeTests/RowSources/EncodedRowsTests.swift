import Columnar
import Foundation
import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Swift values as rows")
struct EncodedRowsTests {
  private struct Ride: Codable, Equatable {
    var id: Int32
    var city: String
    var km: Double?
    var at: Date
    var tags: [String]
    var place: Place
    struct Place: Codable, Equatable { var x: Float; var data: Data }
  }

  private let rides = [
    Ride(
      id: 1, city: "Oslo", km: nil, at: Date(timeIntervalSince1970: 1.5), tags: [],
      place: .init(x: 0.5, data: Data([1]))),
    Ride(
      id: 2, city: "Bern", km: 7, at: Date(timeIntervalSince1970: -1), tags: ["a", "b"],
      place: .init(x: 2, data: Data())),
  ]

  @Test("Columns are the properties, of the values' types")
  func derived() async throws {
    let source = try RowSource(rows: rides)
    #expect(source.schema.fields.map(\.name).sorted() == ["at", "city", "id", "km", "place", "tags"])
    #expect(source.schema["id"]?.type == .integer && source.schema["at"]?.type == .timestamp())
    let batch = try #require(try await source.makeReader().next())
    let decoder = RowDecoder(batch.rows)
    #expect(try (0..<2).map { try decoder.decode(Ride.self, at: $0) } == rides)
  }

  @Test("A schema widens, and makes maps")
  func typed() async throws {
    let rows = [["m": ["a": 1, "b": 2]]]
    let source = try RowSource(rows: rows, schema: try StructType(sql: "M MAP<STRING, BIGINT>, other INT"))
    let text = try await source.rows()
    #expect(text == ["<a:1,b:2>"] || text == ["<b:2,a:1>"])
  }

  @Test("A value that is none of the type is named by row and column")
  func mismatch() async throws {
    struct Row: Encodable { var n: Int }
    let schema = StructType([StructField("n", .byte)])
    let told = await failure { _ = try RowSource(rows: [Row(n: 1), Row(n: 300)], schema: schema) }
    #expect(told == "Row 2 has 300 as n, which is no value of TINYINT.")
    let nothing = await failure { _ = try RowSource(rows: [1, 2]) }
    #expect(nothing.hasPrefix("Int is no type with named properties"))
  }
}
