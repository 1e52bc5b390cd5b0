internal import Columnar

/// A predicate made ready for one reading: bound to the requested columns that it names, and traced to the file's leaves.
struct ReadPredicate: Sendable {
  /// With names and literals as the requested schema has them.
  let predicate: ColumnPredicate
  /// The requested columns it reads, ascending; the bound expression wants batches of just these.
  let columns: [Int]
  let schema: Schema
  let bound: BoundExpression
  /// Where statistics about its columns are.
  let targets: PredicateColumns

  init(_ predicate: ColumnPredicate, plan: ReadPlan, file: ParquetSchema) throws {
    let resolved = try predicate.resolved(against: plan.schema)
    let names = Set(resolved.columns.map { $0.names[0] })
    let columns = plan.schema.fields.indices.filter { names.contains(plan.schema.fields[$0].name) }
    let schema = StructType(columns.map { plan.schema.fields[$0] })
    self.predicate = resolved
    self.columns = columns
    self.schema = schema
    bound = try resolved.bound(to: schema)
    var targets: [ColumnPath: PredicateColumns.Target] = [:]
    for path in resolved.columns {
      guard let index = plan.schema.index(of: path.names[0]) else { continue }
      targets[path] = Self.target(plan.columns[index], path.names.dropFirst(), plan, file)
    }
    self.targets = PredicateColumns(targets)
  }

  /// Statistics speak of the file's values, so they are used only where those are read as they are.
  private static func target(
    _ node: ReadNode, _ names: ArraySlice<String>, _ plan: ReadPlan, _ file: ParquetSchema
  ) -> PredicateColumns.Target? {
    switch node.kind {
    case .missing:
      return .missing
    case .leaf(let position):
      let leaf = plan.leaves[position]
      guard names.isEmpty else { return nil }
      return leaf.type == file.leaves[leaf.index].type ? .leaf(leaf.index) : nil
    case .structure(let children, _, _):
      guard let name = names.first, case .struct(let type) = node.type, let index = type.index(of: name) else {
        return nil
      }
      return target(children[index], names.dropFirst(), plan, file)
    case .list, .map, .variant:
      return nil
    }
  }
}
