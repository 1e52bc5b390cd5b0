import Columnar
import Foundation
import Testing

@testable import DeltaLake

@Suite("Rows as Swift values")
struct RowDecoderTests {
  private struct Trip: Decodable, Equatable {
    var city: String
    var km: Int
    var price: Decimal
    var when: Date
    var note: String?
    var tags: [String]
    var place: Place
    var scores: [String: Double]
    struct Place: Decodable, Equatable { var x: Double }
  }

  private func trips() -> RecordBatch {
    let columns: [(name: String, column: Column)] = [
      ("city", Column(strings: ["Oslo", "Bern"])),
      ("km", Column(shorts: [7, -3])),
      ("price", Column(decimals: [1205, -5], precision: 10, scale: 2)),
      ("when", Column(timestamps: [1_000_000, 1_500_000])),
      ("note", Column(strings: [nil, "late"])),
      ("tags", Column(lists: [2, 0], of: Column(strings: ["a", "b"]))),
      ("place", Column(fields: [("x", Column(doubles: [0.5, 2]))], count: 2)),
      ("scores", Column(maps: [1, 1], keys: Column(strings: ["k", "l"]), values: Column(doubles: [1, 2]))),
    ]
    let schema = StructType(columns.map { StructField($0.name, $0.column.type) })
    return RecordBatch(schema: schema, columns: columns.map(\.column), rowCount: 2)
  }

  @Test("fields come by name, nested and null ones too")
  func decodes() throws {
    let decoder = RowDecoder(trips())
    #expect(
      try decoder.decode(Trip.self, at: 0)
        == Trip(
          city: "Oslo", km: 7, price: Decimal(string: "12.05") ?? 0, when: Date(timeIntervalSince1970: 1), note: nil,
          tags: ["a", "b"], place: .init(x: 0.5), scores: ["k": 1]))
    let second = try decoder.decode(Trip.self, at: 1)
    #expect(second.price == Decimal(string: "-0.05"))
    #expect(second.note == "late")
    #expect(second.tags.isEmpty)
  }

  private struct Bytes: Decodable {
    var payload: Data
    var list: [UInt8]
    struct Text: Decodable { var city: Data }
    struct Price: Decodable { var price: Data }
    struct Number: Decodable { var km: [UInt8] }
  }

  @Test("Bytes are decoded from binary columns alone: how another column stores its values is no value")
  func bytes() throws {
    let payload = Column(
      .binary, count: 1,
      storage: .bytes(offsets: Buffer(copying: [0, 3] as [Int32]), data: Buffer(copying: [7, 8, 9] as [UInt8])))
    let batch = RecordBatch(
      schema: StructType([StructField("payload", .binary), StructField("list", .binary)]), columns: [payload, payload],
      rowCount: 1)
    let row = try RowDecoder(batch).decode(Bytes.self, at: 0)
    #expect(row.payload == Data([7, 8, 9]) && row.list == [7, 8, 9])
    let decoder = RowDecoder(trips())
    for (name, decode) in [
      ("city", { _ = try decoder.decode(Bytes.Text.self, at: 0) }),
      ("price", { _ = try decoder.decode(Bytes.Price.self, at: 0) }),
      ("km", { _ = try decoder.decode(Bytes.Number.self, at: 0) }),
    ] as [(String, () throws -> Void)] {
      let error = #expect(throws: DecodingError.self, performing: decode)
      guard case .typeMismatch(_, let context)? = error else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
      #expect(context.debugDescription.contains(name))
    }
  }

  private struct Narrow: Decodable { var km: UInt8 }
  private struct Required: Decodable { var note: String }
  private struct Absent: Decodable { var nowhere: Int }
  private struct Wrong: Decodable { var city: Int }

  @Test("what doesn't fit is an error that names the column")
  func refuses() throws {
    let decoder = RowDecoder(trips())
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(DeltaError.cannotDecode(Trip.self, cause: error))" }
      return ""
    }
    #expect(message { _ = try decoder.decode(Narrow.self, at: 1) }.contains("-3"))
    #expect(message { _ = try decoder.decode(Required.self, at: 0) }.contains("note is null"))
    #expect(message { _ = try decoder.decode(Absent.self, at: 0) }.contains("nowhere"))
    #expect(message { _ = try decoder.decode(Wrong.self, at: 0) }.contains("city"))
  }
}
