"""Rules of the protocol for writers that no reader would notice and the shared lint does not know: what features demand of files,
numbers and the log. Read from the log's JSON and the files' footers, by nobody's reader."""
import json
import os
import re
import urllib.parse

import pyarrow.parquet

import values
from tables import actions


class Replay:
    """What is live at a version, from JSON commits alone."""

    def __init__(self, log, version):
        self.protocol = self.metadata = None
        self.files, self.domains = {}, {}
        for number in sorted(log):
            if number > version:
                break
            for name, action in log[number]:
                if name == "protocol":
                    self.protocol = action
                elif name == "metaData":
                    self.metadata = action
                elif name == "remove":
                    self.files.pop(action["path"], None)
                elif name == "domainMetadata":
                    self.domains[action["domain"]] = action
            for name, action in log[number]:
                if name == "add":
                    self.files[action["path"]] = action
        self.properties = self.metadata["configuration"]
        self.schema = json.loads(self.metadata["schemaString"])

    def supports(self, feature):
        return feature in (self.protocol.get("writerFeatures") or [])

    def is_true(self, name):
        return self.properties.get(name) == "true"


def broken(table, needs):
    """Every rule that the table breaks, in words."""
    log = actions(table.path)
    newest = max(log)
    state = Replay(log, newest)
    found = []
    for feature in needs:
        if not state.supports(feature) and state.protocol["minWriterVersion"] >= 7:
            found.append(f"the protocol does not list {feature}")
    found += schema_differs(table, log)
    found += commit_times(log)
    found += row_ids(log, newest)
    found += mapping(table.path, state)
    found += iceberg(table.path, state)
    found += bounds(table.path, state)
    for version in sorted(log):
        found += checksum(table.path, log, version)
    return found


def bare(kind):
    """A type without what is not its form."""
    if isinstance(kind, str):
        return kind.replace(" ", "")
    if kind["type"] == "struct":
        return [(field["name"], bare(field["type"])) for field in kind["fields"]]
    if kind["type"] == "array":
        return ["array", bare(kind["elementType"])]
    return ["map", bare(kind["keyType"]), bare(kind["valueType"])]


def schema_differs(table, log):
    for version, (columns, _) in sorted(table.versions.items()):
        has, due = bare(Replay(log, version).schema), [(name, bare(kind)) for name, kind in columns]
        if has != due:
            return [f"version {version}: the schema is {has}, not {due}"]
    return []


def commit_times(log):
    found, last = [], None
    for version in sorted(log):
        if not Replay(log, version).is_true("delta.enableInCommitTimestamps"):
            continue
        name, action = log[version][0]
        time = action.get("inCommitTimestamp") if name == "commitInfo" else None
        if time is None:
            found.append(f"version {version}: no inCommitTimestamp in the first action")
        elif last is not None and time <= last:
            found.append(f"version {version}: inCommitTimestamp {time} is not after {last}")
        last = time if time is not None else last
    return found


def row_ids(log, newest):
    found, taken = [], []
    for version in sorted(log):
        state = Replay(log, version)
        if not state.supports("rowTracking"):
            continue
        before = {} if version == 0 else Replay(log, version - 1).files
        for name, action in log[version]:
            if name != "add":
                continue
            if "baseRowId" not in action or "defaultRowCommitVersion" not in action:
                found.append(f"version {version}: {action['path']} has no baseRowId or defaultRowCommitVersion")
            elif action["path"] not in before:
                count = json.loads(action["stats"])["numRecords"]
                taken.append((action["baseRowId"], action["baseRowId"] + count, version))
    taken.sort()
    for (_, end, first), (start, _, second) in zip(taken, taken[1:]):
        # Files that a restore brings back have the ids that they had.
        if start < end and first == second:
            found.append(f"version {second}: row ids from {start} on are given twice")
    state = Replay(log, newest)
    if taken:
        mark = json.loads(state.domains.get("delta.rowTracking", {}).get("configuration", "{}")).get("rowIdHighWaterMark")
        if mark is None or mark < max(end for _, end, _ in taken) - 1:
            found.append(f"the row ids' high-water mark is {mark}")
    return found


