"""What tools/matrix does: makes each table, has it read and written by all, and says what came of it."""
import collections
import concurrent.futures
import contextlib
import fnmatch
import json
import os
import random
import shutil
import sys
import tempfile
import time
import zlib

import pyarrow as pa

import cases
import faults
import files
import peers
import report
import rules
import tables
import values
from peers import Crash, Refusal


def run(options):
    if options.list:
        for case in cases.load():
            print(f"{case.name:34} {case.title}")
        return 0
    started = time.monotonic()
    chosen = [peer for peer in peers.READERS if not options.peers or peer in options.peers.split(",")]
    lacking = {peer: peers.missing(peer) for peer in chosen if peers.missing(peer)}
    for peer, names in lacking.items():
        print(f"matrix: {peer} SKIPPED: {', '.join(names)} is not installed")
    crew = {peer: peers.Peer(peer, options.shared) for peer in chosen if peer not in lacking}
    print("matrix: with " + ", ".join(f"{peer} {peers.version(peer)}" for peer in crew))
    with contextlib.ExitStack() as stack:
        for peer in crew.values():
            stack.callback(peer.close)
        folder = options.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="matrix-"))
        os.makedirs(folder, exist_ok=True)
        wrong = 0
        if options.part != "files":
            wrong += of_tables(options, crew, folder)
        if options.part != "tables":
            wrong += files.run(options, folder)
    print(f"matrix: {wrong} wrong, after {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


def of_tables(options, crew, folder):
    sys.path.insert(0, os.path.join(options.shared, "conformance"))
    import writeback
    results = []
    for case in cases.load():
        if options.only and not fnmatch.fnmatch(case.name, options.only):
            continue
        trial = Trial(case, options, crew, os.path.join(folder, case.name), writeback.lint)
        trial.run()
        results.append(trial.result)
        report.progress(trial.result)
        if not options.keep:
            shutil.rmtree(trial.folder, ignore_errors=True)
    if not results:
        return 0
    text = report.text(results, list(crew), peers.WRITERS)
    print(text)
    if options.report:
        with open(options.report, "w", encoding="utf-8") as out:
            out.write(text)
    return sum(result.is_wrong for result in results)


# The ends of data files' names -> what `parquet copy` calls the codec.
COPY_CODECS = {"gz": "gzip", "br": "brotli", "lz4raw": "lz4", "lz4_raw": "lz4"}


class Trial:
    """One table of the matrix."""

    def __init__(self, case, options, crew, folder, lint):
        self.case, self.crew, self.folder, self.lint = case, crew, folder, lint
        self.command = os.path.abspath(options.command)
        self.chance = random.Random(options.seed ^ zlib.crc32(case.name.encode()))
        self.result = report.Result(case)

    def run(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        table = self.table = tables.Table(self.command, os.path.join(self.folder, "table"), self.chance)
        try:
            self.case.make(table)
        except tables.CommandFailed as failure:
            self.result.note("ours", "refuses" if failure.status == 4 else "WRONG", "making", str(failure))
            return
        self.metadata = tables.metadata_at(tables.actions(table.path), table.newest())
        self.check_log()
        self.check_versions()
        if getattr(table, "has_changes", False):
            self.check_changes()
        if self.case.is_checkpointed:
            self.check_checkpoint()
        if self.case.group == "files":
            self.check_compact()
        if self.case.is_appended:
            self.check_appends()

    # ------------------------------------------------------------ what is checked

    def check_log(self):
        errors, notes = self.lint(self.table.path, None)
        for error in errors + rules.broken(self.table, self.case.needs):
            self.result.note("log", "WRONG", "rules", error)
        self.result.note("log", "equal", "rules", "")
        self.result.remarks += notes

    def check_versions(self):
        log = tables.actions(self.table.path)
        newest = max(self.table.versions)
        for version, (columns, rows) in sorted(self.table.versions.items()):
            # All versions of a short history, else those at which the columns change, and every fifth.
            earlier = self.table.versions.get(version - 1)
            if len(self.table.versions) > 6 and version not in (0, newest) and version % 5 and earlier and earlier[0] == columns:
                continue
            stage = f"version {version}" if version != newest else "newest version"
            self.everyone(self.table.path, columns, rows, stage, None if version == newest else version,
                          tables.metadata_at(log, version))

    def check_checkpoint(self):
        """From a checkpoint alone, as after the log was cleaned."""
        copy = self.copy("checkpointed")
        self.ours_runs("checkpoint", copy)
        for file in tables.commit_files(copy).values():
            os.remove(file)
        for name in os.listdir(os.path.join(copy, "_delta_log")):
            if name.endswith(".crc"):
                os.remove(os.path.join(copy, "_delta_log", name))
        self.everyone(copy, self.table.columns, self.table.rows, "checkpoint alone")

    def check_compact(self):
        """With its files in the compact profile."""
        copy = self.copy("compact")
        sizes = {}
        for name, file in rules.data_files(copy, rules.Replay(tables.actions(copy), self.table.newest())):
            codec = os.path.basename(name).split(".")[1].replace("parquet", "none")
            # Nothing is written into a table's folder but by its log.
            made = os.path.join(self.folder, "compact.parquet")
            self.ours_runs("parquet", "copy", file, made, "--profile", "compact", "--compression", COPY_CODECS.get(codec, codec))
            os.replace(made, file)
            sizes[name] = os.path.getsize(file)
        for file in tables.commit_files(copy).values():
            with open(file, encoding="utf-8") as text:
                commit = [json.loads(line) for line in text if line.strip()]
            for action in commit:
                if "add" in action:
                    action["add"]["size"] = sizes[action["add"]["path"]]
            with open(file, "w", encoding="utf-8") as text:
                text.writelines(json.dumps(action) + "\n" for action in commit)
        for name in os.listdir(os.path.join(copy, "_delta_log")):
            if name.endswith(".crc"):
                os.remove(os.path.join(copy, "_delta_log", name))
        self.everyone(copy, self.table.columns, self.table.rows, "compact profile")

    def check_changes(self):
        newest = max(self.table.versions)
        due = {}
        for line in self.ours_runs("changes", self.table.path, "--from", "1", "--to", str(newest), "--format", "jsonl").splitlines():
            row = json.loads(line)
            key = f"{row['_commit_version']} {row['_change_type']}"
            due[key] = due.get(key, 0) + 1
        if "deltalake" in self.crew:
            self.attempt("deltalake", "change feed", lambda: self.crew["deltalake"].changes(self.table.path, 1, newest), due)

    def check_appends(self):
        for writer in peers.WRITERS:
            if writer in self.crew:
                self.check_append(writer)

    def check_append(self, writer):
        """A peer appends, then we do, then it reads."""
        if not getattr(self.table, "can_append", True):
            self.result.note("+" + writer, "not tried", "append", "Arrow has no type for these rows")
            return
        columns = [(name, kind) for name, kind in self.table.columns if name not in self.table.made_up]
        copy = self.copy("append-" + writer)
        rows = self.table.some(6, columns)
        file = os.path.join(self.folder, f"append-{writer}.arrow")
        stored = [self.table.stored(row) for row in rows]
        write_ipc(file, values.arrow_table(stored, self.table.columns))
        before = max(tables.commit_files(copy))
        try:
            self.crew[writer].append(copy, file)
        except Refusal as refusal:
            self.result.note("+" + writer, "refuses", "append", str(refusal))
            return
        except Crash as crash:
            self.result.note("+" + writer, "refuses", "append", f"it crashes: {crash}")
            return
        if max(tables.commit_files(copy)) != before + 1:
            self.result.note("+" + writer, "WRONG", "append", "it has made no commit of its own")
        rows = self.table.rows + stored
        if not self.ours(copy, self.table.columns, rows, "+" + writer, "its append, read by us", blames=writer):
            return
        more = self.table.some(6, columns)
        file = self.table.input(more, columns, "parquet")
        try:
            self.ours_runs("write", copy, "--from", file)
        except tables.CommandFailed as failure:
            self.result.note("+" + writer, "WRONG", "our append after it", str(failure))
            return
        rows = rows + [self.table.stored(row) for row in more]
        self.ours(copy, self.table.columns, rows, "+" + writer, "our append after it, read by us")
        self.read(writer, copy, self.table.columns, rows, "our append after it, read by it", column="+" + writer)
        if dict(self.table.columns).get("id") in ("long", "integer"):
            self.check_delete(writer, copy, rows)

    def check_delete(self, writer, path, rows):
        """A peer takes rows away, by deletion vectors where the table wants them."""
        middle = sorted(row["id"] for row in rows)[len(rows) // 2]
        try:
            self.crew[writer].delete(path, f"id < {middle}")
        except Refusal as refusal:
            self.result.note("+" + writer, "refuses", "delete", str(refusal))
            return
        except Crash as crash:
            self.result.note("+" + writer, "refuses", "delete", f"it crashes: {crash}")
            return
        rows = [row for row in rows if row["id"] >= middle]
        self.ours(path, self.table.columns, rows, "+" + writer, "its delete, read by us", blames=writer)

    # ------------------------------------------------------------ reading

    def everyone(self, path, columns, rows, stage, version=None, metadata=None):
        """We read, and all peers at once."""
        with concurrent.futures.ThreadPoolExecutor(len(self.crew) + 1) as pool:
            tasks = [pool.submit(self.ours, path, columns, rows, "ours", stage, version)]
            tasks += [pool.submit(self.read, peer, path, columns, rows, stage, version, metadata) for peer in self.crew]
            for task in tasks:
                task.result()

    def ours(self, path, columns, rows, column, stage, version=None, blames=None):
        """Whether our reader gives the rows that are due. `blames`: who wrote last; it is to blame if no other gives them either."""
        due = values.lines(rows, columns)
        try:
            text = self.ours_runs("scan", path, "--format", "canonical", *(["--as-of", str(version)] if version is not None else []))
            got = sorted(values.respelt(line) for line in text.split("\n") if line)
            words = difference(got, due)
        except tables.CommandFailed as failure:
            words = str(failure)
        if not words:
            self.result.note(column, "equal", stage, "")
            return True
        is_theirs = blames and not any(self.gives(peer, path, due) for peer in self.crew if not peer.startswith(blames))
        self.result.note(column, "own fault" if is_theirs else "WRONG", stage, words)
        return False

    def gives(self, peer, path, due):
        try:
            return self.crew[peer].read(path, json.loads(self.metadata["schemaString"]), None) == due
        except (Refusal, Crash):
            return False

    def ours_runs(self, *arguments):
        return self.table.run(*arguments)

    def read(self, peer, path, columns, rows, stage, version=None, metadata=None, column=None):
        column = column or peer
        metadata = metadata or self.metadata
        schema = json.loads(metadata["schemaString"])
        if peer == "duckdb":
            columns = [(name, "variant as JSON" if kind == "variant" else kind) for name, kind in columns]
        due = values.lines(rows, columns)
        try:
            got = self.crew[peer].read(path, schema, version)
        except Refusal as refusal:
            self.result.note(column, "refuses", stage, str(refusal))
            return
        except Crash as crash:
            self.result.note(column, "refuses", stage, f"it crashes: {crash}")
            return
        if got == due:
            self.result.note(column, "equal", stage, "")
            return
        known = next((fault for fault in faults.ALL if fault.explains(self.crew[peer], got, columns, rows, Facts(metadata, schema))), None)
        if known:
            self.result.note(column, "own fault", stage, f"{known.words} (as of the shared suite's {known.evidence})")
        elif self.is_as_wrong_elsewhere(peer, columns, rows, metadata, only_in(got, due)):
            self.result.note(column, "own fault", stage, difference(got, due) + " (as of a table that delta-rs wrote)")
        else:
            self.result.note(column, "WRONG", stage, difference(got, due))

    def is_as_wrong_elsewhere(self, peer, columns, rows, metadata, wrong):
        """Whether the peer gives the wrong rows just so when delta-rs has written them."""
        if "deltalake" not in self.crew:
            return False
        path = os.path.join(self.folder, f"control-{peer}")
        shutil.rmtree(path, ignore_errors=True)
        try:
            file = path + ".arrow"
            write_ipc(file, values.arrow_table(rows, columns))
            self.crew["deltalake"].create(path, file, metadata["partitionColumns"])
            return not only_in(wrong, self.crew[peer].read(path, json.loads(metadata["schemaString"]), None))
        except (Refusal, Crash, KeyError, pa.ArrowException) as error:
            print(f"    no control for {peer}: {error}")
            return False

    def attempt(self, peer, stage, ask, due):
        try:
            got = ask()
        except (Refusal, Crash) as refusal:
            self.result.note(peer, "refuses", stage, str(refusal))
            return
        self.result.note(peer, "equal" if got == due else "WRONG", stage, f"it has {got}, due is {due}" if got != due else "")

    def copy(self, name):
        path = os.path.join(self.folder, name)
        shutil.copytree(self.table.path, path)
        return path


class Facts:
    """What known faults depend on."""

    def __init__(self, metadata, schema):
        physical = {f["name"]: f["metadata"].get("delta.columnMapping.physicalName") for f in schema["fields"]}
        self.is_mapped = any(physical.values())
        self.named_alike = {name for name, other in physical.items() if name == other}
        self.partition_by = metadata["partitionColumns"]


def write_ipc(file, table):
    with pa.OSFile(file, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def difference(got, due):
    if got == due:
        return ""
    more, less = only_in(got, due), only_in(due, got)
    words = f"{len(got)} rows, {len(due)} are due"
    if more:
        words += f"; has {more[0][:300]}"
    if less:
        words += f"; lacks {less[0][:300]}"
    return words


def only_in(these, those):
    return sorted((collections.Counter(these) - collections.Counter(those)).elements())
