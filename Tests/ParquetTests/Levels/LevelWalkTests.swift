import Columnar
import Testing

@testable import Parquet

@Suite("Levels of nested columns")
struct LevelWalkTests {
  /// Levels of the leaf of that number, each as an array, and the rows of its column that are values.
  private func levels(
    _ column: Column, isNullable: Bool = true, leaf: Int = 0, rows: Range<Int>? = nil, type: DataType? = nil
  ) throws(ParquetError) -> (definitions: [UInt8], repetitions: [UInt8], values: [Int]) {
    let schema = try WriteSchema(StructType([StructField("a", type ?? column.type, isNullable: isNullable)]))
    let leaf = schema.leaves[leaf]
    let (found, _) = try LevelWalk.levels(of: leaf, in: column, rows: rows ?? 0..<column.count)
    let definitions: [UInt8] =
      switch found.definitions {
      case .all: Array(repeating: UInt8(leaf.maximumDefinition), count: found.entryCount)
      case .bits(let bits, let start): (0..<found.entryCount).map { bits[start + $0] ? 1 : 0 }
      case .levels(let levels): levels.values(of: UInt8.self)
      }
    let values = found.rows.filter { row in found.present.map { $0[row - found.rows.lowerBound] } ?? true }
    #expect(values.count == found.valueCount)
    #expect(definitions.count { $0 == leaf.maximumDefinition } == found.valueCount)
    return (definitions, found.repetitions?.values(of: UInt8.self) ?? [], values)
  }

  @Test("A flat column has a level where it can be null")
  func flat() throws {
    #expect(try levels(Column(longs: [1, 2, 3]), isNullable: false) == ([0, 0, 0], [], [0, 1, 2]))
    #expect(try levels(Column(longs: [1, 2, 3])) == ([1, 1, 1], [], [0, 1, 2]))
    let holed = Column(longs: [nil, 2, nil, 4, 5])
    #expect(try levels(holed) == ([0, 1, 0, 1, 1], [], [1, 3, 4]))
    #expect(try levels(holed, rows: 2..<4) == ([0, 1], [], [3]))
    #expect(try levels(holed, isNullable: false, rows: 3..<5) == ([0, 0], [], [3, 4]))
    #expect(try levels(Column(nulls: 2, of: .null)) == ([0, 0], [], []))
  }

  @Test("Fields of structs end where the struct is null, or the field")
  func structs() throws {
    let column = Column(
      fields: [("x", Column(longs: [1, nil, 3, 4])), ("y", Column(longs: [1, 2, 3, 4]))], count: 4,
      validity: Bitmap([true, true, false, true]))
    #expect(try levels(column) == ([2, 1, 0, 2], [], [0, 3]))
    let required = DataType.struct(
      StructType([StructField("x", .long, isNullable: true), StructField("y", .long, isNullable: false)]))
    #expect(try levels(column, leaf: 1, type: required) == ([1, 1, 0, 1], [], [0, 1, 3]))
    #expect(try levels(column, leaf: 0, rows: 1..<3) == ([1, 0], [], []))
  }

  @Test("Lists repeat, and end where they are null or empty")
  func lists() throws {
    // [1, null], null, [], [2]
    let column = Column(lists: [2, nil, 0, 1], of: Column(longs: [1, nil, 2]))
    #expect(try levels(column) == ([3, 2, 0, 1, 3], [0, 1, 0, 0, 0], [0, 2]))
    #expect(try levels(column, rows: 2..<4) == ([1, 3], [0, 0], [2]))
    #expect(try levels(column, rows: 1..<3) == ([0, 1], [0, 0], []))
    let full = Column(lists: [2, 1], of: Column(longs: [1, 2, 3]))
    #expect(try levels(full, isNullable: false) == ([2, 2, 2], [0, 1, 0], [0, 1, 2]))
  }

  @Test("Elements under a null list are passed over")
  func hiddenElements() throws {
    let offsets = Buffer(copying: [Int32(1), 3, 5, 6])
    let column = Column(
      .array(ArrayType(.long)), count: 3, validity: Bitmap([true, false, true]),
      storage: .list(offsets: offsets, elements: Column(longs: [9, 1, 2, 9, 9, 3])))
    #expect(try levels(column) == ([3, 3, 0, 3], [0, 1, 0, 0], [1, 2, 5]))
  }

  @Test("Lists of lists tell by the repetition level which list goes on")
  func listsOfLists() throws {
    // [[1, 2], []], null, [], [null, [3]]
    let inner = Column(lists: [2, 0, nil, 1], of: Column(longs: [1, 2, 3]))
    let column = Column(lists: [2, nil, 0, 2], of: inner)
    #expect(try levels(column) == ([5, 5, 3, 0, 1, 2, 5], [0, 2, 1, 0, 0, 0, 1], [0, 1, 2]))
  }

  @Test("Maps are lists of keys and of values")
  func maps() throws {
    let column = Column(
      maps: [2, 0, nil, 1], keys: Column(strings: ["a", "b", "c"]), values: Column(longs: [1, nil, 3]))
    #expect(try levels(column, leaf: 0) == ([2, 2, 1, 0, 2], [0, 1, 0, 0, 0], [0, 1, 2]))
    #expect(try levels(column, leaf: 1) == ([3, 2, 1, 0, 3], [0, 1, 0, 0, 0], [0, 2]))
  }

  @Test("Structs in lists of structs keep every level apart")
  func mixed() throws {
    // {l: [{v: 1}, null]}, {l: null}, null, {l: [{v: null}]}
    let items = Column(
      fields: [("v", Column(longs: [1, 7, nil]))], count: 3, validity: Bitmap([true, false, true]))
    let lists = Column(lists: [2, nil, 0, 1], of: items)
    let column = Column(fields: [("l", lists)], count: 4, validity: Bitmap([true, true, false, true]))
    #expect(try levels(column) == ([5, 3, 1, 0, 4], [0, 1, 0, 0, 0], [0]))
  }

  @Test("A null where none may be is refused, one under a null struct is not")
  func nullInRequired() throws {
    func refuse(_ column: Column, _ type: DataType, isNullable: Bool) {
      let error = #expect(throws: ParquetError.self) { try levels(column, isNullable: isNullable, type: type) }
      #expect(error?.code == .invalidValue)
    }
    refuse(Column(longs: [1, nil]), .long, isNullable: false)
    let list = Column(lists: [2], of: Column(longs: [1, nil]))
    refuse(list, .array(ArrayType(.long, containsNull: false)), isNullable: true)
    let type = DataType.struct(StructType([StructField("x", .long, isNullable: false)]))
    let hidden = Column(
      fields: [("x", Column(longs: [1, nil]))], count: 2, validity: Bitmap([true, false]))
    #expect(try levels(hidden, type: type).values == [0])
    refuse(Column(fields: [("x", Column(longs: [1, nil]))], count: 2), type, isNullable: true)
  }

  @Test("Columns that contradict themselves are refused")
  func damaged() throws {
    let elements = Column(longs: [1, 2])
    for offsets: [Int32] in [[0, 3], [0, -1], [-1, 1], [5, 6]] {
      let column = Column(
        .array(ArrayType(.long)), count: 1, storage: .list(offsets: Buffer(copying: offsets), elements: elements))
      #expect(throws: ParquetError.self) { try levels(column) }
    }
    let short = Column(
      .array(ArrayType(.long)), count: 2, storage: .list(offsets: Buffer(copying: [Int32(0)]), elements: elements))
    #expect(throws: ParquetError.self) { try levels(short) }
    #expect(throws: ParquetError.self) { try levels(Column(longs: [1]), type: .array(ArrayType(.long))) }
  }
}
