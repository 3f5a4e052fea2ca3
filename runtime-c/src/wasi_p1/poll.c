// poll_oneoff: waiting for clocks and descriptors, by one ppoll(2).
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

#include "core/system_calls.h"
#include "clocks.h"
#include "host/clocks.h"
#include "fd_table.h"
#include "core/guest.h"
#include "poll.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

// More subscriptions than this are refused; the default limit on open files is the same.
enum { SUBSCRIPTION_LIMIT = 1024 };

// What was found out about a subscription before waiting.
struct prospect {
    uint32_t error;
    uint64_t remaining;   // nanoseconds until it is an event by itself; UINT64_MAX: never
    uint64_t byte_count;  // what the event says
};

struct poll_state {
    const struct smelt_context *context;
    const struct wasi_subscription_layout *layout;
    const uint8_t *subscriptions;
    uint32_t count;
    uint8_t *events;
    uint32_t event_count;
    struct pollfd fds[SUBSCRIPTION_LIMIT];  // one per subscription; fd -1 where there is none
    struct prospect prospects[SUBSCRIPTION_LIMIT];
    uint64_t wait;  // the least remaining time of all
};

static const uint8_t *subscription_at(const struct poll_state *state, uint32_t index) {
    return state->subscriptions + (size_t)index * state->layout->size;
}

static void add_event(struct poll_state *state, const uint8_t *subscription, uint32_t error,
                      uint64_t byte_count, uint32_t flags) {
    // The guest may let its two arrays overlap: take what is needed before writing.
    uint64_t userdata = guest_load_u64(subscription + WASI_SUBSCRIPTION_USERDATA);
    uint8_t type = subscription[WASI_SUBSCRIPTION_TAG];
    uint8_t *event = state->events + (size_t)state->event_count++ * WASI_EVENT_SIZE;
    memset(event, 0, WASI_EVENT_SIZE);
    guest_store_u64(event + WASI_EVENT_USERDATA, userdata);
    guest_store_u16(event + WASI_EVENT_ERROR, (uint16_t)error);
    event[WASI_EVENT_TYPE] = type;
    guest_store_u64(event + WASI_EVENT_NBYTES, byte_count);
    guest_store_u16(event + WASI_EVENT_FLAGS, (uint16_t)flags);
}

// How long until a clock subscription is due.
static uint32_t remaining_time(const struct wasi_subscription_layout *layout,
                               const uint8_t *subscription, uint64_t *remaining) {
    SMELT_CALLS(clock_gettime);
    uint32_t flags = guest_load_u16(subscription + layout->clock_flags);
    uint32_t id = guest_load_u32(subscription + layout->clock_id);
    clockid_t clock;
    struct timespec now;
    *remaining = guest_load_u64(subscription + layout->clock_timeout);
    if (!wasi_clock_to_host(id, &clock)) return WASI_INVAL;
    // Processor time stands still while the process waits.
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) return WASI_NOTSUP;
    if ((flags & WASI_SUBCLOCK_ABSTIME) == 0) return WASI_SUCCESS;
    if (clock_gettime(clock, &now) != 0) return wasi_errno_from_linux(errno);
    uint64_t passed = host_nanoseconds(&now);
    *remaining = *remaining > passed ? *remaining - passed : 0;
    return WASI_SUCCESS;
}

// Looks at one descriptor subscription and prepares its pollfd.
static uint32_t prepare_fd(struct poll_state *state, uint32_t index) {
    const uint8_t *subscription = subscription_at(state, index);
    bool reads = subscription[WASI_SUBSCRIPTION_TAG] == WASI_EVENTTYPE_FD_READ;
    uint64_t rights = WASI_RIGHT_POLL_FD_READWRITE;
    rights |= reads ? WASI_RIGHT_FD_READ : WASI_RIGHT_FD_WRITE;
    struct wasi_fd *entry;
    uint32_t fd = guest_load_u32(subscription + WASI_SUBSCRIPTION_FD);
    uint32_t error = fd_table_get(state->context, fd, rights, &entry);
    if (error != WASI_SUCCESS) return error;
    if (entry->node != NULL) {
        uint64_t size = entry->node->size;
        state->prospects[index].remaining = 0;
        state->prospects[index].byte_count = entry->position < size ? size - entry->position : 0;
        return WASI_SUCCESS;
    }
    state->fds[index].fd = entry->host;
    state->fds[index].events = reads ? POLLIN : POLLOUT;
    return WASI_SUCCESS;
}

