"""The extension of SQLite for the other architecture, in Debian's shell of SQLite under qemu-user."""

import platform
import subprocess

import cases
from building import ROOT, expression, guest, integrate, run

#: The shell and what it needs; installed they would take the place of the machine's own.
PACKAGES = ["libc6", "libsqlite3-0", "sqlite3", "libreadline8", "libtinfo6", "zlib1g", "libgcc-s1"]


def system(architecture):
    """A folder with the shell, downloaded once."""
    folder = ROOT / ".build/foreign" / architecture
    if (folder / "complete").exists():
        return folder
    debs = folder / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    run("apt-get", "download", *[f"{name}:{architecture}" for name in PACKAGES], cwd=debs)
    for package in debs.glob("*.deb"):
        run("dpkg-deb", "-x", package, folder)
    (folder / "complete").touch()
    return folder


def quoted(value):
    """As the function quote() gives it."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"X'{value.hex().upper()}'" if isinstance(value, bytes) else str(value)


def check(folder):
    is_x86 = platform.machine() == "x86_64"
    target, debian = ("aarch64", "arm64") if is_x86 else ("x86_64", "amd64")
    library = integrate("sqlite", guest(folder), folder / "guest_sqlite.so", "common", "sets", "deadline",
                        "--target", target)  # fmt: skip
    for host in ("postgresql", "python"):
        integrate(host, guest(folder), folder / f"guest_{host}.so", "common", "arrays", "--target", target)
    root = system(debian)
    results = [case for case in cases.RESULTS if len(expression(*case[:2])) < 10_000]
    lines = [f"SELECT quote({expression(name, arguments)});" for name, arguments, _ in results]
    lines += [f"SELECT {expression(name, arguments)};" for name, arguments, _ in cases.FAILURES]
    lines += ["SELECT spin(1);", "SELECT joined(word) FROM words('a b c');"]
    shell = subprocess.run(
        [f"qemu-{target}", "-L", root, root / "usr/bin/sqlite3", "-batch", "-init", "/dev/null", ":memory:",
         "-cmd", f".load {library}"], input="\n".join(lines), capture_output=True, text=True, timeout=300)
    found = shell.stdout.split("\n")
    expected = [quoted(value) for _, _, value in results] + ["abc"]
    for line, value, text in zip(lines, expected, found):
        if value != text:
            raise RuntimeError(f"{line:.200} gives {text:.200}, not {value:.200}")
    if len(found) <= len(expected) - 1:
        raise RuntimeError(f"the shell has ended: {shell.stderr[-500:]}")
    # A message may have several lines, and the messages come in the order of the statements.
    at = 0
    for name, arguments, part in [*cases.FAILURES, ("spin", (1,), "deadline")]:
        at = shell.stderr.find(part, at)
        if at < 0:
            raise RuntimeError(f"{name}{arguments!r:.80} should fail with {part!r}: {shell.stderr[-500:]}")
        at += len(part)
    return len(lines)
