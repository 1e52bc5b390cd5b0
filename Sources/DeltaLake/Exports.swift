// `import DeltaLake` is enough: the types of its signatures come with it.
@_exported public import Columnar
@_exported public import DeltaLog
@_exported public import ObjectStorage
@_exported public import struct Parquet.Compression
