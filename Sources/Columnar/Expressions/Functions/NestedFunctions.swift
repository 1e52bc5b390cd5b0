extension FunctionTable {
  /// Functions that make arrays, maps and structs, and take values out of them.
  static let nestedFunctions: [FunctionRule] = [
    FunctionRule("array", [], 0...Int.max) { arguments throws(ExpressionError) in
      let type = try Resolver.commonType(arguments, "array")
      return .init(
        parameters: arguments.map { _ in type }, result: .array(ArrayType(type)),
        body: .columns { columns, count, type throws(ColumnError) in
          let (offsets, elements) = try NestedKernel.interleaved(columns, count, type.elementType)
          return Column(type, count: count, nullCount: 0, storage: .list(offsets: offsets, elements: elements))
        })
    },
    FunctionRule("map", [], 0...Int.max) { arguments throws(ExpressionError) in
      guard arguments.count % 2 == 0 else {
        throw ExpressionError(.typeMismatch, "map takes a key and a value each, and the last key has no value.")
      }
      let keys = stride(from: 0, to: arguments.count, by: 2).map { arguments[$0] }
      let values = stride(from: 1, to: arguments.count, by: 2).map { arguments[$0] }
      let type = MapType(
        key: try Resolver.commonType(keys, "map"), value: try Resolver.commonType(values, "map"))
      return .init(
        parameters: arguments.indices.map { $0 % 2 == 0 ? type.key : type.value }, result: .map(type),
        body: .columns { columns, count, type throws(ColumnError) in try NestedKernel.map(columns, count, type) })
    },
    FunctionRule("struct", [], 1...Int.max) { arguments throws(ExpressionError) in
      let names = arguments.enumerated().map { index, argument in
        if case .column(let path) = argument.expression { path.names[path.names.count - 1] } else { "col\(index + 1)" }
      }
      return structure(names, arguments, kept: nil)
    },
    FunctionRule("named_struct", [], 2...Int.max) { arguments throws(ExpressionError) in
      guard arguments.count % 2 == 0 else {
        throw ExpressionError(.typeMismatch, "named_struct takes a name and a value each.")
      }
      var names: [String] = []
      for index in stride(from: 0, to: arguments.count, by: 2) {
        names.append(try literalText(arguments[index], "named_struct"))
      }
      return structure(names, arguments, kept: Array(stride(from: 1, to: arguments.count, by: 2)))
    },
    FunctionRule("get", [], 2...2) { arguments throws(ExpressionError) in
      try access(arguments, "get") { index, _ in index }
    },
    FunctionRule("element_at", [], 2...2) { arguments throws(ExpressionError) in
      try access(arguments, "element_at") { index, count in index > 0 ? index - 1 : index < 0 ? count + index : -1 }
    },
    FunctionRule("array_contains", [], 2...2) { arguments throws(ExpressionError) in
      guard case .array(let array) = arguments[0].type, TypeRules.isComparable(array.element),
        TypeRules.comparable(array.element, arguments[1].type) == array.element || arguments[1].literal != nil
      else { throw .mismatch("array_contains", arguments[0].type, arguments[1].type) }
      return .init(
        parameters: [arguments[0].type, array.element], result: .boolean,
        body: .columns { columns, count, _ throws(ColumnError) in try NestedKernel.contains(columns[0], columns[1]) })
    },
    FunctionRule("map_keys", [], 1...1) { arguments throws(ExpressionError) in
      guard case .map(let map) = arguments[0].type else { throw .mismatch("map_keys", arguments[0].type) }
      return .init(
        parameters: [arguments[0].type], result: .array(ArrayType(map.key)),
        body: .unary { column, type in
          guard case .map(let offsets, let keys, _) = column.storage else {
            return Column(nulls: column.count, of: type)
          }
          return column.with(type, .list(offsets: offsets, elements: keys))
        })
    },
    FunctionRule("map_values", [], 1...1) { arguments throws(ExpressionError) in
      guard case .map(let map) = arguments[0].type else { throw .mismatch("map_values", arguments[0].type) }
      return .init(
        parameters: [arguments[0].type], result: .array(ArrayType(map.value)),
        body: .unary { column, type in
          guard case .map(let offsets, _, let values) = column.storage else {
            return Column(nulls: column.count, of: type)
          }
          return column.with(type, .list(offsets: offsets, elements: values))
        })
    },
  ]

  private static func structure(
    _ names: [String], _ arguments: [Resolved], kept: [Int]?
  ) -> FunctionRule.Settled {
    let values = kept ?? Array(arguments.indices)
    let type = StructType(zip(names, values).map { StructField($0, arguments[$1].type) })
    return .init(
      parameters: arguments.map(\.type), result: .struct(type), kept: kept,
      body: .columns { columns, count, type in
        Column(type, count: count, nullCount: 0, storage: .structure(columns))
      })
  }

  /// The element at an index that `place` makes one from 0, or the value of a key.
  private static func access(
    _ arguments: [Resolved], _ name: String, _ place: @escaping @Sendable (_ index: Int, _ count: Int) -> Int
  ) throws(ExpressionError) -> FunctionRule.Settled {
    switch arguments[0].type {
    case .array(let array):
      guard arguments[1].type.isWholeNumber || arguments[1].isNullLiteral else {
        throw .mismatch(name, arguments[0].type, arguments[1].type)
      }
      return .init(
        parameters: [arguments[0].type, .integer], result: array.element,
        body: .columns { columns, count, _ throws(ColumnError) in
          try NestedKernel.element(columns[0], columns[1], place)
        })
    case .map(let map):
      guard TypeRules.isComparable(map.key),
        TypeRules.comparable(map.key, arguments[1].type) == map.key || arguments[1].literal != nil
      else { throw .mismatch(name, arguments[0].type, arguments[1].type) }
      return .init(
        parameters: [arguments[0].type, map.key], result: map.value,
        body: .columns { columns, count, _ throws(ColumnError) in try NestedKernel.value(columns[0], columns[1]) })
    default: throw .mismatch(name, arguments[0].type)
    }
  }
}

