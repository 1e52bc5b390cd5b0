"""Parquet files written by Arrow C++ and DuckDB; the rows are what both of them read."""
import datetime
import os
import random
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import fixtures_canonical as canonical

ARROW = f"Arrow C++ {pa.__version__}"
DUCKDB = f"DuckDB {duckdb.__version__}"
UTC = datetime.timezone.utc


def numbers(seed, count):
    rng = random.Random(seed)
    return pa.table({
        "row": pa.array(range(count), pa.int64()),
        "small": pa.array([rng.randrange(-3, 4) if rng.random() > 0.1 else None for _ in range(count)], pa.int32()),
        "large": pa.array([rng.randrange(-2**63, 2**63) for _ in range(count)], pa.int64()),
        "ratio": pa.array([rng.gauss(0, 1) for _ in range(count)], pa.float64()),
        "single": pa.array([rng.gauss(0, 1000) if rng.random() > 0.3 else None for _ in range(count)], pa.float32()),
        "flag": pa.array([rng.random() > 0.5 if rng.random() > 0.2 else None for _ in range(count)], pa.bool_()),
        "word": pa.array([rng.choice(["alpha", "beta", "", "gamma delta", "ørsted", None]) for _ in range(count)], pa.string()),
        "path": pa.array([f"/data/part-{i // 10:03d}/file-{i:05d}" for i in range(count)], pa.string()),
    })


def plain(path):
    pq.write_table(numbers(1, 500), path, use_dictionary=False, compression="none", data_page_version="1.0", version="1.0")


def dictionary(path):
    pq.write_table(numbers(2, 900), path, compression="snappy", row_group_size=400, dictionary_pagesize_limit=4_096)


def deltas(path):
    table = numbers(3, 700).select(["row", "small", "large", "word", "path"])
    pq.write_table(table, path, use_dictionary=False, compression="zstd", data_page_version="2.0", column_encoding={
        "row": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED", "large": "DELTA_BINARY_PACKED",
        "word": "DELTA_LENGTH_BYTE_ARRAY", "path": "DELTA_BYTE_ARRAY"})


def byte_stream_split(path):
    table = numbers(4, 400).select(["ratio", "single", "small", "large"])
    table = table.append_column("half", pa.array([i / 8 if i % 9 else None for i in range(400)], pa.float16()))
    pq.write_table(table, path, use_dictionary=False, compression="gzip", column_encoding={
        name: "BYTE_STREAM_SPLIT" for name in table.column_names})


def codecs(path):
    words = pa.array([f"word {i % 50} of many words" for i in range(600)], pa.string())
    names = ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]
    pq.write_table(pa.table({name: words for name in names}), path, use_dictionary=False,
                   compression={name: name for name in names})


def nested(path):
    rng = random.Random(5)
    def text():
        return rng.choice(["x", "", "yy", None])
    count = 300
    table = pa.table({
        "list": pa.array([None if rng.random() < .1 else [text() for _ in range(rng.randrange(4))] for _ in range(count)],
                         pa.list_(pa.string())),
        "lists": pa.array([None if rng.random() < .1 else [
            None if rng.random() < .2 else [rng.randrange(9) for _ in range(rng.randrange(3))] for _ in range(rng.randrange(3))]
            for _ in range(count)], pa.list_(pa.list_(pa.int16()))),
        "struct": pa.array([None if rng.random() < .2 else {"a": rng.randrange(5), "b": None if rng.random() < .3 else {"c": text()}}
                            for _ in range(count)], pa.struct([("a", pa.int32()), ("b", pa.struct([("c", pa.string())]))])),
        "map": pa.array([None if rng.random() < .1 else [(f"k{j}", [{"v": rng.random()}] if j % 2 else None)
                                                         for j in range(rng.randrange(4))] for _ in range(count)],
                        pa.map_(pa.string(), pa.list_(pa.struct([("v", pa.float64())])))),
    })
    pq.write_table(table, path, compression="snappy", data_page_size=1_024, row_group_size=120)


def types(path):
    moments = [datetime.datetime(1970, 1, 1), datetime.datetime(1969, 12, 31, 23, 59, 59, 999000), datetime.datetime(2262, 4, 11), None]
    table = pa.table({
        "i8": pa.array([-128, 127, 0, None], pa.int8()), "u8": pa.array([255, 0, 1, None], pa.uint8()),
        "i16": pa.array([-32768, 32767, 0, None], pa.int16()), "u16": pa.array([65535, 0, 1, None], pa.uint16()),
        "u32": pa.array([2**32 - 1, 0, 1, None], pa.uint32()), "u64": pa.array([2**64 - 1, 0, 1, None], pa.uint64()),
        "f32": pa.array([float("nan"), float("-inf"), 0.1, None], pa.float32()),
        "f64": pa.array([-0.0, 1e16, 1.7976931348623157e308, None], pa.float64()),
        "d5": pa.array([Decimal("-0.05"), Decimal("999.99"), Decimal(0), None], pa.decimal128(5, 2)),
        "d18": pa.array([Decimal(10**18 - 1), Decimal(-1), Decimal(0), None], pa.decimal128(18, 0)),
        "d38": pa.array([Decimal(10**38 - 1).scaleb(-10), Decimal(-1).scaleb(-10), Decimal(0), None], pa.decimal128(38, 10)),
        "date": pa.array([datetime.date(1, 1, 1), datetime.date(9999, 12, 31), datetime.date(1970, 1, 1), None], pa.date32()),
        "time_ms": pa.array([0, 86_399_999, 1, None], pa.time32("ms")), "time_us": pa.array([0, 86_399_999_999, 1, None], pa.time64("us")),
        "ts_ms": pa.array(moments, pa.timestamp("ms")), "ts_us": pa.array(moments, pa.timestamp("us", "UTC")),
        "ts_ns": pa.array([0, -1, 2**62, None], pa.timestamp("ns")),
        "bytes": pa.array([b"", b"\x00\xff", b"abc", None], pa.binary()), "fixed": pa.array([b"\x00" * 3, b"abc", b"\xff" * 3, None], pa.binary(3)),
        "none": pa.array([None] * 4, pa.null()),
    })
    pq.write_table(table, path, compression="none", store_schema=False)


