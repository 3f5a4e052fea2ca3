// The host functions of WASI preview 1: one row per function, from which come the C prototypes
// that the runtime implements, the signatures that the compiler checks imports against, and the
// bad-pointer tests.
//
// A row is X(name, result, number of parameters, parameters...). Parameter letters:
//   i  a 32-bit integer        I  a 64-bit integer
//   p  an address in guest memory (32 bits)
//   n  the length, or the number of elements, of what the preceding p points to (32 bits)
// The result is i (a WASI errno) or none. Every row is implemented.
//
// Modules import them from `wasi_snapshot_preview1` or, older ones, from `wasi_unstable`. The two
// differ in the layout of what four functions read and write, and in one function that came later.
#ifndef SMELT_WASI_FUNCTIONS_H
#define SMELT_WASI_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"

// The same in both modules.
#define SMELT_WASI_COMMON_FUNCTIONS(X)                   \
    X(args_get, i, 2, p, p)                               \
    X(args_sizes_get, i, 2, p, p)                         \
    X(environ_get, i, 2, p, p)                            \
    X(environ_sizes_get, i, 2, p, p)                      \
    X(clock_res_get, i, 2, i, p)                          \
    X(clock_time_get, i, 3, i, I, p)                      \
    X(fd_advise, i, 4, i, I, I, i)                        \
    X(fd_allocate, i, 3, i, I, I)                         \
    X(fd_close, i, 1, i)                                  \
    X(fd_datasync, i, 1, i)                               \
    X(fd_fdstat_get, i, 2, i, p)                          \
    X(fd_fdstat_set_flags, i, 2, i, i)                    \
    X(fd_fdstat_set_rights, i, 3, i, I, I)                \
    X(fd_filestat_set_size, i, 2, i, I)                   \
    X(fd_filestat_set_times, i, 4, i, I, I, i)            \
    X(fd_pread, i, 5, i, p, n, I, p)                      \
    X(fd_prestat_get, i, 2, i, p)                         \
    X(fd_prestat_dir_name, i, 3, i, p, n)                 \
    X(fd_pwrite, i, 5, i, p, n, I, p)                     \
    X(fd_read, i, 4, i, p, n, p)                          \
    X(fd_readdir, i, 5, i, p, n, I, p)                    \
    X(fd_renumber, i, 2, i, i)                            \
    X(fd_sync, i, 1, i)                                   \
    X(fd_tell, i, 2, i, p)                                \
    X(fd_write, i, 4, i, p, n, p)                         \
    X(path_create_directory, i, 3, i, p, n)               \
    X(path_filestat_set_times, i, 7, i, i, p, n, I, I, i) \
    X(path_link, i, 7, i, i, p, n, i, p, n)               \
    X(path_open, i, 9, i, i, p, n, i, I, I, i, p)         \
    X(path_readlink, i, 6, i, p, n, p, n, p)              \
    X(path_remove_directory, i, 3, i, p, n)               \
    X(path_rename, i, 6, i, p, n, i, p, n)                \
    X(path_symlink, i, 5, p, n, i, p, n)                  \
    X(path_unlink_file, i, 3, i, p, n)                    \
    X(proc_exit, none, 1, i)                              \
    X(proc_raise, i, 1, i)                                \
    X(random_get, i, 2, p, n)                             \
    X(sched_yield, i, 0)                                  \
    X(sock_recv, i, 6, i, p, n, i, p, p)                  \
    X(sock_send, i, 5, i, p, n, i, p)                     \
    X(sock_shutdown, i, 2, i, i)

// Functions with one implementation for each module.
#define SMELT_WASI_CHANGED_FUNCTIONS(X)      \
    X(fd_filestat_get, i, 2, i, p)            \
    X(fd_seek, i, 4, i, I, i, p)              \
    X(path_filestat_get, i, 5, i, i, p, n, p) \
    X(poll_oneoff, i, 4, p, p, n, p)

// Only in wasi_snapshot_preview1.
#define SMELT_WASI_ADDED_FUNCTIONS(X) \
    X(sock_accept, i, 3, i, i, p)

#define SMELT_WASI_SNAPSHOT_PREVIEW1_FUNCTIONS(X) \
    SMELT_WASI_COMMON_FUNCTIONS(X)                \
    SMELT_WASI_CHANGED_FUNCTIONS(X)               \
    SMELT_WASI_ADDED_FUNCTIONS(X)

// C types of the letters.
#define SMELT_C_TYPE_i uint32_t
#define SMELT_C_TYPE_p uint32_t
#define SMELT_C_TYPE_n uint32_t
#define SMELT_C_TYPE_I uint64_t
#define SMELT_C_TYPE_none void

