"""Delta tables written by delta-rs; the rows are what delta-rs and DuckDB (through delta-kernel) agree on."""
import datetime
import glob
import os
import random
from decimal import Decimal

import deltalake
import duckdb
import duckdb_extension_delta
import pyarrow as pa
from deltalake import (BloomFilterProperties, ColumnProperties, CommitProperties, DeltaTable, PostCommitHookProperties,
                       WriterProperties, write_deltalake)

import fixtures_canonical as canonical

WRITER = f"delta-rs {deltalake.__version__}"
KERNEL = f"DuckDB {duckdb.__version__} (delta-kernel)"
QUIET = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
UTC = datetime.timezone.utc


def write(path, table, **options):
    write_deltalake(path, table, post_commithook_properties=QUIET, **options)


def sample(seed, count, first=0):
    """A few columns of every day."""
    rng = random.Random(seed)
    cities = ["Oslo", "Bergen", "Tromsø", "São Paulo", "東京", None]
    return pa.table({
        "id": pa.array(range(first, first + count), pa.int64()),
        "city": pa.array([rng.choice(cities) for _ in range(count)], pa.string()),
        "amount": pa.array([Decimal(rng.randrange(-500, 10_000)).scaleb(-2) for _ in range(count)], pa.decimal128(10, 2)),
        "ratio": pa.array([rng.choice([None, rng.random(), 0.5, -0.0]) for _ in range(count)], pa.float64()),
        "day": pa.array([datetime.date(2024, 1, 1) + datetime.timedelta(rng.randrange(60)) for _ in range(count)], pa.date32()),
    })


def orders(path):
    """The table of the demonstration: orders come, are corrected, and old ones go."""
    def rows(*values):
        columns = list(zip(*values))
        return pa.table({
            "id": pa.array(columns[0], pa.int64()),
            "customer": pa.array(columns[1], pa.string()),
            "amount": pa.array([Decimal(v) for v in columns[2]], pa.decimal128(10, 2)),
            "placed": pa.array([datetime.datetime(2024, 5, d, h, m, tzinfo=UTC) for d, h, m in columns[3]], pa.timestamp("us", "UTC")),
            "paid": pa.array(columns[4], pa.bool_()),
        })

    write(path, rows((1, "Ada", "19.90", (1, 9, 30), True), (2, "Grace", "249.00", (1, 17, 5), False),
                     (3, "Linus", "5.25", (2, 8, 0), True)), name="orders", description="A small shop's orders")
    write(path, rows((4, "Barbara", "74.10", (3, 12, 45), False), (5, "Ada", "12.00", (3, 19, 20), None)), mode="append")
    DeltaTable(path).update(predicate="id = 2", updates={"paid": "true"}, post_commithook_properties=QUIET)
    DeltaTable(path).delete("placed < '2024-05-02T00:00:00Z' AND amount < 20", post_commithook_properties=QUIET)
    updates = rows((4, "Barbara", "74.10", (3, 12, 45), True), (6, "Margaret", "1024.00", (4, 10, 10), True))
    (DeltaTable(path).merge(updates, "old.id = new.id", source_alias="new", target_alias="old",
                            post_commithook_properties=QUIET)
     .when_matched_update_all().when_not_matched_insert_all().execute())


def appends(path):
    for part in range(5):
        write(path, sample(part, 40, first=40 * part), mode="append")


def partitions(path):
    names = ["plain", "with space", "a/b", "50%", "k=v", "é", "東京", "a:b", "quote\"'", None, "#?&", "tab\there"]
    table = pa.table({
        "id": pa.array(range(len(names) * 2), pa.int32()),
        "name": pa.array(names * 2, pa.string()),
        "value": pa.array([i * 1.5 for i in range(len(names) * 2)], pa.float64()),
    })
    write(path, table, partition_by=["name"])


def typed_partitions(path):
    count = 12
    table = pa.table({
        "id": pa.array(range(count), pa.int64()),
        "day": pa.array([datetime.date(2023, 12, 30) + datetime.timedelta(i % 3) if i % 4 else None for i in range(count)], pa.date32()),
        "level": pa.array([[-1, 0, 127][i % 3] for i in range(count)], pa.int8()),
        "flag": pa.array([i % 2 == 0 for i in range(count)], pa.bool_()),
        "price": pa.array([Decimal("1.50") if i % 2 else Decimal("20.25") for i in range(count)], pa.decimal128(6, 2)),
        "at": pa.array([datetime.datetime(2024, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)] * count, pa.timestamp("us", "UTC")),
    })
    write(path, table, partition_by=["day", "level", "flag", "price", "at"])


