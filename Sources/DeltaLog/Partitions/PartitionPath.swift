/// Where data files of a partitioned table go: a folder for each partition column, `name=value`, as Hive has it. Readers
/// take the values from the log; the folders are for people.
///
/// Spec: Delta § Data Files
package enum PartitionPath {
  package static let nullName = "__HIVE_DEFAULT_PARTITION__"

  /// The folders, separated by slashes; empty for a table without partition columns.
  ///
  /// - Parameter values: by column in the table's order, as the log spells them (``PartitionValues/text(for:)``).
  package static func folders(_ values: [(name: String, value: String?)]) -> String {
    values.map { column in
      let value = column.value.flatMap { $0.isEmpty ? nil : escaped($0) } ?? nullName
      return shortened(escaped(column.name) + "=" + value)
    }.joined(separator: "/")
  }

  /// File systems have names of up to 255 bytes; nobody needs the rest, since files have unique names.
  private static func shortened(_ name: String) -> String {
    if name.utf8.count <= 240 { return name }
    var end = name.startIndex
    while let next = name.unicodeScalars.index(end, offsetBy: 1, limitedBy: name.endIndex),
      name.utf8.distance(from: name.startIndex, to: next) <= 240
    {
      end = next
    }
    return String(name[..<end])
  }

  /// The name of a new data file: unique, and like those of other writers in form.
  ///
  /// - Parameters:
  ///   - prefix: what the name begins with: `part` of data files, `cdc` of change files.
  ///   - codec: as in the name's end, for instance `zstd`; `nil`: not compressed.
  package static func fileName(
    _ id: UniqueID = UniqueID(), prefix: String = "part", part: Int = 0, codec: String?
  ) -> String {
    let digits = String(part)
    let number = String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
    return "\(prefix)-\(number)-\(id)-c000" + (codec.map { "." + $0 } ?? "") + ".parquet"
  }

  /// Letters and digits for a file's first folder, so that a store spreads the files; in place of partition folders.
  package static func randomPrefix(_ length: Int) -> String {
    let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }

  /// With `%xx` for what a folder's name can't have, or what means something in a path or URI. Spaces, which Spark leaves, too:
  /// a path that needs no escapes of its own in the log is the same text to writers that decode and encode it again.
  package static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: isEscaped) else { return text }
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isEscaped(byte) {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x7F || "\"#%'*/:=?\\{[]^".utf8.contains(byte)
  }
}

extension PercentEncoding {
  /// A path relative to the table's root as the log has it. A colon is escaped, too: before the first slash it would end
  /// a URI's scheme.
  package static func logPath(_ path: String) -> String {
    encoded(path).replacing(":", with: "%3A")
  }
}
