"""A table that the command makes and that is kept in Python beside it: what its rows must be never goes through our own reader."""
import json
import os
import re
import subprocess

import pyarrow.parquet

import values
from values import DAY


class CommandFailed(Exception):
    """The command's words; `status` is 4 where it refuses a feature."""

    def __init__(self, arguments, status, words):
        super().__init__(f"deltalake {' '.join(arguments)[:300]} ended with status {status}: {words.strip()[:600]}")
        self.status = status


class Table:
    """At every version: `columns` (pairs of name and type) and `rows` (dicts)."""

    def __init__(self, command, path, chance):
        self.command, self.path, self.chance = command, path, chance
        self.columns, self.rows, self.partition_by = [], [], ()
        self.versions = {}
        # Columns whose values can't be just any: name -> function of the row so far and its number.
        self.makers = {}
        # Columns that are filled up with blanks: name -> length.
        self.blanks = {}
        # Columns that rows to write leave out, since the table makes them up: name -> function of the row.
        self.made_up = {}
        self.never_null = set()
        self.inputs = 0
        self.next_id = 0

    # ------------------------------------------------------------ the command

    def run(self, *arguments):
        result = subprocess.run(
            [self.command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=dict(os.environ, DELTALAKE_DURABILITY="relaxed"))
        if result.returncode != 0:
            raise CommandFailed(arguments, result.returncode, result.stderr)
        return result.stdout

    def newest(self):
        return max(commit_files(self.path))

    def note(self):
        """Remembers what the newest version has."""
        self.versions[self.newest()] = (list(self.columns), list(self.rows))

    def create(self, columns, partition_by=(), cluster_by=(), properties=None, definitions=None):
        """`definitions`: SQL in place of name and type, by column."""
        self.columns, self.partition_by = list(columns), tuple(partition_by)
        text = ", ".join((definitions or {}).get(name) or f"{values.quoted(name)} {values.sql(kind)}" for name, kind in columns)
        self.run("create", self.path, "--columns", text, *listed("--partition-by", partition_by),
                 *listed("--cluster-by", cluster_by), *assigned(properties))
        self.note()

    def write(self, rows, *options, columns=None, mode="append", form="parquet", keep=lambda row: False):
        """`columns`: what the file has, if not all that the table doesn't make up. `keep`: which rows an overwrite leaves there."""
        columns = columns or [(name, kind) for name, kind in self.columns if name not in self.made_up]
        file = self.input(rows, columns, form)
        self.run("write", self.path, "--from", file, "--mode", mode, *options)
        if mode == "overwrite":
            self.rows = [row for row in self.rows if keep(row)]
        self.rows += [self.stored(row) for row in rows]
        self.note()

    def alter(self, *options):
        self.run("alter", self.path, *options)
        self.note()

    def restore(self, version):
        self.run("restore", self.path, "--to", str(version))
        columns, rows = self.versions[version]
        self.columns, self.rows = list(columns), list(rows)
        self.note()

    def checkpoint(self):
        self.run("checkpoint", self.path)

    def input(self, rows, columns, form):
        self.inputs += 1
        file = f"{self.path}.{self.inputs}.{form}"
        if form == "parquet":
            pyarrow.parquet.write_table(values.arrow_table(rows, columns), file)
        else:
            with open(file, "w", encoding="utf-8") as out:
                for row in rows:
                    out.write(values.json_text(row) + "\n")
        return file

    # ------------------------------------------------------------ rows

    def stored(self, row):
        """What the table has of a row that was written."""
        row = dict(row)
        for name, make in self.made_up.items():
            if name not in row:
                row[name] = make(row)
        for name, length in self.blanks.items():
            row[name] = row[name] and row[name].ljust(length)
        for name in self.partition_by:
            # The format has no other way to keep it.
            if row.get(name) in ("", b""):
                row[name] = None
        return row

    def some(self, count, columns=None, nulls=0.2):
        """New rows, random; the first have the edges of each column's type."""
        columns = columns or [(name, kind) for name, kind in self.columns if name not in self.made_up]
        filled = {}
        for name, kind in columns:
            if name == "id":
                numbers = range(self.next_id, self.next_id + count)
                filled[name] = [str(number) for number in numbers] if kind == "string" else numbers
            else:
                filled[name] = values.column_values(kind, count, self.chance, 0 if name in self.never_null else nulls)
        rows = [{name: filled[name][index] for name, _ in columns} for index in range(count)]
        for name, make in self.makers.items():
            for index, row in enumerate(rows):
                row[name] = make(row, self.next_id + index)
        self.next_id += count
        return rows

    # ------------------------------------------------------------ changes of the schema

    def rename(self, old, new):
        self.columns = [(new if name == old else name, kind) for name, kind in self.columns]
        self.rows = [{(new if name == old else name): value for name, value in row.items()} for row in self.rows]
        self.partition_by = tuple(new if name == old else name for name in self.partition_by)
        self.alter("--rename", f"{old}={new}")

    def drop(self, *names):
        self.columns = [(name, kind) for name, kind in self.columns if name not in names]
        self.rows = [{name: value for name, value in row.items() if name not in names} for row in self.rows]
        self.alter(*(word for name in names for word in ("--drop", name)))

    def add(self, *columns):
        self.columns += columns
        self.alter("--add", ", ".join(f"{values.quoted(name)} {values.sql(kind)}" for name, kind in columns))

    def widen(self, **types):
        """Each column's new type; rows keep their values, as the new type has them."""
        for name, new in types.items():
            old = dict(self.columns)[name]
            self.rows = [dict(row, **({name: widened(row[name], old, new)} if row.get(name) is not None else {})) for row in self.rows]
            self.columns = [(n, new if n == name else kind) for n, kind in self.columns]
        self.alter(*(word for name, new in types.items() for word in ("--type", f"{name}={values.sql(new)}")))


def widened(value, old, new):
    if new == "double":
        return float(value)
    if new.startswith("decimal"):
        return values.Decimal(value)
    if (old, new) == ("date", "timestamp_ntz"):
        return value * DAY
    return value


def listed(option, names):
    return [option, ",".join(names)] if names else []


def assigned(properties):
    return [word for name, value in (properties or {}).items() for word in ("--property", f"{name}={value}")]


# ---------------------------------------------------------------- the log, read without anybody's help

def commit_files(path):
    """Version -> file."""
    log = os.path.join(path, "_delta_log")
    return {int(name[:20]): os.path.join(log, name) for name in os.listdir(log) if re.fullmatch(r"\d{20}\.json", name)}


def actions(path):
    """Version -> list of pairs of name and action, in order."""
    found = {}
    for version, file in sorted(commit_files(path).items()):
        with open(file, encoding="utf-8") as lines:
            found[version] = [next(iter(json.loads(line).items())) for line in lines if line.strip()]
    return found


def metadata_at(log, version):
    """What a log (see `actions`) says of the table at a version."""
    return [action for number in sorted(log) if number <= version for name, action in log[number] if name == "metaData"][-1]