def checkpoint(path):
    for part in range(12):
        write(path, sample(100 + part, 5, first=5 * part), mode="append")
        if part == 9:
            DeltaTable(path).create_checkpoint()
    DeltaTable(path).delete("id >= 10 AND id < 20", post_commithook_properties=QUIET)


def cleaned_log(path):
    """Only the checkpoint knows the first commits."""
    checkpoint(path)
    for version in range(9):
        os.remove(f"{path}/_delta_log/{version:020d}.json")


def evolution(path):
    write(path, pa.table({"id": pa.array([1, 2], pa.int32()), "name": ["a", "b"]}))
    write(path, pa.table({"id": pa.array([3], pa.int32()), "name": ["c"], "extra": pa.array([1.5], pa.float64())}),
          mode="append", schema_mode="merge")
    write(path, pa.table({
        "id": pa.array([4], pa.int32()), "name": ["d"], "extra": pa.array([None], pa.float64()),
        "tags": pa.array([["x", None]], pa.list_(pa.string())),
    }), mode="append", schema_mode="merge")
    write(path, pa.table({"key": ["only"], "when": pa.array([datetime.date(2024, 2, 29)], pa.date32())}), mode="overwrite",
          schema_mode="overwrite")


def deletes(path):
    write(path, sample(7, 100))
    write(path, sample(8, 50, first=100), mode="append")
    table = DeltaTable(path)
    table.delete("id >= 100", post_commithook_properties=QUIET)
    table.delete("city = 'Oslo'", post_commithook_properties=QUIET)
    table.delete("city IS NULL", post_commithook_properties=QUIET)
    write(path, sample(9, 10, first=150), mode="append")
    table = DeltaTable(path)
    table.optimize.compact(post_commithook_properties=QUIET)


def types(path):
    epoch = datetime.datetime(1970, 1, 1)
    moments = [epoch, datetime.datetime(1969, 12, 31, 23, 59, 59, 999999), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
               datetime.datetime(1, 1, 1), None]
    table = pa.table({
        "byte": pa.array([-128, 127, 0, 1, None], pa.int8()), "short": pa.array([-32768, 32767, 0, 1, None], pa.int16()),
        "integer": pa.array([-2**31, 2**31 - 1, 0, 1, None], pa.int32()),
        "long": pa.array([-2**63, 2**63 - 1, 2**53 + 1, 1, None], pa.int64()),
        "float": pa.array([0.1, float("nan"), float("inf"), -0.0, None], pa.float32()),
        "double": pa.array([0.1, float("nan"), float("-inf"), 5e-324, None], pa.float64()),
        "boolean": pa.array([True, False, True, False, None]),
        "string": pa.array(["", "a\"\\\n", "é東😀", " " * 40, None]),
        "binary": pa.array([b"", b"\x00\xff", b"abc", b"\x80" * 40, None], pa.binary()),
        "date": pa.array([d and d.date() for d in moments], pa.date32()),
        "timestamp": pa.array([d and d.replace(tzinfo=UTC) for d in moments], pa.timestamp("us", "UTC")),
        "timestamp_ntz": pa.array(moments, pa.timestamp("us")),
        "decimal9": pa.array([Decimal("1.20"), Decimal("-0.05"), Decimal("9999999.99"), Decimal(0), None], pa.decimal128(9, 2)),
        "decimal18": pa.array([Decimal("1.2"), Decimal("-0.5"), Decimal("99999999999999999.9"), Decimal(0), None], pa.decimal128(18, 1)),
        "decimal38": pa.array([Decimal(10**38 - 1), Decimal(-10**38 + 1), Decimal(1), Decimal(0), None], pa.decimal128(38, 0)),
    })
    write(path, table)


def nested(path):
    point = pa.struct([("x", pa.float64()), ("y", pa.float64())])
    table = pa.table({
        "id": pa.array(range(6), pa.int32()),
        "point": pa.array([{"x": 1.0, "y": 2.0}, {"x": None, "y": 0.5}, None, {"x": 3.0, "y": None}, {"x": 0.0, "y": 0.0}, None], point),
        "tags": pa.array([["a", "b"], [], None, [None], ["c"], ["d", None, "e"]], pa.list_(pa.string())),
        "scores": pa.array([[("z", 1), ("a", 2)], [], None, [("n", None)], [("k", 5)], []], pa.map_(pa.string(), pa.int64())),
        "deep": pa.array([
            [{"name": "p", "points": [{"x": 1.0, "y": 1.0}]}], [], None, [{"name": None, "points": None}, None],
            [{"name": "q", "points": [None, {"x": None, "y": 2.0}]}], [{"name": "r", "points": []}],
        ], pa.list_(pa.struct([("name", pa.string()), ("points", pa.list_(point))]))),
    })
    write(path, table)
    write(path, table.slice(1, 3), mode="append")


