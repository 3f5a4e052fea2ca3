"""Who may use whom. Tables with a column `May use` stand in

    Sources/README.md             targets
    Sources/TARGET/README.md      folders of a target
    runtime-c/src/README.md       layers of the runtime

and what is not in one of them is not allowed."""

import re

import sources

#: Parts of Swift's own distribution, which everyone may use.
STANDARD = {"Foundation", "FoundationEssentials", "Synchronization", "Testing", "Swift"}

_IMPORT = re.compile(
    r"^[ \t]*(?:@\w+ )?(?:(?:public|package|internal|private|fileprivate) )?import (\w+)", re.MULTILINE)
_DECLARED = re.compile(
    r"^ {0,4}(?:@\w+ )?(?:(?:public|package|internal|final|indirect) )*"
    r"(?:struct|class|enum|protocol|typealias|actor) (\w+)", re.MULTILINE)
_TOP_FUNCTION = re.compile(r"^(?:(?:public|package|internal) )*func (\w+)", re.MULTILINE)
_STATIC = re.compile(r"^extension Pass \{(.*?)^\}", re.MULTILINE | re.DOTALL)


def problems() -> list[str]:
    found = _targets()
    for readme in sources.files("Sources/*/README.md"):
        if "May use" in readme.read_text():
            found += _folders(readme)
    return found + _runtime()


def _targets() -> list[str]:
    """Imports of targets. Other packages' modules are in the table, too."""
    readme = sources.ROOT / "Sources/README.md"
    rules, found = sources.table(readme), []
    for folder in sorted(path for path in readme.parent.iterdir() if path.is_dir()):
        if folder.name not in rules:
            found.append(f"Sources/{folder.name} is not in Sources/README.md")
            continue
        for path in sources.files(f"Sources/{folder.name}/**/*.swift"):
            text = sources.code(path.read_text())
            for match in _IMPORT.finditer(text):
                used = match.group(1)
                if used not in rules[folder.name] | STANDARD:
                    place = f"{sources.name(path)}:{sources.line(text, match.start(1))}"
                    found.append(f"{place}: {folder.name} may not use {used} (Sources/README.md)")
    return found + _circles(rules, "Sources/README.md")


def _folders(readme) -> list[str]:
    """Uses of types and functions that are declared in another folder of the same target."""
    target, rules, found = readme.parent, sources.table(readme), []
    texts = {path: sources.code(path.read_text()) for path in
             sources.files(f"Sources/{target.name}/*/*.swift")}
    owners: dict[str, set[str]] = {}
    for path, text in texts.items():
        for pattern in (_DECLARED, _TOP_FUNCTION):
            for declared in pattern.findall(text):
                owners.setdefault(declared, set()).add(path.parent.name)
    for path, text in texts.items():
        folder = path.parent.name
        if folder not in rules:
            found.append(f"{sources.name(path.parent)} is not in {sources.name(readme)}")
            continue
        for word in sorted(set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", text))):
            owner = owners.get(word, set())
            if len(owner) == 1 and folder not in owner and not owner <= rules[folder]:
                place = text.index(word)
                found.append(
                    f"{sources.name(path)}: {folder} may not use {word} of {owner.pop()}"
                    f" ({sources.name(readme)})")
    return found


def _runtime() -> list[str]:
    """Includes between the layers of the runtime."""
    readme = sources.ROOT / "runtime-c/src/README.md"
    rules, found = sources.table(readme), []
    for path in sources.files("runtime-c/src/**/*.[ch]"):
        layer = path.parent.name
        if layer not in rules:
            found.append(f"{sources.name(path)} is in no layer of {sources.name(readme)}")
            continue
        for used in re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE):
            folder = used.rpartition("/")[0] or layer
            if folder not in rules[layer] | {layer, "smelt"}:
                found.append(
                    f"{sources.name(path)}: {layer} may not include {used} ({sources.name(readme)})")
            elif folder != "smelt" and not (readme.parent / folder / used.rpartition("/")[2]).exists():
                found.append(f"{sources.name(path)}: {used} is named otherwise than by its layer")
    return found + _circles(rules, sources.name(readme))


def _circles(rules: dict[str, set[str]], where: str) -> list[str]:
    """Rows that may use one another, by whatever way."""
    found, done = [], set()

    def visit(name: str, way: list[str]):
        if name in way:
            found.append(f"{where}: a circle: {' -> '.join([*way[way.index(name):], name])}")
        elif name in rules and name not in done:
            for used in sorted(rules[name] - {name}):
                visit(used, [*way, name])
            done.add(name)

    for name in rules:
        visit(name, [])
    return found
