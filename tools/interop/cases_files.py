"""Tables whose data files are compressed and laid out in every way that there is."""
from cases import EVERY, case
from values import array_of, map_of, struct_of

COLUMNS = [("id", "long"), *EVERY, ("list", array_of("string")),
           ("map", map_of("string", "double")), ("struct", struct_of(a="long", b="string"))]


def compressed(codec):
    def make(table):
        table.create(COLUMNS)
        table.write(table.some(200), "--compression", codec)
    make.__name__ = "codec_" + codec.replace(":", "_")
    make.__module__ = __name__
    make.__doc__ = f"Every type, compressed by {codec}"
    return case(make, appended=False, checkpointed=False)


for codec in ("none", "snappy", "zstd", "zstd:19", "gzip", "gzip:9", "brotli", "lz4"):
    compressed(codec)


@case(appended=False, checkpointed=False)
def codecs_mixed(table):
    """One table with files of every codec, the last one's by a property"""
    table.create(COLUMNS, properties={"delta.parquet.compression.codec": "gzip"})
    for codec in ("none", "snappy", "zstd", "brotli", "lz4"):
        table.write(table.some(20), "--compression", codec)
    table.write(table.some(20))