def changes(path):
    write(path, sample(20, 10), configuration={"delta.enableChangeDataFeed": "true"})
    write(path, sample(21, 5, first=10), mode="append")
    table = DeltaTable(path)
    table.update(predicate="id < 3", updates={"city": "'Trondheim'"}, post_commithook_properties=QUIET)
    table.delete("id IN (4, 11)", post_commithook_properties=QUIET)
    updates = sample(22, 4, first=13)
    (table.merge(updates, "old.id = new.id", source_alias="new", target_alias="old", post_commithook_properties=QUIET)
     .when_matched_update_all().when_not_matched_insert_all().execute())


def skipping(path):
    """A file for each hundred, so that statistics can tell which one holds a value."""
    for part in range(8):
        rng = random.Random(part)
        ids = list(range(part * 100, part * 100 + 30))
        rng.shuffle(ids)
        table = pa.table({
            "id": pa.array(ids, pa.int64()),
            "text": pa.array([f"{'abcdefgh'[part]}{'x' * 40}{i}" if i % 7 else None for i in ids], pa.string()),
            "value": pa.array([float("nan") if part == 3 and i % 5 == 0 else i / 4 for i in ids], pa.float64()),
            "empty": pa.array([None] * 30 if part % 2 else ids, pa.int32()),
            "at": pa.array([datetime.datetime(2024, 1, 1 + part, tzinfo=UTC) + datetime.timedelta(microseconds=i) for i in ids],
                           pa.timestamp("us", "UTC")),
        })
        write(path, table, mode="append")


def replaced(path):
    write(path, sample(30, 20))
    write(path, sample(31, 8, first=5).filter(pa.compute.less(pa.array(range(5, 13)), 10)), mode="overwrite",
          predicate="id >= 5 AND id < 10")
    write(path, sample(32, 3, first=50), mode="overwrite")
    DeltaTable(path).restore(1)


def empty(path):
    DeltaTable.create(path, schema=deltalake.Schema.from_arrow(sample(0, 0).schema), name="nothing yet",
                      configuration={"delta.appendOnly": "true"})


def metadata(path):
    write(path, sample(40, 3), name="notes", description="With properties and a constraint",
          configuration={"delta.logRetentionDuration": "interval 7 days", "delta.dataSkippingNumIndexedCols": "2"},
          commit_properties=CommitProperties(custom_metadata={"job": "nightly"}))
    DeltaTable(path).alter.add_constraint({"has_id": "id >= 0"}, post_commithook_properties=QUIET)
    write(path, sample(41, 2, first=3), mode="append",
          commit_properties=CommitProperties(app_transactions=[deltalake.Transaction("loader", 7)]))


def events(path):
    """The table of the command's examples: partitions, row groups, pages and bloom filters to skip, and a change feed."""
    def rides(first, count, day, cities, km):
        return pa.table({
            "id": pa.array(range(first, first + count), pa.int64()),
            "city": pa.array([cities[i % len(cities)] for i in range(count)], pa.string()),
            "km": pa.array([km(i) for i in range(count)], pa.float64()),
            "rider": pa.array([f"{(first + i) * 2654435761 % 2**32:08x}" for i in range(count)], pa.string()),
            "day": pa.array([datetime.date(2024, 2, day)] * count, pa.date32()),
        })

    layout = WriterProperties(
        max_row_group_size=80, write_batch_size=20, data_page_row_count_limit=20, compression="ZSTD",
        column_properties={"rider": ColumnProperties(
            dictionary_enabled=False, bloom_filter_properties=BloomFilterProperties(True, fpp=0.01, ndv=80))})
    write(path, rides(0, 20, 27, ["Oslo", "Bergen", "Tromsø", None], lambda i: i * 2.5), partition_by=["day"],
          name="events", description="Bicycle rides", configuration={"delta.enableChangeDataFeed": "true"})
    write(path, rides(20, 20, 28, ["Oslo", "Porto"], lambda i: 20 + i / 4), mode="append")
    write(path, rides(40, 240, 29, ["Bergen", "Odense", "Oslo"], lambda i: i * 0.75), mode="append", writer_properties=layout)
    DeltaTable(path).update(predicate="id < 3", updates={"km": "km + 100"}, post_commithook_properties=QUIET)
    DeltaTable(path).delete("id = 21", post_commithook_properties=QUIET)


