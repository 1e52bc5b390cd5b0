#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Functions that ask for the time. One moment holds for a whole expression: when it is bound, or earlier, when
/// ``ColumnExpression/settled(at:in:)`` fixed it for several expressions at once.
package enum Clock {
  /// Microseconds since the epoch, UTC.
  package static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let (seconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000)
    return overflow ? 0 : seconds &+ Int64(time.tv_nsec) / 1000
  }

  /// The value of a function at a moment; `nil` for names of other functions.
  static func value(of function: String, at microseconds: Int64) -> Scalar? {
    switch function.lowercased() {
    case "current_timestamp", "now": .timestamp(microseconds)
    case "unix_timestamp": .long(microseconds.flooringQuotient(1_000_000))
    case "localtimestamp": .timestampNtz(microseconds)
    case "current_date", "curdate":
      .date(Int32(clamping: microseconds.flooringQuotient(86_400_000_000)))
    default: nil
    }
  }
}

extension ColumnPath {
  /// `current_date` and the like, which need no parentheses; a column of that name comes first.
  package var isClockFunction: Bool {
    names.count == 1 && ["current_timestamp", "current_date", "localtimestamp"].contains(names[0].lowercased())
  }

  /// The moment that a name stands for when the schema has no such column.
  func clockValue(at microseconds: Int64, in schema: Schema) -> Scalar? {
    guard isClockFunction, !schema.fields.contains(where: { $0.name.lowercased() == names[0].lowercased() }) else {
      return nil
    }
    return Clock.value(of: names[0], at: microseconds)
  }
}

extension ColumnExpression {
  /// Whether the expression's value depends on when it is evaluated.
  package func readsClock(in schema: Schema) -> Bool {
    switch self {
    case .column(let path): path.clockValue(at: 0, in: schema) != nil
    case .call(let name, let arguments) where arguments.isEmpty: Clock.value(of: name, at: 0) != nil
    default: operands.contains { $0.readsClock(in: schema) }
    }
  }

  /// The expression at a moment, in microseconds since the epoch: what asks for the time is a literal.
  package func settled(at microseconds: Int64, in schema: Schema) -> ColumnExpression {
    guard readsClock(in: schema) else { return self }
    switch self {
    case .call(let name, let arguments) where arguments.isEmpty:
      return Clock.value(of: name, at: microseconds).map { .literal($0) } ?? self
    default: break
    }
    let columns = mappingColumns { path in
      path.clockValue(at: microseconds, in: schema).map { .literal($0) } ?? .column(path)
    }
    return columns.mappingCalls { name, arguments in
      arguments.isEmpty
        ? Clock.value(of: name, at: microseconds).map { .literal($0) } ?? .call(name, arguments)
        : .call(name, arguments)
    }
  }
}
