"""The other engines, each in a long-lived process of its own, so that one that crashes or hangs takes nobody along.

How they read a table is what the shared suite's writeback.py says (`read_peer`), which is loaded from there; Sail, which it
would start anew for each table, is asked here.
"""
import hashlib
import importlib.util
import json
import os
import select
import subprocess
import sys
import tempfile
import threading

READERS = ["deltalake", "deltalake-pyarrow", "duckdb", "polars", "chdb", "sail"]
# Before the names of peers that read single files.
FILES = "files:"
WRITERS = ["deltalake", "sail"]
NEEDS = {"deltalake": ["deltalake"], "deltalake-pyarrow": ["deltalake"], "duckdb": ["duckdb", "duckdb_extension_delta"],
         "polars": ["polars", "deltalake"], "chdb": ["chdb"], "sail": ["pyspark"]}


def missing(peer):
    """Which packages a peer lacks here."""
    needs = NEEDS[peer] + (["pysail"] if peer == "sail" and not os.environ.get("SDL_SAIL_URL") else [])
    return [name for name in needs if importlib.util.find_spec(name) is None]


def version(peer):
    from importlib import metadata
    package = {"deltalake-pyarrow": "deltalake", "sail": "pysail"}.get(peer, peer)
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "?"


class Crash(Exception):
    """The peer's process ended, or gave no answer in time."""


class Refusal(Exception):
    """The peer's own words for why it won't."""


class Peer:
    """A process that answers one request at a time."""

    def __init__(self, name, shared, timeout=120):
        self.name, self.shared, self.timeout = name, shared, timeout
        self.process = None
        self.words = tempfile.TemporaryFile()
        self.lock = threading.Lock()

    def start(self):
        # chdb reads files below the folder that it is started in, and no others.
        environment = dict(os.environ, RUST_BACKTRACE="0", TZ="UTC", RUST_LOG="error")
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), self.name, os.path.abspath(self.shared)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.words, env=environment, start_new_session=True, cwd="/")

    def ask(self, **request):
        with self.lock:
            return self.ask_alone(request)

    def ask_alone(self, request):
        if self.process is None or self.process.poll() is not None:
            self.start()
        try:
            self.process.stdin.write((json.dumps(request) + "\n").encode())
            self.process.stdin.flush()
            answer = self.answer()
        except BrokenPipeError:
            answer = b""
        if not answer:
            status = self.process.poll()
            self.close()
            raise Crash("no answer in time" if status is None else f"its process ended with status {status}: {self.last_words()}")
        found = json.loads(answer)
        if "refusal" in found:
            raise Refusal(found["refusal"])
        return found["answer"]

    def answer(self):
        ready = select.select([self.process.stdout], [], [], self.timeout)[0]
        return self.process.stdout.readline() if ready else b""

    def last_words(self):
        self.words.seek(0, os.SEEK_END)
        self.words.seek(max(0, self.words.tell() - 300))
        return self.words.read().decode(errors="replace").replace("\n", " ").strip()

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()
            self.process = None

    # What is asked.

    def read(self, path, schema, version=None):
        """Canonical lines, sorted; the schema is the Delta one, as a dict."""
        return self.ask(what="read", path=path, schema=schema, version=version)

    def append(self, path, file):
        """Rows of an Arrow IPC file."""
        return self.ask(what="append", path=path, file=file)

    def delete(self, path, condition):
        return self.ask(what="delete", path=path, condition=condition)

    def create(self, path, file, partition_by):
        return self.ask(what="create", path=path, file=file, partition_by=partition_by)

    def compare(self, path, expected):
        """A Parquet file with a file of its rows, in order: a status, words, and a digest of what was read."""
        return self.ask(what="compare", path=path, expected=expected)

    def changes(self, path, first, last):
        return self.ask(what="changes", path=path, first=first, last=last)


# ---------------------------------------------------------------- in the peer's process

