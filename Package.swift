// swift-tools-version: 6.2
import PackageDescription

let isFuzzing = Context.environment["DELTALAKE_FUZZING"] != nil

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  ] + (isFuzzing ? [.define("DELTALAKE_FUZZING")] : [])

let package = Package(
  name: "swift-deltalake",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "DeltaLake", targets: ["DeltaLake"]),
    .library(name: "DeltaSQL", targets: ["DeltaSQL"]),
    .library(name: "Parquet", targets: ["Parquet"]),
    .executable(name: "deltalake", targets: ["DeltaLakeCLI"]),
    // Only for tools/check-arrow, which loads it into Python.
    .library(name: "ArrowInterop", type: .dynamic, targets: ["ArrowInterop"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // The C codecs. Each is imported by exactly one file of Parquet/Compression.
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(
      name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"]), .brew(["snappy"])]),
    .systemLibrary(
      name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CBrotli", pkgConfig: "libbrotlidec",
      providers: [.apt(["libbrotli-dev"]), .brew(["brotli"])]),

    // CRC-32 with the processor's help, where it has any.
    .target(name: "CChecksum"),
    // The call that renames a file without replacing another, which Swift's view of the C library lacks.
    .target(name: "CFileCalls"),
    // The structs of Arrow's C data interface: a header.
    .target(name: "CArrow"),
    .target(name: "Columnar", dependencies: ["CArrow"], swiftSettings: settings),
    .target(
      name: "Parquet",
      dependencies: ["Columnar", "CZstd", "CSnappy", "CLZ4", "CZlib", "CBrotli", "CChecksum"],
      swiftSettings: settings),
    .target(name: "ObjectStorage", dependencies: ["CFileCalls"], swiftSettings: settings),
    .target(name: "DeltaLog", dependencies: ["Columnar"], swiftSettings: settings),
    .target(
      name: "DeltaLake",
      dependencies: ["Columnar", "Parquet", "ObjectStorage", "DeltaLog"],
      swiftSettings: settings),
    .target(name: "DeltaSQL", dependencies: ["DeltaLake", "Columnar"], swiftSettings: settings),
    .executableTarget(
      name: "DeltaLakeCLI",
      dependencies: [
        "DeltaLake", "DeltaSQL", "Parquet", "Columnar", "DeltaLog", "ObjectStorage",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    .target(
      name: "ArrowInterop", dependencies: ["Columnar"], path: "Tests/Interop", swiftSettings: settings),
    // What tests share: fixtures, expected rows, JSON to compare them by.
    .target(
      name: "_TestSupport", dependencies: ["ObjectStorage", "Columnar", "DeltaLog"], path: "Tests/_TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "_TestSupportTests", dependencies: ["_TestSupport", "ObjectStorage"], swiftSettings: settings),
    .testTarget(name: "ColumnarTests", dependencies: ["Columnar", "_TestSupport"], swiftSettings: settings),
    .testTarget(name: "ParquetTests", dependencies: ["Parquet", "Columnar", "_TestSupport"], swiftSettings: settings),
    .testTarget(name: "ObjectStorageTests", dependencies: ["ObjectStorage", "_TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "DeltaLogTests", dependencies: ["DeltaLog", "Columnar", "_TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "DeltaLakeTests",
      dependencies: ["DeltaLake", "DeltaLog", "Parquet", "Columnar", "ObjectStorage", "_TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DeltaSQLTests",
      dependencies: ["DeltaSQL", "DeltaLake", "Columnar", "_TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DeltaLakeCLITests", dependencies: ["DeltaLakeCLI", "DeltaLake", "Parquet", "Columnar", "_TestSupport"],
      swiftSettings: settings),
  ]
)

// The fuzzers, built only by tools/fuzz: they need a sanitizer's runtime, and this package's access to what they test.
if isFuzzing {
  package.targets.append(
    .executableTarget(
      name: "Fuzzing", dependencies: ["Columnar", "Parquet", "DeltaLog", "DeltaSQL"], path: "Fuzzing/Sources",
      swiftSettings: settings))
}
