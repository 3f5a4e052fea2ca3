#!/usr/bin/env python3
"""What has been run, added up over many runs of `fuzz.py --counts FILE`.

    counts.py FILE            prints tables: cases by kind and target, and by configuration
"""

import collections
import fcntl
import json
import pathlib
import sys
import time


class Counts:
    """A file of counts that several runs add to."""

    #: How many seconds lie between two additions to the file.
    PAUSE = 20

    def __init__(self, path: pathlib.Path, seed: str):
        self.path, self.seed = path, seed
        self.new: collections.Counter = collections.Counter()
        self.written = time.monotonic()

    def add(self, outcome) -> None:
        """Adds a module."""
        kind = outcome.kind
        self.new[f"modules {kind}"] += 1
        self.new[f"cases {kind}"] += outcome.cases
        self.new[f"twice {kind}"] += run_twice(outcome.cases, list(outcome.runs.values()))
        for way, count in outcome.runs.items():
            self.new[f"runs {kind} {way}"] += count
        self.new[f"differences {kind}"] += len(outcome.differences)
        if time.monotonic() - self.written > self.PAUSE:
            self.write()

    def write(self) -> None:
        """Adds what is new to the file."""
        with open(self.path, "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            data = json.loads(file.read() or '{"seeds": [], "counts": {}}')
            total = collections.Counter(data["counts"])
            total.update(self.new)
            seeds = data["seeds"] + [self.seed] * (self.seed not in data["seeds"])
            file.truncate(0)
            json.dump({"seeds": seeds, "counts": dict(sorted(total.items()))}, file, indent=1)
        self.new.clear()
        self.written = time.monotonic()


def run_twice(cases: int, runs: list[int]) -> int:
    """How many of a module's cases surely ran in two ways: a way may leave some out."""
    if len(runs) < 2:
        return 0
    next_, most = sorted(runs)[-2:]
    return max(0, most + next_ - cases)


def tables(counts: dict[str, int]) -> list[str]:
    """The counts by kind and target, and by configuration and form."""
    kinds = [key.removeprefix("cases ") for key in counts if key.startswith("cases ")]
    runs = {tuple(key.split()[1:]): n for key, n in counts.items() if key.startswith("runs ")}
    lines = ["| Kind | Modules | Cases | run twice or more | on x86-64 | on AArch64 | differences |",
             "|---|---:|---:|---:|---:|---:|---:|"]
    rows = []
    for kind in kinds:
        targets = [sum(n for (k, target, *_), n in runs.items() if (k, target) == (kind, wanted))
                   for wanted in ("x86_64", "aarch64")]
        rows.append([counts.get(f"modules {kind}", 0), counts[f"cases {kind}"],
                     counts.get(f"twice {kind}", 0), *targets,
                     counts.get(f"differences {kind}", 0)])
    rows.append([sum(column) for column in zip(*rows)])
    for kind, row in zip([*kinds, "all"], rows):
        lines.append(f"| {kind} | " + " | ".join(f"{n:,}" for n in row) + " |")
    columns = [(target, form) for target in ("x86_64", "aarch64") for form in ("dynamic", "executable")]
    lines += ["", "| Level | " + " | ".join(" ".join(column) for column in columns) + " |",
              "|---|" + "---:|" * len(columns)]
    for level in sorted({level for _, _, level, _ in runs}):
        cells = [sum(n for (_, *way), n in runs.items() if way == [target, level, form])
                 for target, form in columns]
        lines.append(f"| {level} | " + " | ".join(f"{n:,}" for n in cells) + " |")
    return lines


def main() -> int:
    data = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    print("\n".join(tables(data["counts"])))
    print(f"seeds {', '.join(data['seeds'])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
