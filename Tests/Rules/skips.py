"""A test that cannot run where it is has to be skipped in public."""

import re

import sources

_TEST = re.compile(r"@Test\b")
_RETURN = re.compile(r"\bguard\b[^{}]*\belse\s*\{([^{}]*)\}|\bif\b[^{}]*\{([^{}]*)\}")


def problems() -> list[str]:
    found = []
    for path in sources.files("Tests/**/*.swift"):
        text = path.read_text()
        bare = sources.code(text)
        if match := re.search(r'print\("skip', text):
            found.append(
                f"{sources.name(path)}:{sources.line(text, match.start())}: a skip that is only"
                " printed; use Test.cancel or .enabled(if:)")
        for start, end in _bodies(bare):
            for match in _RETURN.finditer(bare, start, end):
                body = match.group(1) or match.group(2) or ""
                if not re.search(r"\breturn\s*$", body.strip()) or "Issue" in body:
                    continue
                place = sources.line(text, match.start())
                if "not a skip" in text.split("\n")[place - 2]:
                    continue
                found.append(
                    f"{sources.name(path)}:{place}: a test that returns early looks as if it had"
                    " passed; use Test.cancel, or say above it why this is not a skip")
    return found


def _bodies(text: str):
    """Where the bodies of test functions are."""
    for match in _TEST.finditer(text):
        function = re.compile(r"\bfunc\b[^{]*\{").search(text, match.end())
        if not function:
            continue
        depth, position = 1, function.end()
        while depth and position < len(text):
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            position += 1
        yield function.end(), position
