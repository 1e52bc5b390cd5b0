import ArgumentParser
import DeltaLake

/// The files that rows come from.
struct InputOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The files; patterns with *, ? and [ ] are resolved; - is standard input.", valueName: "file"))
  var from: [String] = []

  @Option(
    name: .customLong("input-format"),
    help: ArgumentHelp("What the files are, whatever their names.", valueName: "parquet|csv|jsonl"))
  var format: InputFormat?

  func validate() throws {
    if from.isEmpty { throw ValidationError("--from names no file.") }
    if from.contains("-"), format == nil {
      throw ValidationError("Standard input has no name to tell its format by: give --input-format.")
    }
  }

  func source(_ options: GlobalOptions) async throws -> RowSource {
    try await RowSource.parquet(from, threadCount: options.threads)
  }
}

enum InputFormat: String, ExpressibleByArgument, CaseIterable {
  case parquet, csv, jsonl
}
