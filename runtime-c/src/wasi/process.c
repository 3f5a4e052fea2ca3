// proc_exit, proc_raise, sched_yield.
#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "smelt/wasi_functions.h"
#include "wasi.h"

void smelt_wasi_snapshot_preview1_proc_exit(struct smelt_context *context, uint32_t code) {
    (void)context;
    _exit((int)(code & 0xff));
}

// Preview 1 deprecates it, and a guest has no signal handlers that it could mean.
uint32_t smelt_wasi_snapshot_preview1_proc_raise(struct smelt_context *context, uint32_t signal) {
    (void)context;
    (void)signal;
    return WASI_NOSYS;
}

uint32_t smelt_wasi_snapshot_preview1_sched_yield(struct smelt_context *context) {
    (void)context;
    return sched_yield() == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}
