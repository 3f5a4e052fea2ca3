#!/usr/bin/env python3
"""Runs generated modules in compiled code and in wasmtime, and reports every difference.

    make fuzz [SECONDS=N]                    random modules until the time is over
    differential.py --count 100 --seed 7     the first hundred modules of seed 7
    differential.py --instructions           every instruction with edge cases, alone
    differential.py --loops                  also as many modules of loops and of near accesses

Runs with the Python of .build/venv. The same seed gives the same modules and calls. A difference
is confirmed with its module alone, made smaller, and saved with the script that shows it.
"""

import argparse
import collections
import itertools
import multiprocessing
import pathlib
import random
import sys
import time
from dataclasses import dataclass, field

import instructions
import loops
import neighbours
import searches
import shrinking
from generator import generate, waits
from oracle import Excluded, Oracle
from script import Behaviour
from subject import ROOT, TRIPLES, Configuration, Subject

LEVELS = ["O0", "O2", "O3"]
#: Of the batches on a second target, which share is run: emulation is slow.
OTHER_TARGET_SHARE = 5
#: How many of the instructions a quick run tries.
QUICK_COUNT = 200


@dataclass
class Difference:
    """A module that does not do the same everywhere."""

    name: str
    configuration: Configuration
    message: str
    behaviours: list[Behaviour]


@dataclass
class Outcome:
    """What came of a batch."""

    modules: int = 0
    assertions: int = 0
    excluded: collections.Counter = field(default_factory=collections.Counter)
    unsupported: collections.Counter = field(default_factory=collections.Counter)
    #: Of the modules that were compared, those that were only in part.
    cut: collections.Counter = field(default_factory=collections.Counter)
    differences: list[Difference] = field(default_factory=list)
    #: How many modules were run in each way.
    runs: collections.Counter = field(default_factory=collections.Counter)

    def add(self, other: "Outcome") -> None:
        """Adds up."""
        self.modules += other.modules
        self.assertions += other.assertions
        self.excluded += other.excluded
        self.unsupported += other.unsupported
        self.cut += other.cut
        self.differences += other.differences
        self.runs += other.runs


@dataclass
class Batch:
    """Modules that share a script."""

    number: int
    #: The seeds of random modules, or nothing.
    seeds: list[str]
    #: The names of instructions, or nothing.
    instructions: list[str]
    #: The seeds of modules of loops and of near accesses, or nothing.
    loops: list[str]
    configurations: list[Configuration]


class Fuzzer:
    """Runs batches; every process has its own."""

    def __init__(self, smelt: str, seed: str, thorough: bool):
        self.subject = Subject(smelt)
        self.oracle = Oracle()
        self.strict_oracle = Oracle(is_strict=True)
        self.seed = seed
        self.thorough = thorough

    def run(self, batch: Batch) -> Outcome:
        """Runs a batch."""
        outcome = Outcome()
        named = []
        for name, observe in self.plans(batch):
            try:
                named.append((name, observe()))
            except Excluded as error:
                outcome.excluded[str(error)] += 1
        for configuration in batch.configurations:
            named = self.compare(named, configuration, batch, outcome)
            outcome.runs[str(configuration)] += len(named)
        outcome.modules = len(named)
        outcome.cut.update(behaviour.cut for _, behaviour in named if behaviour.cut)
        return outcome

    def plans(self, batch: Batch):
        """The modules of a batch: names, and what observes each."""
        for seed in batch.seeds:
            yield f"smith-{seed}", lambda: self.observe_random(seed)
        for name in batch.instructions:
            yield name, lambda: instructions.observe(
                name, self.strict_oracle, random.Random(f"{self.seed}/{name}"), self.thorough
            )
        for seed in batch.loops:
            yield f"loops-{seed}", lambda: loops.observe(seed, self.strict_oracle)
            yield f"searches-{seed}", lambda: searches.observe(seed, self.strict_oracle)
            yield f"neighbours-{seed}", lambda: neighbours.observe(seed, self.strict_oracle)

    def observe_random(self, seed: str) -> Behaviour:
        """What a random module does."""
        binary = generate(seed)
        if binary is None:
            raise Excluded("smith makes nothing of the seed")
        if waits(binary):
            raise Excluded("it may wait for ever")
        return self.oracle.observe(binary, random.Random(seed))

    def without_unsupported(
        self, named: list, configuration: Configuration, outcome: Outcome
    ) -> list:
        """Leaves out modules that the compiler says it does not support."""
        kept = []
        for name, behaviour in named:
            alone, _ = self.subject.run_all([behaviour], configuration)
            if alone.skips:
                outcome.unsupported[alone.skips[0]] += 1
            else:
                kept.append((name, behaviour))
        return kept

    def compare(
        self, named: list, configuration: Configuration, batch: Batch, outcome: Outcome
    ) -> list:
        """Runs all modules in one script, and those that differ again alone.

        Returns the modules that are supported.
        """
        report, failures = self.subject.run_all([b for _, b in named], configuration)
        outcome.assertions += report.passed
        if report.skips:
            named = self.without_unsupported(named, configuration, outcome)
            return self.compare(named, configuration, batch, outcome)
        if report.is_good:
            return named
        suspects = sorted(failures) if failures else range(len(named))
        found = []
        for number in suspects:
            name, behaviour = named[number]
            alone, messages = self.subject.run_all([behaviour], configuration)
            if not alone.is_good:
                message = alone.crash or messages[0]
                found.append(Difference(name, configuration, message, [behaviour]))
        if not found:
            message = report.crash or next(iter(failures.values()))
            name = f"batch-{self.seed}-{batch.number}"
            found.append(Difference(name, configuration, message, [b for _, b in named]))
        outcome.differences += found
        return named