class Engine:
    def __init__(self, name, shared):
        sys.path.insert(0, os.path.join(shared, "conformance"))
        import canonical
        import writeback
        self.name, self.canonical, self.writeback = name, canonical, writeback
        self.session = None

    def spark(self):
        if self.session is None:
            url = os.environ.get("SDL_SAIL_URL")
            if not url:
                from pysail.spark import SparkConnectServer
                self.server = SparkConnectServer()
                self.server.start(background=True)
                url = f"sc://localhost:{self.server.listening_address[1]}"
            from pyspark.sql import SparkSession
            self.session = SparkSession.builder.remote(url).getOrCreate()
            self.session.conf.set("spark.sql.session.timeZone", "UTC")
        return self.session

    def table(self, path, schema, version):
        variants = [field["name"] for field in schema["fields"] if field["type"] == "variant"]
        if self.name == "duckdb" and variants:
            return self.with_variants_as_json(path, variants, version)
        if self.name != "sail":
            return self.writeback.read_peer(self.name, path, version)
        reader = self.spark().read.format("delta")
        if version is not None:
            reader = reader.option("versionAsOf", str(version))
        return reader.load(path).toArrow()

    def read(self, path, schema, version):
        table = self.table(path, schema, version)
        names = [field["name"] for field in schema["fields"]]
        lacking = [name for name in names if name not in table.column_names]
        if lacking:
            raise RuntimeError(f"columns {lacking} are not in the result, which has {table.column_names}")
        columns = [self.canonical.canon(table[field["name"]], field["type"]) for field in schema["fields"]]
        if not columns:
            return []
        return sorted(self.canonical.dumps(dict(zip(names, row))) for row in zip(*columns))

    def with_variants_as_json(self, path, variants, version):
        """DuckDB has no Arrow type for what it reads."""
        import duckdb
        import duckdb_extension_delta
        import glob
        files = glob.glob(os.path.dirname(duckdb_extension_delta.__file__) + "/extensions/*/delta.duckdb_extension")
        connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
        connection.execute(f"LOAD '{files[0]}'")
        connection.execute("SET TimeZone='UTC'")
        replaced = ", ".join(f'"{name}"::JSON AS "{name}"' for name in variants)
        place = path.replace("'", "''") + "'" + (f", version={version}" if version is not None else "")
        return connection.execute(f"SELECT * REPLACE ({replaced}) FROM delta_scan('{place})").to_arrow_table()

    def append(self, path, file):
        import pyarrow as pa
        with pa.OSFile(file) as source:
            rows = pa.ipc.open_file(source).read_all()
        if self.name == "sail":
            self.spark().createDataFrame(rows).write.format("delta").mode("append").save(path)
        else:
            import deltalake
            deltalake.write_deltalake(path, rows, mode="append")

    def delete(self, path, condition):
        if self.name == "sail":
            self.spark().sql("DROP TABLE IF EXISTS matrix_t").collect()
            self.spark().sql(f"CREATE TABLE matrix_t USING delta LOCATION '{path}'").collect()
            self.spark().sql(f"DELETE FROM matrix_t WHERE {condition}").collect()
        else:
            import deltalake
            deltalake.DeltaTable(path).delete(condition)

    def create(self, path, file, partition_by):
        import deltalake
        import pyarrow as pa
        with pa.OSFile(file) as source:
            rows = pa.ipc.open_file(source).read_all()
        deltalake.write_deltalake(path, rows, partition_by=partition_by or None)

    def changes(self, path, first, last):
        """How many rows of each kind each version changed."""
        import deltalake
        import pyarrow as pa
        feed = pa.table(deltalake.DeltaTable(path).load_cdf(starting_version=first, ending_version=last).read_all())
        found = {}
        for kind, version in zip(feed["_change_type"].to_pylist(), feed["_commit_version"].to_pylist()):
            found[f"{version} {kind}"] = found.get(f"{version} {kind}", 0) + 1
        return found


class FileEngine:
    """Reads single Parquet files as the shared suite's parquet/writeback.py does."""

    def __init__(self, name, shared):
        sys.path.insert(0, os.path.join(shared, "parquet"))
        import canon
        import footer
        import writeback
        self.name, self.canon, self.footer, self.writeback = name, canon, footer, writeback

    def compare(self, path, expected):
        with open(expected, encoding="utf-8") as file:
            due = [self.canon.normalise(line) for line in file.read().split("\n") if line]
        kind = self.footer.root_ctype(self.footer.schema_tree(self.footer.read_footer(path)))
        is_beyond = self.writeback.any_type(kind, self.writeback.CANNOT[self.name])
        try:
            got = [self.canon.normalise(line) for line in self.writeback.READ[self.name](path, kind)]
        except BaseException as error:
            return ["refuses" if is_beyond else "error", f"{type(error).__name__}: {error}"[:300], None]
        digest = hashlib.sha256("\n".join(got).encode()).hexdigest()
        if got == due:
            return ["equal", "", digest]
        first = next((i for i, pair in enumerate(zip(got, due)) if pair[0] != pair[1]), min(len(got), len(due)))
        words = f"{len(got)} rows, {len(due)} are due; row {first + 1} is {got[first:first + 1]}, not {due[first:first + 1]}"
        return ["refuses" if is_beyond else "WRONG", words[:600], digest]


def serve():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Engines print what they like.
    os.dup2(2, 1)
    is_of_files = sys.argv[1].startswith(FILES)
    engine = FileEngine(sys.argv[1][len(FILES):], sys.argv[2]) if is_of_files else Engine(sys.argv[1], sys.argv[2])
    for request in sys.stdin:
        request = json.loads(request)
        what = request.pop("what")
        try:
            reply = {"answer": getattr(engine, what)(**request)}
        # A panic of Rust is no Exception.
        except BaseException as error:
            words = " ".join((type(error).__name__ + ": " + str(error)).split())
            reply = {"refusal": words[:400]}
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
