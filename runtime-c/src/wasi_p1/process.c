// proc_exit, proc_raise, sched_yield.
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

_Noreturn void smelt_wasi_snapshot_preview1_proc_exit(struct smelt_context *context, uint32_t code) {
    (void)context;
    _exit((int)(code & 0xff));
}

// A guest has no handlers, so a signal does to the process what it does by default.
uint32_t smelt_wasi_snapshot_preview1_proc_raise(struct smelt_context *context, uint32_t number) {
    SMELT_CALLS(rt_sigaction);
    SMELT_CALLS(gettid);
    SMELT_CALLS_IF(tkill, SMELT_CALL_OWN_THREAD);
    (void)context;
    if (number == WASI_SIGNAL_NONE) return WASI_SUCCESS;
    if (number > WASI_SIGNAL_SYS) return WASI_INVAL;
    // Linux has the same numbers but for one signal more, behind SIGTERM.
    int host = (int)number + (number > WASI_SIGNAL_TERM);
    // The runtime handles some and ignores SIGPIPE. (Of two signals the action cannot be changed,
    // nor need it be.)
    signal(host, SIG_DFL);
    return raise(host) == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}

uint32_t smelt_wasi_snapshot_preview1_sched_yield(struct smelt_context *context) {
    SMELT_CALLS(sched_yield);
    (void)context;
    return sched_yield() == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}
