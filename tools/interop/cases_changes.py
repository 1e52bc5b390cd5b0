"""Tables that were changed: grown schemas, overwritten and restored rows, checkpoints and cleaned logs."""
from cases import EVERY, PLAIN, case
from values import array_of, map_of, struct_of


@case
def grown(table):
    """Columns come with writes that merge the schema: at the top, in structs, in arrays of structs"""
    table.create([("id", "long"), ("s", struct_of(a="long"))])
    table.write(table.some(10))
    table.columns = [("id", "long"), ("s", struct_of(a="long", b="string")), ("name", "string")]
    table.write(table.some(10), "--schema", "merge")
    table.columns = table.columns + [("l", array_of(struct_of(x="long")))]
    table.write(table.some(10), "--schema", "merge")
    table.columns = table.columns[:3] + [("l", array_of(struct_of(x="long", y="date")))]
    table.write(table.some(10), "--schema", "merge")
    fewer = [("name", "string"), ("id", "long")]
    table.write(table.some(5, fewer), columns=fewer)


@case
def columns_added(table):
    """Columns come by ALTER, first and in the middle, and are moved"""
    table.create(PLAIN)
    table.write(table.some(10))
    table.add(("rain", "boolean"), ("tags", map_of("string", "string")))
    table.write(table.some(10))
    table.columns = [table.columns[4], *table.columns[:4], table.columns[5]]
    table.alter("--move", "rain=first", "--comment", "km=how far")
    table.write(table.some(10))


@case
def overwritten(table):
    """All rows are replaced, twice"""
    table.create(PLAIN)
    table.write(table.some(10))
    table.write(table.some(7), mode="overwrite")
    table.write(table.some(7), mode="overwrite")
    table.write(table.some(3))


@case
def overwritten_schema(table):
    """All rows are replaced by rows of another schema, in other partitions"""
    table.create(PLAIN, partition_by=["name"])
    table.makers["name"] = lambda row, number: "abc"[number % 3]
    table.write(table.some(9))
    table.makers = {"city": lambda row, number: ["Oslo", None][number % 2]}
    table.columns, table.partition_by = [("id", "string"), ("city", "string"), ("n", "decimal(10,2)")], ("city",)
    table.write(table.some(6), "--schema", "overwrite", "--partition-by", "city", mode="overwrite")


@case
def overwritten_in_part(table):
    """Partitions of a condition are replaced, then those that new rows bring"""
    table.create(PLAIN, partition_by=["name"])
    table.makers["name"] = lambda row, number: ["a", "b/c", None, "d"][number % 4]
    table.write(table.some(16))
    table.makers["name"] = lambda row, number: "b/c"
    table.write(table.some(3), "--where", "name = 'b/c'", mode="overwrite", keep=lambda row: row["name"] != "b/c")
    table.makers["name"] = lambda row, number: ["a", None][number % 2]
    table.write(table.some(4), "--dynamic-partitions", mode="overwrite", keep=lambda row: row["name"] not in ("a", None))


@case
def restored(table):
    """Rows, columns and properties are set back"""
    table.create(PLAIN)
    table.write(table.some(10))
    early = table.newest()
    table.add(("extra", "string"))
    table.write(table.some(5))
    table.write(table.some(5), mode="overwrite")
    late = table.newest()
    table.restore(early)
    table.write(table.some(5))
    table.restore(late)
    table.restore(0)
    table.restore(late)


@case(checkpointed=False)
def checkpoints_by_the_way(table):
    """Twenty-five commits, a checkpoint every ten, and one asked for between"""
    table.create(PLAIN)
    for number in range(25):
        table.write(table.some(2), mode="overwrite" if number == 12 else "append")
        if number == 15:
            table.checkpoint()


@case
def statistics_as_structs(table):
    """Checkpoints with parsed statistics and partition values"""
    table.create([("id", "long"), *EVERY, ("s", struct_of(a="long", b="string")), ("p", "date")], partition_by=["p"],
                 properties={"delta.checkpoint.writeStatsAsStruct": "true", "delta.checkpoint.writeStatsAsJson": "false"})
    table.makers["p"] = lambda row, number: [0, 19782, None][number % 3]
    table.write(table.some(30))
    table.write(table.some(30))


@case
def statistics_of_few(table):
    """Statistics of two columns, named"""
    table.create([("id", "long"), ("a", "string"), ("s", struct_of(x="long", y="string")), ("b", "date")],
                 properties={"delta.dataSkippingStatsColumns": "s.x,b"})
    table.write(table.some(20))


@case
def statistics_of_none(table):
    """No statistics but the number of rows"""
    table.create(PLAIN, properties={"delta.dataSkippingNumIndexedCols": "0"})
    table.write(table.some(20))


@case
def random_prefixes(table):
    """Data files in folders of random names"""
    table.create(PLAIN, partition_by=["name"], properties={"delta.randomizeFilePrefixes": "true"})
    table.makers["name"] = lambda row, number: "ab"[number % 2]
    table.write(table.some(10))


@case
def without_create(table):
    """A table made by its first write"""
    from tables import assigned
    table.columns, table.partition_by = list(EVERY) + [("id", "long")], ("boolean",)
    table.write(table.some(20), "--partition-by", "boolean", *assigned({"delta.checkpointInterval": "2"}))
    table.write(table.some(20))
    table.write(table.some(20))


@case
def overwritten_partitions_of_others(table):
    """Partitions by moment and decimal, which writers spell in different ways, are found again and replaced"""
    from decimal import Decimal
    table.create([("id", "long"), ("at", "timestamp"), ("n", "decimal(5,2)")], partition_by=["at", "n"])
    table.makers = {"at": lambda row, number: [1_709_208_000_123_456, None, 0][number % 3], "n": lambda row, number: Decimal(number % 2)}
    table.write(table.some(12))
    table.makers = {"at": lambda row, number: 0, "n": lambda row, number: Decimal(1)}
    table.write(table.some(2), "--dynamic-partitions", mode="overwrite", keep=lambda row: row["at"] != 0 or row["n"] != 1)
