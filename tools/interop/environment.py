"""Where the peers, the shared suite and the command are; tools that need what isn't there say so and end with status 77."""
import importlib.util
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".build", "peers-venv")
PACKAGES = [
    "deltalake==1.6.6", "duckdb==1.5.5", "duckdb-extension-delta==1.5.5", "polars==2.1.0", "pyarrow==26.0.1", "numpy==2.4.6",
    "chdb==4.4.0", "pysail==0.7.2", "pyspark==4.2.0", "grpcio>=1.76", "grpcio-status>=1.76", "pandas", "zstandard",
]


def skip(words):
    name = os.path.basename(sys.argv[0])
    print(f"{name}: SKIPPED: {words}", file=sys.stderr)
    sys.exit(77)


def install():
    subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    return subprocess.run([os.path.join(VENV, "bin", "python"), "-m", "pip", "install", "--quiet", *PACKAGES]).returncode


def enter(script, packages):
    """Goes on in a Python that has the packages; in this one if it does."""
    lacking = [name for name in packages if importlib.util.find_spec(name) is None]
    if not lacking:
        return
    for python in (os.environ.get("DELTALAKE_PEERS_PYTHON"), os.path.join(VENV, "bin", "python")):
        if python and os.path.exists(python) and not os.environ.get("DELTALAKE_PEERS_ENTERED"):
            os.environ["DELTALAKE_PEERS_ENTERED"] = "1"
            os.execv(python, [python, script, *sys.argv[1:]])
    skip(f"no Python with {', '.join(lacking)}; `tools/matrix --install` makes one, or DELTALAKE_PEERS_PYTHON names one")


def shared():
    folder = os.environ.get("DELTALAKE_SHARED") or os.path.join(ROOT, "..", "shared")
    if not os.path.exists(os.path.join(folder, "conformance", "writeback.py")):
        skip("the shared suite is not there; DELTALAKE_SHARED names it")
    return os.path.abspath(folder)


def command():
    shown = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True)
    path = os.path.join(shown.stdout.strip(), "deltalake")
    if shown.returncode != 0 or not os.path.exists(path):
        skip("there is no release build: swift build -c release --product deltalake, or --command names the command")
    return path


def strace():
    if not sys.platform.startswith("linux") or not shutil.which("strace"):
        skip("needs Linux and strace (Debian: apt-get install strace)")
