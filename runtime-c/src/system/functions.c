// Functions of POSIX that are more than a system call of the same arguments.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "signals.h"

int futimens(int file, const struct timespec times[2]) {
    return (int)syscall(SYS_utimensat, file, NULL, times, 0);
}

int posix_fadvise(int file, off_t offset, off_t length, int advice) {
    return syscall(SYS_fadvise64, file, offset, length, advice) == 0 ? 0 : errno;
}

int posix_fallocate(int file, off_t offset, off_t length) {
    return syscall(SYS_fallocate, file, 0, offset, length) == 0 ? 0 : errno;
}

ssize_t recv(int socket, void *buffer, size_t length, int flags) {
    return recvfrom(socket, buffer, length, flags, NULL, NULL);
}

ssize_t send(int socket, const void *buffer, size_t length, int flags) {
    return sendto(socket, buffer, length, flags, NULL, 0);
}

// The kernel stores the time that is left, which callers do not expect.
int ppoll(struct pollfd *files, nfds_t count, const struct timespec *timeout,
          const sigset_t *mask) {
    struct timespec left;
    if (timeout != NULL) left = *timeout;
    return (int)syscall(SYS_ppoll, files, count, timeout == NULL ? NULL : &left, mask,
                        SMELT_SIGNAL_SET_SIZE);
}

int raise(int signal) { return (int)syscall(SYS_tkill, gettid(), signal); }

void (*signal(int number, void (*handler)(int)))(int) {
    struct smelt_signal_action action = smelt_signal_action((void *)handler, SA_RESTART), old;
    if (syscall(SYS_rt_sigaction, number, &action, &old, SMELT_SIGNAL_SET_SIZE) != 0) {
        return SIG_ERR;
    }
    return (void (*)(int))old.handler;
}
