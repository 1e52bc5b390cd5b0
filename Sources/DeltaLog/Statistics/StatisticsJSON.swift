package import Columnar

/// What was counted of one leaf of a data file.
package struct DataLeafStatistics: Hashable, Sendable {
  /// Rows in which the leaf is null, be it by a null around it; `nil` when nobody counted.
  package var nullCount: Int64?
  /// The least value other than null and NaN; `nil` when unknown, or when there is none.
  package var min: Scalar?
  /// The greatest value other than null and NaN.
  package var max: Scalar?
  /// Of floating point columns, the values that are NaN.
  package var nanCount: Int64

  package init(nullCount: Int64? = nil, min: Scalar? = nil, max: Scalar? = nil, nanCount: Int64 = 0) {
    self.nullCount = nullCount
    self.min = min
    self.max = max
    self.nanCount = nanCount
  }
}

/// Statistics of a data file as the text that ``AddFile/stats`` holds.
///
/// ```json
/// {"numRecords":2,"minValues":{"a":{"b":1}},"maxValues":{"a":{"b":5}},"nullCount":{"a":{"b":0}},"tightBounds":true}
/// ```
///
/// A bound that some reader could take wrongly is left out: then the file is read, which is never wrong. So there is no
/// maximum beside NaN, which counts as the greatest value and which not all readers reckon with; no bound that is
/// infinite or in a year that has not four digits.
///
/// Spec: Delta § Per-file Statistics
package enum StatisticsJSON {
  /// - Parameters:
  ///   - leaves: one for each of the selection's leaves, in that order; `nil` where nothing is known.
  ///   - tightBounds: `nil` leaves the field out, as do tables without deletion vectors.
  package static func text(
    rowCount: Int64, _ selection: StatisticsSelection, _ leaves: [DataLeafStatistics?], tightBounds: Bool? = nil
  ) -> String {
    precondition(leaves.count == selection.leaves.count, "one for each leaf")
    let tree = StatisticsTree(selection.leaves)
    var json = JSONWriter(reserving: 64 + leaves.count * 48)
    json.write(#"{"numRecords":"#)
    json.write(rowCount)
    tree.write("minValues", to: &json) { index, json in
      guard selection.leaves[index].hasBounds, let min = leaves[index]?.min else { return false }
      return write(min, isMinimum: true, selection.prefixLength, to: &json)
    }
    tree.write("maxValues", to: &json) { index, json in
      guard selection.leaves[index].hasBounds, let leaf = leaves[index], leaf.nanCount == 0, let max = leaf.max else {
        return false
      }
      return write(max, isMinimum: false, selection.prefixLength, to: &json)
    }
    tree.write("nullCount", to: &json) { index, json in
      guard let count = leaves[index]?.nullCount else { return false }
      json.write(count)
      return true
    }
    json.member("tightBounds", tightBounds)
    json.write("}")
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// Writes a bound; `false`, with nothing written, for one that is better left out.
  private static func write(
    _ value: Scalar, isMinimum: Bool, _ prefixLength: Int, to json: inout JSONWriter
  ) -> Bool {
    switch value {
    case .byte(let number): json.write(Int64(number))
    case .short(let number): json.write(Int64(number))
    case .integer(let number): json.write(Int64(number))
    case .long(let number): json.write(number)
    case .float(let number): return write(outer(number, isMinimum), isMinimum: isMinimum, to: &json)
    case .double(let number): return write(number, isMinimum: isMinimum, to: &json)
    case .decimal(let unscaled, _, let scale): json.write(raw: Decimal128.text(unscaled, scale: scale))
    case .string(let text):
      let bound = isMinimum ? TextBound.lower(text, prefixLength) : TextBound.upper(text, prefixLength)
      guard let bound else { return false }
      json.write(quoted: bound)
    case .date(let days):
      guard Self.plainDays.contains(Int64(days)) else { return false }
      json.write(quoted: CivilDate(daysSinceEpoch: Int(days)).description)
    case .timestamp(let time):
      guard let text = text(microseconds: time) else { return false }
      json.write(quoted: text + "Z")
    case .timestampNtz(let time):
      guard let text = text(microseconds: time) else { return false }
      json.write(quoted: text)
    default: return false
    }
    return true
  }

  /// The value itself or the value of its fewest digits, whichever lies further out: readers take a bound of floats for a float,
  /// for a double, or compare it with the digits that others print.
  private static func outer(_ number: Float, _ isMinimum: Bool) -> Double {
    let exact = Double(number)
    guard let short = Double(number.description) else { return exact }
    return isMinimum ? min(exact, short) : max(exact, short)
  }

  private static func write(_ number: Double, isMinimum: Bool, to json: inout JSONWriter) -> Bool {
    guard number.isFinite else { return false }
    // Some readers order the zeros, and either may be among the values.
    json.write(number == 0 ? (isMinimum ? -0.0 : 0.0) : number)
    return true
  }

  /// Days of the years 1 to 9999.
  private static let plainDays: ClosedRange<Int64> = -719_162...2_932_896

  /// To the millisecond as most writers have it, and to the microsecond where that would cut something off.
  private static func text(microseconds: Int64) -> String? {
    var (days, time) = microseconds.quotientAndRemainder(dividingBy: CivilText.microsecondsPerDay)
    if time < 0 { (days, time) = (days - 1, time + CivilText.microsecondsPerDay) }
    guard plainDays.contains(days) else { return nil }
    let text = CivilText.text(microseconds: microseconds, separator: "T")
    return time % 1000 == 0 ? String(text.dropLast(3)) : text
  }
}

/// Texts that bound a longer one, of about as many characters as are kept.
///
/// Texts are ordered by their UTF-8 bytes, which is also the order of their characters.
enum TextBound {
  /// A text that is not greater: the beginning.
  static func lower(_ text: String, _ length: Int) -> String? {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex) else {
      return text
    }
    if end == scalars.endIndex { return text }
    return length > 0 ? String(scalars[..<end]) : nil
  }

  /// A text that is not less: the beginning, and a character that is greater than the one after it. `nil` when the
  /// text goes on with the greatest character of all for too long.
  static func upper(_ text: String, _ length: Int) -> String? {
    let scalars = text.unicodeScalars
    guard var end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex) else {
      return text
    }
    guard length > 0 || end == scalars.endIndex else { return nil }
    for _ in 0...length {
      guard end < scalars.endIndex else { return text }
      if scalars[end] == Self.greatest {
        end = scalars.index(after: end)
        continue
      }
      var bound = String(scalars[..<end])
      bound.unicodeScalars.append(scalars[end] < Self.greatestASCII ? Self.greatestASCII : Self.greatest)
      return bound
    }
    return nil
  }

  private static let greatest: Unicode.Scalar = "\u{10FFFF}"
  private static let greatestASCII: Unicode.Scalar = "\u{7F}"
}

