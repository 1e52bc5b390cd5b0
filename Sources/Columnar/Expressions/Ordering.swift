/// How one value stands to another.
public enum Ordering: Int, Hashable, Sendable {
  case less = -1
  case equal = 0
  case greater = 1

  @inline(__always)
  init<Value: Comparable>(_ first: Value, _ second: Value) {
    self = first < second ? .less : first == second ? .equal : .greater
  }

  /// The order of the same two values the other way around.
  public var reversed: Ordering {
    switch self {
    case .less: .greater
    case .equal: .equal
    case .greater: .less
    }
  }
}

extension Comparison {
  /// Whether two values that are not null and stand so satisfy the comparison.
  package func holds(_ ordering: Ordering) -> Bool {
    switch self {
    case .equal, .nullSafeEqual: ordering == .equal
    case .notEqual: ordering != .equal
    case .less: ordering == .less
    case .lessOrEqual: ordering != .greater
    case .greater: ordering == .greater
    case .greaterOrEqual: ordering != .less
    }
  }

  /// The comparison that holds for `(b, a)` when this one does for `(a, b)`.
  package var flipped: Comparison {
    switch self {
    case .equal, .notEqual, .nullSafeEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
