#!/usr/bin/env python3
"""How fast compiled programs are, beside native ones and beside other engines.

Each program is compiled natively and to WebAssembly by the same clang; every engine gets the same
module. Runs are in turns, outputs are compared, figures are medians of processor time as multiples
of native. Whatever is missing is built into .build/benchmarks, and engines that are not there are
left out with a word about how to get them.

    make bench                                       everything, into Benchmarks/RESULTS.md
    make bench QUICK=1                               some programs, small, in about a minute
    python3 Benchmarks/run.py --only lz,json --engines smelt,V8 --runs 9
"""

import argparse
import concurrent.futures
import os
import pathlib
import sys

from harness import chart, compiler, measure, programs, report, toolchain
from harness.build import BuildError
from harness.engines import Engine, Smelt, SmeltExact, all_engines
from harness.measure import Table
from harness.programs import Program
from harness.toolchain import BEST, DEFAULT, Level

HERE = pathlib.Path(__file__).resolve().parent
PARTS = ["best", "default", "compiler"]


def arguments() -> argparse.Namespace:
    words = lambda text: [word for word in text.split(",") if word]  # noqa: E731
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="some programs at the small size")
    parser.add_argument("--only", type=words, metavar="NAMES", help="these programs")
    parser.add_argument("--engines", type=words, metavar="NAMES", help="these, and native")
    parser.add_argument("--parts", type=words, default=None, metavar="NAMES", help=", ".join(PARTS))
    parser.add_argument("--runs", type=int, help="runs of each program in each engine (5)")
    parser.add_argument("--size", choices=["small", "normal", "large"], help="(normal)")
    binary = toolchain.ROOT / ".build/smelt/bin/smelt"
    parser.add_argument("--smelt", type=pathlib.Path, metavar="PATH", default=binary)
    parser.add_argument("--write", action=argparse.BooleanOptionalAction,
                        help="write RESULTS.md (what a run of everything does)")
    options = parser.parse_args()
    limits = [options.quick, options.only, options.engines, options.parts, options.size]
    everything = not any(limits)
    options.write = everything if options.write is None else options.write
    options.runs = options.runs or (3 if options.quick else 5)
    options.size = options.size or ("small" if options.quick else "normal")
    options.parts = options.parts or (["best"] if options.quick else PARTS)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}")
    return options


def chosen_programs(options: argparse.Namespace) -> list[Program]:
    known = programs.all_programs()
    wanted = options.only or (programs.QUICK if options.quick else [p.name for p in known])
    if unknown := set(wanted) - {program.name for program in known}:
        sys.exit(f"no such program: {', '.join(sorted(unknown))}")
    return [program for program in known if program.name in wanted]


def chosen_engines(options: argparse.Namespace) -> tuple[list[Engine], list[str]]:
    """The engines that are there, native first; and how to get those that are not."""
    known = all_engines(options.smelt)
    if unknown := set(options.engines or []) - {engine.name for engine in known}:
        sys.exit(f"no such engine: {', '.join(sorted(unknown))}")
    present, absent = [], []
    for engine in known:
        if options.engines and engine.name not in ["native", *options.engines]:
            continue
        how = engine.missing()
        if how is None:
            present.append(engine)
        else:
            absent.append(f"- {engine.name} is left out; to get it: {how}")
    return present, absent


def build_all(chosen: list[Program], engines: list[Engine], level: Level) -> None:
    """Builds on all cores before anything is measured. Failures come up again when measuring."""

    def build(pair: tuple[Program, Engine]) -> None:
        try:
            pair[1].command(pair[0], level)
        except BuildError:
            pass

    pairs = [(program, engine) for program in chosen for engine in engines]
    print(f"building {len(pairs)} programs ({level.name})", file=sys.stderr)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(build, pairs))


def measure_best(
    options: argparse.Namespace, chosen: list[Program], engines: list[Engine]
) -> Table:
    """All engines at their best; slow ones at the small size, beside native ones of that size."""
    empty = toolchain.empty_program()
    build_all([empty, *chosen], engines, BEST)
    fast = [engine for engine in engines if not engine.is_slow]
    slow = [engine for engine in engines if engine.is_slow]
    if options.size == "small":
        return measure.measure(chosen, engines, "small", options.runs, BEST, empty)
    table = measure.measure(chosen, fast, options.size, options.runs, BEST, empty)
    if slow:
        table.merge(measure.measure(chosen, [engines[0], *slow], "small", 1, BEST, empty))
    return table


