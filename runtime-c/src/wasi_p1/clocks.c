// clock_*: time, in nanoseconds.
#include "core/system_calls.h"
#include "clocks.h"
#include "host/clocks.h"

#include <errno.h>

#include "core/guest.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

bool wasi_clock_to_host(uint32_t id, clockid_t *host) {
    switch (id) {
    case WASI_CLOCK_REALTIME: *host = CLOCK_REALTIME; return true;
    case WASI_CLOCK_MONOTONIC: *host = CLOCK_MONOTONIC; return true;
    case WASI_CLOCK_PROCESS_CPUTIME: *host = CLOCK_PROCESS_CPUTIME_ID; return true;
    case WASI_CLOCK_THREAD_CPUTIME: *host = CLOCK_THREAD_CPUTIME_ID; return true;
    default: return false;
    }
}

uint32_t smelt_wasi_snapshot_preview1_clock_res_get(struct smelt_context *context, uint32_t id,
                                                    uint32_t resolution_address) {
    SMELT_CALLS(clock_getres);
    uint8_t *resolution = guest_range(context, resolution_address, sizeof(uint64_t));
    if (resolution == NULL) return WASI_FAULT;
    clockid_t clock;
    struct timespec time;
    if (!wasi_clock_to_host(id, &clock)) return WASI_INVAL;
    if (clock_getres(clock, &time) != 0) return wasi_errno_from_linux(errno);
    guest_store_u64(resolution, host_nanoseconds(&time));
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_clock_time_get(struct smelt_context *context, uint32_t id,
                                                     uint64_t precision, uint32_t time_address) {
    SMELT_CALLS(clock_gettime);
    (void)precision;  // always the best there is
    uint8_t *result = guest_range(context, time_address, sizeof(uint64_t));
    if (result == NULL) return WASI_FAULT;
    clockid_t clock;
    struct timespec time;
    if (!wasi_clock_to_host(id, &clock)) return WASI_INVAL;
    if (clock_gettime(clock, &time) != 0) return wasi_errno_from_linux(errno);
    guest_store_u64(result, host_nanoseconds(&time));
    return WASI_SUCCESS;
}
