extension Column {
  /// The strings with no more than `length` code points, and the rows where more than blanks would have had to go; they
  /// keep their value.
  ///
  /// - Parameter isPadded: whether shorter ones are filled up with blanks, as a `char(n)` is.
  package func limited(
    to length: Int, isPadded: Bool
  ) throws(ColumnError) -> (column: Column, tooLong: Bitmap?) {
    switch storage {
    case .dictionary(let codes, let values):
      if values.count > count { return try decoded().limited(to: length, isPadded: isPadded) }
      let (entries, flags) = try values.limited(to: length, isPadded: isPadded)
      return (with(type, .dictionary(codes: codes, values: entries)), rows(withEntries: flags, codes))
    case .bytes: break
    default: return (self, nil)
    }
    if !isPadded, isShorter(than: length) { return (self, nil) }
    var builder = BytesBuilder(capacity: count)
    var tooLong = [Bool](repeating: false, count: count)
    var failure: ColumnError?
    forEachBytes { row, bytes in
      guard failure == nil else { return }
      guard let bytes else { return builder.appendNull() }
      var points = TextKernel.codePoints(bytes)
      var rest = bytes[...]
      while points > length, rest.last == 32 {
        rest = rest.dropLast()
        points -= 1
      }
      if points > length {
        tooLong[row] = true
        rest = bytes[...]
      }
      builder.add(UnsafeBufferPointer(rebasing: rest))
      if isPadded { builder.addBlanks(length - points) }
      do throws(ColumnError) { try builder.end() } catch { failure = error }
    }
    if let failure { throw failure }
    return (builder.finish(type), tooLong.contains(true) ? Bitmap(tooLong) : nil)
  }

  /// Whether no string has more bytes than that: then none has more code points.
  private func isShorter(than length: Int) -> Bool {
    guard case .bytes(let offsets, _) = storage else { return false }
    return offsets.withValues(of: Int32.self) { offsets in
      (0..<count).allSatisfy { Int(offsets[$0 + 1]) - Int(offsets[$0]) <= length }
    }
  }
}