FUZZER: Fuzzer | None = None


def start_process(*arguments) -> None:
    """Makes the process's fuzzer."""
    global FUZZER
    FUZZER = Fuzzer(*arguments)


def run_batch(batch: Batch) -> Outcome:
    """Runs a batch with the process's fuzzer."""
    return FUZZER.run(batch)


def plan_batches(options) -> list[Batch]:
    """Random modules and single instructions in batches, instructions first."""
    main, *others = options.targets
    batches: list[Batch] = []

    def add(seeds: list[str], names: list[str], loops: list[str]) -> None:
        number = len(batches)
        ways = [Configuration(main, level) for level in options.levels]
        for other in others:
            if number % OTHER_TARGET_SHARE == 0 or names or loops:
                level = -1 if loops else number % len(options.levels)
                ways.append(Configuration(other, options.levels[level]))
        batches.append(Batch(number, seeds, names, loops, ways))

    if options.instructions:
        names = instructions.names(options.match)
        if options.quick:
            names = random.Random(options.seed).sample(names, min(len(names), QUICK_COUNT))
        for start in range(0, len(names), options.batch):
            add([], names[start : start + options.batch], [])
    for start in range(options.start, options.start + options.count, options.batch):
        end = min(start + options.batch, options.start + options.count)
        seeds = [f"{options.seed}-{number}" for number in range(start, end)]
        add(seeds, [], [])
        if options.loops:
            add([], [], seeds)
    return batches


def save(difference: Difference, folder: pathlib.Path, options) -> pathlib.Path:
    """Saves a difference, made smaller where that is possible."""
    words = f"{difference.name} {difference.configuration}".replace("/", "-").replace(" ", "_")
    base = folder / words.replace("(", "").replace(")", "")
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number, behaviour in enumerate(difference.behaviours):
        lines += behaviour.commands(f"m{number}")
    script = pathlib.Path(f"{base}.wast")
    script.write_text("\n".join([f";; {difference.message}"] + lines) + "\n")
    if len(difference.behaviours) == 1:
        binary = difference.behaviours[0].binary
        pathlib.Path(f"{base}.wasm").write_bytes(binary)
        if difference.name.startswith("smith-") and options.shrink:
            shrinking.shrink(base, difference.configuration, options)
        shrinking.write_text(base)
    return script


def parse_options(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smelt", default=str(ROOT / ".build/smelt/bin/smelt"))
    parser.add_argument("--seed", default="1", help="what everything is derived from")
    parser.add_argument("--start", type=int, default=0, help="the number of the first module")
    parser.add_argument("--count", type=int, default=10000, help="random modules")
    parser.add_argument("--seconds", type=float, help="stop after about this time")
    parser.add_argument("--levels", nargs="+", default=LEVELS, help="optimisation levels")
    parser.add_argument("--targets", nargs="+", default=list(TRIPLES), choices=list(TRIPLES))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=40, help="modules in a script")
    parser.add_argument("--instructions", action="store_true", help="also single instructions")
    parser.add_argument(
        "--loops", action="store_true", help="also modules of loops and of near accesses")
    parser.add_argument("--match", default="", help="only instructions with this in their name")
    parser.add_argument("--quick", action="store_true", help="some instructions, fewer values")
    parser.add_argument("--regressions", action="store_true", help="first what failed once")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / ".build/fuzz")
    return parser.parse_args(arguments)


def print_summary(total: Outcome, seconds: float, seed: str) -> None:
    """What a run did; the last line is the one that test runners read."""
    counters = {
        "excluded": total.excluded, "unsupported": total.unsupported, "compared in part": total.cut,
    }
    for title, counter in counters.items():
        for reason, count in counter.most_common():
            print(f"{title} {count}: {reason}")
    for configuration, count in sorted(total.runs.items()):
        print(f"{configuration}: {count} modules")
    print(f"{total.assertions} assertions in {seconds:.0f} s, seed {seed}")
    failed = len({difference.name for difference in total.differences})
    print(f"{total.modules - failed} passed, {failed} failed", flush=True)


def run_regressions(options) -> Outcome:
    """Runs the scripts of differences that were found and put right."""
    outcome, subject = Outcome(), Subject(options.smelt)
    for script in sorted((pathlib.Path(__file__).parent / "regressions").glob("*.wast")):
        outcome.modules += 1
        for target, level in itertools.product(options.targets, options.levels):
            configuration = Configuration(target, level)
            report = subject.run_file(script, configuration)
            outcome.assertions += report.passed
            if report.is_good and not report.skips:
                continue
            message = next(iter([*report.failures.values(), report.crash, *report.skips]))
            outcome.differences.append(Difference(script.name, configuration, message, []))
            print(f"{configuration}: {script}: {message}", flush=True)
    return outcome


def main() -> int:
    options = parse_options(sys.argv[1:])
    started = time.monotonic()
    total = run_regressions(options) if options.regressions else Outcome()
    start = (options.smelt, options.seed, not options.quick)
    with multiprocessing.Pool(options.jobs, start_process, start) as pool:
        for outcome in pool.imap_unordered(run_batch, plan_batches(options)):
            total.add(outcome)
            for difference in outcome.differences:
                script = save(difference, options.output, options)
                print(f"{difference.configuration}: {script}: {difference.message}", flush=True)
            if options.seconds and time.monotonic() - started > options.seconds:
                pool.terminate()
                break
    print_summary(total, time.monotonic() - started, options.seed)
    return 1 if total.differences else 0


if __name__ == "__main__":
    sys.exit(main())
