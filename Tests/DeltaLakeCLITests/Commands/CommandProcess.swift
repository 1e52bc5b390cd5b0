import Foundation
import _TestSupport

/// The command `deltalake` as a process of its own.
struct CommandProcess {
  var status: Int32
  var output: String
  var complaint: String

  /// The command that was built along with the tests: beside them.
  static let path: String? = {
    var folders = Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    folders += CommandLine.arguments.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
    folders.append(URL(fileURLWithPath: Files.root + "/.build/debug"))
    return folders.map { $0.appendingPathComponent("deltalake").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) && !$0.contains("/Sources/") }
  }()

  static var isAvailable: Bool { path != nil }
  static let reason = "needs the command beside the tests: swift build --product deltalake"

  /// Runs it to its end; its output goes to files, which never fill up as pipes do.
  static func run(
    _ arguments: [String], in folder: String = Files.root, width: Int? = nil
  ) throws -> CommandProcess {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment
    process.environment?["COLUMNS"] = width.map { "\($0)" }
    try start(process, arguments, in: folder, output: scratch.path + "/out", complaint: scratch.path + "/err")
    process.waitUntilExit()
    return CommandProcess(
      status: process.terminationStatus, output: try Files.text(scratch.path + "/out"),
      complaint: try Files.text(scratch.path + "/err"))
  }

  private static func start(
    _ process: Process, _ arguments: [String], in folder: String, output: String, complaint: String
  ) throws {
    process.executableURL = URL(fileURLWithPath: path ?? "")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    for file in [output, complaint] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: complaint)
    try process.run()
  }
}

/// A folder that is gone after the test.
struct Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/deltalake-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// A command line taken apart as a shell does: blanks separate, quotes keep together.
func words(of line: some StringProtocol) -> [String] {
  var words: [String] = []
  var word = ""
  var quote: Character?
  var isOpen = false
  for character in line {
    switch character {
    case quote: quote = nil
    case "\"" where quote == nil, "'" where quote == nil: (quote, isOpen) = (character, true)
    case " " where quote == nil:
      if isOpen { words.append(word) }
      (word, isOpen) = ("", false)
    default:
      word.append(character)
      isOpen = true
    }
  }
  return isOpen ? words + [word] : words
}
