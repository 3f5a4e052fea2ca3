#!/usr/bin/env python3
"""Runs generated cases of every kind in compiled code and in wasmtime, and reports every difference.

    fuzz.py --seconds 600                         all kinds in turn, until the time is over
    fuzz.py --kind addressing --count 20 --seed 7 the first twenty modules of one kind
    fuzz.py --target aarch64 --levels O0 Os       on some targets, at some levels

Runs with the Python of .build/venv. A case is one function with its operands; a module has
hundreds. Each module runs as a dynamic instance (`smelt wast`) or as an executable, in some of all
configurations, taking turns. The same seed gives the same modules. A difference is saved with
the module and the call that show it, made smaller if it is among the first of its sort.
"""

import argparse
import collections
import importlib
import itertools
import multiprocessing
import pathlib
import re
import sys
import threading
import time
import zlib
from dataclasses import dataclass, field

import interface
import shrinking
from counts import Counts
from executable import Executables
from oracle import Excluded, Oracle
from script import Behaviour, Call
from subject import ROOT, TRIPLES, Configuration, Subject

#: The kinds; each is a module with a function `observe(seed, oracle)`. Those of large modules come last.
KINDS = ["addressing", "limits", "extents", "signatures", "loops", "searches", "neighbours", "segments",
         "host", "names", "exceptions", "objects", "thresholds"]
#: Those that only executables can run.
EXECUTABLE_KINDS = {"host"}
LEVELS = ["O0", "O1", "O2", "O3", "Os"]
FORMS = ["dynamic", "executable"]
#: What `smelt wast` says when there is no room for an instance.
REFUSAL = re.compile("expected success, but (there is no memory|a table is too large)")
#: Of each sort of difference, so many are saved.
MOST_SAVED = 3


@dataclass(frozen=True)
class Way:
    """One way to compile and run."""

    configuration: Configuration
    form: str

    def __str__(self) -> str:
        return f"{self.configuration} {self.form}"


@dataclass
class Difference:
    """A call that does not do the same everywhere."""

    kind: str
    seed: str
    way: Way
    message: str
    behaviour: Behaviour
    #: Nothing if the module as a whole is what fails.
    call: Call | None
    #: When it was found, in seconds since the kind was begun.
    seconds: float = 0

    @property
    def sort(self) -> tuple:
        """What differences with one cause are likely to share."""
        return self.kind, self.way, re.sub(r"0x[0-9a-f]+|\d+", "N", self.message)[:60]


@dataclass
class Outcome:
    """What came of a module."""

    kind: str
    #: How many cases there are.
    cases: int = 0
    runs: collections.Counter = field(default_factory=collections.Counter)
    notes: collections.Counter = field(default_factory=collections.Counter)
    differences: list[Difference] = field(default_factory=list)
    seconds: float = 0


def count_cases(calls: list[Call]) -> int:
    """How many calls are cases."""
    return sum(call.is_case for call in calls)


class Fuzzer:
    """Runs modules; every process has its own."""

    def __init__(self, smelt: str):
        self.subject, self.executables = Subject(smelt), Executables(smelt)
        self.oracle = Oracle(is_strict=True)

    def run(self, task: tuple[str, str, list[Way]]) -> Outcome:
        """Runs the module of a seed."""
        kind, seed, ways = task
        outcome, started = Outcome(kind), time.monotonic()
        try:
            behaviour = importlib.import_module(kind).observe(seed, self.oracle)
        except Excluded as error:
            outcome.notes[f"excluded: {error}"] += 1
            return outcome
        outcome.cases = sum(count_cases(life.calls) for life in behaviour.lives)
        for way in ways:
            run = self.run_dynamic if way.form == "dynamic" else self.run_executable
            run(outcome, seed, behaviour, way)
        outcome.seconds = time.monotonic() - started
        return outcome

    def run_dynamic(self, outcome: Outcome, seed: str, behaviour: Behaviour, way: Way) -> None:
        """Runs a module as a dynamic instance."""
        if interface.imports(behaviour.binary):
            outcome.notes["run as executables only: modules that need a host"] += 1
            return
        report, _ = self.subject.run_all([behaviour], way.configuration)
        if report.skips:
            outcome.notes[f"not supported: {report.skips[0]}"] += 1
            return
        total = sum(count_cases(life.calls) for life in behaviour.lives)
        if report.crash is not None:
            difference = Difference(outcome.kind, seed, way, report.crash, behaviour, None)
            outcome.differences.append(difference)
            return
        outcome.runs[way] += total
        owners = command_owners(behaviour)
        messages = sorted(report.failures.items())
        if behaviour.may_be_refused and any(REFUSAL.search(text) for _, text in messages[:1]):
            outcome.notes[f"refused: {messages[0][1]}"] += 1
            outcome.runs[way] -= total
            return
        for line, message in messages[:3]:
            call = owners.get(line)
            outcome.differences.append(
                Difference(outcome.kind, seed, way, message, behaviour, call))

    def run_executable(self, outcome: Outcome, seed: str, behaviour: Behaviour, way: Way) -> None:
        """Runs a module as an executable."""
        if interface.host_functions(behaviour.binary) is None:
            outcome.notes["not run as executables: modules that import others"] += 1
            return
        report = self.executables.run(behaviour, way.configuration)
        outcome.runs[way] += report.calls
        if report.refused:
            outcome.notes[f"refused: {re.sub(r'[0-9]+', 'N', report.refused)[:90]}"] += 1
        for failure in report.failures[:3]:
            call = None
            if behaviour.lives and behaviour.lives[failure.life].calls and failure.call >= 0:
                call = behaviour.lives[failure.life].calls[failure.call]
            outcome.differences.append(
                Difference(outcome.kind, seed, way, failure.message, behaviour, call))


