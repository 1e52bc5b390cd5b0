extension FunctionTable {
  private static let instant = DataType.timestamp(.microseconds)

  /// Functions that make dates and timestamps of numbers and strings, and the other way around.
  static let dateMakingFunctions: [FunctionRule] = [
    reading("to_date", [], .date), reading("to_timestamp", [], instant),
    reading("to_timestamp_ntz", [], .timestampNtz(.microseconds)),
    FunctionRule("unix_timestamp", ["to_unix_timestamp"], 1...2) { arguments throws(ExpressionError) in
      if arguments[0].type.isInstant {
        return .init(
          parameters: [instant, .string].prefix(arguments.count).map { $0 }, result: .long, kept: [0],
          body: .unary { column, type in column.mapped(Int64.self, to: type) { $0.flooringQuotient(1_000_000) } })
      }
      let format = try dateFormat(arguments.count > 1 ? arguments[1] : nil, "unix_timestamp")
      return .init(
        parameters: [.string, .string].prefix(arguments.count).map { $0 }, result: .long, kept: [0],
        body: .unary { column, type in
          column.mappedBytes(to: type, placeholder: Int64(0)) { format.reading($0)?.flooringQuotient(1_000_000) }
        })
    },
    FunctionRule("from_unixtime", [], 1...2) { arguments throws(ExpressionError) in
      let format = try dateFormat(arguments.count > 1 ? arguments[1] : nil, "from_unixtime")
      return .init(
        parameters: [.long, .string].prefix(arguments.count).map { $0 }, result: .string, kept: [0],
        body: .unary { column, _ throws(ColumnError) in
          var builder = BytesBuilder(capacity: column.count)
          for row in 0..<column.count {
            guard case .long(let seconds) = column.scalar(at: row),
              case let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000), !overflow
            else {
              builder.appendNull()
              continue
            }
            try builder.append(format.text(value))
          }
          return builder.finish(.string)
        })
    },
    FunctionRule("make_date", [], of: [.integer, .integer, .integer], gives: .date) { columns, count, type in
      let validity = columns.reduce(nil as Bitmap?) { Bitmap.intersection($0, $1.validity) }
      let days = (0..<count).map { row -> Int32? in
        guard validity?.isSet(row) ?? true else { return nil }
        let date = CivilDate(
          year: Int(columns[0].integer(row)), month: Int(columns[1].integer(row)), day: Int(columns[2].integer(row)))
        return date.isValid ? Int32(exactly: date.daysSinceEpoch) : nil
      }
      return Column(dates: days)
    },
    FunctionRule("unix_date", [], of: .date, gives: .integer) { column, type in column.retyped(type) },
    FunctionRule("date_from_unix_date", [], of: .integer, gives: .date) { column, type in column.retyped(type) },
    FunctionRule("timestamp_seconds", [], 1...1) { arguments throws(ExpressionError) in
      .init(parameters: [arguments[0].type], result: instant, body: .unary { column, _ in column }, isCast: true)
    },
    scaled("timestamp_millis", by: 1000), scaled("timestamp_micros", by: 1),
    FunctionRule("date_part", ["datepart"], 2...2) { arguments throws(ExpressionError) in
      let unit = try literalText(arguments[0], "date_part")
      guard let name = DateMath.partNames[unit.uppercased()], let rule = rule(named: name) else {
        throw ExpressionError(
          .invalidLiteral,
          "'\(unit.prefix(40))' is no part of a date: use YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, WEEK, …")
      }
      var settled = try rule.settle([arguments[1]])
      settled.parameters.insert(.string, at: 0)
      settled.kept = [1]
      return settled
    },
    FunctionRule("dayofweek_iso", [], of: .date, gives: .integer) { column, type in
      column.mapped(Int32.self, to: type) { Int32(truncatingIfNeeded: ((Int($0) + 3) % 7 + 7) % 7 + 1) }
    },
    // How an interval is added: months, then days, then microseconds.
    FunctionRule("add_interval", [], 4...4) { arguments throws(ExpressionError) in
      guard let months: Int32 = arguments[1].literal?.whole(), let days: Int32 = arguments[2].literal?.whole(),
        let microseconds: Int64 = arguments[3].literal?.whole()
      else { throw ExpressionError(.typeMismatch, "An interval is added in whole months, days and microseconds.") }
      let parameters: (DataType) -> [DataType] = { [$0, .integer, .integer, .long] }
      if arguments[0].type == .date, microseconds == 0 {
        return .init(
          parameters: parameters(.date), result: .date, kept: [0],
          body: .unary { column, type in
            column.mapped(Int32.self, to: type, placeholder: Int32(0)) { date in
              guard let moved = DateMath.adding(months: Int(months), to: Int(date)) else { return nil }
              return Int32(exactly: moved + Int(days))
            }
          })
      }
      guard arguments[0].type.isInstant || arguments[0].type == .string || arguments[0].type == .null else {
        throw .mismatch("An interval", arguments[0].type)
      }
      let type: DataType = if case .timestampNtz = arguments[0].type { .timestampNtz(.microseconds) } else { instant }
      return .init(
        parameters: parameters(type), result: type, kept: [0],
        body: .unary { column, type in
          column.mapped(Int64.self, to: type, placeholder: Int64(0)) { value in
            DateMath.adding(months: Int(months), days: Int(days), microseconds: microseconds, to: value)
          }
        })
    },
  ]

  /// From a string, by a pattern if one is given; other values are cast.
  private static func reading(_ name: String, _ aliases: [String], _ type: DataType) -> FunctionRule {
    FunctionRule(name, aliases, 1...2) { arguments throws(ExpressionError) in
      guard arguments[0].type.canCast(to: type) else { throw .mismatch(name, arguments[0].type) }
      guard arguments.count == 2, arguments[0].type == .string else {
        return .init(
          parameters: [arguments[0].type, .string].prefix(arguments.count).map { $0 }, result: type, kept: [0],
          body: .unary { column, _ in column }, isCast: true)
      }
      let format = try dateFormat(arguments[1], name)
      return .init(
        parameters: [.string, .string], result: type, kept: [0],
        body: .unary { column, type in
          if type == .date {
            return column.mappedBytes(to: type, placeholder: Int32(0)) { bytes in
              format.reading(bytes).flatMap { Int32(exactly: $0.flooringQuotient(86_400_000_000)) }
            }
          }
          return column.mappedBytes(to: type, placeholder: Int64(0)) { format.reading($0) }
        })
    }
  }

  private static func scaled(_ name: String, by factor: Int64) -> FunctionRule {
    FunctionRule(name, [], of: .long, gives: instant) { column, type in
      column.mapped(Int64.self, to: type, placeholder: Int64(0)) { value in
        let (result, overflow) = value.multipliedReportingOverflow(by: factor)
        return overflow ? nil : result
      }
    }
  }

  static func dateFormat(_ argument: Resolved?, _ name: String) throws(ExpressionError) -> DateFormat {
    let pattern = try argument.map { argument throws(ExpressionError) in try literalText(argument, name) }
    guard let format = DateFormat(pattern ?? "yyyy-MM-dd HH:mm:ss") else {
      throw ExpressionError(
        .invalidLiteral,
        "'\((pattern ?? "").prefix(40))' has letters that \(name) does not know: use y, M, d, H, m, s, S.")
    }
    return format
  }
}
