import Foundation

/// The folders that tests read.
package enum Files {
  /// The package's root.
  package static let root: String = {
    let here = URL(fileURLWithPath: #filePath)
    return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  }()

  /// The shared suite of tables and files that `DELTALAKE_SHARED` names, or `nil`: tests that need it are skipped.
  package static let shared: String? = {
    guard let path = ProcessInfo.processInfo.environment["DELTALAKE_SHARED"], !path.isEmpty else { return nil }
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  package static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  package static func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }
}

/// The shared suite; every test that uses it has `.enabled(if: Shared.isAvailable, Shared.reason)`.
package enum Shared {
  package static let path: String? = Files.shared
  package static var isAvailable: Bool { path != nil }
  /// Why a test is skipped without it.
  package static let reason = "needs the shared suite: set DELTALAKE_SHARED"
}
