// What every guest has: arguments, its environment, clocks, random numbers, an exit status.
#include <signal.h>
#include <unistd.h>

#include "support.h"

static void passes_arguments(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    static char *arguments[] = {"program", "", "two words"};
    guest->state.host.arguments = arguments;
    guest->state.host.argument_count = 3;
    assert_int_equal(WASI(args_sizes_get)(context, 0x10, 0x14), 0);
    assert_int_equal(guest_get_u32(guest, 0x10), 3);
    assert_int_equal(guest_get_u32(guest, 0x14), 19);
    // Exactly as much room as the sizes say, at the very end of memory.
    uint32_t buffer = GUEST_MEMORY_SIZE - 19;
    assert_int_equal(WASI(args_get)(context, 0x20, buffer), 0);
    assert_int_equal(guest_get_u32(guest, 0x24), buffer + 8);
    assert_string_equal((char *)guest->memory.base + guest_get_u32(guest, 0x28), "two words");
    assert_int_equal(WASI(args_get)(context, 0x20, buffer + 1), WASI_FAULT);
    assert_int_equal(WASI(args_get)(context, GUEST_MEMORY_SIZE - 11, 0x40), WASI_FAULT);
}

static void has_an_empty_environment(void **state) {
    struct guest *guest = *state;
    assert_int_equal(WASI(environ_sizes_get)(&guest->context, 0x10, 0x14), 0);
    assert_int_equal(guest_get_u32(guest, 0x10), 0);
    assert_int_equal(guest_get_u32(guest, 0x14), 0);
    assert_int_equal(WASI(environ_get)(&guest->context, GUEST_MEMORY_SIZE, 0), 0);
}

static void tells_the_time(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    for (uint32_t id = 0; id < 4; id++) {
        assert_int_equal(WASI(clock_res_get)(context, id, 0x11), 0);
        assert_true(guest_get_u64(guest, 0x11) > 0);
        assert_int_equal(WASI(clock_time_get)(context, id, 0, 0x11), 0);
        uint64_t first = guest_get_u64(guest, 0x11);
        assert_int_equal(WASI(clock_time_get)(context, id, 0, 0x11), 0);
        assert_true(guest_get_u64(guest, 0x11) >= first);
    }
    assert_int_equal(WASI(clock_time_get)(context, 4, 0, 0x11), WASI_INVAL);
    assert_int_equal(WASI(clock_res_get)(context, UINT32_MAX, 0x11), WASI_INVAL);
}

static void gives_random_numbers(void **state) {
    struct guest *guest = *state;
    assert_int_equal(WASI(random_get)(&guest->context, 1, GUEST_MEMORY_SIZE - 2), 0);
    assert_int_equal(guest->memory.base[0], 0);
    assert_int_equal(guest->memory.base[GUEST_MEMORY_SIZE - 1], 0);
    unsigned zeros = 0;
    for (uint32_t address = 1; address < GUEST_MEMORY_SIZE - 1; address++) {
        zeros += guest->memory.base[address] == 0;
    }
    assert_in_range(zeros, 100, 500);  // 256 expected
    assert_int_equal(WASI(random_get)(&guest->context, GUEST_MEMORY_SIZE, 0), 0);
}

static void exit_with_513(void *argument) {
    struct guest *guest = argument;
    WASI(proc_exit)(&guest->context, 513);
}

static void exits(void **state) {
    struct guest *guest = *state;
    char output[16];
    assert_int_equal(run_in_child(exit_with_513, guest, output, sizeof output), 1);
    assert_int_equal(WASI(sched_yield)(&guest->context), 0);
}

struct raising {
    struct guest *guest;
    uint32_t signal;
};

static void raise_one(void *argument) {
    const struct raising *raising = argument;
    WASI(proc_raise)(&raising->guest->context, raising->signal);
}

static void raises(void **state) {
    struct guest *guest = *state;
    char output[16];
    // WASI's numbers and Linux's.
    static const int killing[][2] = {{1, SIGHUP}, {9, SIGKILL}, {15, SIGTERM}, {10, SIGUSR1}, {28, SIGIO}};
    for (size_t index = 0; index < sizeof killing / sizeof killing[0]; index++) {
        struct raising raising = {guest, (uint32_t)killing[index][0]};
        int status = run_in_child(raise_one, &raising, output, sizeof output);
        assert_int_equal(status, -killing[index][1]);
    }
    assert_int_equal(WASI(proc_raise)(&guest->context, 0), 0);
    assert_int_equal(WASI(proc_raise)(&guest->context, 27), 0);  // winch is ignored
    assert_int_equal(WASI(proc_raise)(&guest->context, 31), WASI_INVAL);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, guest_setup, guest_teardown)
    const struct CMUnitTest tests[] = {
        TEST(passes_arguments),     TEST(has_an_empty_environment), TEST(tells_the_time),
        TEST(gives_random_numbers), TEST(exits), TEST(raises),
    };
    return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
