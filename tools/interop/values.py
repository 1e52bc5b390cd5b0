"""Values of every Delta type: samples with the edges in them, their canonical text, and Arrow arrays to write them from.

A type is what the schema's JSON has: a name, or a dict with `type` struct, array or map. A value is plain Python: dates are days and
timestamps microseconds since 1970 (Python's own end at the year 9999), maps are lists of pairs, variants what their JSON is.
"""
import decimal
import json
import math
import re
import string
import struct
from decimal import Decimal

import numpy
import pyarrow as pa

# Of threads that are started from here on, too.
decimal.DefaultContext.prec = 80
decimal.setcontext(decimal.Context(prec=80))
DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
WHOLE = {"byte": 8, "short": 16, "integer": 32, "long": 64}
DAY = 86_400_000_000


def struct_of(**fields):
    return {"type": "struct", "fields": [
        {"name": name, "type": kind, "nullable": True, "metadata": {}} for name, kind in fields.items()]}


def array_of(element):
    return {"type": "array", "elementType": element, "containsNull": True}


def map_of(key, value):
    return {"type": "map", "keyType": key, "valueType": value, "valueContainsNull": True}


def kind_of(kind):
    return kind if isinstance(kind, str) else kind["type"]


# ---------------------------------------------------------------- types in words

SQL = {"byte": "TINYINT", "short": "SMALLINT", "integer": "INT", "long": "BIGINT"}


def quoted(name):
    return "`" + name.replace("`", "``") + "`"


def sql(kind):
    if isinstance(kind, str):
        return SQL.get(kind, kind.upper())
    if kind["type"] == "array":
        return f"ARRAY<{sql(kind['elementType'])}>"
    if kind["type"] == "map":
        return f"MAP<{sql(kind['keyType'])}, {sql(kind['valueType'])}>"
    return "STRUCT<" + ", ".join(f"{quoted(f['name'])}: {sql(f['type'])}" for f in kind["fields"]) + ">"


ARROW = {
    "boolean": pa.bool_(), "byte": pa.int8(), "short": pa.int16(), "integer": pa.int32(), "long": pa.int64(),
    "float": pa.float32(), "double": pa.float64(), "string": pa.string(), "binary": pa.binary(), "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"), "timestamp_ntz": pa.timestamp("us"),
}


def arrow_type(kind):
    if isinstance(kind, str):
        match = DECIMAL.fullmatch(kind)
        return pa.decimal128(int(match[1]), int(match[2])) if match else ARROW[kind]
    if kind["type"] == "array":
        return pa.list_(arrow_type(kind["elementType"]))
    if kind["type"] == "map":
        return pa.map_(arrow_type(kind["keyType"]), arrow_type(kind["valueType"]))
    return pa.struct([pa.field(f["name"], arrow_type(f["type"])) for f in kind["fields"]])


def arrow(values, kind):
    """Built by hand where Arrow would go through Python's dates, which are too few."""
    values = list(values)
    target = arrow_type(kind)
    missing = pa.array([value is None for value in values], pa.bool_())
    name = kind_of(kind)
    if name in ("date", "timestamp", "timestamp_ntz"):
        return pa.array(values, pa.int32() if name == "date" else pa.int64()).view(target)
    if name == "struct":
        rows = [value or {} for value in values]
        children = [arrow([row.get(f["name"]) for row in rows], f["type"]) for f in kind["fields"]]
        return pa.StructArray.from_arrays(children, fields=list(target), mask=missing)
    if name in ("array", "map"):
        offsets, entries = [0], []
        for value in values:
            entries += value or []
            offsets.append(len(entries))
        offsets = pa.array(offsets, pa.int32())
        if name == "array":
            return pa.ListArray.from_arrays(offsets, arrow(entries, kind["elementType"]), type=target, mask=missing)
        keys, items = arrow([k for k, _ in entries], kind["keyType"]), arrow([v for _, v in entries], kind["valueType"])
        whole = pa.MapArray.from_arrays(offsets, keys, items)
        # There is no mask for maps.
        validity = pa.array([value is not None for value in values], pa.bool_()).buffers()[1]
        return pa.Array.from_buffers(target, len(values), [validity, whole.buffers()[1]], children=[whole.values])
    return pa.array(values, target)


