import ArgumentParser
import DeltaLake

struct AlterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alter",
    abstract: "Change a table's columns, properties and rules; all options of one call make one commit.",
    discussion: """
      Nested fields are named with dots. Dropping and renaming columns needs column mapping: --set \
      delta.columnMapping.mode=name turns it on. --drop-feature takes a table feature away once nothing uses it, so that \
      clients which don't know it can use the table again; the error says what still does.

      Examples:
        deltalake alter rides --add "rain BOOLEAN COMMENT 'wet?'"
        deltalake alter rides --set delta.columnMapping.mode=name
        deltalake alter rides --rename km=kilometres --drop note
        deltalake alter rides --comment "km=distance ridden" --move note=first
        deltalake alter rides --add-constraint "far_enough=km >= 0"
      """)

  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @Option(
    help: ArgumentHelp("Set a property, or a feature by delta.feature.NAME=supported.", valueName: "name=value"))
  var set: [Assignment] = []
  @Option(help: ArgumentHelp("Remove a property.", valueName: "name"))
  var unset: [String] = []
  @Option(help: ArgumentHelp("Add columns, written as in SQL.", valueName: "definitions"))
  var add: [String] = []
  @Option(help: ArgumentHelp("Drop a column.", valueName: "column"))
  var drop: [String] = []
  @Option(help: ArgumentHelp("Rename a column.", valueName: "column=name"))
  var rename: [Assignment] = []
  @Option(help: ArgumentHelp("Change a column's type to a wider one.", valueName: "column=type"))
  var type: [Assignment] = []
  @Option(help: ArgumentHelp("Move a column: first, or after another one.", valueName: "column=first|after:other"))
  var move: [Assignment] = []
  @Option(help: ArgumentHelp("Describe a column; nothing after the = takes the words away.", valueName: "column=text"))
  var comment: [Assignment] = []
  @Option(name: .customLong("not-null"), help: ArgumentHelp("Forbid nulls.", valueName: "column"))
  var notNull: [String] = []
  @Option(help: ArgumentHelp("Allow nulls.", valueName: "column"))
  var nullable: [String] = []
  @Option(help: ArgumentHelp("Set a column's default for rows to come.", valueName: "column=expression"))
  var `default`: [Assignment] = []
  @Option(name: .customLong("drop-default"), help: ArgumentHelp("Take a default away.", valueName: "column"))
  var dropDefault: [String] = []
  @Option(
    name: .customLong("add-constraint"),
    help: ArgumentHelp("Add a condition that all rows must meet.", valueName: "name=condition"))
  var addConstraint: [Assignment] = []
  @Option(name: .customLong("drop-constraint"), help: ArgumentHelp("Drop a constraint.", valueName: "name"))
  var dropConstraint: [String] = []
  @Option(
    name: .customLong("cluster-by"),
    help: ArgumentHelp("The columns by which OPTIMIZE lays out rows; none for no more clustering.", valueName: "a,b"))
  var clusterBy: String?

  @Option(
    name: .customLong("drop-feature"),
    help: ArgumentHelp("Drop a table feature that nothing uses any more.", valueName: "name"))
  var dropFeature: [String] = []

  @OptionGroup var committing: CommittingOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let changes = try changes()
    guard !changes.isEmpty else { throw ValidationError("Say what to change: deltalake alter --help lists it.") }
    let timing = Timing()
    let commit = try await DeltaTable(table).alter(changes, options: try committing.commitOptions())
    try timing.finish(options)
    guard let commit else { return Messages.say("the table is like that already", options) }
    Messages.report(commit, options)
    Messages.say("altered \(table): version \(commit.version)", options)
  }

  private func changes() throws -> [SchemaChange] {
    var changes: [SchemaChange] = []
    if !unset.isEmpty { changes.append(.unsetProperties(unset, ifExists: false)) }
    if !set.isEmpty { changes.append(.setProperties(set.dictionary)) }
    let added = try add.flatMap { try ColumnDefinition.parse($0) }
    if !added.isEmpty { changes.append(.addColumns(added.map { AddedColumn(StructField($0)) })) }
    if !drop.isEmpty { changes.append(.dropColumns(try drop.map(path))) }
    changes += try rename.map { .renameColumn(try path($0.name), to: $0.value) }
    changes += try type.map { .changeType(try path($0.name), to: try DataType(parsing: $0.value)) }
    changes += try move.map { .moveColumn(try path($0.name), try position($0)) }
    changes += try comment.map { .setComment(try path($0.name), $0.value.isEmpty ? nil : $0.value) }
    changes += try nullable.map { .dropNotNull(try path($0)) }
    changes += try `default`.map { .setDefault(try path($0.name), $0.value) }
    changes += try dropDefault.map { .dropDefault(try path($0)) }
    changes += dropConstraint.map { .dropConstraint(name: $0, ifExists: false) }
    changes += try notNull.map { .setNotNull(try path($0)) }
    changes += addConstraint.map { .addConstraint(name: $0.name, condition: $0.value) }
    if let clusterBy { changes.append(.clusterBy(try ColumnNames.list(clusterBy).map(path))) }
    changes += dropFeature.map { .dropFeature($0) }
    return changes
  }

  /// A column as it is written in SQL, or a plain name with anything but dots in it.
  private func path(_ text: String) throws -> ColumnPath {
    if case .column(let path)? = try? ColumnExpression(parsing: text) { return path }
    let names = text.split(separator: ".").map(String.init)
    guard !names.isEmpty else { throw ValidationError("'\(text)' is no name of a column.") }
    return ColumnPath(names)
  }

  private func position(_ move: Assignment) throws -> ColumnPosition {
    if move.value == "first" { return .first }
    guard move.value.hasPrefix("after:") else {
      throw ValidationError("--move takes first or after:COLUMN behind the =, not '\(move.value)'.")
    }
    return .after(String(move.value.dropFirst("after:".count)))
  }
}
