/// Splits a commit (or a JSON checkpoint) into its actions: one JSON object a line, of which one key names the action.
///
/// File actions come as places in the bytes, others as structs. Actions and fields that nobody knows are passed over.
///
/// Spec: Delta § Delta Log Entries
package struct CommitScanner {
  package enum Item {
    case add(ScannedFileAction)
    case remove(ScannedFileAction)
    case change(ScannedFileAction)
    /// Anything but a file action.
    case other(Action)
  }

  package private(set) var json: JSONScanner
  /// Names the file in errors.
  private let file: String
  private let version: Version?

  /// `bytes` must outlive the scanner. `file` is the commit's name as errors shall show it.
  package init(_ bytes: UnsafeRawBufferPointer, file: String, version: Version?) {
    json = JSONScanner(bytes)
    self.file = file
    self.version = version
  }

  /// The next action, or `nil` at the end of the file.
  ///
  /// - Throws: `corruptLog` with the byte offset.
  package mutating func next() throws(DeltaError) -> Item? {
    do {
      while json.skipBlanks() {
        if let item = try readLine() { return item }
      }
      return nil
    } catch {
      throw damaged(error)
    }
  }

  /// The error for a value of this file that turned out to be wrong.
  package func damaged(_ error: JSONSyntaxError) -> DeltaError {
    .damagedCommit(error, file: file, version: version, line: line(of: error.offset))
  }

  private func line(of offset: Int) -> Int {
    var line = 1
    for index in 0..<min(offset, json.end) where json.base[index] == 0x0A { line += 1 }
    return line
  }

  private mutating func readLine() throws(JSONSyntaxError) -> Item? {
    try json.beginObject()
    var isFirst = true
    var item: Item?
    while let key = try json.nextKey(&isFirst) {
      if try json.takeNull() { continue }
      let start = json.position
      guard let found = try readAction(named: key) else { continue }
      guard item == nil else { throw JSONSyntaxError(.secondAction, at: start) }
      item = found
    }
    return item
  }

  private mutating func readAction(named key: JSONText) throws(JSONSyntaxError) -> Item? {
    if json.matches(key, "add") { return .add(try json.readFileAction()) }
    if json.matches(key, "remove") { return .remove(try json.readFileAction()) }
    if json.matches(key, "cdc") { return .change(try json.readFileAction()) }
    if json.matches(key, "commitInfo") { return .other(.commitInfo(try json.readCommitInfo())) }
    if json.matches(key, "metaData") { return .other(.metadata(try json.readFields(TableMetadata.init(fields:)))) }
    if json.matches(key, "protocol") { return .other(.protocol(try json.readFields(ProtocolVersions.init(fields:)))) }
    if json.matches(key, "txn") { return .other(.transaction(try json.readFields(AppTransaction.init(fields:)))) }
    if json.matches(key, "domainMetadata") {
      return .other(.domainMetadata(try json.readFields(DomainMetadata.init(fields:))))
    }
    if json.matches(key, "sidecar") { return .other(.sidecar(try json.readFields(SidecarFile.init(fields:)))) }
    if json.matches(key, "checkpointMetadata") {
      return .other(.checkpointMetadata(try json.readFields(CheckpointMetadata.init(fields:))))
    }
    try json.skipValue()
    return nil
  }
}

extension CommitScanner {
  /// All actions of a commit as structs: for history, the change feed and tests; a snapshot's replay builds none.
  ///
  /// - Throws: `corruptLog` when the bytes are not whole lines of JSON, or there are none.
  package static func actions(
    in bytes: [UInt8], file: String, version: Version? = nil
  ) throws(DeltaError) -> [Action] {
    if bytes.isEmpty { throw .emptyCommit(file, version: version) }
    return try bytes.withUnsafeBufferPointer { bytes throws(DeltaError) in
      var actions: [Action] = []
      var scanner = CommitScanner(UnsafeRawBufferPointer(bytes), file: file, version: version)
      while let item = try scanner.next() {
        do throws(JSONSyntaxError) {
          switch item {
          case .add(let action): actions.append(.add(try scanner.json.addFile(action)))
          case .remove(let action): actions.append(.remove(try scanner.json.removeFile(action)))
          case .change(let action): actions.append(.change(try scanner.json.changeFile(action)))
          case .other(let action): actions.append(action)
          }
        } catch {
          throw scanner.damaged(error)
        }
      }
      return actions
    }
  }

  /// The commit's `commitInfo`, reading no further than that: in-commit timestamps have it in the first line.
  package static func commitInfo(
    in bytes: [UInt8], file: String, version: Version? = nil
  ) throws(DeltaError) -> CommitInfo? {
    if bytes.isEmpty { throw .emptyCommit(file, version: version) }
    return try bytes.withUnsafeBufferPointer { bytes throws(DeltaError) in
      var scanner = CommitScanner(UnsafeRawBufferPointer(bytes), file: file, version: version)
      while let item = try scanner.next() {
        if case .other(.commitInfo(let info)) = item { return info }
      }
      return nil
    }
  }
}
