// System calls that are made directly, because libc's functions bring a kilobyte of ways around
// old kernels and 32-bit times into every program.
#ifndef SMELT_HOST_HOST_CALLS_H
#define SMELT_HOST_HOST_CALLS_H

#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// fstat(2). On 64-bit machines libc's struct is the kernel's.
static inline int host_fstat(int fd, struct stat *status) {
    return (int)syscall(SYS_fstat, fd, status);
}

// fcntl(2), for requests without structures.
static inline int host_fcntl(int fd, int request, int argument) {
    return (int)syscall(SYS_fcntl, fd, request, argument);
}

// Calls that write raise a signal where nobody reads, or where a file may not grow. Programs ignore
// these (preopens.c). A library's host does with them what it likes, so they are held back from its
// thread while it makes such a call, and taken away if there has come one of it.
#if defined(SMELT_LIBRARY)
uint64_t host_hold_signals(void);
void host_release_signals(uint64_t mask, long result);
#else
static inline uint64_t host_hold_signals(void) { return 0; }
static inline void host_release_signals(uint64_t mask, long result) {
    (void)mask;
    (void)result;
}
#endif

// A descriptor of the host for the guest that is no standard stream's: the same, or a duplicate in
// its place; -1 and errno, and nothing left open, if there is no room for it.
int host_lift(int host);

#endif
