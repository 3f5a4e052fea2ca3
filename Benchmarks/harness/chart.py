"""The chart: a row for each program, a dot for each engine, on a logarithmic axis."""

import math

from .measure import Table

COLORS = {
    "smelt": "#d6336c",
    "wasmtime": "#1c7ed6",
    "V8": "#2f9e44",
    "wasm2c": "#f08c00",
    "wasmkit": "#7048e8",
}
LEFT, RIGHT, TOP, ROW, WIDTH = 120, 24, 56, 20, 860
TICKS = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256]


def svg(table: Table) -> str:
    """The chart as a document of its own, readable on light and dark pages alike."""
    names = [engine.name for engine in table.engines if engine.name != "native"]
    rows = [
        (program.name, {name: table.ratio(program, name) for name in names})
        for program in table.cells
    ]
    means = {name: (table.mean(name) or (None,))[0] for name in names}
    rows.append(("geometric mean", means))
    ratios = [ratio for _, cells in rows for ratio in cells.values() if ratio is not None]
    highest = next((tick for tick in TICKS if tick >= max(ratios, default=1)), TICKS[-1])
    height = TOP + ROW * len(rows) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="12" fill="#222">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18">User time, native = 1; further left is faster</text>',
        *_legend(names),
        *_axis(highest, height),
    ]
    for number, (label, cells) in enumerate(rows):
        parts += _row(label, cells, TOP + ROW * number + ROW // 2, highest)
    return "\n".join([*parts, "</svg>", ""])


def _place(ratio: float, highest: float) -> float:
    clamped = min(max(ratio, TICKS[0]), highest)
    share = math.log(clamped / TICKS[0]) / math.log(highest / TICKS[0])
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _legend(names: list[str]) -> list[str]:
    parts = []
    for number, name in enumerate(names):
        x = 460 + number * 80
        parts.append(f'<circle cx="{x}" cy="14" r="5" fill="{COLORS[name]}"/>')
        parts.append(f'<text x="{x + 9}" y="18">{name}</text>')
    return parts


def _axis(highest: float, height: int) -> list[str]:
    parts = []
    for tick in TICKS:
        if tick > highest:
            break
        x, color = _place(tick, highest), "#222" if tick == 1 else "#ddd"
        parts.append(f'<path d="M{x} {TOP - 4}V{height - 20}" stroke="{color}"/>')
        parts.append(f'<text x="{x}" y="{TOP - 10}" text-anchor="middle">{tick:g}</text>')
    return parts


def _row(label: str, cells: dict[str, float | None], y: int, highest: float) -> list[str]:
    parts = [f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{label}</text>']
    # Smelt last, so that its dot is on top.
    for name in sorted(cells, key=lambda name: name == "smelt"):
        if cells[name] is not None:
            x = _place(cells[name], highest)
            look = f'fill="{COLORS[name]}" fill-opacity="0.85"'
            parts.append(f'<circle cx="{x}" cy="{y}" r="5" {look}/>')
    return parts
