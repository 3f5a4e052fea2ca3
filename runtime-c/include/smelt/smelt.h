// What all libraries that Smelt makes have in common. `smelt compile --emit archive` and the like put
// this text in front of each header that they write, so nobody needs to find this file.
//
// Every function says which threads may call it. "One at a time" is about one instance: different
// instances have nothing to do with one another.
//
// What a host has to keep to:
// - Functions that the guest calls return to it. They may call the guest again, but never leave by longjmp, by
//   an exception or by ending their thread. Calls of one instance end in the reverse order of their beginning,
//   on the thread that has begun them; those of different instances may be on fibers that take turns.
// - A handler of a signal that may have interrupted a call of an instance leaves that instance alone. (Calls of
//   it are refused, as SMELT_BUSY, where that is seen.)
// - SIGSEGV and SIGILL (on AArch64 SIGTRAP) are how traps are found out about. Handlers that the host installs
//   later hand on what is not theirs. A thread's first call unblocks these signals; it does not block them again.
// - Numbers are rounded to nearest while guest code runs, or it computes something else than on other hosts.
//   Operations that the host has made signals (feenableexcept) are none in guest code; SIGFPE is handled for that.
// - An archive that becomes a part of a shared library keeps that from being unloaded (linker's -z nodelete).
#ifndef SMELT_H
#define SMELT_H

#include <stddef.h>
#include <stdint.h>

// Changes whenever something here or in generated code changes its meaning.
#define SMELT_LIBRARY_VERSION 1

// What has come of a call. Numbers below SMELT_EXITED are traps of WebAssembly: the guest was stopped
// where it was, what it had done until then stays done, and its instance can be called again.
enum smelt_status {
    SMELT_OK = 0,
    SMELT_UNREACHABLE = 1,
    SMELT_INTEGER_DIVIDE_BY_ZERO = 2,
    SMELT_INTEGER_OVERFLOW = 3,
    SMELT_INVALID_CONVERSION_TO_INTEGER = 4,
    SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS = 5,
    SMELT_OUT_OF_BOUNDS_TABLE_ACCESS = 6,
    SMELT_UNDEFINED_ELEMENT = 7,
    SMELT_UNINITIALIZED_ELEMENT = 8,
    SMELT_INDIRECT_CALL_TYPE_MISMATCH = 9,
    SMELT_CALL_STACK_EXHAUSTED = 10,
    SMELT_NULL_REFERENCE = 11,
    SMELT_NULL_FUNCTION_REFERENCE = 12,
    SMELT_UNALIGNED_ATOMIC = 13,
    SMELT_EXPECTED_SHARED_MEMORY = 14,
    SMELT_CAST_FAILURE = 15,
    SMELT_UNCAUGHT_EXCEPTION = 16,
    SMELT_OUT_OF_MEMORY = 17,
    SMELT_OUT_OF_BOUNDS_ARRAY_ACCESS = 18,
    SMELT_NULL_STRUCTURE_REFERENCE = 19,
    SMELT_NULL_ARRAY_REFERENCE = 20,
    SMELT_NULL_I31_REFERENCE = 21,

    // The guest has called proc_exit; smelt_error.detail is its status.
    SMELT_EXITED = 100,
    // A function of the host's returned something else than SMELT_OK, which is smelt_error.detail.
    SMELT_HOST_FAILED = 101,
    // The instance is in a call, on another thread or, where it is to be freed, on this one.
    SMELT_BUSY = 102,
    // There is no memory or address space for the instance.
    SMELT_NO_RESOURCES = 103,
    // A size, a pointer or a word in the options or in the imports cannot be right, or a reference is not what
    // its type in the module says.
    SMELT_BAD_ARGUMENT = 104,
    // The process does not let the library handle the signals that traps are.
    SMELT_NO_SIGNALS = 105
};

// A vector, as the guest has it in memory.
typedef union smelt_v128 {
    uint8_t bytes[16];
    uint64_t words[2];
} smelt_v128;

// A reference of the guest's, or one of the host's (`extern`) that the guest keeps for it; null is null. One of a
// function is of use only to the instance that it comes from: all others refuse it.
typedef void *smelt_reference;

// Why something failed. `message` is UTF-8 text of one or several lines, always ended by a zero: the
// reason, and for traps of the guest who called whom. What a guest's names have in them that a terminal
// may act on is escaped.
typedef struct smelt_error {
    uint32_t status;  // enum smelt_status
    int32_t detail;   // see there; otherwise 0
    char message[2040];
} smelt_error;

// A directory of the host's and all beneath it, for a guest with WASI.
typedef struct smelt_directory {
    const char *host;       // its path
    const char *guest;      // what the guest sees it as; null for the same
    uint32_t is_read_only;  // not 0 if the guest cannot change anything there
    uint32_t reserved;      // 0
} smelt_directory;

// The streams of the process, for a guest with WASI.
enum smelt_streams { SMELT_STDIN = 1, SMELT_STDOUT = 2, SMELT_STDERR = 4 };

// What is kept free on a stack below the guest's part: for functions of the host that the guest calls.
#define SMELT_STACK_RESERVE 65536

enum smelt_flags {
    // Only the thread that makes the instance calls it, which is faster, and frees it. Others get SMELT_BUSY.
    SMELT_ONE_THREAD = 1
};

// What the host decides about an instance. Begin with SMELT_OPTIONS_INIT, so that fields of later versions
// have their defaults.
typedef struct smelt_options {
    size_t size;              // sizeof(struct smelt_options)
    // Bytes of the stack of a call that guest code may use; 0 for 1 MiB. On the stacks of threads, and on the
    // alternate one of signals, it gets no more than is left above SMELT_STACK_RESERVE bytes or more. Of other
    // stacks, those of fibers, only the host knows how much is left: this and the reserve. With 0, calls
    // on these fail with SMELT_CALL_STACK_EXHAUSTED.
    size_t stack_size;
    uint64_t maximum_memory;  // bytes that none of its memories may grow beyond; 0 for no such limit
    // What a guest with WASI may use. It has clocks, random numbers, and nothing else that is not here.
    // Texts are copied, and directories opened, when the instance is made.
    const char *const *arguments;    // ended by a null pointer; null for none
    const char *const *environment;  // NAME=VALUE, ended by a null pointer; null for none
    const smelt_directory *directories;
    size_t directory_count;
    uint32_t streams;                // of enum smelt_streams
    uint32_t flags;                  // of enum smelt_flags
} smelt_options;

#define SMELT_OPTIONS_INIT {sizeof(struct smelt_options), 0, 0, NULL, NULL, NULL, 0, 0, 0}

#endif
