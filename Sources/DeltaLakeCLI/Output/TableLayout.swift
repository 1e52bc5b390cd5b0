import Columnar

/// The columns of a printed table: how wide they are and how lines are drawn.
struct TableLayout {
  struct Column {
    var width: Int
    /// Numbers are against the right edge.
    var isRight: Bool
  }

  var columns: [Column]
  var isDecorated: Bool

  /// Widths that fit a line: the widest are cut first, evenly; then columns at the end go. At least one stays.
  ///
  /// - Parameter isRigid: columns that are not cut, unless the first of them is wider than the line: a number or a time
  ///   without its end is worse than none. Empty: none is.
  static func fit(_ widths: [Int], within limit: Int?, smallest: Int, isRigid: [Bool] = []) -> [Int] {
    guard let limit else { return widths }
    if isRigid.count == widths.count, isRigid.contains(true) {
      // As many columns as fit with the others at their smallest.
      var room = limit + 1
      let shown = widths.indices.prefix { index in
        room -= (isRigid[index] ? widths[index] : min(widths[index], smallest)) + 3
        return room >= 0
      }
      if !shown.isEmpty {
        let others = shown.filter { !isRigid[$0] }
        let reserved = shown.reduce(0) { $0 + (isRigid[$1] ? widths[$1] + 3 : 0) }
        let cut = fit(others.map { widths[$0] }, within: limit - reserved, smallest: smallest)
        var result = Array(widths[shown])
        for (index, width) in zip(others, cut) { result[index] = width }
        return result
      }
    }
    var widths = widths
    // A blank on both sides of a cell, a line between two.
    func total() -> Int { widths.reduce(0) { $0 + $1 + 3 } - 1 }
    while !widths.isEmpty, total() > limit {
      let widest = widths.max() ?? 0
      if widest > smallest {
        let next = max(widths.filter { $0 < widest }.max() ?? smallest, smallest)
        let indices = widths.indices.filter { widths[$0] == widest }
        let excess = total() - limit
        let step = min(widest - next, max(1, excess / indices.count))
        for index in indices.reversed() where total() > limit { widths[index] -= step }
      } else if widths.count > 1 {
        widths.removeLast()
      } else {
        return [max(1, limit - 2)]
      }
    }
    return widths
  }

  func append(header names: [String], to text: inout TextBuffer) {
    append(names.map { $0 }, isHeader: true, to: &text)
    for (index, column) in columns.enumerated() {
      if index > 0 { text.append(isDecorated ? "┼" : "+") }
      for _ in 0..<column.width + 2 { text.append(isDecorated ? "─" : "-") }
    }
    text.append("\n")
  }

  /// `row` may have more cells than there are columns.
  func append(row: [String?], to text: inout TextBuffer) {
    append(row, isHeader: false, to: &text)
  }

  private func append(_ cells: [String?], isHeader: Bool, to text: inout TextBuffer) {
    for (index, column) in columns.enumerated() {
      if index > 0 { text.append(isDecorated ? "│" : "|") }
      let isLast = index == columns.count - 1
      let cell = DisplayWidth.cut(cells[index] ?? "NULL", to: column.width)
      let padding = column.width - DisplayWidth.of(cell)
      text.append(" ")
      if column.isRight { text.append(repeating: 0x20, count: padding) }
      let isDim = isDecorated && cells[index] == nil
      if isDim { text.append("\u{1B}[2m") }
      if isHeader, isDecorated { text.append("\u{1B}[1m") }
      text.append(string: cell)
      if isDim || isHeader && isDecorated { text.append("\u{1B}[0m") }
      if !column.isRight, !isLast { text.append(repeating: 0x20, count: padding) }
      if !isLast { text.append(" ") }
    }
    text.append("\n")
  }
}
