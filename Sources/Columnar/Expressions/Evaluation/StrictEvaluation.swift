// What rules of tables are evaluated by: numbers that overflow, divisors of zero and casts of what has no counterpart are
// not null but failures, as in ANSI SQL. What a row does not come to counts for nothing: the other branch of a CASE, the
// rest of an OR that is true already.

extension BoundExpression {
  /// The value for each row, null where it can't be computed.
  ///
  /// - Returns: also a set bit for each row where it can't; `nil`: it can everywhere.
  /// - Throws: as ``evaluate(on:)``.
  package func evaluateStrictly(on batch: RecordBatch) throws -> (column: Column, failed: Bitmap?) {
    let failures = ComputationFailures()
    let value = try Evaluation(batch: batch, failures: failures).evaluate(node).expanded(to: batch.rowCount)
    return (value, failures.rows)
  }

  /// A set bit for each row where the value is true, and for each where it can't be computed; `nil`: it can everywhere.
  package func evaluateRowsStrictly(of batch: RecordBatch) throws -> (rows: Bitmap, failed: Bitmap?) {
    let (column, failed) = try evaluateStrictly(on: batch)
    return (column.trueBits, failed)
  }
}

/// The rows for which some part of an expression could not be computed. A class, since all parts add to it.
final class ComputationFailures {
  private(set) var rows: Bitmap?

  func add(_ failed: Bitmap) {
    guard failed.setCount > 0 else { return }
    rows = rows?.union(failed) ?? failed
  }
}

/// What a call does with its arguments, beyond its body.
struct CallTraits: Hashable, Sendable {
  /// Which of its arguments a row comes to.
  enum Choice: Hashable, Sendable {
    case all
    /// The second where the first is true, else the third.
    case ifTrue
    /// The second where the first is not null, else the third.
    case ifNotNull
    /// The first that is not null, and those before.
    case firstNotNull
  }

  var choice = Choice.all
  /// Whether null for arguments none of which is null means that the value can't be computed.
  var isPartial = false
}

extension Evaluation {
  /// For some of the rows that this one is for.
  func restricted(to rows: @autoclosure () throws -> Bitmap) rethrows -> Evaluation {
    guard failures != nil else { return self }
    var result = self
    let rows = try rows()
    result.relevant = relevant?.intersection(rows) ?? rows
    return result
  }

  /// Without a look at failures.
  var lenient: Evaluation {
    var result = self
    result.failures = nil
    return result
  }

  /// Notes the rows that have no value though all of the inputs have one.
  func note(_ result: Operand, of inputs: [Operand]) throws {
    guard let failures, result.column.nullCount > 0 else { return }
    var failed = try result.rowBits(batch.rowCount, \.nullBits)
    for input in inputs { failed = failed.intersection(try input.rowBits(batch.rowCount, \.validBits)) }
    failures.add(relevant?.intersection(failed) ?? failed)
  }

  /// The arguments of a call, each for the rows that come to it.
  func arguments(_ nodes: [BoundNode], _ choice: CallTraits.Choice) throws -> [Operand] {
    guard failures != nil, choice != .all, let first = nodes.first else { return try nodes.map { try evaluate($0) } }
    var values = [try evaluate(first)]
    switch choice {
    case .firstNotNull:
      var rest = self
      for node in nodes.dropFirst() {
        rest = try rest.restricted(to: values[values.count - 1].rowBits(batch.rowCount, \.nullBits))
        values.append(try rest.evaluate(node))
      }
    default:
      let bits = try values[0].rowBits(batch.rowCount, choice == .ifTrue ? \.trueBits : \.validBits)
      for (index, node) in nodes.dropFirst().enumerated() {
        values.append(try restricted(to: index == 0 ? bits : bits.inverted()).evaluate(node))
      }
    }
    return values
  }
}

extension Operand {
  /// A bit for each of a batch's rows.
  func rowBits(_ rowCount: Int, _ bits: KeyPath<Column, Bitmap>) throws(ColumnError) -> Bitmap {
    guard isConstant else { return column[keyPath: bits] }
    return Bitmap(repeating: column[keyPath: bits][0], count: rowCount)
  }
}
