import Columnar
import DeltaLake
import Parquet

/// What `parquet meta` and `parquet pages` print of a file.
enum ParquetDescription {
  static func metadata(of file: ParquetFile) -> String {
    let footer = file.metadata
    var lines = [
      "file           \(file.source.name)",
      "size           \(ByteSize.text(Int64(file.size)))",
      "created by     \(footer.createdBy ?? "unknown")",
      "rows           \(footer.rowGroups.reduce(0) { $0 &+ $1.rowCount })",
      "row groups     \(footer.rowGroups.count)",
      "columns        \(file.rowSchema.fields.count)",
    ]
    for entry in footer.keyValueMetadata {
      lines.append("metadata       \(entry.key) = \(clipped(entry.value ?? "", to: 80))")
    }
    for (index, rowGroup) in footer.rowGroups.enumerated() {
      lines.append("")
      lines.append(
        "row group \(index): \(rowGroup.rowCount) rows, \(ByteSize.text(rowGroup.totalByteSize)) uncompressed")
      var table = [
        [
          "column", "type", "codec", "encodings", "values", "nulls", "min", "max", "compressed", "uncompressed",
          "index",
        ]
      ]
      for (leaf, chunk) in rowGroup.columns.enumerated() {
        table.append(row(of: chunk, file.statistics(rowGroup: index, leaf: leaf)))
      }
      lines += aligned(table).map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(of chunk: ColumnChunk, _ statistics: LeafStatistics?) -> [String] {
    guard let column = chunk.metadata else {
      return [chunk.isEncrypted ? "(encrypted)" : "(no metadata)"] + Array(repeating: "", count: 10)
    }
    var indexes: [String] = []
    if chunk.columnIndexOffset != nil { indexes.append("page") }
    if column.bloomFilterOffset != nil { indexes.append("bloom") }
    return [
      column.path.joined(separator: "."), column.physicalType.specName, "\(column.codec)",
      column.encodings.map { "\($0)" }.joined(separator: ","), "\(column.valueCount)",
      column.statistics?.nullCount.map { "\($0)" } ?? "", statistics?.min.map(text) ?? "",
      statistics?.max.map(text) ?? "",
      "\(column.totalCompressedSize)",
      "\(column.totalUncompressedSize)", indexes.joined(separator: ","),
    ]
  }

  /// Walks the page headers of every column chunk.
  static func pages(of file: ParquetFile) async throws -> String {
    var lines: [String] = []
    for (index, rowGroup) in file.metadata.rowGroups.enumerated() {
      for chunk in rowGroup.columns {
        let column = try chunk.readableMetadata()
        lines.append("row group \(index), column \(column.path.joined(separator: "."))")
        var table = [["page", "offset", "type", "encoding", "values", "compressed", "uncompressed", "crc"]]
        for (number, page) in try await file.pageHeaders(of: chunk).enumerated() {
          table.append(row(of: page.header, number: number, offset: page.offset))
        }
        lines += aligned(table).map { "  " + $0 }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(of page: PageHeader, number: Int, offset: Int) -> [String] {
    let encoding = page.data?.encoding ?? page.dataV2?.encoding ?? page.dictionary?.encoding
    let values = page.data?.valueCount ?? page.dataV2?.valueCount ?? page.dictionary?.valueCount
    return [
      "\(number)", "\(offset)", "\(page.type)", encoding.map { "\($0)" } ?? "", values.map { "\($0)" } ?? "",
      "\(page.compressedSize)", "\(page.uncompressedSize)", page.crc == nil ? "" : "yes",
    ]
  }

  private static func text(_ bound: Scalar) -> String {
    switch bound {
    case .byte(let number): "\(number)"
    case .short(let number): "\(number)"
    case .integer(let number): "\(number)"
    case .long(let number): "\(number)"
    case .float(let number): "\(number)"
    case .double(let number): "\(number)"
    default: clipped(TableRowWriter.printable(bound.sqlText), to: 24)
    }
  }

  /// Columns padded to one width each; a column of numbers to the right.
  private static func aligned(_ table: [[String]]) -> [String] {
    guard let header = table.first else { return [] }
    let widths = header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    let isNumeric = header.indices.map { column in
      table.dropFirst().allSatisfy { $0[column].allSatisfy(\.isNumber) }
    }
    return table.map { row in
      let cells = row.indices.map { column -> String in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return isNumeric[column] ? padding + row[column] : row[column] + padding
      }
      let line = cells.joined(separator: "  ")
      return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
    }
  }

  private static func clipped(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(count) + "…"
  }
}

extension PhysicalType {
  /// The name in the specification.
  fileprivate var specName: String {
    switch self {
    case .boolean: "BOOLEAN"
    case .int32: "INT32"
    case .int64: "INT64"
    case .int96: "INT96"
    case .float: "FLOAT"
    case .double: "DOUBLE"
    case .byteArray: "BYTE_ARRAY"
    case .fixedLengthByteArray: "FIXED_LEN_BYTE_ARRAY"
    }
  }
}