def fields(kind, path=()):
    """Every struct field below a type, with the path to it."""
    if isinstance(kind, str):
        return
    if kind["type"] == "struct":
        for field in kind["fields"]:
            yield (*path, field["name"]), field
            yield from fields(field["type"], (*path, field["name"]))
    elif kind["type"] == "array":
        yield from fields(kind["elementType"], (*path, "element"))
    else:
        yield from fields(kind["keyType"], (*path, "key"))
        yield from fields(kind["valueType"], (*path, "value"))


def mapping(path, state):
    if state.properties.get("delta.columnMapping.mode", "none") == "none":
        return []
    found, ids, names = [], {}, {}
    for place, field in fields(state.schema):
        number = field["metadata"].get("delta.columnMapping.id")
        name = field["metadata"].get("delta.columnMapping.physicalName")
        if number is None or name is None:
            found.append(f"{'.'.join(place)} has no column mapping id or name")
            continue
        for nested in field["metadata"].get("delta.columnMapping.nested.ids", {}).values():
            if nested in ids:
                found.append(f"column id {nested} of {'.'.join(place)} is given twice")
            ids[nested] = place
        if number in ids:
            found.append(f"column id {number} of {'.'.join(place)} is given twice")
        ids[number] = place
        names[number] = name
    if int(state.properties.get("delta.columnMapping.maxColumnId", -1)) < max(ids, default=0):
        found.append("delta.columnMapping.maxColumnId is less than an id in use")
    for name, file in data_files(path, state):
        for number, column in field_ids(file):
            if number in names and column != names[number]:
                found.append(f"{name}: the column with id {number} is {column}, not {names[number]}")
    return found


def field_ids(file):
    def walk(kind):
        count = kind.num_fields if pyarrow.types.is_nested(kind) else 0
        children = [kind.key_field, kind.item_field] if pyarrow.types.is_map(kind) else [kind.field(i) for i in range(count)]
        for child in children:
            number = (child.metadata or {}).get(b"PARQUET:field_id")
            if number is not None:
                yield int(number), child.name
            yield from walk(child.type)
    return list(walk(pyarrow.struct(list(pyarrow.parquet.read_schema(file)))))


def data_files(path, state):
    for name in state.files:
        file = urllib.parse.unquote(name)
        yield name, file if re.match(r"[a-z]+:|/", name) else os.path.join(path, file)


def iceberg(path, state):
    found = []
    has_partitions = any(state.is_true("delta." + name) for name in (
        "enableIcebergCompatV1", "enableIcebergCompatV2", "enableIcebergCompatV3",
        "enableMaterializePartitionColumnsFeature"))
    physical = {f["name"]: f["metadata"].get("delta.columnMapping.physicalName", f["name"]) for f in state.schema["fields"]}
    partitions = [physical[name] for name in state.metadata["partitionColumns"]]
    for name, file in data_files(path, state):
        schema = pyarrow.parquet.read_schema(file)
        if has_partitions:
            lacking = [column for column in partitions if column not in schema.names]
            if lacking:
                found.append(f"{name}: the partition columns {lacking} are not in the file")
            elif state.is_true("delta.enableIcebergCompatV1") and schema.names[len(schema.names) - len(partitions):] != partitions:
                found.append(f"{name}: the partition columns are not behind the others: {schema.names}")
            for column in partitions:
                kind = next(f["type"] for f in state.schema["fields"] if physical[f["name"]] == column)
                values_there = set(map(str, pyarrow.parquet.read_table(file, columns=[column])[column].to_pylist()))
                value = state.files[name]["partitionValues"][column]
                if kind in ("string", "long") and values_there != {str(value)}:
                    found.append(f"{name}: column {column} has {values_there}, the log says {value}")
        if state.is_true("delta.enableIcebergCompatV3"):
            for hidden, number in (("RowId", 2147483540), ("RowCommitVersion", 2147483539)):
                column = state.metadata["configuration"][f"delta.rowTracking.materialized{hidden}ColumnName"]
                if column in schema.names and (number, column) not in field_ids(file):
                    found.append(f"{name}: the hidden column {column} has not the id {number}")
        if state.is_true("delta.enableIcebergCompatV2") or state.is_true("delta.enableIcebergCompatV3"):
            there = {number for number, _ in field_ids(file)}
            for place, field in fields(state.schema):
                nested = field["metadata"].get("delta.columnMapping.nested.ids", {})
                if len(nested) != collections_in(field["type"]):
                    found.append(f"{'.'.join(place)}: ids of elements, keys and values are {nested}")
                if not set(nested.values()) <= there:
                    found.append(f"{name}: the ids {sorted(set(nested.values()) - there)} of {'.'.join(place)} are not in the file")
    return found


