/// The walk over a bound expression for one batch. Each node is one kernel call; parts that are constant are computed
/// on one row.
struct Evaluation {
  let batch: RecordBatch
  /// Where rows are noted that have no value since it can't be computed; `nil`: nobody asks.
  var failures: ComputationFailures?
  /// The rows that it is for; `nil`: all.
  var relevant: Bitmap?

  func evaluate(_ node: BoundNode) throws -> Operand {
    switch node.kind {
    case .column(let path): return try column(path, node.type)
    case .constant(let column): return Operand(column, isConstant: true)
    case .comparison(let comparison, let first, let second):
      return try compare(comparison, try evaluate(first), try evaluate(second))
    case .and(let nodes): return try fold(nodes, Logic.and) { $0.trueBits.union($0.nullBits) }
    case .or(let nodes): return try fold(nodes, Logic.or) { $0.trueBits.inverted() }
    case .not(let inner):
      let operand = try evaluate(inner)
      return Operand(Logic.not(operand.column), isConstant: operand.isConstant)
    case .isNull(let inner):
      let operand = try evaluate(inner)
      return Operand(Column(truth: operand.column.nullBits), isConstant: operand.isConstant)
    case .isIn(let inner, let set):
      return try unary(inner) { column throws(ColumnError) in
        let found = try set.contains(column)
        // Not found in a list with a null: unknown.
        return Column(
          truth: found, validity: set.hasNull ? Bitmap.intersection(column.validity, found) : column.validity)
      }
    case .like(let inner, let pattern):
      return try unary(inner) { column throws(ColumnError) in
        Column(truth: pattern.matches(column), validity: column.validity)
      }
    case .cast(let inner):
      let operand = try evaluate(inner)
      let result = Operand(try operand.column.cast(to: node.type), isConstant: operand.isConstant)
      try note(result, of: [operand])
      return result
    case .arithmetic(let operation, let first, let second):
      let operands = [try evaluate(first), try evaluate(second)]
      let result = try arithmetic(operation, operands[0], operands[1], node.type)
      try note(result, of: operands)
      return result
    case .negate(let inner):
      let operand = try evaluate(inner)
      let result = Operand(
        try operand.column.eachDistinct { column throws(ColumnError) in
          ArithmeticKernel.negate(column) ?? Column(nulls: column.count, of: column.type)
        }, isConstant: operand.isConstant)
      try note(result, of: [operand])
      return result
    case .call(let body, let nodes, let traits):
      let arguments = try arguments(nodes, traits.choice)
      let result = try call(body, arguments, node.type)
      if traits.isPartial { try note(result, of: arguments) }
      return result
    case .lenient(let inner): return try lenient.evaluate(inner)
    case .conditional(let branches, let otherwise): return try conditional(branches, otherwise, node.type)
    }
  }

  // MARK: Columns

  private func column(_ path: [Int], _ type: DataType) throws -> Operand {
    guard let first = path.first, first < batch.columns.count else { throw Self.foreign(type, nil) }
    var column = batch.columns[first]
    for index in path.dropFirst() {
      guard case .structure(let children) = column.storage, index < children.count else {
        throw Self.foreign(type, column.type)
      }
      column = children[index].masked(by: column.validity)
    }
    guard column.type == type else { throw Self.foreign(type, column.type) }
    return Operand(column)
  }

  private static func foreign(_ wanted: DataType, _ found: DataType?) -> ExpressionError {
    ExpressionError(
      .typeMismatch,
      "The batch has \(found?.sqlName ?? "no column") where the expression was bound to \(wanted.sqlName). "
        + "Bind the expression to the batch's own schema.")
  }

  // MARK: Kernels

  /// A function of one value that makes a null of a null: once a distinct value of a dictionary.
  private func unary(_ node: BoundNode, _ body: (Column) throws(ColumnError) -> Column) throws -> Operand {
    let operand = try evaluate(node)
    return Operand(try operand.column.eachDistinct(body), isConstant: operand.isConstant)
  }

  private func compare(_ comparison: Comparison, _ first: Operand, _ second: Operand) throws -> Operand {
    if first.isConstant, !second.isConstant { return try compare(comparison.flipped, second, first) }
    let isConstant = first.isConstant && second.isConstant
    let isNullSafe = comparison == .nullSafeEqual
    if second.isNullConstant || first.type == .null || second.type == .null {
      if isNullSafe {
        let other = second.isNullConstant ? first.column : try second.expanded(to: first.column.count)
        let isNull = second.isNullConstant ? other.nullBits : other.nullBits.intersection(first.column.nullBits)
        return Operand(Column(truth: isNull), isConstant: isConstant)
      }
      return Operand(Column(nulls: first.column.count, of: .boolean), isConstant: isConstant)
    }
    if second.isConstant {
      let result = try first.column.eachDistinct { column throws(ColumnError) in
        Column(truth: try Self.bits(comparison, column, second.column, true), validity: column.validity)
      }
      if isNullSafe { return Operand(Column(truth: result.trueBits), isConstant: isConstant) }
      return Operand(result, isConstant: isConstant)
    }
    let (a, b) = (try first.column.decoded(), try second.column.decoded())
    let bits = try Self.bits(comparison, a, b, false)
    if isNullSafe { return Operand(Logic.nullSafe(bits, a, b)) }
    return Operand(Column(truth: bits, validity: Bitmap.intersection(a.validity, b.validity)))
  }

