#!/usr/bin/env python3
"""Which revisions of the official suites the results are about: `suites.txt` holds a SHA-256 of each.

The suites are not a part of the repository and have no revision of their own where they are copied to, so
what is pinned is their content. `suites.py` says if a suite that is there is another one, and fails then
with `--strict`; `suites.py --update` writes down what is there, to be committed with new results."""

import hashlib
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PINNED = HERE / "suites.txt"
DATA = pathlib.Path(os.environ.get("SMELT_TEST_DATA") or HERE.parents[1] / "shared")
#: What of each suite is used.
SUITES = {
    "spec-testsuite": ["**/*.wast"],
    "wasi-testsuite": ["**/*.wasm", "**/*.json"],
    "component-testsuite": ["**/*.wast"],
}


def digest(folder: pathlib.Path, patterns: list[str]) -> tuple[int, str]:
    """The number of files, and the hash of their names and contents."""
    files = sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})
    total = hashlib.sha256()
    for path in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{content}  {path.relative_to(folder).as_posix()}\n".encode())
    return len(files), total.hexdigest()


def main(update: bool, is_strict: bool) -> int:
    found = {}
    for name, patterns in SUITES.items():
        if (DATA / name).is_dir():
            count, hash_ = digest(DATA / name, patterns)
            found[name] = f"{name}: {count} files, {hash_}"
    if update:
        PINNED.write_text("".join(line + "\n" for line in found.values()))
        return 0
    pinned = {line.partition(":")[0]: line for line in PINNED.read_text().splitlines()}
    status = 0
    for name, line in found.items():
        if pinned.get(name) != line:
            print(f"{DATA / name} is not the suite that the results are about\n"
                  f"  pinned: {pinned.get(name)}\n  found:  {line}\n"
                  "Tests/suites.py --update writes down what is there")
            status = 1 if is_strict else 0
    return status


if __name__ == "__main__":
    sys.exit(main("--update" in sys.argv[1:], "--strict" in sys.argv[1:]))