// Looks at every subscription before anything waits. Those that cannot be waited for become
// errors, which are events like any other and end the wait at once.
static uint32_t prepare(struct poll_state *state) {
    state->wait = UINT64_MAX;
    for (uint32_t index = 0; index < state->count; index++) {
        const uint8_t *subscription = subscription_at(state, index);
        struct prospect *prospect = &state->prospects[index];
        state->fds[index].fd = -1;
        state->fds[index].revents = 0;
        prospect->byte_count = 0;
        switch (subscription[WASI_SUBSCRIPTION_TAG]) {
        case WASI_EVENTTYPE_CLOCK:
            prospect->error = remaining_time(state->layout, subscription, &prospect->remaining);
            break;
        case WASI_EVENTTYPE_FD_READ:
        case WASI_EVENTTYPE_FD_WRITE:
            prospect->remaining = UINT64_MAX;
            prospect->error = prepare_fd(state, index);
            break;
        default: return WASI_INVAL;
        }
        if (prospect->error != WASI_SUCCESS) prospect->remaining = 0;
        if (prospect->remaining < state->wait) state->wait = prospect->remaining;
    }
    return WASI_SUCCESS;
}

// Bytes that can be read without waiting, or for writing just that there are some.
static uint64_t available_bytes(const struct pollfd *poll_fd) {
    SMELT_CALLS_IF(ioctl, SMELT_CALL_QUESTION);
    int bytes = 0;
    if (poll_fd->events == POLLOUT || ioctl(poll_fd->fd, FIONREAD, &bytes) != 0) return 1;
    return bytes > 0 ? (uint64_t)bytes : 0;
}

static void report_fd(struct poll_state *state, uint32_t index) {
    const struct pollfd *poll_fd = &state->fds[index];
    const uint8_t *subscription = subscription_at(state, index);
    if (poll_fd->revents == 0) return;
    if ((poll_fd->revents & POLLNVAL) != 0) {
        add_event(state, subscription, WASI_BADF, 0, 0);
        return;
    }
    // An error of the file is what reading or writing it will say.
    uint32_t flags = (poll_fd->revents & (POLLHUP | POLLERR)) != 0 ? WASI_EVENTRW_HANGUP : 0;
    add_event(state, subscription, WASI_SUCCESS, available_bytes(poll_fd), flags);
}

static void report(struct poll_state *state, uint64_t waited) {
    for (uint32_t index = 0; index < state->count; index++) {
        if (state->fds[index].fd >= 0) {
            report_fd(state, index);
        } else if (state->prospects[index].remaining <= waited) {
            const struct prospect *prospect = &state->prospects[index];
            add_event(state, subscription_at(state, index), prospect->error, prospect->byte_count,
                      0);
        }
    }
}

uint32_t wasi_poll(const struct smelt_context *context,
                   const struct wasi_subscription_layout *layout, uint32_t subscriptions_address,
                   uint32_t events_address, uint32_t count, uint32_t event_count_address) {
    SMELT_CALLS(ppoll);
    struct poll_state state;
    state.context = context;
    state.layout = layout;
    state.count = count;
    state.event_count = 0;
    state.subscriptions = guest_array(context, subscriptions_address, count, layout->size);
    state.events = guest_array(context, events_address, count, WASI_EVENT_SIZE);
    uint8_t *event_count = guest_range(context, event_count_address, sizeof(uint32_t));
    if (state.subscriptions == NULL || state.events == NULL || event_count == NULL) {
        return WASI_FAULT;
    }
    if (count == 0 || count > SUBSCRIPTION_LIMIT) return WASI_INVAL;
    uint32_t error = prepare(&state);
    if (error != WASI_SUCCESS) return error;

    struct timespec timeout = host_timespec(state.wait);
    int ready = ppoll(state.fds, count, state.wait == UINT64_MAX ? NULL : &timeout, NULL);
    if (ready < 0) return wasi_errno_from_linux(errno);
    report(&state, ready == 0 ? state.wait : 0);
    guest_store_u32(event_count, state.event_count);
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_poll_oneoff(struct smelt_context *context,
                                                  uint32_t subscriptions, uint32_t events,
                                                  uint32_t count, uint32_t event_count) {
    static const struct wasi_subscription_layout layout = {
        WASI_SUBSCRIPTION_SIZE, WASI_SUBSCRIPTION_CLOCK_ID, WASI_SUBSCRIPTION_CLOCK_TIMEOUT,
        WASI_SUBSCRIPTION_CLOCK_FLAGS};
    return wasi_poll(context, &layout, subscriptions, events, count, event_count);
}
