package import Columnar

/// Which partition a file is in: the same for all spellings of the same values.
///
/// Writers spell timestamps, decimals and null in more than one way, so that files of one partition can't be told by
/// the log's texts.
///
/// Spec: Delta § Partition Value Serialization
package struct PartitionKey: Hashable, Sendable {
  private let texts: [ExactText?]

  /// - Parameters:
  ///   - values: as in ``AddFile/partitionValues``.
  ///   - columns: the physical fields of all partition columns, in the table's order.
  /// - Throws: ``DeltaError`` `corruptLog` when a text is no value of its column's type.
  package init(_ values: [String: String?], of columns: [StructField]) throws(DeltaError) {
    texts = try PartitionValues.scalars(values, of: columns).map { value throws(DeltaError) in
      let text =
        switch value {
        // The two zeros are one value.
        case .float(let number) where number == 0: PartitionValues.text(for: .float(0))
        case .double(let number) where number == 0: PartitionValues.text(for: .double(0))
        default: PartitionValues.text(for: value)
        }
      return text.map(ExactText.init)
    }
  }
}