def arrow_table(rows, columns):
    """Rows (dicts; what a row lacks is null) as a table of the columns, which are pairs of name and type."""
    return pa.table([arrow([row.get(name) for row in rows], kind) for name, kind in columns],
                    schema=pa.schema([pa.field(name, arrow_type(kind)) for name, kind in columns]))


# ---------------------------------------------------------------- canonical text

def civil(days):
    days += 719468
    era, day = divmod(days, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    return year + era * 400 + (month >= 10), (month + 2) % 12 + 1, day - (153 * month + 2) // 5 + 1


def date_text(days):
    year, month, day = civil(days)
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04d}-{month:02d}-{day:02d}"


def timestamp_text(micros, zone):
    day, rest = divmod(micros, DAY)
    second, fraction = divmod(rest, 1_000_000)
    return (f"{date_text(day)}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{fraction:06d}"
            + ("Z" if zone else ""))


def floating(value, name):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(str(numpy.float32(value))) if name == "float" else float(value)


def canonical(value, kind, sorts=True):
    """`kind` may be `variant as JSON`: then decimals are numbers. `sorts`: maps by their keys."""
    if value is None:
        return None
    name = kind_of(kind)
    if name == "struct":
        return {f["name"]: canonical(value.get(f["name"]), f["type"], sorts) for f in kind["fields"]}
    if name == "array":
        return [canonical(element, kind["elementType"], sorts) for element in value]
    if name == "map":
        pairs = [[canonical(k, kind["keyType"], sorts), canonical(v, kind["valueType"], sorts)] for k, v in value]
        return sorted(pairs, key=lambda pair: line(pair[0])) if sorts else pairs
    if name in ("float", "double"):
        return floating(value, name)
    if name == "binary":
        return value.hex()
    if name == "date":
        return date_text(value)
    if name.startswith("timestamp"):
        return timestamp_text(value, name == "timestamp")
    if name.startswith("variant"):
        return variant_text(value, float if name == "variant as JSON" else str)
    match = DECIMAL.fullmatch(name)
    if match:
        return format(value.quantize(Decimal(1).scaleb(-int(match[2]))), "f")
    return value


def variant_text(value, number):
    """A decimal is a text, as in decimal columns."""
    if isinstance(value, dict):
        return {key: variant_text(value[key], number) for key in sorted(value)}
    if isinstance(value, list):
        return [variant_text(element, number) for element in value]
    return number(value) if isinstance(value, Decimal) else value


