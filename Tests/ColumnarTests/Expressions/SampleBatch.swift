import Columnar

/// Four rows of every type that expressions work on; row 2 (the third) is all null.
enum SampleBatch {
  static let columns: [(String, Column)] = [
    ("b", Column(booleans: [true, false, nil, true])),
    ("i8", Column(bytes: [1, -128, nil, 127])),
    ("i16", Column(shorts: [1, -2, nil, 300])),
    ("i32", Column(integers: [1, -2, nil, 2_147_483_647])),
    ("i64", Column(longs: [1, -2, nil, 9_223_372_036_854_775_807])),
    ("f32", Column(floats: [0.5, -2, nil, .nan])),
    ("f64", Column(doubles: [0.5, -2.25, nil, .nan])),
    ("d9", Column(decimals: [150, -25, nil, 99_999], precision: 9, scale: 2)),
    ("d38", Column(decimals: [1500, -250, nil, 99_999], precision: 38, scale: 3)),
    ("s", Column(strings: ["Oslo", "bergen", nil, "Ærø%x"])),
    ("c", Column(codes: [0, 1, nil, 0], values: Column(strings: ["red", "green"]))),
    ("bin", Column(binaries: [[1, 2], [], nil, [255]])),
    ("day", Column(dates: [0, 19_723, nil, -1])),
    ("ts", Column(timestamps: [0, 1_704_067_200_123_456, nil, -1])),
    (
      "st",
      Column(
        fields: [("x", Column(longs: [10, nil, 30, 40])), ("Name", Column(strings: ["a", "b", "c", nil]))], count: 4,
        validity: Bitmap([true, true, false, true]))
    ),
    ("l", Column(lists: [2, 0, nil, 1], of: Column(longs: [1, 2, 3]))),
    ("odd name", Column(longs: [7, 8, nil, 9])),
  ]

  static let batch = RecordBatch(
    schema: Schema(columns.map { StructField($0.0, $0.1.type) }), columns: columns.map(\.1), rowCount: 4)
}
