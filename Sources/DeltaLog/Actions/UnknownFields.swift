package import Columnar

/// Fields of an action that this library doesn't know: kept as they are when the action is written again.
///
/// Any two are equal: what nobody here understands makes no difference here, and a checkpoint doesn't have it.
package struct UnknownFields: Hashable, Sendable {
  package var values: [String: MetadataValue] = [:]

  package init(_ values: [String: MetadataValue] = [:]) {
    self.values = values
  }

  package static func == (left: UnknownFields, right: UnknownFields) -> Bool { true }

  package func hash(into hasher: inout Hasher) {}
}