  private static func bits(
    _ comparison: Comparison, _ a: Column, _ b: Column, _ isConstant: Bool
  ) throws(ColumnError) -> Bitmap {
    guard let bits = CompareKernel.bits(comparison, a, b, isConstant: isConstant) else {
      throw ColumnError(.unsupported, "\(a.type.sqlName) and \(b.type.sqlName) do not compare.")
    }
    return bits
  }

  /// Combines truth values, the next one only where rows are left `open` by those before.
  private func fold(
    _ nodes: [BoundNode], _ combine: (Column, Column) -> Column, _ open: (Column) -> Bitmap
  ) throws -> Operand {
    guard let first = nodes.first else { return Operand(Column(booleans: [true]), isConstant: true) }
    var result = try boolean(first)
    for node in nodes.dropFirst() {
      let open = open(result.column)
      if open.setCount == 0 { break }
      let next = try restricted(
        to: result.isConstant ? Bitmap(repeating: true, count: batch.rowCount) : open
      ).boolean(node)
      let isConstant = result.isConstant && next.isConstant
      let count = isConstant ? 1 : batch.rowCount
      result = Operand(
        combine(try result.expanded(to: count), try next.expanded(to: count)), isConstant: isConstant)
    }
    return result
  }

  private func boolean(_ node: BoundNode) throws -> Operand {
    let operand = try evaluate(node)
    if operand.type == .boolean { return operand }
    return Operand(Column(nulls: operand.column.count, of: .boolean), isConstant: operand.isConstant)
  }

  private func arithmetic(
    _ operation: Arithmetic, _ first: Operand, _ second: Operand, _ type: DataType
  ) throws -> Operand {
    let isConstant = first.isConstant && second.isConstant
    let count = isConstant ? 1 : batch.rowCount
    if first.isNullConstant || second.isNullConstant { return Operand(Column(nulls: 1, of: type), isConstant: true) }
    let (a, b) = (try first.decoded().expanded(to: count), try second.decoded().expanded(to: count))
    let result =
      type.isDecimal ? DecimalArithmetic.evaluate(operation, a, b) : ArithmeticKernel.evaluate(operation, a, b)
    return Operand(result ?? Column(nulls: count, of: type), isConstant: isConstant)
  }

  private func call(_ body: FunctionBody, _ arguments: [Operand], _ type: DataType) throws -> Operand {
    let isConstant = arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : batch.rowCount
    switch body {
    case .unary(let function) where arguments.count == 1:
      return Operand(
        try arguments[0].column.eachDistinct { column throws(ColumnError) in try function(column, type) },
        isConstant: isConstant)
    case .unary: return Operand(Column(nulls: 1, of: type), isConstant: true)
    case .columns(let function):
      let columns = try arguments.map { try $0.decoded().expanded(to: count) }
      return Operand(try function(columns, count, type), isConstant: isConstant)
    }
  }

  // MARK: CASE

  /// Every branch for every row, then of each row the one that holds: the branches' columns one after the other, and
  /// the rows picked from them.
  private func conditional(
    _ branches: [(condition: BoundNode, value: BoundNode)], _ otherwise: BoundNode, _ type: DataType
  ) throws -> Operand {
    var conditions: [Operand] = []
    var values: [Operand] = []
    var rest = self
    for branch in branches {
      let condition = try rest.boolean(branch.condition)
      conditions.append(condition)
      guard failures != nil else {
        values.append(try evaluate(branch.value))
        continue
      }
      let rows = try condition.rowBits(batch.rowCount, \.trueBits)
      values.append(try rest.restricted(to: rows).evaluate(branch.value))
      rest = try rest.restricted(to: rows.inverted())
    }
    values.append(try rest.evaluate(otherwise))
    let isConstant = conditions.allSatisfy(\.isConstant) && values.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : batch.rowCount
    let truths = try conditions.map { try $0.expanded(to: count).trueBits }
    return Operand(try Self.choose(truths, values, count: count, type), isConstant: isConstant)
  }

  /// `values[i]` where `truths[i]` is the first bit set, else the last value.
  static func choose(
    _ truths: [Bitmap], _ values: [Operand], count: Int, _ type: DataType
  ) throws(ColumnError) -> Column {
    let columns = values.map { value in
      if case .null = value.column.storage { return Column(nulls: value.column.count, of: type) }
      return value.column
    }
    var starts: [Int] = []
    var total = 0
    for column in columns {
      starts.append(total)
      total += column.count
    }
    guard total < Int32.max else { throw .tooLarge("rows", total) }
    let rows = Buffer(uninitialized: count * 4)
    let target = rows.mutablePointer.assumingMemoryBound(to: Int32.self)
    func fill(_ choice: Int, where rowBits: Bitmap?) {
      let start = Int32(truncatingIfNeeded: starts[choice])
      let step: Int32 = values[choice].isConstant ? 0 : 1
      for row in 0..<count where rowBits?.isSet(row) ?? true {
        target[row] = start &+ Int32(truncatingIfNeeded: row) &* step
      }
    }
    fill(columns.count - 1, where: nil)
    for choice in truths.indices.reversed() { fill(choice, where: truths[choice]) }
    return try Column.concatenating(columns).gathered(rows)
  }
}
