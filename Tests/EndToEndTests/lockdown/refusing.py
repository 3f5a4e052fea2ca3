"""Runs a program under a filter of system calls that is not its own, as containers have one.

usage: refusing.py ERROR NUMBERS PROGRAM ARGUMENTS...

The calls of NUMBERS, which are separated by commas, fail with ERROR; all others are allowed.
"""

import ctypes
import os
import struct
import sys

LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2


def instructions(numbers: list[int], error: int) -> bytes:
    code = [(LOAD, 0, 0, 0)]
    for number in numbers:
        code += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | error)]
    code.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def main() -> None:
    numbers = [int(word) for word in sys.argv[2].split(",") if word]
    code = ctypes.create_string_buffer(instructions(numbers, int(sys.argv[1])))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        sys.exit("no_new_privs")
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, program) != 0:
        sys.exit("seccomp")
    os.execv(sys.argv[3], sys.argv[3:])


main()
