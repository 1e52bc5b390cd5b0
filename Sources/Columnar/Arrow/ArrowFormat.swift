/// Types as the format strings of Arrow's C data interface.
enum ArrowFormat {
  /// The canonical name of an extension type, which travels in a field's metadata.
  static let extensionKey = "ARROW:extension:name"
  static let uuid = "arrow.uuid"
  static let variant = "arrow.parquet.variant"

  /// The format that columns of the type are exported in; `nil` when there is none.
  static func format(of type: DataType) -> String? {
    switch type {
    case .null: "n"
    case .boolean: "b"
    case .byte: "c"
    case .unsignedByte: "C"
    case .short: "s"
    case .unsignedShort: "S"
    case .integer: "i"
    case .unsignedInteger: "I"
    case .long: "l"
    case .unsignedLong: "L"
    case .float16: "e"
    case .float: "f"
    case .double: "g"
    case .decimal(let precision, let scale): precision <= 38 ? "d:\(precision),\(scale)" : nil
    case .string: "u"
    case .binary: "z"
    case .fixedBinary(let length): "w:\(length)"
    case .uuid: "w:16"
    case .date: "tdD"
    case .time(.milliseconds): "ttm"
    case .time(.microseconds): "ttu"
    case .time(.nanoseconds): "ttn"
    case .timestamp(let unit): "ts\(letter(unit)):UTC"
    case .timestampNtz(let unit): "ts\(letter(unit)):"
    case .int96: "tsu:UTC"
    case .interval: "tin"
    case .variant, .struct: "+s"
    case .array: "+l"
    case .map: "+m"
    }
  }

  private static func letter(_ unit: TimeUnit) -> String {
    switch unit {
    case .milliseconds: "m"
    case .microseconds: "u"
    case .nanoseconds: "n"
    }
  }

  static func extensionName(of type: DataType) -> String? {
    switch type {
    case .uuid: uuid
    case .variant: variant
    default: nil
    }
  }

  /// How the buffers of an imported array are laid out, and what type they become.
  enum Layout: Equatable {
    case null
    case boolean
    /// As they are.
    case fixed(DataType)
    /// `Int32` seconds or milliseconds, `Int64` seconds or days in milliseconds, to be scaled to the type.
    case scaled(DataType, width: Int, factor: Int64, divisor: Int64)
    /// Decimals of 4, 8 or 16 bytes.
    case decimal(DataType, width: Int)
    /// Offsets of 4 or 8 bytes.
    case bytes(DataType, offsetWidth: Int)
    case interval
    case structure
    case list(offsetWidth: Int)
    case fixedList(Int)
    case map
  }

  static func layout(of format: String) throws(ColumnError) -> Layout {
    if let layout = plain[format] { return layout }
    let parts = format.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let parameter = parts.count > 1 ? String(parts[1]) : ""
    switch parts[0] {
    case "d": return try decimal(parameter, format)
    case "w":
      guard let length = Int(parameter), length > 0, length < 1 << 30 else { throw malformed(format) }
      return .fixed(.fixedBinary(length: length))
    case "tsm", "tsu", "tsn", "tss":
      let unit: TimeUnit = parts[0] == "tsu" ? .microseconds : parts[0] == "tsn" ? .nanoseconds : .milliseconds
      let type: DataType = parameter.isEmpty ? .timestampNtz(unit) : .timestamp(unit)
      return parts[0] == "tss" ? .scaled(type, width: 8, factor: 1000, divisor: 1) : .fixed(type)
    case "+w":
      guard let length = Int(parameter), length >= 0, length < 1 << 30 else { throw malformed(format) }
      return .fixedList(length)
    default: throw unsupported(format)
    }
  }

  private static let plain: [String: Layout] = [
    "n": .null, "b": .boolean, "c": .fixed(.byte), "C": .fixed(.unsignedByte), "s": .fixed(.short),
    "S": .fixed(.unsignedShort), "i": .fixed(.integer), "I": .fixed(.unsignedInteger), "l": .fixed(.long),
    "L": .fixed(.unsignedLong), "e": .fixed(.float16), "f": .fixed(.float), "g": .fixed(.double),
    "z": .bytes(.binary, offsetWidth: 4), "Z": .bytes(.binary, offsetWidth: 8), "u": .bytes(.string, offsetWidth: 4),
    "U": .bytes(.string, offsetWidth: 8), "tdD": .fixed(.date),
    "tdm": .scaled(.date, width: 8, factor: 1, divisor: 86_400_000),
    "tts": .scaled(.time(.milliseconds), width: 4, factor: 1000, divisor: 1),
    "ttm": .scaled(.time(.milliseconds), width: 4, factor: 1, divisor: 1), "ttu": .fixed(.time(.microseconds)),
    "ttn": .fixed(.time(.nanoseconds)), "tin": .interval, "+s": .structure, "+l": .list(offsetWidth: 4),
    "+L": .list(offsetWidth: 8), "+m": .map,
  ]

  private static func decimal(_ parameter: String, _ format: String) throws(ColumnError) -> Layout {
    let numbers = parameter.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2 || numbers.count == 3, let precision = numbers[0], let scale = numbers[1] else {
      throw malformed(format)
    }
    let bits = numbers.count == 3 ? numbers[2] ?? 0 : 128
    guard [32, 64, 128].contains(bits), (1...38).contains(precision), (0...precision).contains(scale) else {
      throw ColumnError(.unsupported, "Arrow's decimal '\(format)' goes beyond 38 digits or has a negative scale.")
    }
    return .decimal(.decimal(precision: precision, scale: scale), width: bits / 8)
  }

  private static func malformed(_ format: String) -> ColumnError {
    ColumnError(.damaged, "'\(format.prefix(40))' is not an Arrow format.")
  }

  private static func unsupported(_ format: String) -> ColumnError {
    let names = [
      "vu": "string view", "vz": "binary view", "+vl": "list view", "+vL": "large list view", "+r": "run-end encoded",
      "+ud": "dense union", "+us": "sparse union", "tD": "duration", "tiM": "month interval",
      "tiD": "day-time interval",
    ]
    let name = names[format] ?? names.first { format.hasPrefix($0.key) }?.value ?? "unknown"
    return ColumnError(.unsupported, "Arrow's \(name) type ('\(format.prefix(40))') cannot be read. Cast it before.")
  }
}
