internal import Columnar

/// Some rows of a batch, as one leaf sees them: the levels, and which rows of the leaf's column are values.
///
/// Spec: Parquet README § Nested Encoding
struct LeafLevels {
  let rowCount: Int
  /// As many as there are levels: one for each value, null and empty list.
  let entryCount: Int
  let definitions: Definitions
  /// The level of a value.
  let maximumDefinition: Int
  /// A byte an entry; `nil` outside of lists, where each is 0.
  let repetitions: Buffer?
  /// Those of the leaf's column that can be values.
  let rows: Range<Int>
  /// Which of these rows are: a bit a row; `nil`: all.
  let present: Bitmap?
  let valueCount: Int

  enum Definitions {
    /// Every entry is a value: it has the highest level.
    case all
    /// The highest level is 1, and an entry's is the bit from `start` on.
    case bits(Bitmap, start: Int)
    /// A byte an entry.
    case levels(Buffer)
  }
}
