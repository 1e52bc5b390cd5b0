extension String {
  /// The number's digits with zeros before them up to a width; more digits are kept. For texts that aren't hot.
  package init(_ number: some BinaryInteger, radix: Int = 10, paddedTo width: Int) {
    let digits = String(number.magnitude, radix: radix)
    self =
      (number < 0 ? "-" : "") + String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}