def command_owners(behaviour: Behaviour) -> dict[int, Call]:
    """The calls of a script's lines."""
    texts = {}
    for number, life in enumerate(behaviour.lives):
        for call in life.calls:
            texts.setdefault(call.assertion(f"m0-{number}"), call)
    lines = enumerate(behaviour.commands("m0"), 1)
    return {number: texts[line] for number, line in lines if line in texts}


FUZZER: Fuzzer | None = None


def start_process(smelt: str) -> None:
    """Makes the process's fuzzer."""
    global FUZZER
    FUZZER = Fuzzer(smelt)


def run_task(task) -> Outcome:
    """Runs a module with the process's fuzzer."""
    return FUZZER.run(task)


def all_ways(options) -> list[Way]:
    """All ways, in an order in which neighbours differ in everything."""
    ways = [
        Way(Configuration(target, level), form)
        for target, level, form in itertools.product(options.target, options.levels, options.forms)
    ]
    step = next(n for n in (7, 3, 11, 13, 1) if n == 1 or len(ways) % n and n < len(ways))
    return [ways[index * step % len(ways)] for index in range(len(ways))]


class Turns:
    """Whose turn it is: kinds get the same time, and what some need for one module is enough for others'
    hundred."""

    def __init__(self, options):
        self.options, self.ways = options, all_ways(options)
        self.seconds = dict.fromkeys(options.kind, 0.0)
        self.begun = dict.fromkeys(options.kind, 0)
        self.done = dict.fromkeys(options.kind, 0)

    def tasks(self):
        """The modules to run. What a kind's module is and how it runs depends on the seed and its number
        alone."""
        # Many short runs begin at different ways, and not all at the first.
        begin = zlib.crc32(self.options.seed.encode())
        while kinds := [k for k, begun in self.begun.items() if begun < self.options.count]:
            kind = min(kinds, key=self.cost)
            number = self.options.start + self.begun[kind]
            self.begun[kind] += 1
            ways = self.ways
            if kind in EXECUTABLE_KINDS:
                ways = [way for way in ways if way.form == "executable"] or ways
            count = min(self.options.ways, len(ways))
            first = begin + (number + KINDS.index(kind)) * count
            chosen = [ways[(first + index) % len(ways)] for index in range(count)]
            yield kind, f"{self.options.seed}-{number}", chosen

    def cost(self, kind: str) -> tuple[float, int]:
        """What a kind has cost, and will with what it has begun."""
        running = self.begun[kind] - self.done[kind]
        mean = self.seconds[kind] / self.done[kind] if self.done[kind] else 10
        return self.seconds[kind] + running * mean, self.begun[kind]

    def finish(self, kind: str, seconds: float) -> None:
        """Takes note of what a module has cost."""
        self.seconds[kind] += seconds
        self.done[kind] += 1


def save(difference: Difference, options, number: int) -> pathlib.Path:
    """Saves what shows a difference."""
    folder = options.output
    folder.mkdir(parents=True, exist_ok=True)
    words = f"{difference.kind}-{difference.seed} {difference.way}".replace(" ", "_")
    base = folder / f"{words}-{number}"
    shrinking.save_case(base, difference, options.smelt, options.shrink and number == 0)
    return base


