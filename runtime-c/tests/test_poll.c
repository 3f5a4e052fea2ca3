// poll_oneoff: clocks, descriptors, and subscriptions that cannot be served.
#include <time.h>
#include <unistd.h>

#include "support.h"

enum { SUBSCRIPTIONS = 0x1000, EVENTS = 0x8000, COUNT = 0x100 };
static const uint64_t millisecond = 1000000;

static void subscribe(struct guest *guest, uint32_t index, uint64_t userdata, uint8_t type) {
    uint8_t *subscription = guest_range(&guest->context, SUBSCRIPTIONS + index * 48, 48);
    memset(subscription, 0, WASI_SUBSCRIPTION_SIZE);
    guest_store_u64(subscription + WASI_SUBSCRIPTION_USERDATA, userdata);
    subscription[WASI_SUBSCRIPTION_TAG] = type;
}

static void subscribe_clock(struct guest *guest, uint32_t index, uint64_t userdata, uint32_t id,
                            uint64_t timeout, uint16_t flags) {
    subscribe(guest, index, userdata, WASI_EVENTTYPE_CLOCK);
    uint8_t *subscription = guest_range(&guest->context, SUBSCRIPTIONS + index * 48, 48);
    guest_store_u32(subscription + WASI_SUBSCRIPTION_CLOCK_ID, id);
    guest_store_u64(subscription + WASI_SUBSCRIPTION_CLOCK_TIMEOUT, timeout);
    guest_store_u16(subscription + WASI_SUBSCRIPTION_CLOCK_FLAGS, flags);
}

static void subscribe_fd(struct guest *guest, uint32_t index, uint64_t userdata, uint8_t type,
                         uint32_t fd) {
    subscribe(guest, index, userdata, type);
    uint8_t *subscription = guest_range(&guest->context, SUBSCRIPTIONS + index * 48, 48);
    guest_store_u32(subscription + WASI_SUBSCRIPTION_FD, fd);
}

static uint32_t poll_all(struct guest *guest, uint32_t count) {
    assert_int_equal(WASI(poll_oneoff)(&guest->context, SUBSCRIPTIONS, EVENTS, count, COUNT), 0);
    return guest_get_u32(guest, COUNT);
}

static void assert_event(const struct guest *guest, uint32_t index, uint64_t userdata,
                         uint8_t type, uint16_t error) {
    const uint8_t *event = guest->memory.base + EVENTS + index * WASI_EVENT_SIZE;
    assert_int_equal(guest_load_u64(event + WASI_EVENT_USERDATA), userdata);
    assert_int_equal(event[WASI_EVENT_TYPE], type);
    assert_int_equal(guest_load_u16(event + WASI_EVENT_ERROR), error);
}

static uint64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

// Gives the guest a descriptor for one end of a pipe.
static uint32_t give(struct guest *guest, int host) {
    struct wasi_fd entry;
    uint32_t fd;
    assert_int_equal(wasi_fd_describe(host, WASI_RIGHTS_ALL, 0, &entry), 0);
    assert_int_equal(fd_table_insert(&guest->state.fds, &entry, &fd), 0);
    return fd;
}

static void waits_for_the_first_clock(void **state) {
    struct guest *guest = *state;
    uint64_t begin = now(CLOCK_MONOTONIC);
    subscribe_clock(guest, 0, 7, WASI_CLOCK_MONOTONIC, 10000 * millisecond, 0);
    subscribe_clock(guest, 1, 8, WASI_CLOCK_REALTIME, 20 * millisecond, 0);
    subscribe_clock(guest, 2, 9, WASI_CLOCK_MONOTONIC, begin + 10000 * millisecond,
                    WASI_SUBCLOCK_ABSTIME);
    assert_int_equal(poll_all(guest, 3), 1);
    assert_event(guest, 0, 8, WASI_EVENTTYPE_CLOCK, WASI_SUCCESS);
    uint64_t waited = now(CLOCK_MONOTONIC) - begin;
    assert_true(waited >= 20 * millisecond && waited < 5000 * millisecond);
}

static void does_not_wait_for_the_past(void **state) {
    struct guest *guest = *state;
    subscribe_clock(guest, 0, 1, WASI_CLOCK_REALTIME, 1, WASI_SUBCLOCK_ABSTIME);
    subscribe_clock(guest, 1, 2, WASI_CLOCK_MONOTONIC, 0, 0);
    subscribe_clock(guest, 2, 3, WASI_CLOCK_MONOTONIC, UINT64_MAX, 0);
    assert_int_equal(poll_all(guest, 3), 2);
    assert_event(guest, 0, 1, WASI_EVENTTYPE_CLOCK, WASI_SUCCESS);
    assert_event(guest, 1, 2, WASI_EVENTTYPE_CLOCK, WASI_SUCCESS);
}

