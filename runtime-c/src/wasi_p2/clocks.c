// wasi:clocks.
#include <time.h>

#include "arena.h"
#include "core/system_calls.h"
#include "host/clocks.h"
#include "poll.h"
#include "smelt/component_functions.h"

// A datetime; times before 1970 count as 1970.
static uint32_t datetime(const struct smelt_context *context, const struct timespec *time) {
    uint32_t offset;
    uint8_t *area = arena_result(context, 16, 8, &offset);
    uint64_t nanoseconds = host_nanoseconds(time);
    guest_store_u64(area, nanoseconds / HOST_SECOND);
    guest_store_u32(area + 8, (uint32_t)(nanoseconds % HOST_SECOND));
    return offset;
}

uint32_t smelt_p2_clocks_wall_clock_now(struct smelt_context *context) {
    SMELT_CALLS(clock_gettime);
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    return datetime(context, &now);
}

uint32_t smelt_p2_clocks_wall_clock_resolution(struct smelt_context *context) {
    SMELT_CALLS(clock_getres);
    struct timespec resolution = {0};
    clock_getres(CLOCK_REALTIME, &resolution);
    return datetime(context, &resolution);
}

uint64_t smelt_p2_clocks_monotonic_clock_now(struct smelt_context *context) {
    (void)context;
    return p2_now();
}

uint64_t smelt_p2_clocks_monotonic_clock_resolution(struct smelt_context *context) {
    SMELT_CALLS(clock_getres);
    (void)context;
    struct timespec resolution = {0};
    clock_getres(CLOCK_MONOTONIC, &resolution);
    return host_nanoseconds(&resolution);
}

uint32_t smelt_p2_clocks_monotonic_clock_subscribe_instant(struct smelt_context *context,
                                                           uint64_t when) {
    return p2_subscribe(context, 0, when);
}

uint32_t smelt_p2_clocks_monotonic_clock_subscribe_duration(struct smelt_context *context,
                                                            uint64_t duration) {
    uint64_t when;
    if (__builtin_add_overflow(p2_now(), duration, &when)) when = UINT64_MAX;
    return p2_subscribe(context, 0, when);
}

// A guest is told nothing about where it runs: its time zone is UTC.
uint32_t smelt_p2_clocks_timezone_display(struct smelt_context *context, uint64_t seconds,
                                          uint32_t nanoseconds) {
    (void)seconds;
    (void)nanoseconds;
    uint32_t offset;
    uint8_t *area = arena_result(context, 16, 4, &offset);
    arena_store_bytes(context, area + 4, "UTC", 3);
    return offset;
}

uint32_t smelt_p2_clocks_timezone_utc_offset(struct smelt_context *context, uint64_t seconds,
                                             uint32_t nanoseconds) {
    (void)context;
    (void)seconds;
    (void)nanoseconds;
    return 0;
}
