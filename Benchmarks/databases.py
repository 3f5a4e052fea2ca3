#!/usr/bin/env python3
"""What functions of guests cost in databases, beside the same functions in C.

    make bench-databases        and writes the tables into RESULTS.md
    databases.py --rows N       over N rows; without --write it only prints

A query sums what a function gives for each row: of a bigint, and of a text of 100 bytes. The tables have a
million rows each and are read as often as it takes. Time is the processor's, of the one thread that works,
as other programs may run beside. The rounds of all functions are interleaved, and the
fastest of each is what counts. Beside them is a sum without a function: what is left when it is taken away
is the functions' own.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCES = HERE / "databases"
SMELT = ROOT / ".build/smelt/bin/smelt"
RESULTS = HERE / "RESULTS.md"
TABLE_ROWS = 1_000_000
ROUNDS = 5
sys.path.insert(0, str(ROOT / "Tests/Integrations"))

import server  # noqa: E402


def run(*words):
    subprocess.run([str(word) for word in words], check=True)


def build(folder):
    """The guest for both databases, and the functions in C."""
    module = folder / "guest.wasm"
    run("clang-22", "--target=wasm32-wasi", "-O2", "-mexec-model=reactor", "-Wno-deprecated",
        SOURCES / "guest.c", "-o", module)  # fmt: skip
    for host in ("sqlite", "postgresql"):
        run(SMELT, "integrate", host, module, "--manifest", SOURCES / "guest.manifest", "--name",
            f"guest_{host}", "-o", folder / f"guest_{host}.so")  # fmt: skip
        run("clang-22", "-O2", "-shared", "-fPIC", "-I/usr/include/postgresql/15/server",
            SOURCES / f"native_{host}.c", "-o", folder / f"native_{host}.so")  # fmt: skip


def ask(process, text):
    """What a shell of a database answers."""
    process.stdin.write(text + "\nSELECT 'done';\n")
    process.stdin.flush()
    lines = []
    while (line := process.stdout.readline().strip()) != "done":
        if not line and process.poll() is not None:
            raise RuntimeError(f"the shell has ended: {text}")
        lines.append(line)
    return "\n".join(lines)


class SQLite:
    title = "SQLite"

    def __init__(self, folder):
        self.process = subprocess.Popen(
            ["sqlite3", "-batch", "-init", "/dev/null", folder / "rows.db"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        for name in ("guest", "native"):
            self.ask(f".load {folder}/{name}_sqlite.so")
        self.ask("PRAGMA cache_size = -1000000;")
        self.ask(
            "CREATE TABLE numbers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            f" WHERE i < {TABLE_ROWS}) SELECT i FROM n;"
            "CREATE TABLE texts AS SELECT printf('%0100d', i * 7919) AS t FROM numbers;")

    def ask(self, text):
        return ask(self.process, text)

    def total(self, expression, table):
        # Sums of integers that do not overflow.
        return self.ask(f"SELECT sum(({expression}) & 65535) FROM {table};")

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)

    plain = {"numbers": "i", "texts": "length(t)"}


class PostgreSQL:
    title = "PostgreSQL"

    def __init__(self, folder):
        self.folder = folder / "server"
        self.folder.mkdir()
        self.server = server.Server(
            self.folder, ["max_parallel_workers_per_gather=0", "shared_buffers=512MB", "jit=off"])
        self.server.__enter__()
        self.server.install(folder / "guest_postgresql.so")
        shutil.copy(folder / "native_postgresql.so", self.server.lib)
        self.server.sql("CREATE EXTENSION guest_postgresql")
        for name, argument in (("mix", "bigint"), ("hash", "text")):
            self.server.sql(
                f"CREATE FUNCTION native_{name}({argument}) RETURNS bigint AS '$libdir/native_postgresql',"
                f" 'native_{name}' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE")
        self.has_python = self.add_python()
        self.server.sql(
            f"CREATE TABLE numbers AS SELECT i::bigint FROM generate_series(1, {TABLE_ROWS}) i;"
            "CREATE TABLE texts AS SELECT lpad((i * 7919)::text, 100, '0') AS t FROM numbers;"
            "VACUUM ANALYZE numbers; VACUUM ANALYZE texts;")
        self.session = subprocess.Popen(
            self.server.psql(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = int(ask(self.session, "SELECT pg_backend_pid();"))

    def add_python(self):
        """Whether there is PL/Python, to compare with."""
        made = self.server.sql("CREATE EXTENSION plpython3u", check=False)
        if made.returncode != 0:
            return False
        self.server.sql(
            "CREATE FUNCTION python_mix(v bigint) RETURNS bigint LANGUAGE plpython3u IMMUTABLE AS $$\n"
            "m = (1 << 64) - 1\nx = v & m\nx ^= x >> 31\nx = x * 0x9e3779b97f4a7c15 & m\n"
            "x ^= x >> 29\nreturn x - (1 << 64) if x >> 63 else x\n$$")
        return True

    def total(self, expression, table):
        return ask(self.session, f"SELECT sum(({expression}) & 65535) FROM {table};")

    def close(self):
        self.session.stdin.close()
        self.session.wait(timeout=60)
        self.server.__exit__()

    plain = {"numbers": "i", "texts": "length(t)"}


def processor_seconds(pid):
    """What the kernel has counted, in nanoseconds."""
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def seconds(database, expression, table, repeat):
    started = processor_seconds(database.pid)
    results = {database.total(expression, table) for _ in range(repeat)}
    return processor_seconds(database.pid) - started, results


def measure(database, rows):
    """For each function: the fastest round of the query without it, of C, and of the guest."""
    repeat = max(1, rows // TABLE_ROWS)
    found = {}
    for name, column, table in (("mix", "i", "numbers"), ("hash", "t", "texts")):
        ways = {"without": database.plain[table], "C": f"native_{name}({column})",
                "guest": f"guest_{name}({column})"}  # fmt: skip
        best, results = {}, {}
        for _ in range(ROUNDS):
            for way, expression in ways.items():
                took, results[way] = seconds(database, expression, table, repeat)
                best[way] = min(best.get(way, took), took)
        if results["C"] != results["guest"] or len(results["C"]) != 1:
            raise RuntimeError(f"{database.title} {name}: {results}")
        found[name] = best
    if getattr(database, "has_python", False):
        took, results = seconds(database, "python_mix(i)", "numbers", 1)
        found["mix"]["PL/Python"] = took * repeat
    return found


TITLES = {"mix": "an integer mixed", "hash": "FNV-1a of 100 bytes"}
GOALS = {"SQLite": 1.15, "PostgreSQL": 1.10}


def table(found, rows):
    lines = [
        "| database | function | without | C | guest | guest / C | goal | PL/Python |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for title, functions in found.items():
        for name, best in functions.items():
            python = f"{best['PL/Python']:.2f} s" if "PL/Python" in best else ""
            lines.append(
                f"| {title} | {TITLES[name]} | {best['without']:.2f} s | {best['C']:.2f} s"
                f" | {best['guest']:.2f} s | {best['guest'] / best['C']:.2f} | {GOALS[title]:.2f} | {python} |")
    return "\n".join(lines)


def write(text):
    """Puts the section into RESULTS.md, in place of the one that is there."""
    section = f"## Databases\n\n{text}\n"
    old = RESULTS.read_text()
    pattern = re.compile(r"^## Databases\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(old):
        new = pattern.sub(lambda _: section + "\n", old)
    else:
        new = old.replace("## The machine\n", section + "\n## The machine\n", 1)
    RESULTS.write_text(new)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--write", action="store_true", help="write the table into RESULTS.md")
    options = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory(prefix="smelt-databases-", dir="/tmp") as name:
        folder = pathlib.Path(name)
        build(folder)
        for kind in (SQLite, PostgreSQL):
            database = kind(folder)
            try:
                found[kind.title] = measure(database, options.rows)
            finally:
                database.close()
    text = (
        f"`make bench-databases`: a query that sums what a function gives for {options.rows:,} rows, in"
        f" processor time; the fastest of {ROUNDS} interleaved rounds. The guest is C compiled to"
        " WebAssembly and made an extension with `smelt integrate`, with interruption; `C` is the same"
        " source as an extension in C. `without` is the query with no function of either.\n\n"
        + table(found, options.rows))
    print(text)
    if options.write:
        write(text)


if __name__ == "__main__":
    main()