// Letters of a signature: only the WebAssembly types are left of them.
#define SMELT_LETTER_i "i"
#define SMELT_LETTER_p "i"
#define SMELT_LETTER_n "i"
#define SMELT_LETTER_I "I"
#define SMELT_LETTER_none ""

// Apply M to every parameter letter, S in front of each.
#define SMELT_EACH_0(M, S, ...)
#define SMELT_EACH_1(M, S, a) S M(a)
#define SMELT_EACH_2(M, S, a, ...) S M(a) SMELT_EACH_1(M, S, __VA_ARGS__)
#define SMELT_EACH_3(M, S, a, ...) S M(a) SMELT_EACH_2(M, S, __VA_ARGS__)
#define SMELT_EACH_4(M, S, a, ...) S M(a) SMELT_EACH_3(M, S, __VA_ARGS__)
#define SMELT_EACH_5(M, S, a, ...) S M(a) SMELT_EACH_4(M, S, __VA_ARGS__)
#define SMELT_EACH_6(M, S, a, ...) S M(a) SMELT_EACH_5(M, S, __VA_ARGS__)
#define SMELT_EACH_7(M, S, a, ...) S M(a) SMELT_EACH_6(M, S, __VA_ARGS__)
#define SMELT_EACH_8(M, S, a, ...) S M(a) SMELT_EACH_7(M, S, __VA_ARGS__)
#define SMELT_EACH_9(M, S, a, ...) S M(a) SMELT_EACH_8(M, S, __VA_ARGS__)

#define SMELT_COMMA_TYPE(letter) , SMELT_C_TYPE_##letter
#define SMELT_LETTER(letter) SMELT_LETTER_##letter

// uint32_t smelt_wasi_snapshot_preview1_fd_write(struct smelt_context *, uint32_t, ...);
#define SMELT_PROTOTYPE(name, result, count, ...)      \
    SMELT_C_TYPE_##result smelt_wasi_snapshot_preview1_##name( \
        struct smelt_context *context SMELT_EACH_##count(SMELT_COMMA_TYPE, , __VA_ARGS__));
SMELT_WASI_SNAPSHOT_PREVIEW1_FUNCTIONS(SMELT_PROTOTYPE)
#undef SMELT_PROTOTYPE

#define SMELT_PROTOTYPE(name, result, count, ...) \
    SMELT_C_TYPE_##result smelt_wasi_unstable_##name( \
        struct smelt_context *context SMELT_EACH_##count(SMELT_COMMA_TYPE, , __VA_ARGS__));
SMELT_WASI_CHANGED_FUNCTIONS(SMELT_PROTOTYPE)
#undef SMELT_PROTOTYPE

// A function that the runtime offers to be imported.
struct smelt_host_function {
    const char *module;     // the import's module name
    const char *name;       // the import's field name
    const char *symbol;     // the C function, whose first parameter is the smelt_context
    const char *signature;  // parameters, ':', results; i is i32, I is i64: "iIii:i"
};

// All host functions, in no particular order; `count` receives their number.
static inline const struct smelt_host_function *smelt_host_functions(size_t *count) {
#define SMELT_ROW(module, implementation, name, result, parameter_count, ...) \
    {#module, #name, "smelt_" #implementation "_" #name, \
     "" SMELT_EACH_##parameter_count(SMELT_LETTER, , __VA_ARGS__) ":" SMELT_LETTER_##result},
#define SMELT_NEW_ROW(...) SMELT_ROW(wasi_snapshot_preview1, wasi_snapshot_preview1, __VA_ARGS__)
#define SMELT_OLD_ROW(...) SMELT_ROW(wasi_unstable, wasi_snapshot_preview1, __VA_ARGS__)
#define SMELT_CHANGED_ROW(...) SMELT_ROW(wasi_unstable, wasi_unstable, __VA_ARGS__)
    static const struct smelt_host_function functions[] = {
        SMELT_WASI_SNAPSHOT_PREVIEW1_FUNCTIONS(SMELT_NEW_ROW)
        SMELT_WASI_COMMON_FUNCTIONS(SMELT_OLD_ROW)
        SMELT_WASI_CHANGED_FUNCTIONS(SMELT_CHANGED_ROW)};
#undef SMELT_CHANGED_ROW
#undef SMELT_OLD_ROW
#undef SMELT_NEW_ROW
#undef SMELT_ROW
    *count = sizeof functions / sizeof functions[0];
    return functions;
}

#endif
