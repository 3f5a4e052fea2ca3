"""Runs programs in turns and notes the processor time of each run.

In turns: what else the machine does then hits all engines alike. Processor time: it does not count
waiting, and counts all threads, and what the kernel does for a program. How that is shared between
the two, the kernel only guesses from what it finds running at its ticks. Engines that live in a
larger process first spend time on their own start; the time of an empty program in the same engine
is taken off every figure.
"""

import dataclasses
import functools
import os
import signal
import statistics
import subprocess
import sys

from .build import BuildError
from .engines import Engine
from .programs import Program
from .toolchain import SCRATCH, Level

TIMEOUT = 300
# Below this a figure says nothing: it would divide noise by noise.
LEAST = 1e-4


# The comparison that decides; the others are further away, and take more than half of the time.
PRECISE = ("native", "smelt")


def peer_runs(runs: int) -> int:
    return (runs + 1) // 2


class RunError(Exception):
    """A program failed, took too long, or printed something else than the native one."""


@dataclasses.dataclass
class Run:
    seconds: float  # Processor time, of the program and of the kernel for it.
    output: bytes


def run(command: list[str], timeout: int = TIMEOUT) -> Run:
    """One run, in the scratch folder, with what the kernel says that this child alone used."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    child = subprocess.Popen(
        command,
        cwd=SCRATCH,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # An alarm outlives exec, and leaves the waiting to the kernel.
        preexec_fn=functools.partial(signal.alarm, timeout),
    )
    output = child.stdout.read()
    child.stdout.close()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode == -signal.SIGALRM:
        raise RunError(f"takes more than {timeout} s")
    if child.returncode != 0:
        raise RunError(f"exits with {child.returncode}")
    return Run(usage.ru_utime + usage.ru_stime, output)


@dataclasses.dataclass
class Cell:
    """One program in one engine."""

    # The native cell of the same size and the same turns: the only one to be compared with.
    native: "Cell | None" = None
    times: list[float] = dataclasses.field(default_factory=list)
    problem: str = ""

    def median(self) -> float:
        return statistics.median(self.times)

    def least(self) -> float:
        return min(self.times)


@dataclasses.dataclass
class Table:
    """Cells by program and engine; `startups` has been taken off all of them."""

    engines: list[Engine]
    cells: dict[Program, dict[str, Cell]] = dataclasses.field(default_factory=dict)
    startups: dict[str, float] = dataclasses.field(default_factory=dict)

    def ratio(self, program: Program, engine: str, figure=Cell.median) -> float | None:
        """Time as a multiple of native time; None where there is none."""
        cell = self.cells[program][engine]
        native = cell.native
        if cell.problem or native.problem or not cell.times or not native.times:
            return None
        return figure(cell) / figure(native)

    def mean(self, engine: str, figure=Cell.median) -> tuple[float, int] | None:
        """The geometric mean, and of how many programs."""
        ratios = [self.ratio(program, engine, figure) for program in self.cells]
        ratios = [ratio for ratio in ratios if ratio is not None]
        return (statistics.geometric_mean(ratios), len(ratios)) if ratios else None

    def is_wrong(self) -> bool:
        """Whether smelt or native failed, or any engine printed something else. What other engines
        cannot do is not for this project to fail over."""
        return any(
            cell.problem and (name in PRECISE or cell.problem.startswith("prints"))
            for cells in self.cells.values()
            for name, cell in cells.items()
        )

    def merge(self, other: "Table") -> None:
        """Takes over the columns of a table with the same programs."""
        self.engines += [engine for engine in other.engines if engine not in self.engines]
        self.startups.update({n: t for n, t in other.startups.items() if n not in self.startups})
        for program, cells in other.cells.items():
            for name, cell in cells.items():
                self.cells[program].setdefault(name, cell)


def _startup(engine: Engine, empty: Program, level: Level, runs: int) -> float:
    try:
        command = engine.command(empty, level)
        return statistics.median(run(command).seconds for _ in range(max(runs, 3)))
    except (BuildError, RunError):
        return 0.0


def _measure_program(program: Program, size: str, runs: int, level: Level, table: Table) -> None:
    native = Cell()
    native.native = native
    cells = {engine.name: Cell(native) for engine in table.engines[1:]}
    cells = table.cells[program] = {table.engines[0].name: native, **cells}
    commands, expected = {}, None
    for engine in table.engines:
        try:
            commands[engine.name] = [*engine.command(program, level), size]
        except BuildError as error:
            cells[engine.name].problem = f"not built: {error}"
    for turn in range(runs):
        for name, command in commands.items():
            cell = cells[name]
            if cell.problem or (name not in PRECISE and turn >= peer_runs(runs)):
                continue
            try:
                done = run(command)
                # The first engine is the native one: what it prints is right by definition.
                expected = done.output if expected is None else expected
                if done.output != expected:
                    raise RunError(f"prints {done.output[:40]!r} and not {expected[:40]!r}")
                cell.times.append(max(done.seconds - table.startups[name], LEAST))
            except RunError as error:
                cell.problem = str(error)


def measure(
    programs: list[Program],
    engines: list[Engine],
    size: str,
    runs: int,
    level: Level,
    empty: Program,
) -> Table:
    """All programs in all engines, whose first has to be the native one."""
    table = Table(engines)
    table.startups = {engine.name: _startup(engine, empty, level, runs) for engine in engines}
    for number, program in enumerate(programs, 1):
        print(f"[{number}/{len(programs)}] {program.name} ({level.name}, {size})", file=sys.stderr)
        _measure_program(program, size, runs, level, table)
    return table
