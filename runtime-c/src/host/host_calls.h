// System calls that are made directly, because libc's functions bring a kilobyte of ways around
// old kernels and 32-bit times into every program.
#ifndef SMELT_HOST_HOST_CALLS_H
#define SMELT_HOST_HOST_CALLS_H

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

#endif
