"""Makes a running program perform a system call, as somebody would who had taken it over."""

import ctypes
import os
import signal

ATTACH, GET_REGISTERS, SET_REGISTERS, SINGLE_STEP = 16, 12, 13, 9
WALL = 0x40000000
#: The registers of x86-64 as the kernel has them.
NAMES = ["r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi",
         "rdi", "orig_rax", "rip", "cs", "eflags", "rsp", "ss", "fs_base", "gs_base", "ds", "es", "fs",
         "gs"]
#: The length of the instruction that makes a system call.
SYSCALL_LENGTH = 2
MASK = (1 << 64) - 1

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
LIBC.ptrace.restype = ctypes.c_long

#: System calls that no program needs which was granted nothing: a number of x86-64 and arguments that do
#: no harm where the call is allowed.
FORBIDDEN = {
    "open": (2,), "socket": (41, 1, 1), "connect": (42, 0), "execve": (59,), "kill": (62, 0, 0),
    "unlink": (87,), "chmod": (90,), "ptrace": (101, 0xFFFF), "setuid": (105,), "personality": (135, -1),
    "prctl": (157, 3), "arch_prctl": (158, 0x1004), "mount": (165,), "keyctl": (250, 0xFFFF),
    "openat": (257, -100, 0), "unshare": (272,), "process_vm_writev": (311, 0), "memfd_create": (319,),
    "bpf": (321, 0xFFFF), "userfaultfd": (323, 0xFFFF), "io_uring_setup": (425,), "clone3": (435,),
    "mmap of code": (9, 0, 4096, 7, 0x22, -1, 0), "mprotect to code": (10, 0x400000, 4096, 5),
    "fcntl F_SETOWN": (72, 0, 8, 0), "ioctl TIOCSTI": (16, 0, 0x5412, 0),
    "tkill of another": (200, 1, 0), "x32": (0x40000000 | 39,), "none": (400,),
}
#: Those that are allowed with other arguments.
CONDITIONAL = ["mmap of code", "mprotect to code", "fcntl F_SETOWN", "ioctl TIOCSTI"]


def ptrace(request: int, process: int, data: ctypes.Array | None = None) -> None:
    """A request that must not fail."""
    address = ctypes.cast(data, ctypes.c_void_p) if data is not None else None
    if LIBC.ptrace(request, process, None, address) < 0:
        raise OSError(ctypes.get_errno(), f"ptrace request {request}")


def perform(process: int, call: tuple[int, ...]) -> str | None:
    """Has a process that waits in a system call make another one; says what is wrong if it is not
    killed for that."""
    ptrace(ATTACH, process)
    os.waitpid(process, WALL)
    registers = (ctypes.c_uint64 * len(NAMES))()
    ptrace(GET_REGISTERS, process, registers)
    values = dict(zip(NAMES, registers))
    number, *arguments = call
    names = ["rdi", "rsi", "rdx", "r10", "r8", "r9"]
    values |= dict.fromkeys(names, 0) | dict(zip(names, arguments))
    # It must not go on with what it waits for.
    values |= {"rax": number, "orig_rax": -1, "rip": values["rip"] - SYSCALL_LENGTH}
    registers[:] = [values[name] & MASK for name in NAMES]
    ptrace(SET_REGISTERS, process, registers)
    ptrace(SINGLE_STEP, process)
    _, status = os.waitpid(process, WALL)
    if os.WIFSIGNALED(status):
        ended_by = os.WTERMSIG(status)
        return None if ended_by == signal.SIGSYS else f"it is killed by signal {ended_by}"
    if os.WIFEXITED(status):
        return "it exits"
    ptrace(GET_REGISTERS, process, registers)
    result = ctypes.c_int64(dict(zip(NAMES, registers))["rax"]).value
    return f"it is allowed, with the result {result}"
