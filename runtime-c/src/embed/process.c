// proc_exit, proc_raise and sched_yield of libraries, whose process is their host's.
#include <errno.h>
#include <sched.h>
#include <stddef.h>

#include "library.h"
#include "smelt/wasi_functions.h"
#include "wasi_p1/wasi.h"

// Ends the guest's call.
_Noreturn void smelt_wasi_snapshot_preview1_proc_exit(struct smelt_context *context, uint32_t code) {
    struct smelt_library *library =
        (struct smelt_library *)(void *)((uint8_t *)context -
                                         offsetof(struct smelt_library, context));
    embed_fail(library, SMELT_EXITED, (int32_t)code);
    embed_leave(library->instance, SMELT_EXITED);
}

uint32_t smelt_wasi_snapshot_preview1_proc_raise(struct smelt_context *context, uint32_t number) {
    (void)context;
    return number == WASI_SIGNAL_NONE ? WASI_SUCCESS : WASI_NOTSUP;
}

uint32_t smelt_wasi_snapshot_preview1_sched_yield(struct smelt_context *context) {
    (void)context;
    return sched_yield() == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}
