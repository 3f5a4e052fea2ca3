"""Builds files once: again only when the command, or what it reads, is no longer the same."""

import functools
import hashlib
import pathlib
import subprocess
import threading


class BuildError(Exception):
    """A tool refused; the text is the line in which it says why."""


@functools.lru_cache(maxsize=None)
def digest(path: pathlib.Path) -> str:
    """Of contents, since the times of files say nothing after a fresh checkout."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@functools.lru_cache(maxsize=None)
def version(tool: str) -> str:
    """What a tool says of itself; stands for the tool's contents."""
    try:
        done = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (done.stdout or done.stderr).strip().partition("\n")[0]


# One lock for each file, as several programs wait for the same modules.
_locks: dict[pathlib.Path, threading.Lock] = {}
_locks_guard = threading.Lock()


def make(
    target: pathlib.Path, commands: list[list[str]], inputs: list[pathlib.Path]
) -> pathlib.Path:
    """The target, after running the commands if it is missing or was made otherwise."""
    with _locks_guard:
        lock = _locks.setdefault(target, threading.Lock())
    with lock:
        words = [[str(word) for word in command] for command in commands]
        tools = [version(command[0]) for command in words]
        key = repr((words, tools, [digest(path) for path in inputs]))
        stamp = target.with_name(target.name + ".made-from")
        if target.exists() and stamp.exists() and stamp.read_text() == key:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        for command in words:
            _run(command)
        digest.cache_clear()
        stamp.write_text(key)
        return target


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BuildError(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        errors = [line for line in lines if "error" in line] or lines or ["no message"]
        raise BuildError(errors[0].strip())