def compiler_sections(options: argparse.Namespace, chosen: list[Program]) -> list[str]:
    smelt, rows, failed = Smelt(options.smelt), [], []
    for program in chosen:
        print(f"compiling {program.name}", file=sys.stderr)
        try:
            rows.append(compiler.cost(program, smelt))
        except BuildError as error:
            failed.append(f"{program.name}: {error}")
    parts = ["## The compiler\n", COMPILER_TEXT, report.markdown(report.costs(rows)), *failed, ""]
    parts += ["A module with thousands of generated functions:\n"]
    print("compiling a large module", file=sys.stderr)
    large = compiler.throughput(smelt)
    parts += [report.markdown(report.throughput(large)), *large.problems, ""]
    parts += ["Start-up, wall time as its parent sees it, and the most memory that was resident:\n"]
    parts += [report.markdown(report.startups(compiler.startups(smelt, 200)))]
    return parts


COMPILER_TEXT = """Wall time of `smelt compile`, and beside it of `clang -O3` from source to
native executable; the compiler's peak memory at the worst of the three levels. Sizes are of
stripped executables at -Os beside static musl executables of the same source by clang -Os; there
is no C++ library for musl in Debian, so C++ programs have no size to be compared with.
"""

BEST_TEXT = """Native is `clang-22 -O3 -march=native -ffp-contract=off` with the system's C
library, smelt is `-O3 --cpu native`. Figures are medians of processor time over {runs} runs
({peers} of other engines), less that of an empty program in the same engine, as multiples of
native: below 1 is faster than native code. wasmtime runs modules that were compiled before; V8
compiles as it runs; wasm2c's C is compiled by the native compiler with its options. {slow}
"""

DEFAULT_TEXT = f"""`smelt compile` without options beside `clang-22 -O2
-march={toolchain.BASELINE} -ffp-contract=off`; modules are compiled with -O2 as well. With
`--exact-traps` no access to memory is left out or moved.
"""


def sections(
    options: argparse.Namespace, chosen: list[Program]
) -> tuple[list[str], dict[str, Table]]:
    """The report's parts, printed as they come, and the tables by part."""
    engines, absent = chosen_engines(options)
    tables, parts = {}, []

    def add(*texts: str) -> None:
        parts.extend(texts)
        print("\n".join(texts), flush=True)

    if "best" in options.parts:
        table = tables["best"] = measure_best(options, chosen, engines)
        add("## At best\n", best_text(options), report.markdown(report.ratios(table)),
            *report.problems(table), *absent, "")
    both = [engine for engine in engines if engine.name in ("native", "smelt")]
    if "default" in options.parts:
        empty = toolchain.empty_program()
        if len(both) == 2:
            both.append(SmeltExact(options.smelt))
        build_all([empty, *chosen], both, DEFAULT)
        table = measure.measure(chosen, both, options.size, options.runs, DEFAULT, empty)
        tables["default"] = table
        add("## At default settings\n", DEFAULT_TEXT, report.markdown(report.ratios(table)),
            *report.problems(table), "")
    if "compiler" in options.parts and any(engine.name == "smelt" for engine in engines):
        add(*compiler_sections(options, chosen))
    versions = [engine.version() for engine in engines]
    add("## The machine\n", *(f"- {line}" for line in [*report.machine(), *versions]), "")
    return parts, tables


def best_text(options: argparse.Namespace) -> str:
    slow = "" if options.size == "small" else "The interpreter runs the small sizes, once."
    peers = measure.peer_runs(options.runs)
    return BEST_TEXT.format(runs=options.runs, peers=peers, slow=slow).rstrip() + "\n"


def main() -> int:
    options = arguments()
    chosen = chosen_programs(options)
    parts, tables = sections(options, chosen)
    if options.write:
        head = ["# Results of the benchmarks\n", "Written by `make bench`.\n"]
        if "best" in tables:
            head.append("![Ratios to native by program and engine](results.svg)\n")
            (HERE / "results.svg").write_text(chart.svg(tables["best"]))
        (HERE / "RESULTS.md").write_text("\n".join([*head, *parts]).rstrip() + "\n")
    # What was measured is only worth something if every program ran and every output was right.
    return 1 if any(table.is_wrong() for table in tables.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
