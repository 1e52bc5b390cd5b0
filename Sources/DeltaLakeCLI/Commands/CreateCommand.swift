import ArgumentParser
import DeltaLake

struct CreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Create a table without rows.",
    discussion: """
      Columns are written as in SQL: name TYPE [NOT NULL] [DEFAULT expression] [COMMENT 'text'] \
      [GENERATED ALWAYS AS (expression)].

      Examples:
        deltalake create trips --columns "id BIGINT NOT NULL, km DOUBLE, day DATE"
        deltalake create trips --columns "id INT, day DATE" --partition-by day
        deltalake create trips --columns "id INT" --property delta.appendOnly=true
      """)

  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @Option(help: ArgumentHelp("The columns and their types, as in SQL.", valueName: "definitions"))
  var columns: String

  @Option(name: .customLong("partition-by"), help: ArgumentHelp("Columns that become folders.", valueName: "a,b"))
  var partitionBy: String?

  @Option(
    name: .customLong("cluster-by"), help: ArgumentHelp("Columns by which OPTIMIZE lays out rows.", valueName: "a,b"))
  var clusterBy: String?

  @Option(
    name: .customLong("property"), help: ArgumentHelp("A table property; may be repeated.", valueName: "name=value"))
  var properties: [Assignment] = []

  @Option(help: ArgumentHelp("The table's name.", valueName: "text"))
  var name: String?

  @Option(help: ArgumentHelp("What the table is for.", valueName: "text"))
  var comment: String?

  @Flag(name: .customLong("if-not-exists"), help: "Do nothing where there is a table.")
  var isSkippedIfExists = false

  @OptionGroup var committing: CommittingOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    var create = CreateTable(StructType(try ColumnDefinition.parse(columns).map { StructField($0) }))
    create.partitionColumns = partitionBy.map(ColumnNames.list) ?? []
    create.clusteringColumns = clusterBy.map { ColumnNames.list($0).map { ColumnPath($0) } }
    create.properties = properties.dictionary
    create.name = name
    create.comment = comment
    create.isSkippedIfExists = isSkippedIfExists
    let timing = Timing()
    let commit = try await DeltaTable(table).create(create, options: try committing.commitOptions())
    try timing.finish(options)
    if let commit {
      Messages.report(commit, options)
      Messages.say("created \(table) at version \(commit.version)", options)
    } else {
      Messages.say("there is a table already", options)
    }
  }
}

/// Names on the command line.
enum ColumnNames {
  /// Separated by commas.
  static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { String($0.drop { $0 == " " }) }
  }
}
