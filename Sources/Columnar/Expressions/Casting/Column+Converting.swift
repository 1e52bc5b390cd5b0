extension Column {
  /// The values as another type, and a set bit for each row whose value has no counterpart there: such rows come out
  /// null or as anything. `nil`: every value has one.
  ///
  /// - Parameter exactly: whether a value that loses digits, or its time of day, has none.
  /// - Throws: `unsupported` when the types have nothing to do with each other; `tooLarge`.
  package func converting(
    to target: DataType, exactly: Bool
  ) throws(ColumnError) -> (column: Column, failed: Bitmap?) {
    switch type {
    // These are not cast to, so that values could not be held against the result.
    case .float16: return try cast(to: .float).converting(to: target, exactly: exactly)
    case .int96: return try cast(to: .timestamp(.microseconds)).converting(to: target, exactly: exactly)
    default: break
    }
    let result = try cast(to: target)
    var failed: Bitmap?
    if result.nullCount > nullCount { failed = validBits.subtracting(result.validBits) }
    if exactly, type != .null, !(type.isWholeNumber && target.isWholeNumber) {
      let back = try result.cast(to: type).decoded()
      if let same = CompareKernel.bits(.equal, back, try decoded(), isConstant: false) {
        failed = Self.union(failed, validBits.intersection(result.validBits).subtracting(same))
      }
    }
    if type == .double, target == .float {
      let wide = try decoded().tested(Double.self) { $0.isFinite && !Float($0).isFinite }
      failed = Self.union(failed, wide.intersection(validBits))
    }
    return (result, failed.flatMap { $0.setCount == 0 ? nil : $0 })
  }

  /// The bits set in either, `nil` meaning none.
  package static func union(_ first: Bitmap?, _ second: Bitmap?) -> Bitmap? {
    guard let first else { return second }
    return second.map { first.union($0) } ?? first
  }
}
