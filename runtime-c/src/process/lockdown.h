// The lockdown: before guest code runs, the program gives up every system call that it cannot need,
// so that a defect in the runtime or in the compiler is of little use to whoever finds it.
//
// What a program may call follows from what it is made of. Each function of the runtime says which
// system calls it makes once the guest runs, by SMELT_CALLS. That is no code: it is an entry in a
// section of its own which the linker keeps if it keeps the function, and drops if it drops it. So
// the list that remains in an executable is that of the functions that it contains. What reports
// traps and ends the program is always allowed.
//
// What the kernel does not have is not used: where it was built without seccomp, in an emulator of
// user programs, which has none either, and where Landlock is missing, turned off or of its first
// version, the guest runs without it. What the kernel has and refuses ends the program before its
// guest runs, with a message.
#ifndef SMELT_LOCKDOWN_H
#define SMELT_LOCKDOWN_H

#include <stdbool.h>
#include <stdint.h>
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
                     ".pushsection smelt_calls, \"ao\", %%progbits, .Lsmelt_call_%=\n" \
                     ".long %c0\n"                                                     \
                     ".popsection"                                                     \
                     :                                                                 \
                     : "i"(call))
#endif

// The list, by the linker script: the number of a call, and its condition from bit 16 on.
extern const uint32_t smelt_calls_begin[], smelt_calls_end[];

// Gives up everything else, or ends the program. `has_directories` is whether the guest was granted any of the host's.
void smelt_lock_down(bool has_directories);

// Bounds what files can be opened to the directories that the guest was granted (Landlock), and
// returns whether there are any.
struct wasi_state;
bool smelt_confine_files(const struct wasi_state *state);

// Says that the lockdown failed, and how to do without, and exits with status 1.
_Noreturn void smelt_lockdown_refused(const char *mechanism);

#endif
