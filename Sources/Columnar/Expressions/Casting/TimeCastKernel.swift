extension Column {
  func castFromTime(to target: DataType) -> Column? {
    switch (type, target) {
    case (.date, .timestamp(let unit)), (.date, .timestampNtz(let unit)):
      let perDay = 86_400 * unit.perSecond
      return mapped(Int32.self, to: target, placeholder: Int64(0)) { days in
        let (result, overflow) = Int64(days).multipliedReportingOverflow(by: perDay)
        return overflow ? nil : result
      }
    case (.int96, _):
      let instants = mapped(INT96Value.self, to: .timestamp(.microseconds)) {
        INT96.microseconds(
          nanosecondsOfDay: Int64(bitPattern: UInt64($0.low) | UInt64($0.high) << 32), julianDay: $0.day)
      }
      return target == instants.type ? instants : instants.castFromTime(to: target)
    case (.timestamp(let unit), .date), (.timestampNtz(let unit), .date):
      let perDay = 86_400 * unit.perSecond
      return mapped(Int64.self, to: target, placeholder: Int32(0)) { Int32(exactly: $0.flooringQuotient(perDay)) }
    case (.timestamp(let unit), .long): return mapped(Int64.self, to: target) { $0.flooringQuotient(unit.perSecond) }
    case (.timestamp(let unit), .double):
      return mapped(Int64.self, to: target) { Double($0) / Double(unit.perSecond) }
    case (.timestamp(let old), .timestamp(let new)), (.timestamp(let old), .timestampNtz(let new)),
      (.timestampNtz(let old), .timestamp(let new)), (.timestampNtz(let old), .timestampNtz(let new)),
      (.time(let old), .time(let new)):
      if old == new { return with(target, storage) }
      if new.perSecond > old.perSecond {
        let factor = new.perSecond / old.perSecond
        return mapped(Int64.self, to: target, placeholder: Int64(0)) {
          let (result, overflow) = $0.multipliedReportingOverflow(by: factor)
          return overflow ? nil : result
        }
      }
      let divisor = old.perSecond / new.perSecond
      return mapped(Int64.self, to: target) { $0.flooringQuotient(divisor) }
    default: return nil
    }
  }
}

/// 12 bytes without padding.
private struct INT96Value: BitwiseCopyable {
  var low: UInt32
  var high: UInt32
  var day: Int32
}
