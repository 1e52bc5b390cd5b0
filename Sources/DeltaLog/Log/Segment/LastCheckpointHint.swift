internal import Columnar

/// What `_last_checkpoint` claims: near which version a listing may start. Only a hint; it may be stale or wrong.
///
/// Spec: Delta § Last Checkpoint File Schema
package struct LastCheckpointHint: Hashable, Sendable {
  package static let fileName = "_last_checkpoint"

  package let version: Version
  /// The actions in the checkpoint.
  package let size: Int64?
  /// The parts of a multi-part checkpoint.
  package let parts: Int64?
  package let sizeInBytes: Int64?
  package let numOfAddFiles: Int64?

  package init(
    version: Version, size: Int64? = nil, parts: Int64? = nil, sizeInBytes: Int64? = nil, numOfAddFiles: Int64? = nil
  ) {
    self.version = version
    self.size = size
    self.parts = parts
    self.sizeInBytes = sizeInBytes
    self.numOfAddFiles = numOfAddFiles
  }

  /// `nil` for anything that isn't a hint: then the whole log is listed.
  package init?(parsing bytes: [UInt8]) {
    guard let value = try? bytes.withUnsafeBytes({ try JSONScanner.value(of: $0) }),
      case .object(let values) = value
    else { return nil }
    let fields = ActionFields(values: values)
    guard let version = fields.number("version"), version >= 0 else { return nil }
    self.init(
      version: version, size: fields.number("size"), parts: fields.number("parts"),
      sizeInBytes: fields.number("sizeInBytes"), numOfAddFiles: fields.number("numOfAddFiles"))
  }

  /// The name from which a sorted listing holds the checkpoint and everything newer.
  package var firstName: String { LogFile.digits(version) + "." }

  /// The file's text.
  package var bytes: [UInt8] {
    var fields: [(String, Int64?)] = [("version", version), ("size", size)]
    fields += [("parts", parts), ("sizeInBytes", sizeInBytes), ("numOfAddFiles", numOfAddFiles)]
    let members = fields.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
    return Array(("{" + members.joined(separator: ",") + "}\n").utf8)
  }
}