extension DataType {
  fileprivate var elementType: DataType { if case .array(let array) = self { array.element } else { .null } }
}

/// Arrays and maps taken apart and put together. Columns are plain and of one length.
enum NestedKernel {
  /// The columns' values row by row, and offsets for as many in each.
  static func interleaved(
    _ columns: [Column], _ count: Int, _ type: DataType
  ) throws(ColumnError) -> (offsets: Buffer, values: Column) {
    let (total, overflow) = count.multipliedReportingOverflow(by: columns.count)
    guard !overflow, total < Int32.max else { throw .tooLarge("elements", overflow ? .max : total) }
    let offsets = (0...count).map { Int32(truncatingIfNeeded: $0 * columns.count) }
    guard !columns.isEmpty else { return (Buffer(copying: offsets), Column(nulls: 0, of: type)) }
    var rows: [Int32] = []
    rows.reserveCapacity(total)
    for row in 0..<count {
      for column in columns.indices { rows.append(Int32(truncatingIfNeeded: column * count + row)) }
    }
    let same = columns.map { column in
      if case .null = column.storage { Column(nulls: column.count, of: type) } else { column }
    }
    return (Buffer(copying: offsets), try Column.concatenating(same).taking(rows))
  }

  /// Null where a key is null.
  static func map(_ columns: [Column], _ count: Int, _ type: DataType) throws(ColumnError) -> Column {
    guard case .map(let map) = type else { return Column(nulls: count, of: type) }
    let keyColumns = stride(from: 0, to: columns.count, by: 2).map { columns[$0] }
    let (offsets, keys) = try interleaved(keyColumns, count, map.key)
    let (_, values) = try interleaved(
      stride(from: 1, to: columns.count, by: 2).map { columns[$0] }, count, map.value)
    var validity: Bitmap?
    for column in keyColumns where column.nullCount > 0 { validity = Bitmap.intersection(validity, column.validBits) }
    // Keys are never null, not even under a null map.
    let known = Column(keys.type, count: keys.count, validity: nil, nullCount: 0, storage: keys.storage)
    return Column(
      type, count: count, validity: validity,
      storage: .map(
        offsets: offsets, keys: keys.nullCount > 0 && map.key == .null ? Column(nulls: keys.count, of: .null) : known,
        values: values))
  }

