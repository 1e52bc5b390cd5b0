extension FunctionTable {
  private static let instant = DataType.timestamp(.microseconds)

  /// Functions of dates and timestamps; wall clocks show UTC.
  static let dateFunctions: [FunctionRule] = [
    part("year") { CivilDate(daysSinceEpoch: $0).year },
    part("month") { CivilDate(daysSinceEpoch: $0).month },
    part("day", ["dayofmonth"]) { CivilDate(daysSinceEpoch: $0).day },
    part("quarter") { (CivilDate(daysSinceEpoch: $0).month + 2) / 3 },
    // 1 is Sunday; the epoch was a Thursday.
    part("dayofweek", ["dow"]) { (($0 + 4) % 7 + 7) % 7 + 1 },
    // 0 is Monday.
    part("weekday") { (($0 + 3) % 7 + 7) % 7 },
    part("dayofyear", ["doy"]) {
      $0 - DateMath.truncated(days: $0, to: .year) + 1
    },
    part("weekofyear", ["week"]) { DateMath.isoWeek($0) },
    clock("hour") { $0 / 3_600_000_000 },
    clock("minute") { $0 / 60_000_000 % 60 },
    clock("second") { $0 / 1_000_000 % 60 },
    FunctionRule("unix_seconds", [], of: instant, gives: .long) { column, type in
      column.mapped(Int64.self, to: type) { $0.flooringQuotient(1_000_000) }
    },
    FunctionRule("unix_millis", [], of: instant, gives: .long) { column, type in
      column.mapped(Int64.self, to: type) { $0.flooringQuotient(1000) }
    },
    FunctionRule("unix_micros", [], of: instant, gives: .long) { column, type in column.retyped(type) },
    FunctionRule("last_day", [], of: .date, gives: .date) { column, type in
      column.mapped(Int32.self, to: type, placeholder: Int32(0)) { days in
        let date = CivilDate(daysSinceEpoch: Int(days))
        return Int32(
          exactly: Int(days) - date.day + CivilDate.days(inMonth: date.month, of: date.year))
      }
    },
    FunctionRule("date_add", ["dateadd"], of: [.date, .integer], gives: .date) { columns, _, type in
      ArithmeticKernel.checked(Int32.self, type, Int32(0), columns[0], columns[1]) { date, days -> Int32? in
        let (sum, overflow) = date.addingReportingOverflow(days)
        return overflow ? nil : sum
      } ?? columns[0]
    }.partial,
    FunctionRule("date_sub", [], of: [.date, .integer], gives: .date) { columns, _, type in
      ArithmeticKernel.checked(Int32.self, type, Int32(0), columns[0], columns[1]) { date, days -> Int32? in
        let (sum, overflow) = date.subtractingReportingOverflow(days)
        return overflow ? nil : sum
      } ?? columns[0]
    }.partial,
    FunctionRule("datediff", ["date_diff"], of: [.date, .date], gives: .integer) { columns, _, type in
      ArithmeticKernel.checked(Int32.self, type, Int32(0), columns[0], columns[1]) { end, start -> Int32? in
        let (days, overflow) = end.subtractingReportingOverflow(start)
        return overflow ? nil : days
      } ?? columns[0]
    }.partial,
    FunctionRule("add_months", [], of: [.date, .integer], gives: .date) { columns, _, type in
      ArithmeticKernel.checked(Int32.self, type, Int32(0), columns[0], columns[1]) { date, months -> Int32? in
        DateMath.adding(months: Int(months), to: Int(date)).flatMap { Int32(exactly: $0) }
      } ?? columns[0]
    }.partial,
    FunctionRule("date_trunc", [], 2...2) { arguments throws(ExpressionError) in
      let unit = try literalText(arguments[0], "date_trunc")
      guard let unit = DateMath.Unit(unit) else { throw noUnit(unit) }
      let type: DataType = if case .timestampNtz = arguments[1].type { .timestampNtz(.microseconds) } else { instant }
      return .init(
        parameters: [.string, type], result: type, kept: [1],
        body: .unary { column, type in
          column.mapped(Int64.self, to: type, placeholder: Int64(0)) { DateMath.truncated($0, to: unit) }
        })
    },
    FunctionRule("trunc", [], 2...2) { arguments throws(ExpressionError) in
      let unit = try literalText(arguments[1], "trunc")
      guard let unit = DateMath.Unit(unit) else { throw noUnit(unit) }
      return .init(
        parameters: [.date, .string], result: .date, kept: [0],
        body: .unary { column, type in
          column.mapped(Int32.self, to: type, placeholder: Int32(0)) {
            Int32(exactly: DateMath.truncated(days: Int($0), to: unit))
          }
        })
    },
    FunctionRule("date_format", [], 2...2) { arguments throws(ExpressionError) in
      let format = try dateFormat(arguments[1], "date_format")
      let type: DataType = if case .timestampNtz = arguments[0].type { .timestampNtz(.microseconds) } else { instant }
      return .init(
        parameters: [type, .string], result: .string, kept: [0],
        body: .unary { column, _ throws(ColumnError) in
          var builder = BytesBuilder(capacity: column.count)
          for row in 0..<column.count {
            switch column.scalar(at: row) {
            case .timestamp(let value), .timestampNtz(let value): try builder.append(format.text(value))
            default: builder.appendNull()
            }
          }
          return builder.finish(.string)
        })
    },
  ]

  private static func part(
    _ name: String, _ aliases: [String] = [], _ body: @escaping @Sendable (Int) -> Int
  ) -> FunctionRule {
    FunctionRule(name, aliases, of: .date, gives: .integer) { column, type in
      column.mapped(Int32.self, to: type) { Int32(truncatingIfNeeded: body(Int($0))) }
    }
  }

  /// Of the microseconds since midnight.
  private static func clock(_ name: String, _ body: @escaping @Sendable (Int64) -> Int64) -> FunctionRule {
    FunctionRule(name, [], 1...1) { arguments throws(ExpressionError) in
      let type: DataType = if case .timestampNtz = arguments[0].type { .timestampNtz(.microseconds) } else { instant }
      return .init(
        parameters: [type], result: .integer,
        body: .unary { column, type in
          column.mapped(Int64.self, to: type) { value in
            Int32(truncatingIfNeeded: body(value &- value.flooringQuotient(86_400_000_000) &* 86_400_000_000))
          }
        })
    }
  }

  static func literalText(_ argument: Resolved, _ name: String) throws(ExpressionError) -> String {
    guard case .string(let text)? = argument.literal else {
      throw ExpressionError(.typeMismatch, "\(name) needs its unit or pattern as a string literal.")
    }
    return text
  }

  private static func noUnit(_ text: String) -> ExpressionError {
    ExpressionError(
      .invalidLiteral,
      "'\(text.prefix(40))' is no unit: use YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE, SECOND, MILLISECOND or MICROSECOND."
    )
  }
}
