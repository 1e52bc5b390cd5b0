"""Parquet files in every encoding and codec: written by `deltalake parquet copy`, read by PyArrow, DuckDB and Polars.

Sources are files that PyArrow writes from values made here, and those of the shared suite, whose rows are known.
"""
import collections
import fnmatch
import glob
import json
import os
import random
import shutil
import subprocess

import pyarrow as pa
import pyarrow.parquet

import peers
import values
from cases import EVERY
from peers import Crash, Refusal
from values import array_of, map_of, struct_of

READERS = ["pyarrow", "duckdb", "polars"]
CODECS = ["none", "snappy", "zstd", "gzip", "brotli", "lz4"]
PROFILES = ["portable", "compact"]
# What each profile is to have written, somewhere.
ENCODINGS = {
    "portable": {"PLAIN", "RLE", "RLE_DICTIONARY"},
    "compact": {"PLAIN", "RLE", "RLE_DICTIONARY", "DELTA_BINARY_PACKED", "DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT"},
}
NESTED = [("s", struct_of(a="long", b="string", c=struct_of(d="double"))), ("l", array_of("string")), ("ll", array_of(array_of("integer"))),
          ("ls", array_of(struct_of(x="long", y="decimal(38,10)"))), ("m", map_of("string", "double")),
          ("ml", map_of("integer", array_of("date")))]


def run(options, folder):
    trial = Trial(options, folder)
    try:
        trial.own_files()
        trial.shared_files()
    finally:
        trial.close()
    return trial.report()


