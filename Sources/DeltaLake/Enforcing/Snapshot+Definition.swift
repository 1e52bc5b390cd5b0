package import DeltaLog

extension Snapshot {
  /// What the table is apart from its rows, for the rules of writing and for changes of its schema.
  ///
  /// - Throws: ``DeltaError`` when its schema, column mapping or clustering can't be understood.
  package func definition() throws(DeltaError) -> TableDefinition {
    let clustering = domainMetadata(ClusteringDomain.name)
    return try TableDefinition(
      metadata, protocol: `protocol`, clustering: clustering?.removed == false ? clustering : nil)
  }
}
