import Foundation

@testable import DeltaLog

/// The conformance tables, where there are any: `DELTALAKE_SHARED` names the folder that holds `conformance`.
enum SharedTables {
  static let root = ProcessInfo.processInfo.environment["DELTALAKE_SHARED"].map { $0 + "/conformance" }

  static let caseNames: [String] = {
    guard let root, let names = try? FileManager.default.contentsOfDirectory(atPath: root + "/cases") else { return [] }
    return names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  struct Case {
    let table: String
    let reads: [[String: Any]]
    /// By path inside the table, in milliseconds.
    let times: [String: Int64]

    init(_ name: String) throws {
      let root = SharedTables.root ?? ""
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(root)/cases/\(name).json"))
      let json = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
      table = "\(root)/\(json["table"] as? String ?? "")"
      reads = json["reads"] as? [[String: Any]] ?? []
      times = (json["mtimes"] as? [String: NSNumber] ?? [:]).mapValues(\.int64Value)
    }

    func listing() -> [LogFile] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: table + "/_delta_log")) ?? []
      return names.compactMap { name in
        let attributes = try? FileManager.default.attributesOfItem(atPath: table + "/_delta_log/" + name)
        let date = attributes?[.modificationDate] as? Date
        let time = times["_delta_log/" + name] ?? Int64((date?.timeIntervalSince1970 ?? 0) * 1000)
        return LogFile(
          parsing: name, sizeInBytes: (attributes?[.size] as? NSNumber)?.int64Value ?? 0,
          modificationTime: Timestamp(milliseconds: time))
      }
    }

    func bytes(_ file: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: table + "/_delta_log/" + file)))
    }

    /// Replays a segment whose checkpoint, if any, is JSON; sidecars are left out and told.
    func state(_ segment: LogSegment, options: LogReplay.Options = .init()) throws -> (TableState, [SidecarFile]) {
      var replay = LogReplay(options: options)
      do {
        for file in segment.deltas.reversed() { try replay.apply(commit: try bytes(file.name), file) }
      } catch  where segment.deltas.contains(where: { $0.kind != .commit }) {
        let segment = try segment.withoutCompactions(because: .corruptLog("a compaction is damaged"))
        return try state(segment, options: options)
      }
      var sidecars: [SidecarFile] = []
      if let file = segment.checkpoint?.files.first {
        sidecars = try replay.apply(jsonCheckpoint: try bytes(file.name), file)
      }
      return (try replay.finish(version: segment.version), sidecars)
    }
  }
}
