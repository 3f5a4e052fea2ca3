"""Everything a guest should not do, by several sessions at once, with calls between that have to be right.

No session ends, no row is wrong, and no process grows: its resident size is compared with what it was
after a while."""

import os
import pathlib
import random
import subprocess
import threading
import time

import server
import sqlite
from building import guest, integrate

SECONDS = 5
SESSIONS = 4
ATTACKS = [
    "recurse(1)", "recurse_without_memory(1)", "spin(1)", "read_at(-4)", "write_at(-4)", "read_at({r})", "write_at({r})",
    "call_at({r})", "grow({r})", "grow(200)", "hoard(100000)", "hoard(1048576)", "stop(0)", "stop(1)", "lie({r}, {r})",
    "bad_text()", "unterminated()", "leave(200)", "say_wrong({r})", "use_missing(1)", "divide({r}, 0)",
]  # fmt: skip


def attack(generator):
    text = generator.choice(ATTACKS)
    while "{r}" in text:
        text = text.replace("{r}", f"({generator.randint(-2**31 + 1, 2**31 - 1)})", 1)
    return text


def right(generator):
    """A query and its result."""
    a, b = generator.randint(-1000, 1000), generator.randint(-1000, 1000)
    text = "".join(generator.choice("abc ") for _ in range(generator.randint(0, 3000)))
    return generator.choice([
        (f"plus({a}, {b})", a + b), (f"backwards('{text}')", text[::-1]), (f"reverse_given('{text}')", text[::-1]),
        (f"(SELECT sum(number) FROM words('{'x ' * abs(a)}'))", abs(a) * (abs(a) + 1) // 2 if a else None),
        ("leave(0)", 0), ("greeting()", "hello!"),
    ])  # fmt: skip


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


class Growth:
    """Whether a process becomes larger and larger."""

    def __init__(self, pid):
        self.pid = pid
        self.first = None

    def check(self, is_late):
        size = resident(self.pid)
        if self.first is None:
            self.first = size if is_late else None
        elif size > self.first + 100:
            raise RuntimeError(f"process {self.pid} has grown from {self.first} to {size} MiB")


# SQLite -------------------------------------------------------------------------------------


def sqlite_session(library, end, number, counts):
    generator = random.Random(number)
    connection = sqlite.Connection()
    connection.load(library)
    while time.monotonic() < end:
        try:
            connection.value(f"SELECT {attack(generator)}")
        except sqlite.Error:
            counts["failed"] += 1
        query, expected = right(generator)
        found = connection.value(f"SELECT {query}")
        if found != expected:
            raise RuntimeError(f"SQLite: {query:.100} gives {found!r:.100}, not {expected!r:.100}")
        counts["right"] += 1
        if generator.random() < 0.02:
            connection.close()
            connection = sqlite.Connection()
            connection.load(library)
    connection.close()


def run_all(session, arguments):
    """The counts of all sessions; an error if one has failed."""
    counts = {"failed": 0, "right": 0}
    problems = []

    def guarded(number):
        try:
            session(*arguments, number, counts)
        except Exception as error:  # noqa: BLE001
            problems.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise RuntimeError(f"{problems[0]!r:.500}")
    return f"{counts['right']} right, {counts['failed']} attacks failed"


# PostgreSQL ---------------------------------------------------------------------------------


def postgresql_session(database, end, number, counts):
    generator = random.Random(number)
    with subprocess.Popen(
            database.psql("-v", "ON_ERROR_STOP=0"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True) as shell:
        def ask(text):
            shell.stdin.write(f"{text};\nSELECT 'done';\n")
            shell.stdin.flush()
            lines = []
            while (line := shell.stdout.readline().rstrip("\n")) != "done":
                if not line and shell.poll() is not None:
                    raise RuntimeError(f"the session is lost: {text:.100}")
                lines.append(line)
            return "\n".join(lines)

        ask("SET statement_timeout = 200; SET client_min_messages = error")
        growth = Growth(int(ask("SELECT pg_backend_pid()")))
        begin = time.monotonic()
        while time.monotonic() < end:
            if ask(f"SELECT 'value', {attack(generator)} IS NULL") == "":
                counts["failed"] += 1
            ask("SET statement_timeout = 0")
            query, expected = right(generator)
            found = ask(f"SELECT {query}")
            ask("SET statement_timeout = 200")
            if found != ("" if expected is None else str(expected)):
                raise RuntimeError(f"PostgreSQL: {query:.100} gives {found!r:.100}, not {expected!r:.100}")
            counts["right"] += 1
            growth.check(time.monotonic() - begin > min(2, SECONDS / 2))
        shell.stdin.close()


def check(folder):
    library = integrate("sqlite", guest(folder), folder / "guest_sqlite.so", "common", "sets", "short")
    growth = Growth(os.getpid())
    growth.check(True)
    said = ["SQLite " + run_all(sqlite_session, (library, time.monotonic() + SECONDS))]
    growth.check(True)
    if not server.is_installed() or os.getuid() != 0:
        return said[0] + "; no server of PostgreSQL can be started here"
    library = integrate("postgresql", guest(folder), folder / "guest_postgresql.so", "common", "arrays", "sets")
    scratch = folder / "server"
    scratch.mkdir()
    with server.Server(scratch) as database:
        database.install(library)
        database.sql("CREATE EXTENSION guest_postgresql")
        said.append("PostgreSQL " + run_all(postgresql_session, (database, time.monotonic() + SECONDS)))
        if "terminated by signal" in (scratch / "log").read_text():
            raise RuntimeError("a backend was lost")
    return "; ".join(said)
