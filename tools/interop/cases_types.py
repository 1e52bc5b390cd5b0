"""Tables of every type, with the values at which things go wrong."""
from decimal import Decimal

from cases import EVERY, case
from values import array_of, map_of, struct_of


def of_columns(table, columns, count=40, parts=2, **options):
    """A table with an id and these columns, written in so many appends."""
    table.create([("id", "long"), *columns], **options)
    for _ in range(parts):
        table.write(table.some(count))


@case
def integers(table):
    """Whole numbers of all widths, to their ends."""
    of_columns(table, [(name, name) for name in ("byte", "short", "integer", "long")])


@case
def floats(table):
    """Floating point: NaN, infinities, zeros of both signs, the smallest and the largest."""
    of_columns(table, [("single", "float"), ("double", "double")])


@case
def decimals(table):
    """Decimals of all widths of storage, to their ends."""
    kinds = [f"decimal({p},{s})" for p, s in
             [(1, 0), (1, 1), (2, 1), (9, 0), (9, 9), (10, 2), (18, 0), (18, 18), (19, 4), (20, 0), (28, 28), (38, 0), (38, 10), (38, 38)]]
    of_columns(table, [(f"d{index}", kind) for index, kind in enumerate(kinds)])


@case
def strings(table):
    """Strings: empty, long, with characters of all planes, of controls, and such as mean something elsewhere."""
    of_columns(table, [("text", "string"), ("other", "string")], count=60)


@case
def binaries(table):
    """Bytes that are no text."""
    of_columns(table, [("bytes", "binary"), ("boolean", "boolean")])


@case
def dates(table):
    """Days from year 1 to year 9999, before 1970 and before 1582."""
    of_columns(table, [("day", "date")])


@case
def timestamps(table):
    """Moments from year 1 to year 9999, to the microsecond."""
    of_columns(table, [("at", "timestamp")])


@case(needs=["timestampNtz"])
def timestamps_without_zone(table):
    """Wall clock times from year 1 to year 9999."""
    of_columns(table, [("at", "timestamp_ntz")])


@case(appended=False)
def times_far_away(table):
    """Moments and days as far away as 64 and 32 bits reach"""
    far = [2**63 - 1, -(2**63), 253_402_300_800_000_000, -62_135_596_800_000_001, 0]
    table.create([("id", "long"), ("at", "timestamp"), ("day", "date")])
    table.makers = {"at": lambda row, number: far[number % 5],
                    "day": lambda row, number: [2**31 - 1, -(2**31), 2_932_897, -719_163, 0][number % 5]}
    table.write(table.some(5))


@case
def nulls_only(table):
    """Every type, and no value at all."""
    table.create([("id", "long"), *EVERY, ("list", array_of("long")), ("map", map_of("string", "long")),
                  ("struct", struct_of(a="long", b="string"))])
    table.write([{"id": number} for number in range(5)])


@case
def without_rows(table):
    """Every type, and no row."""
    table.create([("id", "long"), *EVERY])


@case
def all_types(table):
    """Every type in one table, with values and nulls."""
    of_columns(table, EVERY, count=50)


@case
def no_nulls(table):
    """Every type, NOT NULL."""
    from values import quoted, sql
    table.never_null = {name for name, _ in EVERY}
    table.create([("id", "long"), *EVERY], definitions={name: f"{quoted(name)} {sql(kind)} NOT NULL" for name, kind in EVERY})
    table.write(table.some(40))


@case
def structs(table):
    """Structs in structs, null at every level."""
    inner = struct_of(x="integer", y="string", z=struct_of(deep="double", deeper=struct_of(deepest="date")))
    of_columns(table, [("s", struct_of(a="long", b=inner))])


@case
def arrays(table):
    """Arrays of all types, and of arrays: empty ones, null ones, nulls in them."""
    of_columns(table, [(name, array_of(kind)) for name, kind in EVERY] + [("nested", array_of(array_of(array_of("integer"))))])


@case
def maps(table):
    """Maps of all types of keys and values."""
    kinds = [(name, kind) for name, kind in EVERY if kind not in ("float", "double")]
    of_columns(table, [(name, map_of(kind, "string")) for name, kind in kinds]
               + [("to_" + name, map_of("string", kind)) for name, kind in EVERY],
               count=25)


@case
def deep(table):
    """Structs, arrays and maps in each other."""
    kind = struct_of(
        a=array_of(struct_of(m=map_of("string", array_of(struct_of(x="long", y="decimal(10,2)"))), t="timestamp")),
        b=map_of("integer", struct_of(c=array_of("string"), d=map_of("string", "binary"))))
    of_columns(table, [("deep", kind), ("list", array_of(kind))])


@case(needs=["variantType"])
def variants(table):
    """Variants: numbers, texts, lists, objects, nulls."""
    columns = [("id", "long"), ("v", "variant")]
    table.create(columns)
    chosen = [1, -1, 2**40, "text", "x" * 100, True, False, {"a": 1}, {}, [], [1, "two", None, {"three": [Decimal("3.5")]}],
              {"b": {"c": [True]}, "a": "é"}, {"\u00e9": 1, "e\u0301": 2},
              {"long name " * 20: 1}, 1e300, Decimal("1.001"), Decimal("-12345678901234567890.5"), 0, 127, 128, 32768, 2**31, -(2**63)]
    rows = [{"id": number, "v": value} for number, value in enumerate(chosen)] + [{"id": 100}]
    table.write(rows, form="jsonl")
    table.can_append = False


@case(needs=["variantType"])
def variants_nested(table):
    """Variants in structs, arrays and maps."""
    columns = [("id", "long"), ("s", struct_of(v="variant", n="long")), ("l", array_of("variant"))]
    table.create(columns)
    table.write([{"id": 1, "s": {"v": {"a": [1, 2]}, "n": 1}, "l": [1, "two", {"three": 3}]},
                 {"id": 2, "s": None, "l": []}, {"id": 3, "l": None}],
                form="jsonl")
    table.can_append = False


@case
def many_columns(table):
    """Three hundred columns: more than there are statistics of."""
    of_columns(table, [(f"c{number}", EVERY[number % len(EVERY)][1]) for number in range(300)], count=10)


@case
def odd_names(table):
    """Names of columns with what may be in names without column mapping."""
    of_columns(table, [(name, "long") for name in (
        "UPPER", "Mixed_Case", "dotted.name", "quote\"and'", "back`tick", "日本語", "%20", "a/b", "a:b", "#?&", "select")])


@case
def many_rows(table):
    """Enough rows for several pages, and a dictionary that is given up."""
    of_columns(table, [("text", "string"), ("number", "long"), ("km", "double"), ("list", array_of("integer"))], count=30_000, parts=1)


@case
def small_files(table):
    """One write that makes many files."""
    table.create([("id", "long"), ("text", "string")])
    rows = table.some(20_000)
    table.write(rows, "--target-file-size", "100000")
    table.write(table.some(3))