class Trial:
    def __init__(self, options, folder):
        self.options, self.folder = options, os.path.join(folder, "files")
        self.command = os.path.abspath(options.command)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.crew = {name: peers.Peer(peers.FILES + name, options.shared) for name in READERS}
        self.tally = collections.defaultdict(collections.Counter)
        self.words = collections.defaultdict(list)
        self.encodings = {profile: collections.Counter() for profile in PROFILES}
        self.codecs, self.count = collections.Counter(), 0

    def close(self):
        for peer in self.crew.values():
            peer.close()

    # ------------------------------------------------------------ sources

    def own_files(self):
        chance = random.Random(self.options.seed)
        for name, columns, rows in sources(chance, 3000 if self.options.brief else 30_000):
            source, expected = os.path.join(self.folder, name + ".parquet"), os.path.join(self.folder, name + ".jsonl")
            pa.parquet.write_table(values.arrow_table(rows, columns), source)
            with open(expected, "w", encoding="utf-8") as out:
                for row in rows:
                    out.write(values.line({n: values.canonical(row.get(n), kind, sorts=False) for n, kind in columns}) + "\n")
            for profile in PROFILES:
                for codec in CODECS + ([] if self.options.brief else ["zstd:19", "gzip:1", "brotli:11"]):
                    self.try_copy(f"{name}-{profile}-{codec}", source, expected, profile, codec)
                small = ["--page-rows", "7", "--row-group-rows", "100", "--bloom-filter",
                         next(name for name, kind in columns if kind == "long")]
                self.try_copy(f"{name}-{profile}-small-pages", source, expected, profile, "snappy", small)

    def shared_files(self):
        """Each file of the suite whose rows are given, in one profile and codec after another."""
        folder = os.path.join(self.options.shared, "parquet", "cases")
        for number, path in enumerate(sorted(glob.glob(os.path.join(folder, "*.json")))):
            with open(path, encoding="utf-8") as file:
                case = json.load(file)
            if self.options.brief and number % 12:
                continue
            if "rows" not in case or case.get("errorAllowed") or case.get("expectError"):
                continue
            source, expected = os.path.join(folder, case["file"]), os.path.join(folder, case["rows"])
            profile, codec = PROFILES[number % 2], CODECS[number // 2 % len(CODECS)]
            self.try_copy(case["name"], source, expected, profile, codec)

    # ------------------------------------------------------------ a file

    def try_copy(self, name, source, expected, profile, codec, more=()):
        if self.options.only and not fnmatch.fnmatch(name, self.options.only):
            return
        target = os.path.join(self.folder, name.replace(":", "-").replace("/", "-") + ".copy.parquet")
        result = subprocess.run(
            [self.command, "parquet", "copy", source, target, "--profile", profile, "--compression", codec, *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if result.returncode != 0:
            status = "refuses" if result.returncode in (1, 4) and "error:" in result.stderr else "WRONG"
            return self.note("ours", status, name, result.stderr.strip()[:300])
        self.count += 1
        self.note("ours", *self.ours(target, expected), name)
        for peer in READERS:
            try:
                status, words, rows = self.crew[peer].compare(target, expected)
            except (Refusal, Crash) as error:
                status, words, rows = "error", str(error), None
            if status == "error":
                # What it can't read of others it need not read of ours.
                status = "refuses" if self.rows_of_source(peer, source, expected) is None else "WRONG"
            elif status == "WRONG" and rows == self.rows_of_source(peer, source, expected):
                status, words = "own fault", "it gives the same rows of the source, which others wrote: " + words
            self.note(peer, status, words, name)
        self.look_into(target, profile)
        if not self.options.keep:
            os.remove(target)

    def rows_of_source(self, peer, source, expected):
        """A digest of what the peer reads of the file that was copied; `None` if it can't."""
        try:
            return self.crew[peer].compare(source, expected)[2]
        except (Refusal, Crash):
            return None

    def ours(self, path, expected):
        result = subprocess.run([self.command, "parquet", "cat", path, "--format", "canonical"], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        if result.returncode != 0:
            return "WRONG", result.stderr.strip()[:300]
        with open(expected, encoding="utf-8") as file:
            due = [values.respelt_loosely(line) for line in file.read().split("\n") if line]
        got = [values.respelt_loosely(line) for line in result.stdout.split("\n") if line]
        return ("equal", "") if got == due else ("WRONG", f"{len(got)} rows, {len(due)} are due, or others")

    def look_into(self, path, profile):
        try:
            footer = pa.parquet.read_metadata(path)
        except pa.ArrowException:
            return
        for group in range(footer.num_row_groups):
            for column in range(footer.num_columns):
                chunk = footer.row_group(group).column(column)
                self.encodings[profile].update(chunk.encodings)
                self.codecs[chunk.compression] += 1

    # ------------------------------------------------------------ what is said

    def note(self, who, status, words, name):
        self.tally[who][status] += 1
        if status != "equal":
            self.words[status, who, words[:200]].append(name)

    def report(self):
        if not self.tally:
            return 0
        print(f"\nmatrix: {self.count} Parquet files")
        print("| reader  | equal | refuses | own fault | WRONG |\n|---------|-------|---------|-----------|-------|")
        for who in ["ours", *READERS]:
            cells = [self.tally[who][status] for status in ("equal", "refuses", "own fault", "WRONG")]
            print(f"| {who:7} | {cells[0]:5} | {cells[1]:7} | {cells[2]:9} | {cells[3]:5} |")
        for profile in PROFILES:
            print(f"{profile}: " + ", ".join(f"{name} {count}" for name, count in sorted(self.encodings[profile].items())))
        print("codecs: " + ", ".join(f"{name} {count}" for name, count in sorted(self.codecs.items())))
        faults = self.tally_of("WRONG")
        for (status, who, words), names in sorted(self.words.items()):
            some = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
            print(f"- {status}: {who}: {some}: {words}")
        if not self.options.only and not self.options.brief:
            for profile, due in ENCODINGS.items():
                lacking = due - set(self.encodings[profile])
                if lacking:
                    print(f"- WRONG: no file in the {profile} profile has {', '.join(sorted(lacking))}")
                    faults += 1
        return faults

    def tally_of(self, status):
        return sum(counts[status] for counts in self.tally.values())


def sources(chance, regular_rows):
    """Name, columns and rows of the files that are made here."""
    def rows(columns, count, nulls=0.2):
        filled = {name: values.column_values(kind, count, chance, nulls) for name, kind in columns}
        return [{name: filled[name][index] for name, _ in columns} for index in range(count)]

    yield "every-type", EVERY + NESTED, rows(EVERY + NESTED, 1500)
    yield "no-nulls", EVERY, rows(EVERY, 700, nulls=0)
    regular = [("id", "long"), ("n", "integer"), ("at", "timestamp"), ("word", "string"), ("path", "string"),
               ("ok", "boolean"), ("x", "double"), ("f", "float"), ("d", "decimal(9,2)"), ("key", "binary")]
    yield "regular", regular, [
        {"id": i, "n": i // 3, "at": 1_700_000_000_000_000 + 1_000_003 * i, "word": ["red", "green", None, "blue"][i % 4],
         "path": f"folder/{i // 10:05}/part-{i:07}.parquet", "ok": i % 3 == 0, "x": i * 0.37, "f": values.as_float(i * 0.1),
         "d": values.Decimal(i).scaleb(-2), "key": i.to_bytes(12, "big")} for i in range(regular_rows)]
    yield "empty", EVERY + NESTED, []