def json_text(value):
    """What JSON has that stands for a value of a row, to be read as one."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(line(key) + ":" + json_text(member) for key, member in value.items()) + "}"
    return "[" + ",".join(map(json_text, value)) + "]" if isinstance(value, list) else line(value)


def line(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def lines(rows, columns):
    """One canonical line a row, sorted."""
    return sorted(line({name: canonical(row.get(name), kind) for name, kind in columns}) for row in rows)


def respelt(text):
    """A canonical line of another program, spelt as ours are."""
    return line(json.loads(text))


def respelt_loosely(text):
    """As above, and whole numbers with and without a point are one."""
    def number(digits):
        value = float(digits)
        return int(value) if value == int(value) and abs(value) < 1e15 and not digits.startswith("-0") else value

    return line(json.loads(text, parse_float=number))


# ---------------------------------------------------------------- samples

TEXTS = [
    "", " ", "a", "A", "é", "e\u0301", "日本語", "\U0001F600", "\U0010FFFF", "\uFFFD\uFFFF", "nul\u0000inside", "tab\tnew\nline\r",
    "quote\"'`\\", "%20 %", "NULL", "null", "__HIVE_DEFAULT_PARTITION__", "x" * 31 + "é", "x" * 32, "x" * 33, "\U0010FFFF" * 40,
    "z" * 3000, "1", "1.0", "true", "2024-01-01",
]
DATES = [0, -1, 1, -719162, 2932896, -141428, -141427, -25567, 19782, 11016]
TIMES = [0, 1, -1, 999, -999, 1_709_208_000_123_456, -62_135_596_800_000_000, 253_402_300_799_999_999,
         -12_219_292_800_000_001, -2_208_988_800_000_000, 1_000_000, 951_782_400_000_000, 4_102_444_799_999_999]
DOUBLES = [0.0, -0.0, 1.0, -1.5, 0.1, math.pi, math.nan, math.inf, -math.inf, 5e-324, 2.2250738585072014e-308,
           1.7976931348623157e308, -1.7976931348623157e308, 1e15, 123456789.125, 9007199254740993.0]
FLOATS = [0.0, -0.0, 1.0, -1.5, 0.1, 3.4028235e38, -3.4028235e38, 1e-45, 1.1754944e-38, math.nan, math.inf, -math.inf, 16777217.0]


def as_float(value):
    return struct.unpack("<f", struct.pack("<f", value))[0] if math.isfinite(value) else value


def edges(kind):
    """The values of a type that are not nested where things go wrong."""
    if kind in WHOLE:
        half = 1 << WHOLE[kind] - 1
        return [0, 1, -1, 42, half - 1, -half, half - 2, 7, -128, 127]
    match = DECIMAL.fullmatch(kind)
    if match:
        precision, scale = int(match[1]), int(match[2])
        top = 10**precision - 1
        return [Decimal(v).scaleb(-scale) for v in (0, 1, -1, top, -top, top // 3, 10 ** (precision - 1), 5)]
    return {
        "boolean": [True, False],
        "float": [as_float(v) for v in FLOATS], "double": DOUBLES, "string": TEXTS,
        "binary": [b"", b"\x00", b"\xff\xfe", b"abc", bytes(range(256)), "é".encode(), b"z" * 100],
        "date": DATES, "timestamp": TIMES, "timestamp_ntz": TIMES,
    }[kind]


def anything(kind, chance):
    """A random value of a type that is not nested, not null."""
    if chance.random() < 0.3:
        return chance.choice(edges(kind))
    if kind in WHOLE:
        return chance.randrange(-(1 << WHOLE[kind] - 1), 1 << WHOLE[kind] - 1)
    match = DECIMAL.fullmatch(kind)
    if match:
        top = 10 ** chance.randint(1, int(match[1]))
        return Decimal(chance.randrange(1 - top, top)).scaleb(-int(match[2]))
    if kind == "boolean":
        return chance.random() < 0.5
    if kind == "double":
        return chance.uniform(-1e6, 1e6)
    if kind == "float":
        return as_float(chance.uniform(-1e6, 1e6))
    if kind == "string":
        return "".join(chance.choice(string.ascii_letters + "æøå ") for _ in range(chance.randrange(40)))
    if kind == "binary":
        return chance.randbytes(chance.randrange(20))
    if kind == "date":
        return chance.randrange(-200_000, 200_000)
    return chance.randrange(-10**16, 10**16)


def value(kind, chance, nulls=0.2, depth=0):
    """A random value of any type, with nulls at every level."""
    if nulls and chance.random() < nulls:
        return None
    if isinstance(kind, str):
        return anything(kind, chance)
    if kind["type"] == "struct":
        return {f["name"]: value(f["type"], chance, nulls, depth + 1) for f in kind["fields"]}
    count = chance.choice([0, 1, 2, 5])
    if kind["type"] == "array":
        return [value(kind["elementType"], chance, nulls, depth + 1) for _ in range(count)]
    keys = {}
    for _ in range(count):
        key = value(kind["keyType"], chance, 0, depth + 1)
        # NaN and zeros of two signs: keys that readers may hold for one.
        if not (isinstance(key, float) and (key != key or key == 0)):
            keys[line(canonical(key, kind["keyType"]))] = key
    return [[key, value(kind["valueType"], chance, nulls, depth + 1)] for key in keys.values()]


def column_values(kind, count, chance, nulls=0.2):
    """So many values, the edges first; the last is null where nulls may be."""
    found = list(edges(kind)) if isinstance(kind, str) else []
    found = [None if nulls and index % 5 == 4 and index < count - len(found) else v for index, v in enumerate(found)] + found
    seen = found[:count]
    while len(seen) < count:
        seen.append(value(kind, chance, nulls))
    return seen