  static func element(
    _ array: Column, _ indices: Column, _ place: (Int, Int) -> Int
  ) throws(ColumnError) -> Column {
    guard case .list(let offsets, let elements) = array.storage else { return Column(nulls: array.count, of: .null) }
    let rows = offsets.withValues(of: Int32.self) { offsets in
      (0..<array.count).map { row -> Int32 in
        guard !array.isNull(row), !indices.isNull(row) else { return -1 }
        let count = Int(offsets[row + 1]) - Int(offsets[row])
        let index = place(Int(indices.integer(row)), count)
        return index >= 0 && index < count ? offsets[row] + Int32(truncatingIfNeeded: index) : -1
      }
    }
    return try elements.taking(rows)
  }

  static func value(_ map: Column, _ wanted: Column) throws(ColumnError) -> Column {
    guard case .map(let offsets, let keys, let values) = map.storage else {
      return Column(nulls: map.count, of: .null)
    }
    let equal = try matches(offsets, map.count, keys, wanted)
    let start = Int(offsets.value(Int32.self, at: 0))
    let rows = offsets.withValues(of: Int32.self) { offsets in
      (0..<map.count).map { row -> Int32 in
        guard !map.isNull(row), !wanted.isNull(row) else { return -1 }
        // Of a key that stands twice the last value counts.
        let pair = (Int(offsets[row])..<max(Int(offsets[row]), Int(offsets[row + 1]))).last { equal[$0 - start] }
        return pair.map { Int32(truncatingIfNeeded: $0) } ?? -1
      }
    }
    return try values.taking(rows)
  }

  /// SQL's: null when it is not found among values of which one is null.
  static func contains(_ array: Column, _ wanted: Column) throws(ColumnError) -> Column {
    guard case .list(let offsets, let elements) = array.storage else { return Column(nulls: array.count, of: .boolean) }
    let equal = try matches(offsets, array.count, elements, wanted)
    let start = Int(offsets.value(Int32.self, at: 0))
    var values: [Bool?] = []
    offsets.withValues(of: Int32.self) { offsets in
      for row in 0..<array.count {
        guard !array.isNull(row), !wanted.isNull(row) else {
          values.append(nil)
          continue
        }
        let range = Int(offsets[row])..<max(Int(offsets[row]), Int(offsets[row + 1]))
        if range.contains(where: { equal[$0 - start] }) {
          values.append(true)
        } else {
          values.append(range.contains { elements.isNull($0) } ? nil : false)
        }
      }
    }
    return Column(booleans: values)
  }

  /// A bit for each element from the first row's on: whether it equals what its row wants. Nulls equal nothing.
  private static func matches(
    _ offsets: Buffer, _ count: Int, _ elements: Column, _ wanted: Column
  ) throws(ColumnError) -> Bitmap {
    let start = Int(offsets.value(Int32.self, at: 0))
    let end = max(start, Int(offsets.value(Int32.self, at: count)))
    var rows: [Int32] = []
    rows.reserveCapacity(end - start)
    offsets.withValues(of: Int32.self) { offsets in
      for row in 0..<count {
        for _ in offsets[row]..<max(offsets[row], offsets[row + 1]) { rows.append(Int32(truncatingIfNeeded: row)) }
      }
    }
    let part = try elements.slice(start..<end).decoded()
    let values = try wanted.taking(rows)
    guard let bits = CompareKernel.bits(.equal, part, values, isConstant: false) else {
      throw ColumnError(.unsupported, "Values of \(elements.type.sqlName) do not compare.")
    }
    return bits.intersection(part.validBits).intersection(values.validBits)
  }
}
