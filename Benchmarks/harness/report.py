"""The results as text: the same tables for the terminal and for RESULTS.md."""

import datetime
import os
import pathlib
import platform
import statistics

from .compiler import Cost, Startup, Throughput
from .measure import Cell, Table

Rows = list[list[str]]


def markdown(rows: Rows) -> str:
    """A table that also lines up as plain text; the first column is words, others numbers."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]

    def line(row: list[str]) -> str:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:]))]
        return "| " + " | ".join(cells) + " |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(rows[0]), line(rule), *(line(row) for row in rows[1:])]) + "\n"


def ratios(table: Table) -> Rows:
    """Medians as multiples of native; native itself in seconds."""
    names = [engine.name for engine in table.engines if engine.name != "native"]
    rows = [["program", "native, s", *names]]
    for program, cells in table.cells.items():
        native = cells["native"]
        works = native.times and not native.problem
        row = [program.name, f"{native.median():.3f}" if works else "-"]
        rows.append(row + [_ratio(table.ratio(program, name)) for name in names])
    for label, figure in (("geometric mean", Cell.median), ("the same of minimums", Cell.least)):
        means = [table.mean(name, figure) for name in names]
        rows.append([label, "", *(_mean(mean, len(table.cells)) for mean in means)])
    return rows


def _mean(mean: tuple[float, int] | None, programs: int) -> str:
    """With the number of programs, where it is not all of them."""
    if mean is None:
        return "-"
    return _ratio(mean[0]) + (f" ({mean[1]})" if mean[1] < programs else "")


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def problems(table: Table) -> list[str]:
    """Why cells are empty, a line for each reason."""
    reasons: dict[str, list[str]] = {}
    for program, cells in table.cells.items():
        for name, cell in cells.items():
            if cell.problem:
                reasons.setdefault(f"{name}: {cell.problem}", []).append(program.name)
    return [f"- {', '.join(programs)}: {reason}" for reason, programs in reasons.items()]


def costs(rows: list[Cost]) -> Rows:
    """Compile times and memory by program, and sizes beside native ones."""
    table = [["program", "code, KB", "-O0, s", "-O2, s", "-O3, s", "clang, s", "peak, MB",
              "-Os, KB", "musl, KB", "ratio"]]
    for cost in rows:
        seconds = [f"{cost.times[level].seconds:.2f}" for level in ("-O0", "-O2", "-O3")]
        peak = max(compilation.peak for compilation in cost.times.values()) / 1e6
        sizes = [f"{cost.smelt_size / 1e3:.1f}"]
        sizes += ["-", "-"] if cost.native_size is None else [
            f"{cost.native_size / 1e3:.1f}", f"{cost.smelt_size / cost.native_size:.2f}"]
        table.append([cost.program.name, f"{cost.code / 1e3:.1f}", *seconds,
                      f"{cost.clang_seconds:.2f}", f"{peak:.0f}", *sizes])
    times = [statistics.median(cost.times[level].seconds for cost in rows)
             for level in ("-O0", "-O2", "-O3")]
    sizes = [cost.smelt_size / cost.native_size for cost in rows if cost.native_size]
    size = f"{statistics.median(sizes):.2f}" if sizes else "-"
    times.append(statistics.median(cost.clang_seconds for cost in rows))
    table.append(["median", "", *(f"{time:.2f}" for time in times), "", "", "", size])
    return table


def throughput(result: Throughput) -> Rows:
    rows = [["level", "code, MB", "seconds", "KB/s", "peak, MB"]]
    for level, done in result.by_level.items():
        rows.append([level, f"{result.code / 1e6:.2f}", f"{done.seconds:.1f}",
                     f"{result.code / 1e3 / done.seconds:.0f}", f"{done.peak / 1e6:.0f}"])
    return rows


def startups(results: dict[str, Startup]) -> Rows:
    rows = [["an empty program", "median, us", "minimum, us", "to musl", "resident, KB"]]
    base = results["static musl"].median
    for name, startup in results.items():
        rows.append([name, f"{startup.median:.0f}", f"{startup.least:.0f}",
                     f"{startup.median / base:.2f}", str(startup.resident)])
    return rows


def machine() -> list[str]:
    """What the figures depend on, besides the programs."""
    fields = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    family = [f"{key} {fields[key]}" for key in ("cpu family", "model") if key in fields]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = fields.get("model name", platform.machine())
    release = platform.release().partition("-")[0]
    return [
        f"{name} ({', '.join(family)}), {os.cpu_count()} cores, {memory:.0f} GiB of memory",
        f"Linux {release}, {platform.machine()}, {' '.join(platform.libc_ver())}",
        f"measured on {datetime.date.today()}, with a load of {os.getloadavg()[0]:.1f} at the end",
    ]