def collections_in(kind):
    """How many elements, keys and values there are below a field, up to the next struct's fields."""
    if isinstance(kind, str) or kind["type"] == "struct":
        return 0
    if kind["type"] == "array":
        return 1 + collections_in(kind["elementType"])
    return 2 + collections_in(kind["keyType"]) + collections_in(kind["valueType"])


def bounds(path, state):
    """Minima and maxima of decimals and times, and of fields in structs: none may cut a value off."""
    found = []
    for name, file in data_files(path, state):
        statistics = json.loads(state.files[name].get("stats") or "{}", parse_float=values.Decimal)
        if "numRecords" not in statistics:
            found.append(f"{name}: no numRecords")
            continue
        rows = pyarrow.parquet.read_table(file)
        for place, kind, low, high, nulls in leaves(state.schema, statistics):
            if place[0] not in rows.column_names:
                continue
            column = rows[place[0]].combine_chunks()
            for step in place[1:]:
                column = pyarrow.compute.struct_field(column, step)
            if nulls is not None and nulls != column.null_count:
                found.append(f"{name}: nullCount of {'.'.join(place)} is {nulls}, not {column.null_count}")
            seen = values_of(column, kind)
            if not seen:
                continue
            if low is not None and bound(low, kind) > min(seen):
                found.append(f"{name}: the minimum {low!r} of {'.'.join(place)} is above {min(seen)!r}")
            # Times are cut to milliseconds; readers know.
            slack = 999 if kind.startswith("timestamp") else 0
            if high is not None and bound(high, kind) + slack < max(seen):
                found.append(f"{name}: the maximum {high!r} of {'.'.join(place)} is below {max(seen)!r}")
    return found


def leaves(schema, statistics, path=()):
    """Physical path, type, minimum, maximum and nulls of decimals, times and numbers that statistics name."""
    parts = [statistics.get(key) or {} for key in ("minValues", "maxValues", "nullCount")]
    for field in schema["fields"]:
        name = field["metadata"].get("delta.columnMapping.physicalName", field["name"])
        kind = field["type"]
        if isinstance(kind, dict) and kind["type"] == "struct":
            inner = dict(zip(("minValues", "maxValues", "nullCount"), (part.get(name) for part in parts)))
            if all(part is None or isinstance(part, dict) for part in inner.values()):
                yield from leaves(kind, inner, (*path, name))
        elif isinstance(kind, str) and (kind in values.WHOLE or kind.startswith(("decimal", "timestamp"))):
            yield (*path, name), kind, *(part.get(name) for part in parts)


def values_of(column, kind):
    if kind.startswith("timestamp"):
        if not pyarrow.types.is_timestamp(column.type):
            return []  # From before the column was widened.
        column = column.cast(pyarrow.timestamp("us", column.type.tz)).view(pyarrow.int64())
    return [value for value in column.to_pylist() if value is not None]


def bound(text, kind):
    if not kind.startswith("timestamp"):
        return values.Decimal(str(text))
    match = re.fullmatch(r"([+-]?\d+)-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|[+-]00:?00)?", text)
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction = int(((match[7] or "") + "000000")[:6])
    return (days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * 1_000_000 + fraction


def days(year, month, day):
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def checksum(path, log, version):
    """A version's .crc, if it is there."""
    file = os.path.join(path, "_delta_log", f"{version:020d}.crc")
    if not os.path.exists(file):
        return []
    with open(file, encoding="utf-8") as text:
        says = json.load(text)
    state = Replay(log, version)
    due = {"numFiles": len(state.files), "tableSizeBytes": sum(f["size"] for f in state.files.values()), "numMetadata": 1, "numProtocol": 1}
    found = [f"version {version}: the checksum's {key} is {says.get(key)}, not {value}"
             for key, value in due.items() if says.get(key) != value]
    if says.get("metadata", {}).get("id") != state.metadata["id"] or says["metadata"]["schemaString"] != state.metadata["schemaString"]:
        found.append(f"version {version}: the checksum has other metadata")
    if "allFiles" in says and {f["path"] for f in says["allFiles"]} != set(state.files):
        found.append(f"version {version}: the checksum has other files")
    return found
