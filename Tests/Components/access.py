#!/usr/bin/env python3
"""What a component may touch: nothing without a grant, what was granted with it, on both targets.

Needs the WIT files of the test data (SMELT_TEST_DATA, or `shared` beside the checkout). The lockdown is
tested where the kernel has it: without a grant the system calls of sockets end the program."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("SMELT_TEST_DATA") or ROOT.parent / "shared") / "wit/v0.2.12"
WASM_TOOLS = ROOT / ".build/venv/bin/wasm-tools"
SMELT = ROOT / ".build/smelt/bin/smelt"
IMPORTS = ["cli/stdout", "cli/environment", "io/poll", "io/streams", "filesystem/preopens",
           "sockets/instance-network", "sockets/tcp", "sockets/tcp-create-socket",
           "sockets/udp-create-socket", "sockets/ip-name-lookup", "http/types",
           "http/outgoing-handler"]
TARGETS = {"x86_64": [], "aarch64": ["qemu-aarch64"]}
ACCESS_DENIED, HTTP_REQUEST_DENIED = 1, 15
SOCKET_CALL = 41  # of x86-64
DENIED = f"""directories 0
variables 0
udp {ACCESS_DENIED}
lookup {ACCESS_DENIED}
http {HTTP_REQUEST_DENIED}
tcp {ACCESS_DENIED}
"""
GRANTED = f"""directories 1
variables 1
udp done
lookup done
http {HTTP_REQUEST_DENIED}
tcp done
start-connect done
finish-connect done
welcome
"""
OTHER_PORT = GRANTED.partition("start-connect")[0] + f"start-connect {ACCESS_DENIED}\n"


def make_component(folder: pathlib.Path) -> pathlib.Path:
    wit = folder / "wit"
    (wit / "deps").mkdir(parents=True)
    for package in DATA.iterdir():
        if package.is_dir():
            shutil.copytree(package, wit / "deps" / package.name)
    imports = "".join(f"  import wasi:{name}@0.2.12;\n" for name in IMPORTS)
    (wit / "world.wit").write_text(
        f"package test:access;\nworld access {{\n{imports}  export wasi:cli/run@0.2.12;\n}}\n")
    core, embedded, component = (folder / name for name in ("core.wasm", "e.wasm", "access.wasm"))
    commands = [
        ["clang-22", "--target=wasm32-unknown-unknown", "-O2", "-nostdlib", "-Wl,--no-entry", "-o",
         core, pathlib.Path(__file__).with_name("access.c")],
        [WASM_TOOLS, "component", "embed", wit, "--world", "access", core, "-o", embedded],
        [WASM_TOOLS, "component", "new", embedded, "-o", component],
    ]
    for command in commands:
        subprocess.run(command, check=True, timeout=120)
    return component


def run(command: list, grants: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "SMELT_GRANTS": grants}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def welcome(server: socket.socket) -> None:
    connection, _ = server.accept()
    connection.sendall(b"welcome\n")
    connection.close()


def has_lockdown() -> bool:
    return "Seccomp:" in pathlib.Path("/proc/self/status").read_text()


def check(program: list, is_host: bool) -> list[str]:
    problems = []

    def expect(what: str, found, wanted) -> None:
        if found != wanted:
            problems.append(f"{what}: {found!r} instead of {wanted!r}")

    denied = run(program, "")
    expect("without grants", (denied.stdout, denied.returncode), (DENIED, 0))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        thread = threading.Thread(target=welcome, args=[server], daemon=True)
        thread.start()
        grants = f"--dir /tmp --env PORT={port} --connect localhost:1 --connect 127.0.0.1:"
        granted = run(program, grants + str(port))
        expect("with grants", (granted.stdout, granted.returncode), (GRANTED, 0))
        other = run(program, grants + "1")
        expect("with another port", (other.stdout, other.returncode), (OTHER_PORT, 0))
    wrong = run(program, "--connect nowhere")
    expect("a wrong grant", wrong.returncode, 1)
    if is_host and has_lockdown():
        killed = run(program, f"--try-call {SOCKET_CALL}")
        expect("socket without a grant", killed.returncode, -signal.SIGSYS)
        allowed = run(program, f"--connect 127.0.0.1:1 --try-call {SOCKET_CALL}")
        expect("socket with a grant", allowed.returncode, 1)
    return problems


def main() -> int:
    if not DATA.is_dir():
        print(f"skipped: there are no WIT files in {DATA}")
        return int(bool(os.environ.get("SMELT_NO_SKIPS")))
    status = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        component = make_component(folder)
        for target, emulator in TARGETS.items():
            for level in ("-O0", "-O2"):
                program = folder / f"access-{target}{level}"
                subprocess.run([SMELT, "compile", component, "--target", target, level, "-o", program],
                               check=True, timeout=300)
                is_host = os.uname().machine == target
                problems = check([*([] if is_host else emulator), program], is_host)
                for problem in problems:
                    print(f"{target} {level}: {problem}")
                status |= bool(problems)
                print(f"{target} {level}: {program.stat().st_size} bytes, {len(problems)} problems")
    return status


if __name__ == "__main__":
    sys.exit(main())
