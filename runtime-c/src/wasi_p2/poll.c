// wasi:io/poll: pollables, by one ppoll(2).
#include "poll.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "arena.h"
#include "core/system_calls.h"
#include "host/clocks.h"
#include "smelt/component_functions.h"

uint64_t p2_now(void) {
    SMELT_CALLS(clock_gettime);
    struct timespec now;
    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? host_nanoseconds(&now) : 0;
}

const struct p2_class p2_pollable = {.name = "pollable"};

uint32_t p2_subscribe(const struct smelt_context *context, uint32_t representation,
                      uint64_t deadline) {
    struct p2_resource *pollable;
    uint32_t result = p2_new(p2_state_of(context), &p2_pollable, representation, &pollable);
    pollable->u.deadline = deadline;
    return result;
}

static void prepare(struct p2_state *state, const struct p2_resource *pollable,
                    struct p2_wait *wait) {
    *wait = (struct p2_wait){.fd = -1, .deadline = UINT64_MAX};
    if (pollable->parent == 0) {
        wait->deadline = pollable->u.deadline;
        return;
    }
    struct p2_resource *parent = p2_at(state, pollable->parent);
    // What never has to be waited for is ready.
    wait->is_ready = parent->class->prepare == NULL;
    if (!wait->is_ready) parent->class->prepare(state, parent, wait);
}

// More descriptors than this are asked about in turns: waiting with all of them is for those that fit.
enum { BATCH = 256 };

// One round over up to BATCH waits; whether one of them is ready.
static bool look(struct p2_wait *waits, uint32_t count, uint64_t timeout) {
    SMELT_CALLS(ppoll);
    struct pollfd fds[BATCH];
    for (uint32_t index = 0; index < count; index++) {
        fds[index] = (struct pollfd){.fd = waits[index].fd, .events = waits[index].events};
    }
    struct timespec time = host_timespec(timeout);
    int result = ppoll(fds, count, timeout == UINT64_MAX ? NULL : &time, NULL);
    bool is_any = false;
    for (uint32_t index = 0; index < count; index++) {
        // An error is something that an operation will tell.
        if (result > 0 && fds[index].revents != 0) waits[index].is_ready = true;
        is_any = is_any || waits[index].is_ready;
    }
    return is_any;
}

// Marks what is due; returns how long until the next is.
static uint64_t mark_due(struct p2_wait *waits, uint32_t count, bool *is_any) {
    uint64_t first = UINT64_MAX, now = 0;
    bool has_clock = false;
    for (uint32_t index = 0; index < count; index++) {
        if (waits[index].deadline != UINT64_MAX) {
            if (!has_clock) now = p2_now();
            has_clock = true;
            uint64_t deadline = waits[index].deadline;
            if (deadline <= now) waits[index].is_ready = true;
            else if (deadline - now < first) first = deadline - now;
        }
        *is_any = *is_any || waits[index].is_ready;
    }
    return first;
}

void p2_wait_for(struct p2_wait *waits, uint32_t count, bool blocks) {
    while (true) {
        bool is_any = false;
        uint64_t timeout = mark_due(waits, count, &is_any);
        if (is_any || !blocks) timeout = 0;
        if (count > BATCH && timeout > 0) {
            const uint64_t turn = HOST_SECOND / 1000;
            timeout = timeout < turn ? timeout : turn;
        }
        for (uint32_t first = 0; first < count; first += BATCH) {
            uint32_t part = count - first < BATCH ? count - first : BATCH;
            if (look(waits + first, part, is_any ? 0 : timeout)) is_any = true;
        }
        if (is_any || !blocks) return;
    }
}

void p2_wait_for_fd(int fd, short events) {
    struct p2_wait wait = {.fd = fd, .events = events, .deadline = UINT64_MAX};
    p2_wait_for(&wait, 1, true);
}

bool p2_is_fd_ready(int fd, short events) {
    struct p2_wait wait = {.fd = fd, .events = events, .deadline = UINT64_MAX};
    p2_wait_for(&wait, 1, false);
    return wait.is_ready;
}

// Looks again at what was only a hint; whether something is ready.
static bool confirm(struct p2_state *state, const struct p2_resource *pollable,
                    struct p2_wait *wait) {
    if (wait->is_ready && wait->is_hint) prepare(state, pollable, wait);
    return wait->is_ready;
}

uint32_t smelt_p2_io_poll_pollable_ready(struct smelt_context *context, uint32_t self) {
    struct p2_state *state = p2_state_of(context);
    const struct p2_resource *pollable = p2_get(context, self, &p2_pollable);
    struct p2_wait wait;
    prepare(state, pollable, &wait);
    if (!wait.is_ready) p2_wait_for(&wait, 1, false);
    return confirm(state, pollable, &wait);
}

void smelt_p2_io_poll_pollable_block(struct smelt_context *context, uint32_t self) {
    struct p2_state *state = p2_state_of(context);
    const struct p2_resource *pollable = p2_get(context, self, &p2_pollable);
    struct p2_wait wait;
    prepare(state, pollable, &wait);
    do {
        if (!wait.is_ready) p2_wait_for(&wait, 1, true);
    } while (!confirm(state, pollable, &wait));
}

// Waits for pollables, whose numbers are in a list in the arena.
static void wait_for_list(const struct smelt_context *context, const uint8_t *list,
                          uint32_t count, struct p2_wait *waits) {
    struct p2_state *state = p2_state_of(context);
    for (uint32_t index = 0; index < count; index++) {
        uint32_t representation = guest_load_u32(list + (size_t)index * sizeof(uint32_t));
        prepare(state, p2_get(context, representation, &p2_pollable), &waits[index]);
    }
    bool is_any = false;
    while (!is_any) {
        p2_wait_for(waits, count, true);
        for (uint32_t index = 0; index < count; index++) {
            uint32_t representation = guest_load_u32(list + (size_t)index * sizeof(uint32_t));
            is_any = confirm(state, p2_at(state, representation), &waits[index]) || is_any;
        }
    }
}

uint32_t smelt_p2_io_poll_poll(struct smelt_context *context, uint32_t list, uint32_t count) {
    if (count == 0) p2_fail("a component waits for", "an empty list of pollables");
    uint32_t waits_offset, area_offset, result_offset;
    arena_list(context, list, count, sizeof(uint32_t));  // before memory is taken for it
    struct p2_wait *waits = (void *)arena_new(context, (uint64_t)count * sizeof *waits,
                                              _Alignof(struct p2_wait), &waits_offset);
    wait_for_list(context, arena_list(context, list, count, sizeof(uint32_t)), count, waits);
    uint8_t *area = arena_result(context, 8, sizeof(uint32_t), &area_offset);
    uint8_t *result = arena_new(context, (uint64_t)count * sizeof(uint32_t), sizeof(uint32_t),
                                &result_offset);
    uint32_t ready = 0;
    for (uint32_t index = 0; index < count; index++) {
        if (!waits[index].is_ready) continue;
        guest_store_u32(result + (size_t)ready++ * sizeof(uint32_t), index);
    }
    guest_store_u32(area, result_offset);
    guest_store_u32(area + 4, ready);
    return area_offset;
}

void smelt_p2_io_poll_drop_pollable(struct smelt_context *context, uint32_t representation) {
    p2_drop(context, representation, &p2_pollable);
}
