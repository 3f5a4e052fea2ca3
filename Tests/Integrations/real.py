"""Modules that others have made, of Go and Rust, with the manifests of Integrations/examples."""

import os
import pathlib
import sys

import server
import sqlite
from building import ROOT, SMELT, run

sys.path.insert(0, str(ROOT / "Tests/Exceptions"))
from wheels import Wheel  # noqa: E402

EXAMPLES = ROOT / "Integrations/examples"
#: The manifest's name, the package, the module in it.
MODULES = {
    "plates": (
        Wheel("eu-licence-validator", "0.1.27", "df5f53de7581c62101c70eeabd6e8d06f9247ea57c0649e0a97bf611a0aceca4",
              ("eu_licence_validator/wasm/",)), "eu_licence_validator/wasm/core.wasm"),
    "screen": (
        Wheel("vt100wasm", "0.3.0", "3f563fdf1a98f29b7da3d3d966b1a1a3d83906a22a0cb87e45df6f503908bdb8",
              ("vt100wasm/",)), "vt100wasm/_vt100.wasm"),
    "threshold": (
        Wheel("text-eraser", "0.3.1", "7bd3f381bc032cca660040276a323bbc2b066bf8bf72ad7502a149477dc4582c",
              ("text_eraser/assets/",)), "text_eraser/assets/textcore.wasm"),
    "redact": (
        Wheel("pii-shield-wasi", "2.3.1", "51059a6d4b297f82cfeccc63378e878feaa4e6c9fc8c8767a4863c4d811bee1f",
              ("pii_shield/",)), "pii_shield/pii-shield-wasi.wasm"),
}  # fmt: skip
#: What PostgreSQL and SQLite have to say, and they say the same: a function's name is the manifest's.
QUERIES = {
    "plates": [
        ("SELECT is_plate('B MW 1234', 'DE')", True), ("SELECT is_plate('AB-123-CD', 'FR')", True),
        ("SELECT is_plate('nonsense!!', 'DE')", False), ("SELECT is_plate(NULL, 'DE') IS NULL", True),
    ],
    "screen": [
        ("SELECT screen(t) FROM (SELECT {hello} AS t UNION ALL SELECT {cr}) o", "Jello world"),
    ],
    "threshold": [("SELECT otsu({grey})", 2.0)],
    "redact": [
        ("SELECT redact('GET /index.html 200') IS NULL OR redact('GET /index.html 200') = 'GET /index.html 200'", True),
        ("SELECT redact('password=Xk29fLq8Zr71PwTn') LIKE '%Xk29fLq8Zr71PwTn%'", False),
    ],
}  # fmt: skip
WORDS = {
    "sqlite": {"hello": "'hello ' || char(27) || '[1mworld'", "cr": "char(13) || 'J'", "grey": "x'000102F0F1F2'"},
    "postgresql": {
        "hello": "convert_to('hello ' || chr(27) || '[1mworld', 'UTF8')", "cr": "convert_to(chr(13) || 'J', 'UTF8')",
        "grey": "'\\x000102F0F1F2'::bytea"},
}  # fmt: skip
#: Go's runtime takes minutes to compile at higher levels.
LEVEL = "-O1"


def build(name, host, folder):
    wheel, path = MODULES[name]
    output = folder / f"{name}.so"
    run(SMELT, "integrate", host, wheel.unpack() / path, LEVEL, "--manifest", EXAMPLES / f"{name}.manifest",
        "-o", output)  # fmt: skip
    return output


def check(folder):
    names = [name for name in MODULES if name != "redact" or os.environ.get("SMELT_LARGE_MODULES")]
    count = 0
    connection = sqlite.Connection()
    for name in names:
        connection.load(build(name, "sqlite", folder))
        for query, expected in QUERIES[name]:
            found = connection.value(query.format(**WORDS["sqlite"]))
            if found != expected:
                raise RuntimeError(f"SQLite: {query} gives {found!r}, not {expected!r}")
            count += 1
    connection.close()
    if not server.is_installed() or os.getuid() != 0:
        return f"{count}, and none in PostgreSQL: no server can be started here"
    scratch = pathlib.Path(folder) / "server"
    scratch.mkdir()
    with server.Server(scratch) as database:
        for name in names:
            database.install(build(name, "postgresql", folder))
            database.sql(f"CREATE EXTENSION {name}")
            for query, expected in QUERIES[name]:
                found = database.value(query.format(**WORDS["postgresql"]))
                shown = {True: "t", False: "f", 2.0: "2"}.get(expected, expected)
                if found != shown:
                    raise RuntimeError(f"PostgreSQL: {query} gives {found!r}, not {shown!r}")
                count += 1
    return count
