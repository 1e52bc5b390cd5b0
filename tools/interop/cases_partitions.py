"""Tables with partition columns of every type that may be one."""
from cases import case
from values import as_float

SPECIAL = ["plain", "with space", " leading", "trailing ", "a/b", "50%", "%41", "k=v", "é", "e\u0301", "日本語", "\U0001F600",
           "a:b", "quote\"'", "#?&", "tab\there", "line\nfeed", "back\\slash", "{}", "[]", "^", "*", "..", ".", "~", "NULL", "null", "+", "a+b c", ";",
           "|<>", "x" * 230,
           "1", "true", "", None]


def partitioned(table, kind, chosen, **options):
    """Two rows of each value, in two appends."""
    table.create([("id", "long"), ("p", kind), ("text", "string")], partition_by=["p"], **options)
    table.makers["p"] = lambda row, number: chosen[number % len(chosen)]
    for _ in range(2):
        table.write(table.some(len(chosen)))


@case
def by_string(table):
    """Partitions named by all sorts of characters, by nothing and by null."""
    partitioned(table, "string", SPECIAL)


@case
def by_long(table):
    """Partitions by whole numbers."""
    partitioned(table, "long", [0, -1, 2**63 - 1, -(2**63), 42, None])


@case
def by_small_numbers(table):
    """Partitions by byte, short and integer."""
    table.create([("id", "long"), ("b", "byte"), ("s", "short"), ("i", "integer"), ("text", "string")], partition_by=["b", "s", "i"])
    table.makers = {"b": lambda row, number: [-128, 127, None][number % 3], "s": lambda row, number: [-32768, None][number % 2],
                    "i": lambda row, number: [2**31 - 1, None, -(2**31), 0][number % 4]}
    table.write(table.some(24))


@case
def by_boolean(table):
    """Partitions by truth."""
    partitioned(table, "boolean", [True, False, None])


@case
def by_date(table):
    """Partitions by day, of old times and times to come."""
    partitioned(table, "date", [0, -1, 19782, -719162, 2932896, -141428, None])


@case
def by_timestamp(table):
    """Partitions by moment, to the microsecond."""
    partitioned(table, "timestamp", [0, 1, -1, 1_709_208_000_123_456, 1_709_208_000_000_000,
                                     -2_208_988_800_000_000, 253_402_300_799_999_999, None])


@case(needs=["timestampNtz"])
def by_timestamp_without_zone(table):
    """Partitions by wall clock time."""
    partitioned(table, "timestamp_ntz", [0, 1, -1, 1_709_208_000_123_456, 1_709_208_000_000_000, -2_208_988_800_000_000, None])


@case
def by_decimal(table):
    """Partitions by decimals."""
    from decimal import Decimal
    partitioned(table, "decimal(12,3)", [Decimal("0.000"), Decimal("-0.001"), Decimal("999999999.999"),
                                         Decimal("1.500"), Decimal("100.000"), None])


@case
def by_double(table):
    """Partitions by floating point."""
    partitioned(table, "double", [0.0, 1.5, -0.0, -2.25, 1e300, 5e-324, float("inf"), float("-inf"), 0.1, None])


@case
def by_nan(table):
    """A partition for what is not a number."""
    partitioned(table, "double", [float("nan"), 1.0])


@case
def by_float(table):
    """Partitions by floating point of single width."""
    partitioned(table, "float", [0.0, as_float(0.1), -2.25, as_float(3.4028235e38), None])


@case
def by_binary(table):
    """Partitions by bytes that are text."""
    partitioned(table, "binary", [b"abc", "é".encode(), b"", None])


@case
def by_raw_binary(table):
    """Partitions by bytes that are no text."""
    partitioned(table, "binary", [b"\x00\xff", b"\xfe", b"abc", None])


@case
def by_many(table):
    """Four partition columns, in another order than the schema's, one named oddly."""
    table.create([("id", "long"), ("a b", "string"), ("day", "date"), ("x=y", "integer"), ("flag", "boolean"), ("km", "double")],
                 partition_by=["flag", "x=y", "day", "a b"], properties={"delta.columnMapping.mode": "name"})
    table.makers = {"a b": lambda row, number: ["x/y", None, "z"][number % 3], "day": lambda row, number: [19782, None][number % 2],
                    "x=y": lambda row, number: [1, None, 2][number % 3], "flag": lambda row, number: [True, False, None][number % 3]}
    table.write(table.some(30))


@case
def by_many_in_another_order(table):
    """Three partition columns, in another order than the schema's"""
    table.create([("id", "long"), ("a", "string"), ("day", "date"), ("n", "integer")], partition_by=["n", "day", "a"])
    table.makers = {"a": lambda row, number: ["x/y", None, "z"][number % 3], "day": lambda row, number: [19782, None][number % 2],
                    "n": lambda row, number: [1, None, 2][number % 3]}
    table.write(table.some(30))


@case
def by_all_but_one(table):
    """As many partition columns as there may be: only one column is in files."""
    table.create([("id", "long"), ("a", "string"), ("b", "string")], partition_by=["a", "b"])
    table.makers = {"a": lambda row, number: "ab"[number % 2], "b": lambda row, number: "xyz"[number % 3]}
    table.write(table.some(12))


@case
def by_many_values(table):
    """More partitions than files that are open."""
    table.create([("id", "long"), ("p", "integer"), ("text", "string")], partition_by=["p"])
    table.makers["p"] = lambda row, number: number % 300
    table.write(table.some(900))
