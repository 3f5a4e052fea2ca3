"""The sources, and their text without comments and strings."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]

#: Comments and literals, of C and of Swift. A string of several lines comes first.
_OPAQUE = re.compile(
    r'"""(?:\\.|[^\\])*?"""|#"(?:.)*?"#|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/',
    re.DOTALL)


def files(*patterns: str) -> list[pathlib.Path]:
    """The files below the root that match, in their order."""
    found = set()
    for pattern in patterns:
        found.update(path for path in ROOT.glob(pattern) if path.is_file())
    return sorted(found)


def name(path: pathlib.Path) -> str:
    return str(path.relative_to(ROOT))


def code(text: str, keeps_strings: bool = False) -> str:
    """The text with spaces in place of comments and literals; lines stay where they are."""

    def blank(match: re.Match) -> str:
        found = match.group(0)
        if keeps_strings and not found.startswith("/"):
            return found
        return re.sub(r"[^\n]", " ", found)

    return _OPAQUE.sub(blank, text)


def line(text: str, position: int) -> int:
    """The number of the line that a position is in."""
    return text.count("\n", 0, position) + 1


def table(readme: pathlib.Path) -> dict[str, set[str]]:
    """What the table of a README says: for each row's name, the names in its column `May use`."""
    rows: dict[str, set[str]] = {}
    column = None
    for text in readme.read_text().split("\n"):
        cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
        if not text.startswith("|"):
            column = None
        elif "May use" in cells:
            column = cells.index("May use")
        elif column is not None and not set(text) <= set("|- :"):
            (row,) = re.findall(r"`([^`]+)`", cells[0])
            rows[row] = set(re.findall(r"`([^`]+)`", cells[column]))
    return rows
