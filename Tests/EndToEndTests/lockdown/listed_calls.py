"""Runs an AArch64 program in the emulator and compares the system calls that it makes, once its
guest runs, with the list in its section smelt_calls. Fails if one is missing there."""

import re
import struct
import subprocess
import sys

# What reporting traps and exiting take is not on the list (basic_calls in lockdown.c).
BASIC = {"write", "exit", "exit_group", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "tkill"}


def numbers():
    text = open("/usr/include/aarch64-linux-musl/bits/syscall.h").read()
    return {name: int(number) for name, number in re.findall(r"__NR_(\w+)\s+(\d+)", text)}


def section(path, wanted):
    data = open(path, "rb").read()
    offset, = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", data, offset + index * size) for index in range(count)]
    strings = headers[names][4]
    for name, _, _, _, start, length in headers:
        end = data.index(b"\0", strings + name)
        if data[strings + name:end].decode() == wanted:
            return data[start:start + length]
    sys.exit(f"{path} has no section {wanted}")


def main():
    program = sys.argv[1]
    entries = section(program, "smelt_calls")
    listed = {value & 0xFFFF for value, in struct.iter_unpack("<I", entries)}
    known = numbers()
    run = subprocess.run(
        ["qemu-aarch64", "-strace", program], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, errors="replace")
    if not 0 <= run.returncode < 128:
        sys.exit(f"status {run.returncode}\n{run.stderr[-2000:]}")
    lines = re.findall(r"^\d+ (\w+)(?: syscall (\d+))?", run.stderr, re.MULTILINE)
    called = [(name, int(number) if number else known.get(name)) for name, number in lines]
    attempts = [index for index, (name, number) in enumerate(called) if number == known["seccomp"]]
    # An emulator that knows nothing of filters is asked twice, in two ways.
    start = max(attempts) + 1 if attempts else sys.exit("no filter was tried")
    missing = {
        (name, number)
        for name, number in called[start:]
        if name not in BASIC and name != "prctl" and number not in listed
    }
    if missing:
        sys.exit(f"not on the list: {sorted(missing)}")
    print(len(called) - start, "calls")


main()
