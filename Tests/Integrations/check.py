#!/usr/bin/env python3
"""Makes extensions of guests and tries them in SQLite, PostgreSQL and Python.

    check.py                 everything
    check.py sqlite          one of: sqlite, postgresql, python, manifests, foreign, real, attacks
    check.py --seconds N     attacks by concurrent sessions for so long (default: 5)

The server of PostgreSQL runs in a scratch folder as user postgres, which takes a process that may become
that user; elsewhere it is skipped, and said so.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import attacks
import cases
import foreign
import manifests
import real
import server
import sqlite
from building import HERE, expression, guest, integrate, run


def expect(found, expected, what):
    if found != expected:
        raise RuntimeError(f"{what}: {found!r:.300}, not {expected!r:.300}")


def must_fail(action, part, what):
    try:
        found = action()
    except sqlite.Error as error:
        if part not in str(error):
            raise RuntimeError(f"{what}: {error}, not {part}") from None
        return str(error)
    raise RuntimeError(f"{what} should fail, and gives {found!r:.80}")


# SQLite -------------------------------------------------------------------------------------


def check_sqlite(folder):
    library = integrate("sqlite", guest(folder), folder / "guest_sqlite.so", "common", "sets", "deadline")
    connection = sqlite.Connection()
    connection.load(library)

    def call(name, arguments):
        found = connection.value(f"SELECT {expression(name, arguments)}")
        return found

    def fail(name, arguments):
        return must_fail(lambda: call(name, arguments), "", name)

    count = cases.check(call, fail, has_arrays=False)
    expect(call("negated", (0,)), 1, "booleans are integers")
    must_fail(lambda: call("plus", (2**40, 1)), "no integer of 32 bits", "a large integer")
    sqlite_sets(connection)
    sqlite_interruption(connection)
    # Connections have instances of their own, and give them back.
    others = [sqlite.Connection() for _ in range(20)]
    for other in others:
        other.load(library)
    expect([other.value("SELECT leave(1)") for other in others], [1] * 20, "other connections")
    for other in [*others, connection]:
        other.close()
    return count


def sqlite_sets(connection):
    value, rows = connection.value, connection.rows
    three = "(SELECT 'a' AS t UNION ALL SELECT NULL UNION ALL SELECT 'bc')"
    expect(value(f"SELECT joined(t) FROM {three}"), "abc", "an aggregate")
    expect(value(f"SELECT joined(t) FROM {three} WHERE 0"), "", "an aggregate of nothing")
    expect(rows("SELECT x % 2, summed(x) FROM (SELECT 1 AS x UNION SELECT 2 UNION SELECT 3) GROUP BY 1"),
           [(0, 2), (1, 4)], "groups")  # fmt: skip
    expect(rows("SELECT * FROM words('the  quick fox')"), [("the", 1), ("quick", 2), ("fox", 3)], "a table")
    expect(rows("SELECT * FROM words(NULL)"), [], "a table of NULL")
    expect(rows("SELECT a.word, b.word FROM words('a b') a, words(a.word || ' x') b"),
           [("a", "a"), ("a", "x"), ("b", "b"), ("b", "x")], "a table of a table")  # fmt: skip
    expect(rows("SELECT word FROM words('a b c') LIMIT 1"), [("a",)], "a table that is left")
    must_fail(lambda: rows("SELECT * FROM words"), "has 1 arguments", "a table without arguments")
    must_fail(lambda: rows("SELECT joined(t) FROM (SELECT 'a' AS t UNION ALL SELECT 'trap')"), "unreachable",
              "an aggregate that traps")  # fmt: skip
    must_fail(lambda: rows("SELECT * FROM words('a trap b')"), "unreachable", "a table that traps")
    must_fail(lambda: rows("SELECT joined(t), sum(divide(1, t = 'a')) FROM (SELECT 'a' AS t UNION ALL SELECT 'b')"),
              "divide by zero", "a function that traps beside an aggregate")  # fmt: skip
    expect(value("SELECT states()"), 0, "states that are left")


def sqlite_interruption(connection):
    started = time.monotonic()
    must_fail(lambda: connection.value("SELECT spin(1)"), "deadline", "an endless loop")
    if not 0.9 < time.monotonic() - started < 10:
        raise RuntimeError("the deadline is not kept")
    timer = threading.Timer(0.2, connection.interrupt)
    timer.start()
    started = time.monotonic()
    must_fail(lambda: connection.value("SELECT spin(1)"), "interrupted", "an interrupted loop")
    if time.monotonic() - started > 0.9:
        raise RuntimeError("sqlite3_interrupt takes long")
    expect(connection.value("SELECT plus(1, 2)"), 3, "after an interruption")
    for text in ("SELECT * FROM words('spin')", "SELECT joined('spin')"):
        timer = threading.Timer(0.2, connection.interrupt)
        timer.start()
        must_fail(lambda: connection.rows(text), "interrupted", "an interrupted loop in a set")  # noqa: B023


# PostgreSQL ---------------------------------------------------------------------------------


def check_postgresql(folder):
    library = integrate("postgresql", guest(folder), folder / "guest_postgresql.so", "common", "arrays", "sets")
    scratch = folder / "server"
    scratch.mkdir()
    with server.Server(scratch) as database:
        database.install(library)
        database.sql("CREATE EXTENSION guest_postgresql")
        types = {"reverse_bytes": bytes, "doubled": list, "flipped": list}

        def call(name, arguments):
            text = database.value(
                f"SELECT {name}, {name} IS NULL FROM {expression(name, arguments, True)} {name}")
            value, is_null = text.rsplit("|", 1)
            return None if is_null == "t" else parse(value, name)

        def parse(value, name):
            kind = types.get(name) or next(
                (type(expected) for other, _, expected in cases.RESULTS + cases.ARRAYS
                 if other == name and expected is not None), int)  # fmt: skip
            if kind is bytes:
                return bytes.fromhex(value.removeprefix("\\x"))
            if kind is list:
                items = [item for item in value.strip("{}").split(",") if item]
                return [item == "t" if item in "tf" else float(item) for item in items]
            return kind(value)

        def fail(name, arguments):
            return database.error(f"SELECT {expression(name, arguments, True)}")

        count = cases.check(call, fail, has_arrays=True)
        postgresql_sets(database)
        postgresql_errors(database)
        postgresql_encoding(database)
        if "terminated by signal" in (scratch / "log").read_text():
            raise RuntimeError("a backend was lost")
    return count


def postgresql_sets(database):
    value = database.value
    three = "(VALUES ('a'), (NULL), ('bc')) v(t)"
    expect(value(f"SELECT joined(t) FROM {three}"), "abc", "an aggregate")
    expect(value(f"SELECT joined(t) FROM {three} WHERE false"), "", "an aggregate of nothing")
    expect(value("SELECT x % 2, summed(x) FROM generate_series(1, 4) x GROUP BY 1 ORDER BY 1"), "0|6\n1|4", "groups")
    expect(value("SELECT * FROM words('the  quick fox')"), "the|1\nquick|2\nfox|3", "a table")
    expect(value("SELECT * FROM words(NULL)"), "", "a table of NULL")
    expect(value("SELECT a.word, b.word FROM words('a b') a, words(a.word || ' x') b"),
           "a|a\na|x\nb|b\nb|x", "a table of a table")  # fmt: skip
    expect(value("SELECT flags FROM flipped('{t,f}') flags"), "{f,t}", "booleans in arrays")
    errors = [
        ("SELECT joined(t) FROM (VALUES ('a'), ('trap')) v(t)", "unreachable"),
        ("SELECT * FROM words('a trap b')", "unreachable"),
        ("SELECT joined(t), sum(1 / (1 - length(t))) FROM (VALUES ('aa'), ('b')) v(t)", "division by zero"),
        ("SELECT total('{{1},{2}}')", "one dimension"), ("SELECT total('{1,NULL}')", "one dimension"),
        ("SELECT zero_text()", "zero byte"), ("SELECT joined_step(NULL::internal, 'a')", "internal"),
    ]  # fmt: skip
    # In one session: what a query leaves behind is not there for the next ones.
    script = "".join(f"\\set ON_ERROR_STOP off\n{text};\n" for text, _ in errors)
    said = database.sql(script + "SELECT 'states', states();", check=False)
    for text, part in errors:
        if part not in said.stderr:
            raise RuntimeError(f"{text}: {part} is not in {said.stderr}")
    expect(said.stdout.strip().split("\n")[-1], "states|0", "states that are left")


def postgresql_errors(database):
    """Traps roll back, the server's own errors come through the guest's frames, loops can be cancelled."""
    database.sql("CREATE TABLE kept (x int)")
    script = (
        "\\set ON_ERROR_STOP off\nBEGIN; INSERT INTO kept VALUES (1); SAVEPOINT a;\n"
        "INSERT INTO kept VALUES (divide(1, 0));\nROLLBACK TO a; INSERT INTO kept VALUES (plus(1, 1)); COMMIT;\n"
        "BEGIN; INSERT INTO kept VALUES (3); SELECT stop(0); COMMIT;\n"
        "SELECT string_agg(x::text, ',') FROM kept;"
    )
    expect(database.sql(script, check=False).stdout.strip(), "1,2", "what traps have rolled back")
    started = time.monotonic()
    said = database.sql(
        "\\set ON_ERROR_STOP off\nSET statement_timeout = 300;\nSELECT spin(1);\nSELECT plus(1, 2);\n"
        "SELECT recurse_without_memory(1);\nSELECT spin(1);\nSELECT plus(2, 2);", check=False)
    expect(said.stdout.split(), ["3", "4"], "calls after a timeout")
    expect(said.stderr.count("statement timeout"), 2, "timeouts")
    if time.monotonic() - started > 20:
        raise RuntimeError("statement_timeout takes long")
    # From another session.
    with subprocess.Popen(database.psql("-c", "SELECT spin(1)"), stderr=subprocess.PIPE, text=True) as process:
        query = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT spin(1)' AND state = 'active'"
        while process.poll() is None:
            database.sql(query)
            time.sleep(0.05)
        if "canceling statement due to user request" not in process.stderr.read():
            raise RuntimeError("a loop is not cancelled")
    said = database.sql("SELECT say('hello there')")
    if "NOTICE:  guest_postgresql: hello there" not in said.stderr:
        raise RuntimeError(f"a notice is not shown: {said.stderr}")
    # The notice is where the server sees a request to cancel: below frames of the guest.
    said = database.sql(
        "\\set ON_ERROR_STOP off\nSET client_min_messages = error; SET statement_timeout = 100;\n"
        "SELECT count(say(x::text)) FROM generate_series(1, 100000000) x;\nSELECT plus(1, 2);", check=False)
    expect(said.stdout.strip(), "3", "a call after an error below the guest")
    expect(database.value(
        "SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;"
        " SET min_parallel_table_scan_size = 0; CREATE TABLE many AS SELECT x FROM generate_series(1, 100000) x;"
        " ANALYZE many; SELECT sum(plus(x, 1)) FROM many"), "5000150000", "parallel workers")  # fmt: skip


def postgresql_encoding(database):
    """Guests have UTF-8, whatever the database has."""
    database.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    database.sql("CREATE EXTENSION guest_postgresql", database="latin")
    said = database.sql("SET client_encoding = 'UTF8'; SELECT reverse_bytes('ü'::text::bytea), greeting();"
                        " SELECT joined(t) = 'üä' FROM (VALUES ('ü'), ('ä')) v(t)", database="latin")  # fmt: skip
    expect(said.stdout.split(), ["\\xfc|hello!", "t"], "texts in Latin-1")


# Python -------------------------------------------------------------------------------------


def check_python(folder):
    module = folder / "python/guest_python.abi3.so"
    module.parent.mkdir()
    integrate("python", guest(folder), module, "common", "arrays", "unlocked", "deadline")
    interpreters = {sys.executable, "/usr/bin/python3"}
    for interpreter in sorted(interpreters):
        if os.path.exists(interpreter):
            found = run(interpreter, HERE / "with_python.py", module.parent).stdout.strip()
            count = int(found)
    wheel = integrate("python", guest(folder), folder / "guest_wheel-2.1-cp311-abi3-manylinux_2_17_x86_64.whl",
                      "common", "--extension-version", "2.1", "--target", "x86_64")  # fmt: skip
    run(sys.executable, "-m", "pip", "install", "-q", "--no-index", "--disable-pip-version-check",
        "--no-deps", "--target", folder / "installed", wheel)  # fmt: skip
    run(sys.executable, "-c", "import guest_wheel; assert guest_wheel.plus(1, 2) == 3",
        env={"PYTHONPATH": str(folder / "installed"), "PATH": "/usr/bin:/bin"})  # fmt: skip
    return count


# All of it ----------------------------------------------------------------------------------

CHECKS = {
    "sqlite": check_sqlite, "postgresql": check_postgresql, "python": check_python,
    "manifests": manifests.check, "foreign": foreign.check, "real": real.check, "attacks": attacks.check,
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checks", nargs="*", choices=[*CHECKS, []])
    parser.add_argument("--seconds", type=int, default=5, help="how long attacks go on")
    options = parser.parse_args()
    attacks.SECONDS = options.seconds
    failures = 0
    for name in options.checks or CHECKS:
        needs_server = name in ("postgresql",) and not (server.is_installed() and os.getuid() == 0)
        if needs_server:
            print(f"integrations: {name}: skipped, no server can be started here")
            continue
        with tempfile.TemporaryDirectory(prefix="smelt-integrations-", dir="/tmp") as folder:
            try:
                print(f"integrations: {name}: {CHECKS[name](pathlib.Path(folder))}", flush=True)
            except (RuntimeError, subprocess.TimeoutExpired, sqlite.Error) as error:
                failures += 1
                print(f"integrations: {name}: {error}", file=sys.stderr)
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