/// Leaves put back into the structs they are nested in.
struct StatisticsTree {
  private indirect enum Node {
    case leaf(name: String, index: Int)
    case branch(name: String, [Node])
  }

  private let roots: [Node]

  /// Leaves of one struct follow on each other.
  init(_ leaves: [StatisticsSelection.Leaf]) {
    roots = Self.nodes(leaves.indices.map { ($0, leaves[$0].physicalPath.names[...]) })
  }

  private static func nodes(_ paths: [(index: Int, names: ArraySlice<String>)]) -> [Node] {
    var nodes: [Node] = []
    var start = 0
    while start < paths.count {
      guard let name = paths[start].names.first else { break }
      guard paths[start].names.count > 1 else {
        nodes.append(.leaf(name: name, index: paths[start].index))
        start += 1
        continue
      }
      var end = start + 1
      while end < paths.count, paths[end].names.count > 1, paths[end].names.first == name { end += 1 }
      nodes.append(.branch(name: name, Self.nodes(paths[start..<end].map { ($0.index, $0.names.dropFirst()) })))
      start = end
    }
    return nodes
  }

  /// The leaves as fields, nested as they are.
  static func type(
    of leaves: [StatisticsSelection.Leaf], _ type: (StatisticsSelection.Leaf) -> DataType
  ) -> StructType {
    func fields(_ nodes: [Node]) -> StructType {
      StructType(
        nodes.map { node in
          switch node {
          case .leaf(let name, let index): StructField(name, type(leaves[index]))
          case .branch(let name, let nodes): StructField(name, .struct(fields(nodes)))
          }
        })
    }
    return fields(StatisticsTree(leaves).roots)
  }

  /// A member with the leaves that `body` writes something for, and nothing when there are none.
  func write(_ name: StaticString, to json: inout JSONWriter, _ body: (Int, inout JSONWriter) -> Bool) {
    let start = json.bytes.count
    json.key(name)
    if !Self.write(roots, to: &json, body) { json.truncate(to: start) }
  }

  private static func write(
    _ nodes: [Node], to json: inout JSONWriter, _ body: (Int, inout JSONWriter) -> Bool
  ) -> Bool {
    json.write("{")
    var isEmpty = true
    for node in nodes {
      let start = json.bytes.count
      let isWritten: Bool
      switch node {
      case .leaf(let name, let index):
        json.key(name)
        isWritten = body(index, &json)
      case .branch(let name, let nodes):
        json.key(name)
        isWritten = write(nodes, to: &json, body)
      }
      if isWritten { isEmpty = false } else { json.truncate(to: start) }
    }
    json.write("}")
    return !isEmpty
  }
}
