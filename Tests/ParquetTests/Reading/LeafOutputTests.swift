import Testing

@testable import Columnar
@testable import Parquet

@Suite("Values of a leaf")
struct LeafOutputTests {
  private static let leaf = LeafPlan(
    index: 0, name: "s", physical: .byteArray, length: 0, type: .string, storage: .strings(isUTF8: true),
    maximumDefinition: 0, maximumRepetition: 0, elementDefinition: 0, keepsLevels: false)

  private enum Part {
    case plain([String])
    /// The dictionary's only string, so often.
    case codes(UInt8)
  }

  private static func plain(_ strings: [String]) -> [UInt8] {
    strings.flatMap { [UInt8($0.utf8.count), 0, 0, 0] + Array($0.utf8) }
  }

  /// The strings of a batch whose dictionary is `abcdef`, where a dictionary and other strings have 10 bytes at most.
  private static func read(_ parts: [Part]) throws -> [String?] {
    let dictionary = try LeafDictionary(Buffer(copying: plain(["abcdef"])), count: 1, leaf: leaf)
    var output = LeafOutput(leaf, capacity: 8, joinedLimit: 10)
    for part in parts {
      let (bytes, encoding, count): ([UInt8], Encoding, Int) =
        switch part {
        case .plain(let strings): (plain(strings), .plain, strings.count)
        case .codes(let count): ([1, count << 1, 0], .runLengthDictionary, Int(count))
        }
      output.appendDefined(count)
      try bytes.withUnsafeBytes { bytes in
        var page = try PageValues(bytes, encoding: encoding, leaf: leaf, limit: count)
        try output.appendValues(slots: count, present: count, from: &page, dictionary: dictionary)
      }
    }
    let column = output.column(dictionary: dictionary)
    return (0..<column.count).map { row in
      if case .string(let text) = column.scalar(at: row) { text } else { nil }
    }
  }

  @Test("Strings of a dictionary and plain ones make one column up to what its offsets can hold")
  func joined() throws {
    #expect(try Self.read([.codes(2), .plain(["abcd"])]) == ["abcdef", "abcdef", "abcd"])
    #expect(try Self.read([.plain(["ab", "cd"]), .codes(1), .plain([""])]) == ["ab", "cd", "abcdef", ""])
    // Alone, either may have more.
    #expect(try Self.read([.plain(["abcdefghijkl"])]) == ["abcdefghijkl"])
  }

  @Test("More than that asks for a batch of fewer rows")
  func tooLarge() {
    for parts in [
      [.codes(1), .plain(["abcde"])], [.plain(["abc", "de"]), .codes(1)],
      [.codes(1), .plain(["ab"]), .plain(["cd", "e"])],
    ] as [[Part]] {
      let failure = #expect(throws: DecodingFailure.self) { try Self.read(parts) }
      #expect(failure?.kind == .largeBatch)
    }
  }
}