static void waits_until_a_time(void **state) {
    struct guest *guest = *state;
    uint64_t deadline = now(CLOCK_REALTIME) + 15 * millisecond;
    subscribe_clock(guest, 0, 1, WASI_CLOCK_REALTIME, deadline, WASI_SUBCLOCK_ABSTIME);
    assert_int_equal(poll_all(guest, 1), 1);
    assert_true(now(CLOCK_REALTIME) >= deadline);
}

static void reports_ready_descriptors(void **state) {
    struct guest *guest = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    uint32_t reader = give(guest, ends[0]);
    uint32_t writer = give(guest, ends[1]);
    subscribe_fd(guest, 0, 1, WASI_EVENTTYPE_FD_READ, reader);
    subscribe_fd(guest, 1, 2, WASI_EVENTTYPE_FD_WRITE, writer);
    subscribe_clock(guest, 2, 3, WASI_CLOCK_MONOTONIC, 10000 * millisecond, 0);
    assert_int_equal(poll_all(guest, 3), 1);
    assert_event(guest, 0, 2, WASI_EVENTTYPE_FD_WRITE, WASI_SUCCESS);

    assert_int_equal(write(ends[1], "abc", 3), 3);
    assert_int_equal(poll_all(guest, 3), 2);
    assert_event(guest, 0, 1, WASI_EVENTTYPE_FD_READ, WASI_SUCCESS);
    assert_int_equal(guest_get_u64(guest, EVENTS + WASI_EVENT_NBYTES), 3);

    assert_int_equal(WASI(fd_close)(&guest->context, writer), 0);
    assert_int_equal(poll_all(guest, 1), 1);
    assert_int_equal(guest_load_u16(guest->memory.base + EVENTS + WASI_EVENT_FLAGS),
                     WASI_EVENTRW_HANGUP);
}

static void regular_files_are_always_ready(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    host_write(guest, "root/file", "12345");
    assert_int_equal(guest_open(guest, guest->root, "file", 0, 0, WASI_RIGHTS_FILE, &fd), 0);
    subscribe_fd(guest, 0, 1, WASI_EVENTTYPE_FD_READ, fd);
    subscribe_fd(guest, 1, 2, WASI_EVENTTYPE_FD_WRITE, fd);
    assert_int_equal(poll_all(guest, 2), 2);
    assert_int_equal(guest_get_u64(guest, EVENTS + WASI_EVENT_NBYTES), 5);
}

static void makes_errors_events(void **state) {
    struct guest *guest = *state;
    subscribe_fd(guest, 0, 1, WASI_EVENTTYPE_FD_READ, 99);
    subscribe_fd(guest, 1, 2, WASI_EVENTTYPE_FD_READ, guest->root);
    subscribe_clock(guest, 2, 3, 17, 0, 0);
    subscribe_clock(guest, 3, 4, WASI_CLOCK_PROCESS_CPUTIME, 0, 0);
    subscribe_clock(guest, 4, 5, WASI_CLOCK_MONOTONIC, 10000 * millisecond, 0);
    assert_int_equal(poll_all(guest, 5), 4);
    assert_event(guest, 0, 1, WASI_EVENTTYPE_FD_READ, WASI_BADF);
    assert_event(guest, 1, 2, WASI_EVENTTYPE_FD_READ, WASI_NOTCAPABLE);
    assert_event(guest, 2, 3, WASI_EVENTTYPE_CLOCK, WASI_INVAL);
    assert_event(guest, 3, 4, WASI_EVENTTYPE_CLOCK, WASI_NOTSUP);
}

static void rejects_bad_calls(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    subscribe(guest, 0, 1, 3);
    assert_int_equal(WASI(poll_oneoff)(context, SUBSCRIPTIONS, EVENTS, 0, COUNT), WASI_INVAL);
    assert_int_equal(WASI(poll_oneoff)(context, SUBSCRIPTIONS, EVENTS, 1, COUNT), WASI_INVAL);
    assert_int_equal(WASI(poll_oneoff)(context, 0, 0, 1025, COUNT), WASI_INVAL);
    assert_int_equal(WASI(poll_oneoff)(context, 0, 0, UINT32_MAX, COUNT), WASI_FAULT);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, guest_setup, guest_teardown)
    const struct CMUnitTest tests[] = {
        TEST(waits_for_the_first_clock),
        TEST(does_not_wait_for_the_past),
        TEST(waits_until_a_time),
        TEST(reports_ready_descriptors),
        TEST(regular_files_are_always_ready),
        TEST(makes_errors_events),
        TEST(rejects_bad_calls),
    };
    return cmocka_run_group_tests_name("poll", tests, NULL, NULL);
}
