// Which system calls a program makes once its guest runs. Each function of the runtime says which it
// makes, by SMELT_CALLS. That is no code: it is an entry in a section of its own which the linker keeps
// if it keeps the function, and drops if it drops it. So the list that remains in an executable is that
// of the functions that it contains, and process/lockdown.h gives up all others.
#ifndef SMELT_SYSTEM_CALLS_H
#define SMELT_SYSTEM_CALLS_H

#include <sys/syscall.h>

#include "smelt/abi.h"

// With which arguments a system call is allowed.
enum smelt_call_condition {
    SMELT_CALL_ALWAYS = 0,
    SMELT_CALL_WITH_PATHS = 1,   // if the guest has a directory of the host
    SMELT_CALL_NOT_CODE = 2,     // mmap, mprotect: not to make code executable
    SMELT_CALL_FLAGS = 3,        // fcntl: to read and set flags, and to duplicate
    SMELT_CALL_QUESTION = 4,     // ioctl: to ask for the bytes to read, the size of a terminal
    SMELT_CALL_OWN_THREAD = 5,   // tkill: of this thread
    SMELT_CALL_WITH_NETWORK = 6, // if the guest may use the network
    SMELT_CALL_CONDITION_COUNT
};

// Above the numbers of all system calls.
enum { SMELT_CALL_NUMBERS = 512 };

// Stands in the function that makes the system call `name`, on every way to it.
#define SMELT_CALLS(name) SMELT_CALL_ENTRY(SYS_##name)
#define SMELT_CALLS_IF(name, condition) SMELT_CALL_ENTRY((condition) << 16 | SYS_##name)

#if defined(SMELT_NATIVE_TESTS)
#define SMELT_CALL_ENTRY(call) ((void)0)
#else
#define SMELT_CALL_ENTRY(call)                                                         \
    _Static_assert(((call) & 0xffff) < SMELT_CALL_NUMBERS, "a number without a place");   \
    __asm__ volatile(".Lsmelt_call_%=:\n"                                              \
                     ".pushsection " SMELT_SECTION_CALLS ", \"ao\", %%progbits, .Lsmelt_call_%=\n" \
                     ".long %c0\n"                                                     \
                     ".popsection"                                                     \
                     :                                                                 \
                     : "i"(call))
#endif

#endif