def pages(path):
    """Many small pages with their index and checksums."""
    table = numbers(6, 1_200).sort_by("row")
    pq.write_table(table, path, compression="zstd", data_page_size=1_024, write_batch_size=64, row_group_size=600,
                   write_page_index=True, write_page_checksum=True)


def nulls(path):
    count = 1_000
    pq.write_table(pa.table({
        "all": pa.array([None] * count, pa.int32()),
        "first": pa.array([None] * 400 + list(range(600)), pa.int32()),
        "last": pa.array([f"v{i}" for i in range(600)] + [None] * 400, pa.string()),
        "every": pa.array([i if i % 2 else None for i in range(count)], pa.int64()),
        "runs": pa.array([1.0 if (i // 37) % 2 else None for i in range(count)], pa.float64()),
    }), path, compression="lz4", data_page_version="2.0")


def int96(path):
    moments = pa.array([0, 1, -1, 2**62, None, 1_700_000_000_123_456_789], pa.timestamp("ns"))
    pq.write_table(pa.table({"at": moments, "n": pa.array(range(6), pa.int32())}), path, use_deprecated_int96_timestamps=True,
                   store_schema=False)


def empty(path):
    pq.write_table(numbers(7, 0), path)


def bloom(path):
    connection = duckdb.connect()
    connection.register("numbers", numbers(8, 3_000))
    connection.execute(f"COPY (SELECT row, 'key-' || (row * 7919 % 997) AS key, small, ratio FROM numbers ORDER BY row) TO '{path}' "
                       "(FORMAT parquet, ROW_GROUP_SIZE 2048, COMPRESSION zstd)")


FILES = [
    (plain, "PLAIN in version 1 pages, uncompressed", ["plain", "page-v1"], ARROW),
    (dictionary, "dictionaries, one of which overflows to PLAIN, in three row groups", ["dictionary", "snappy", "row-groups"], ARROW),
    (deltas, "the three DELTA encodings in version 2 pages", ["delta-encodings", "zstd", "page-v2"], ARROW),
    (byte_stream_split, "BYTE_STREAM_SPLIT of all widths", ["byte-stream-split", "gzip", "float16"], ARROW),
    (codecs, "a column for each codec", ["codecs"], ARROW),
    (nested, "lists, lists of lists, structs and maps over many pages", ["nested", "snappy"], ARROW),
    (types, "logical types with their extremes", ["types"], ARROW),
    (pages, "small pages with page index and checksums", ["page-index", "checksum", "row-groups"], ARROW),
    (nulls, "nulls in runs of all lengths", ["nulls", "lz4", "page-v2"], ARROW),
    (int96, "timestamps as INT96", ["int96"], ARROW),
    (empty, "columns and no rows", ["empty"], ARROW),
    (bloom, "bloom filters beside dictionaries", ["bloom-filter", "zstd", "row-groups"], DUCKDB),
]

# What DuckDB has no type for, or cuts to microseconds: the rows are those that were written, read back by Arrow C++.
ARROW_ALONE = {"byte_stream_split": ["half", "small", "large"], "types": ["ts_ns", "none", "fixed", "time_ms"], "int96": ["at"]}


def make(folder):
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    entries = []
    for function, about, tags, writer in FILES:
        name = function.__name__.replace("_", "-") + ".parquet"
        path = os.path.join(folder, name)
        function(path)
        table = pq.read_table(path)
        if table.num_rows == 0:
            expected = []
        else:
            expected = canonical.lines(table, sort_maps=False)
        alone = ARROW_ALONE.get(function.__name__, [])
        kept = [column for column in table.column_names if column not in alone]
        quoted = ", ".join(f'"{column}"' for column in kept)
        other = connection.sql(f"SELECT {quoted} FROM '{path}'").to_arrow_table().cast(table.select(kept).schema)
        if canonical.lines(other, sort_maps=False) != canonical.lines(table.select(kept), sort_maps=False):
            raise SystemExit(f"{name}: the readers disagree")
        with open(path + ".jsonl", "w", encoding="utf-8") as out:
            out.writelines(line + "\n" for line in expected)
        readers = [ARROW, DUCKDB + (f" (without {', '.join(alone)})" if alone else "")]
        entries.append({"name": name, "about": about, "tags": tags, "writer": writer, "readers": readers})
    return entries
