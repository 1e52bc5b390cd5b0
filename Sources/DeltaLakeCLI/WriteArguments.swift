import ArgumentParser
import DeltaLake
import Parquet

enum SchemaModeArgument: String, ExpressibleByArgument, CaseIterable {
  case enforce, merge, overwrite

  var mode: WriteOptions.SchemaMode {
    switch self {
    case .enforce: .enforce
    case .merge: .merge
    case .overwrite: .overwrite
    }
  }
}

enum ViolationArgument: ExpressibleByArgument {
  case fail, skip
  case quarantine(String)

  init?(argument: String) {
    switch argument {
    case "fail": self = .fail
    case "skip": self = .skip
    case _ where argument.hasPrefix("quarantine=") && argument.utf8.count > "quarantine=".utf8.count:
      self = .quarantine(String(argument.dropFirst("quarantine=".count)))
    default: return nil
    }
  }

  var defaultValueDescription: String { "fail" }

  func policy() throws -> WriteOptions.ViolationPolicy {
    switch self {
    case .fail: .fail
    case .skip: .skip
    case .quarantine(let table): .quarantine(try DeltaTable(table))
    }
  }
}

/// A codec, and a level where the codec has levels.
struct CompressionArgument: ExpressibleByArgument {
  let compression: Compression

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let level = parts.count == 2 ? Int(parts[1]) : nil
    guard parts.count == 1 || level != nil, let compression = Compression(named: String(parts[0]), level: level) else {
      return nil
    }
    self.compression = compression
  }
}
