import Columnar
import Testing

@testable import Parquet

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the catalogue of files says of a column.
private struct ExpectedLeaf: Decodable {
  struct Meaning: Decodable {
    var k: String
    var bits: Int?
    var signed: Bool?
    var scale: Int?
    var precision: Int?
    var unit: String?
    var utc: Bool?
  }
  var path: String
  var type: Meaning
  var maxDef: Int
  var maxRep: Int

  var typeName: String {
    switch type.k {
    case "int": "\(type.signed == true ? "" : "u")int\(type.bits ?? 0)"
    case "float": "float\(type.bits ?? 0)"
    case "decimal": "decimal(\(type.precision ?? 0),\(type.scale ?? 0))"
    case "time": "time \(type.unit ?? "")"
    case "timestamp": "timestamp \(type.unit ?? "") \(type.utc == true)"
    default: type.k
    }
  }
}

private struct FileCase: Decodable {
  var name: String
  var file: String
  var columns: [ExpectedLeaf]?
  var expectError: String?
}

private func typeName(_ type: DataType) -> String {
  let units: [TimeUnit: String] = [.milliseconds: "ms", .microseconds: "us", .nanoseconds: "ns"]
  switch type {
  case .byte: return "int8"
  case .short: return "int16"
  case .integer: return "int32"
  case .long: return "int64"
  case .unsignedByte: return "uint8"
  case .unsignedShort: return "uint16"
  case .unsignedInteger: return "uint32"
  case .unsignedLong: return "uint64"
  case .float16: return "float16"
  case .float: return "float32"
  case .double: return "float64"
  case .boolean: return "bool"
  case .binary, .fixedBinary, .interval: return "hex"
  case .int96: return "timestamp ns false"
  case .decimal(let precision, let scale): return "decimal(\(precision),\(scale))"
  case .time(let unit): return "time \(units[unit] ?? "")"
  case .timestamp(let unit): return "timestamp \(units[unit] ?? "") true"
  case .timestampNtz(let unit): return "timestamp \(units[unit] ?? "") false"
  default: return "\(type)"
  }
}

@Suite("Schemas of other writers' files", .enabled(if: SharedFiles.isAvailable, "\(SharedFiles.reason)"))
struct SharedSchemaTests {
  @Test("Leaves have the catalogue's paths, types and levels")
  func leaves() async throws {
    let root = try #require(SharedFiles.root)
    var count = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: root + "/cases").sorted() {
      guard name.hasSuffix(".json"), let data = FileManager.default.contents(atPath: root + "/cases/" + name) else {
        continue
      }
      let fileCase = try JSONDecoder().decode(FileCase.self, from: data)
      do {
        let file = try await ParquetFile.open(FileByteSource(path: root + "/cases/" + fileCase.file))
        guard let columns = fileCase.columns else { continue }
        // Of wide files the catalogue has the first columns.
        let leaves = file.schema.leaves.prefix(columns.count)
        #expect(leaves.map(\.name) == columns.map(\.path), "\(name)")
        #expect(leaves.map { typeName($0.type) } == columns.map(\.typeName), "\(name)")
        #expect(leaves.map(\.maxDefinitionLevel) == columns.map(\.maxDef), "\(name)")
        #expect(leaves.map(\.maxRepetitionLevel) == columns.map(\.maxRep), "\(name)")
        count += 1
      } catch let error as ParquetError {
        #expect(fileCase.expectError != nil, "\(name): \(error)")
      }
    }
    #expect(count > 600)
  }
}
