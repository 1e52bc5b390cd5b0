"""Faults of the peers that are known: what rows they give instead, and a table of the shared suite that shows it.

A peer's wrong rows are put down to a fault only when they are, to the last value, what the fault explains, and when the peer gives wrong
rows of a table that another writer made, too: that table is read on the spot.
"""
import json
import os

import values
from peers import Crash, Refusal


class Fault:
    def __init__(self, peer, words, evidence, gives):
        """`gives`: from a row, the columns and the table's facts to the row that the peer makes of it; `None`: it explains nothing."""
        self.peer, self.words, self.evidence, self.gives = peer, words, evidence, gives
        self.is_shown = None

    def explains(self, peer, got, columns, rows, facts):
        if peer.name != self.peer:
            return False
        made = []
        for row in rows:
            given = self.gives(row, columns, facts)
            if given is None:
                return False
            made.append(values.line(given))
        return sorted(made) == sorted(values.respelt(line) for line in got) and self.shows(peer)

    def shows(self, peer):
        """Whether the peer reads the evidence wrongly, here and now."""
        if self.is_shown is None:
            self.is_shown = reads_wrongly(peer, self.evidence)
        return self.is_shown


def reads_wrongly(peer, name):
    suite = os.path.join(peer.shared, "conformance")
    with open(os.path.join(suite, "cases", name + ".json"), encoding="utf-8") as file:
        case = json.load(file)
    for read in case["reads"]:
        expect = read.get("expect", {})
        if not expect.get("rowsComplete", True) or "rows" not in expect:
            continue
        with open(os.path.join(suite, "cases", expect["rows"]), encoding="utf-8") as file:
            due = sorted(values.respelt(line) for line in file.read().split("\n") if line)
        at = read["at"]
        try:
            got = peer.read(os.path.join(suite, case["table"]), expect["schema"], at.get("version") if isinstance(at, dict) else None)
        except (Refusal, Crash):
            continue
        if sorted(values.respelt(line) for line in got) != due:
            return True
    return False


# ---------------------------------------------------------------- what peers make of a row

def without_null_collections(row, columns, facts):
    """Arrays and maps are never null, and structs only where nothing is in them that can't be."""
    return {name: filled(values.canonical(row.get(name), kind), kind) for name, kind in columns}


def filled(value, kind):
    if isinstance(kind, str):
        return value
    if kind["type"] == "struct":
        return {f["name"]: filled((value or {}).get(f["name"]), f["type"]) for f in kind["fields"]}
    if kind["type"] == "array":
        return [filled(element, kind["elementType"]) for element in value or []]
    return [[filled(k, kind["keyType"]), filled(v, kind["valueType"])] for k, v in value or []]


def without_names_in_collections(row, columns, facts):
    """As above, and fields of structs in arrays and maps are not found: such arrays are empty, such values have nulls."""
    if not facts.is_mapped:
        return None
    return {name: unnamed(values.canonical(row.get(name), kind), kind) for name, kind in columns}


def unnamed(value, kind):
    if isinstance(kind, str):
        return value
    if kind["type"] == "struct":
        return {f["name"]: unnamed((value or {}).get(f["name"]), f["type"]) for f in kind["fields"]}
    if kind["type"] == "array":
        return [] if has_struct(kind["elementType"]) else filled(value, kind)
    return [[k, filled(None, kind["valueType"]) if has_struct(kind["valueType"]) else filled(v, kind["valueType"])] for k, v in value or []]


def has_struct(kind):
    if isinstance(kind, str):
        return False
    return kind["type"] == "struct" or any(has_struct(kind[part]) for part in ("elementType", "keyType", "valueType") if part in kind)


def without_partition_values(row, columns, facts):
    if not facts.is_mapped or not facts.partition_by:
        return None
    return {name: None if name in facts.partition_by else values.canonical(row.get(name), kind) for name, kind in columns}


def without_mapped_columns(row, columns, facts):
    """Columns are looked for under the names that the table has for people."""
    if not facts.is_mapped:
        return None
    return {name: values.canonical(row.get(name), kind) if name in facts.partition_by or name in facts.named_alike else None
            for name, kind in columns}


ALL = [
    Fault("chdb", "it has no null arrays and maps: they are empty, and nulls of structs are structs of nulls", "gen-deep-nested-nulls",
          without_null_collections),
    Fault("chdb", "under column mapping it does not find fields of structs that are in arrays and maps", "spark-cm-nested",
          without_names_in_collections),
    Fault("duckdb", "under column mapping it looks for partition values by the columns' own names: they are null",
          "spark-partition-odd-names", without_partition_values),
    Fault("deltalake-pyarrow", "it looks for columns by their own names, where files have others: they are null", "spark-cm-nested",
          without_mapped_columns),
]