TABLES = [
    (events, "the rides of three days, which the examples of the command's help read",
     ["partitions", "append", "update", "delete", "change-data-feed", "bloom-filter", "row-groups"]),
    (orders, "five versions of a small shop's orders", ["append", "update", "delete", "merge", "time-travel"]),
    (appends, "five appends, a file each", ["append", "time-travel"]),
    (partitions, "a string partition with null and characters that paths escape", ["partitions", "path-escapes"]),
    (typed_partitions, "partitions by date, byte, boolean, decimal and timestamp", ["partitions", "types"]),
    (checkpoint, "a checkpoint at version 9 and commits after it", ["checkpoint", "delete"]),
    (cleaned_log, "the same with the commits before the checkpoint gone", ["checkpoint", "cleaned-log"]),
    (evolution, "columns added, then another schema altogether", ["schema-evolution", "overwrite", "nested"]),
    (deletes, "whole and partial deletes, then compaction", ["delete", "optimize", "time-travel"]),
    (types, "every primitive type with its extremes", ["types"]),
    (nested, "structs, arrays and maps with nulls at every level", ["nested"]),
    (changes, "inserts, updates, deletes and a merge with change data feed", ["change-data-feed", "update", "delete", "merge"]),
    (skipping, "eight files of distinct ranges, with NaN, nulls and long strings in the statistics", ["statistics"]),
    (replaced, "a range replaced, everything replaced, then restored", ["overwrite", "restore", "time-travel"]),
    (empty, "a table without files", ["empty", "append-only"]),
    (metadata, "properties, a constraint, commit metadata, an application transaction", ["properties", "constraint", "txn"]),
]


def connect():
    connection = duckdb.connect()
    extension = glob.glob(os.path.join(os.path.dirname(duckdb_extension_delta.__file__), "extensions", "*", "*.duckdb_extension"))
    connection.execute(f"LOAD '{extension[0]}'; SET TimeZone = 'UTC'")
    return connection


def arrow(reader):
    return pa.RecordBatchReader.from_stream(reader).read_all()


def same_types(table, schema):
    """DuckDB's types may be wider or views; the values must survive the cast."""
    return table.select(schema.names).cast(schema)


def make(folder):
    connection = connect()
    entries = []
    for function, about, tags in TABLES:
        name = function.__name__.replace("_", "-")
        path = os.path.join(folder, name)
        function(path)
        forget_place(path, folder)
        newest = DeltaTable(path).version()
        oldest = 9 if name == "cleaned-log" else 0
        readers = {WRITER, KERNEL}
        for version in range(oldest, newest + 1):
            ours = arrow(DeltaTable(path, version=version).scan())
            schema = pa.schema(DeltaTable(path, version=version).schema().to_arrow())
            expected = sorted(canonical.lines(same_types(ours, schema), sort_maps=True))
            other = connection.sql(f"SELECT * FROM delta_scan('{path}', version => {version})").to_arrow_table()
            found = sorted(canonical.lines(same_types(other, schema), sort_maps=True))
            if found != expected:
                for left, right in zip(expected, found):
                    if left != right:
                        raise SystemExit(f"{name} version {version}: the readers disagree:\n{left}\n{right}")
                raise SystemExit(f"{name} version {version}: {len(expected)} and {len(found)} rows")
            save(f"{path}.v{version}.jsonl", expected)
        if "change-data-feed" in tags:
            feed = arrow(DeltaTable(path).load_cdf(starting_version=0))
            save(f"{path}.changes.jsonl", sorted(canonical.lines(feed.drop_columns(["_commit_timestamp"]), sort_maps=True)))
        entries.append({
            "name": name, "about": about, "tags": tags, "writer": WRITER, "versions": list(range(oldest, newest + 1)),
            "hasChanges": "change-data-feed" in tags, "readers": sorted(readers),
        })
    return entries


def forget_place(path, folder):
    """CREATE TABLE says in its commit where the table was made: that is nobody's business."""
    log = os.path.join(path, "_delta_log")
    for name in os.listdir(log):
        if name.endswith(".json"):
            with open(os.path.join(log, name), encoding="utf-8") as commit:
                text = commit.read()
            place = "file://" + os.path.abspath(folder)
            if place in text:
                with open(os.path.join(log, name), "w", encoding="utf-8") as commit:
                    commit.write(text.replace(place, "file:///tables"))


def save(path, lines):
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in lines)