class Totals:
    """What came of all modules so far."""

    def __init__(self):
        self.cases = collections.Counter()
        self.modules = collections.Counter()
        self.runs: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
        self.notes = collections.Counter()
        self.sorts = collections.Counter()
        self.first: dict[tuple, float] = {}
        self.seconds = collections.Counter()

    def add(self, outcome: Outcome) -> None:
        """Adds a module."""
        self.modules[outcome.kind] += 1
        self.cases[outcome.kind] += outcome.cases
        self.runs[outcome.kind].update(outcome.runs)
        self.notes.update({f"{outcome.kind}: {note}": n for note, n in outcome.notes.items()})
        self.seconds[outcome.kind] += outcome.seconds

    def table(self, ways: list[Way]) -> list[str]:
        """Cases by kind and way."""
        kinds = list(self.runs)
        width = max([len(str(way)) for way in ways])
        lines = [" " * width + "".join(f"{kind:>12}" for kind in kinds) + f"{'all':>12}"]
        for way in sorted(ways, key=str):
            counts = [self.runs[kind][way] for kind in kinds]
            cells = "".join(f"{count:>12,}" for count in [*counts, sum(counts)])
            lines.append(f"{str(way):<{width}}{cells}")
        for title, counter in (("cases", self.cases), ("modules", self.modules)):
            counts = [counter[kind] for kind in kinds]
            cells = "".join(f"{count:>12,}" for count in [*counts, sum(counts)])
            lines.append(f"{title:<{width}}{cells}")
        return lines


def parse_options(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smelt", default=str(ROOT / ".build/smelt/bin/smelt"))
    parser.add_argument("--kind", nargs="+", default=available_kinds(), choices=KINDS)
    parser.add_argument("--seed", default="1", help="what everything is derived from")
    parser.add_argument("--start", type=int, default=0, help="the number of the first module")
    parser.add_argument("--count", type=int, default=1_000_000, help="modules of each kind")
    parser.add_argument("--seconds", type=float, help="stop after about this time")
    parser.add_argument("--target", nargs="+", default=list(TRIPLES), choices=list(TRIPLES))
    parser.add_argument("--levels", nargs="+", default=LEVELS, choices=LEVELS)
    parser.add_argument("--forms", nargs="+", default=FORMS, choices=FORMS)
    parser.add_argument("--ways", type=int, default=4, help="configurations of each module")
    parser.add_argument("--until", type=int, help="stop after so many differences")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--counts", type=pathlib.Path, help="a file that runs add their counts to")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / ".build/fuzz")
    return parser.parse_args(arguments)


def available_kinds() -> list[str]:
    """The kinds whose generators are there."""
    folder = pathlib.Path(__file__).parent
    return [kind for kind in KINDS if (folder / f"{kind}.py").exists()]


def report(outcome: Outcome, totals: Totals, options, started: float) -> None:
    """Tells of the differences of a module, the first ones of each sort."""
    for difference in outcome.differences:
        number = totals.sorts[difference.sort]
        totals.sorts[difference.sort] += 1
        if number >= MOST_SAVED:
            continue
        seconds = time.monotonic() - started
        totals.first.setdefault(difference.sort, seconds)
        place = save(difference, options, number)
        print(f"{seconds:.0f} s: {difference.way}: {place}: {difference.message}", flush=True)


def main() -> int:
    options = parse_options(sys.argv[1:])
    started, totals, turns = time.monotonic(), Totals(), Turns(options)
    counts = Counts(options.counts, options.seed) if options.counts else None
    free = threading.Semaphore(options.jobs + 1)
    is_over = threading.Event()
    with multiprocessing.Pool(options.jobs, start_process, (options.smelt,)) as pool:
        try:
            tasks = tasks_until(turns, started, free, is_over)
            for outcome in pool.imap_unordered(run_task, tasks):
                turns.finish(outcome.kind, outcome.seconds)
                free.release()
                totals.add(outcome)
                if counts:
                    counts.add(outcome)
                report(outcome, totals, options, started)
                if options.until and sum(totals.sorts.values()) >= options.until:
                    break
        finally:
            # The pool waits for whoever asks for tasks, who waits for this.
            is_over.set()
            free.release()
    if counts:
        counts.write()
    for note, count in totals.notes.most_common():
        print(f"{count} times {note}")
    for sort, count in sorted(totals.sorts.items(), key=str):
        kind, way, message = sort
        print(f"{count} times, first after {totals.first[sort]:.0f} s: {kind}: {way}: {message}")
    print("\n".join(totals.table(all_ways(options))))
    seconds = time.monotonic() - started
    print(f"{sum(totals.cases.values())} cases in {seconds:.0f} s, seed {options.seed}")
    failed = sum(totals.sorts.values())
    print(f"{sum(totals.modules.values()) - min(failed, 1)} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def tasks_until(
    turns: Turns, started: float, free: threading.Semaphore, is_over: threading.Event
):
    """The tasks, as long as there is time. A pool asks for all at once, so it has to wait."""
    limit = turns.options.seconds
    for task in turns.tasks():
        free.acquire()
        if is_over.is_set() or limit and time.monotonic() - started > limit:
            return
        yield task


if __name__ == "__main__":
    sys.exit(main())
