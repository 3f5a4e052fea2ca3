#!/usr/bin/env python3
"""Runs every command of README.md, in order, as a reader would who types them.

Blocks marked `sh` are commands, run by one bash that stops at the first failure. Blocks marked
`c`, `cpp`, `py` or `manifest` are files; their first line says which. Commands of make run in the project's folder, and
install below a scratch folder that comes first in PATH; everything else runs in a scratch folder
of its own. `make test` is not run: this is a part of it. What is not installed is skipped, and
said so.

Where a server of PostgreSQL can be started there is one, in the scratch folder, and psql and pg_config are
about that one.

The project has to be built (`make build`), and what `.ci/install --test` installs to be there.
"""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

sys.path.insert(0, str(ROOT / "Tests/Integrations"))
import server  # noqa: E402

# Tools that a machine may lack, or forbid to use, with a command that tells.
OPTIONAL = {"perf": ["perf", "record", "-q", "-o", "/dev/null", "true"]}
if not server.is_installed() or os.getuid() != 0:
    OPTIONAL |= {"psql": ["false"], "pg_config": ["false"]}


def blocks(text):
    """The kind and the contents of each fenced block."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def works(command):
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def missing_tool(line):
    """The optional tool that a command needs and that cannot be used here."""
    for tool, trial in OPTIONAL.items():
        if re.search(rf"\b{tool}\b", line) and not works(trial):
            return tool
    return None


def script(text, folder, prefix):
    """One bash script with all commands, each shown before it is run."""
    lines = ["set -e", "shopt -s expand_aliases"]
    count = 0
    for kind, contents in blocks(text):
        if kind in ("c", "cpp", "py", "manifest"):
            name = contents.split("\n", 1)[0].lstrip("/# ")
            (folder / name).write_text(contents)
        if kind != "sh":
            continue
        for line in contents.splitlines():
            tool = missing_tool(line)
            if re.match(r"make test\b", line):
                lines.append("echo 'README: make test is what runs this'")
                continue
            if tool:
                lines.append(f"echo 'README: skipped, {tool} cannot be used here'")
                continue
            count += 1
            lines.append(f"printf '$ %s\\n' {quoted(line)} >&2")
            if line.startswith("make "):
                line = line.replace("/usr/local", str(prefix))
                lines.append(f"(cd {quoted(str(ROOT))}; {line}\n) >&2")
            else:
                lines.append(line)
    return "\n".join(lines) + "\n", count


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


@contextlib.contextmanager
def database(folder):
    """What the environment needs for the commands of PostgreSQL."""
    if "psql" in OPTIONAL:
        yield {}
        return
    (folder / "server").mkdir()
    with server.Server(folder / "server") as running:
        tools = folder / "tools"
        tools.mkdir()
        script = f"#!/bin/sh\ncase $1 in --pkglibdir) echo {running.lib};; --sharedir) echo {running.share};; esac\n"
        (tools / "pg_config").write_text(script)
        (tools / "pg_config").chmod(0o755)
        yield {"PGHOST": str(running.folder), "PGUSER": "postgres", "PGDATABASE": "postgres"}


def main():
    text = (ROOT / "README.md").read_text()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="smelt-readme-"))
    try:
        prefix = folder / "installed"
        work = folder / "work"
        work.mkdir()
        commands, count = script(text, work, prefix)
        environment = dict(
            os.environ,
            HOME=str(work),
            PATH=f"{prefix}/bin:{os.environ['PATH']}",
        )
        environment.pop("XDG_CACHE_HOME", None)
        environment["PATH"] = f"{folder}/tools:{environment['PATH']}"
        with database(folder) as words:
            result = subprocess.run(
                ["bash", "-c", commands], cwd=work, env=environment | words, capture_output=True,
                text=True,
            )
        if result.returncode != 0:
            sys.stderr.write(result.stdout + result.stderr)
            sys.exit(f"README: the last of these commands ends with {result.returncode}")
        for line in result.stdout.splitlines():
            if line.startswith("README: "):
                print(line)
        print(f"README: all {count} commands run")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
