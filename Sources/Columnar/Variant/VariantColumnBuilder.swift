/// Gathers variants, row after row, into a column of type `variant`.
public struct VariantColumnBuilder {
  private var metadata: [UInt8] = []
  private var values: [UInt8] = []
  private var metadataOffsets: [Int32] = [0]
  private var valueOffsets: [Int32] = [0]
  private var validity: [Bool] = []
  private var nullCount = 0

  public init() {}

  /// The rows so far.
  public var count: Int { validity.count }

  /// Appends a row; its bytes are copied and not looked at.
  ///
  /// - Throws: `invalidUse` when the column's bytes exceed 2 GiB: start another one.
  public mutating func append(metadata: Buffer, value: UnsafeRawBufferPointer) throws(VariantError) {
    let limit = Int(Int32.max)
    guard self.metadata.count <= limit - metadata.count, values.count <= limit - value.count else {
      throw VariantError(.invalidUse, "A column of variants holds more than 2 GiB; read fewer rows at a time.")
    }
    metadata.withUnsafeBytes { self.metadata.append(contentsOf: $0) }
    values.append(contentsOf: value)
    finishRow(isValid: true)
  }

  /// Appends the value that was built.
  public mutating func append(_ builder: VariantBuilder) throws(VariantError) {
    precondition(builder.isComplete, "a variant is one whole value")
    let metadata = try builder.metadata()
    var failure: VariantError?
    builder.value.withUnsafeBytes { bytes in
      do throws(VariantError) { try append(metadata: metadata, value: bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Appends a row without a variant, which is not the same as a variant that holds null.
  public mutating func appendNull() {
    nullCount += 1
    finishRow(isValid: false)
  }

  private mutating func finishRow(isValid: Bool) {
    metadataOffsets.append(Int32(metadata.count))
    valueOffsets.append(Int32(values.count))
    validity.append(isValid)
  }

  /// The rows as a column.
  public consuming func finish() -> Column {
    let metadataColumn = Column(
      .binary, count: count,
      storage: .bytes(offsets: Buffer(copying: metadataOffsets), data: Buffer(copying: metadata)))
    let valueColumn = Column(
      .binary, count: count, storage: .bytes(offsets: Buffer(copying: valueOffsets), data: Buffer(copying: values)))
    return Column(
      .variant, count: count, validity: nullCount == 0 ? nil : Bitmap(validity), nullCount: nullCount,
      storage: .variant(metadata: metadataColumn, value: valueColumn))
  }
}
