import Columnar

@testable import DeltaLog

/// Batches as a Parquet reader would give them, from literal values: a dictionary for a struct, an array of pairs for a map.
enum CheckpointBatch {
  indirect enum Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
  {
    case null
    case text(String)
    case number(Int64)
    case flag(Bool)
    case fields([(String, Value)])
    case list([Value])

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(nilLiteral: ()) { self = .null }
    init(dictionaryLiteral elements: (String, Value)...) { self = .fields(elements) }
    init(arrayLiteral elements: Value...) { self = .list(elements) }

    subscript(name: String) -> Value {
      guard case .fields(let fields) = self else { return .null }
      return fields.last { $0.0 == name }?.1 ?? .null
    }

    var isNull: Bool { if case .null = self { true } else { false } }
  }

  /// - Parameter usesDictionaries: whether strings are dictionary-coded.
  static func batch(_ rows: [Value], _ schema: Schema, usesDictionaries: Bool) -> RecordBatch {
    RecordBatch(
      schema: schema,
      columns: schema.fields.map { field in
        column(rows.map { $0[field.name] }, field.type, usesDictionaries)
      }, rowCount: rows.count)
  }

  private static func column(_ values: [Value], _ type: DataType, _ coded: Bool) -> Column {
    let validity = Bitmap(values.map { !$0.isNull })
    func make(_ storage: ColumnStorage) -> Column {
      Column(type, count: values.count, validity: validity, storage: storage)
    }
    switch type {
    case .string:
      let texts = values.map { value in if case .text(let text) = value { text } else { "" } }
      guard coded else { return make(bytes(texts)) }
      let distinct = Array(Set(texts)).sorted()
      let codes = texts.map { text in Int32(distinct.firstIndex(of: text) ?? 0) }
      return make(
        .dictionary(
          codes: Buffer(copying: codes), values: Column(.string, count: distinct.count, storage: bytes(distinct))))
    case .long: return make(.fixed(Buffer(copying: values.map(number))))
    case .integer: return make(.fixed(Buffer(copying: values.map { Int32(number($0)) })))
    case .boolean:
      return make(.boolean(Bitmap(values.map { value in if case .flag(true) = value { true } else { false } })))
    case .struct(let type):
      return make(.structure(type.fields.map { field in column(values.map { $0[field.name] }, field.type, coded) }))
    case .array(let type):
      let lists = values.map { value in if case .list(let list) = value { list } else { [Value]() } }
      return make(
        .list(offsets: offsets(lists.map(\.count)), elements: column(lists.flatMap { $0 }, type.element, coded)))
    case .map(let type):
      let maps = values.map { value in if case .fields(let fields) = value { fields } else { [(String, Value)]() } }
      return make(
        .map(
          offsets: offsets(maps.map(\.count)), keys: column(maps.flatMap { $0.map { .text($0.0) } }, type.key, coded),
          values: column(maps.flatMap { $0.map(\.1) }, type.value, coded)))
    default: return Column(nulls: values.count, of: type)
    }
  }

  private static func number(_ value: Value) -> Int64 { if case .number(let number) = value { number } else { 0 } }

  private static func offsets(_ counts: [Int]) -> Buffer {
    var offsets: [Int32] = [0]
    for count in counts { offsets.append(offsets[offsets.count - 1] + Int32(count)) }
    return Buffer(copying: offsets)
  }

  private static func bytes(_ texts: [String]) -> ColumnStorage {
    .bytes(offsets: offsets(texts.map(\.utf8.count)), data: Buffer(copying: texts.flatMap(\.utf8)))
  }
}
