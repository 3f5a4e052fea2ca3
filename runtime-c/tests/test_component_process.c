// WASI 0.2: what every component has: arguments, its environment, clocks, random numbers, the
// process's streams, an exit status.
#include <signal.h>
#include <unistd.h>

#include "component.h"
#include "host/grants.h"
#include "wasi_p2/adopt.h"

static void passes_arguments(void **state) {
    struct component *component = *state;
    static char *arguments[] = {"program", "", "not \xff UTF-8"};
    component->host.arguments = arguments;
    component->host.argument_count = 3;
    uint32_t area = P2(cli_environment_get_arguments)(&component->context);
    assert_int_equal(component_u32(component, area + 4), 3);
    uint32_t list = component_u32(component, area);
    assert_list(component, list, "program");
    assert_list(component, list + 8, "");
    assert_list(component, list + 16, "not \xef\xbf\xbd UTF-8");
}

static void passes_what_is_granted(void **state) {
    struct component *component = *state;
    char *environment[] = {"SECRET=1", "SHOWN=2=3", NULL};
    uint32_t area = P2(cli_environment_get_environment)(&component->context);
    assert_int_equal(component_u32(component, area + 4), 0);
    component->host.host_environment = environment;
    component->host.grants = "--inherit-env=SHOWN\0--env\0EMPTY=\0";
    smelt_grant_environment(&component->host);
    area = P2(cli_environment_get_environment)(&component->context);
    assert_int_equal(component_u32(component, area + 4), 2);
    uint32_t list = component_u32(component, area);
    assert_list(component, list, "SHOWN");
    assert_list(component, list + 8, "2=3");
    assert_list(component, list + 16, "EMPTY");
    assert_list(component, list + 24, "");
    area = P2(cli_environment_initial_cwd)(&component->context);
    assert_int_equal(component_u8(component, area), 0);
}

static void tells_the_time(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t area = P2(clocks_wall_clock_now)(context);
    assert_true(component_u64(component, area) > 1500000000);
    assert_true(component_u32(component, area + 8) < 1000000000);
    area = P2(clocks_wall_clock_resolution)(context);
    assert_true(component_u64(component, area) < 2);
    uint64_t now = P2(clocks_monotonic_clock_now)(context);
    assert_true(P2(clocks_monotonic_clock_now)(context) >= now);
    assert_true(P2(clocks_monotonic_clock_resolution)(context) > 0);
    uint32_t past = P2(clocks_monotonic_clock_subscribe_instant)(context, now);
    assert_int_equal(P2(io_poll_pollable_ready)(context, past), 1);
    uint32_t future = P2(clocks_monotonic_clock_subscribe_instant)(context, now + (UINT64_C(1) << 60));
    assert_int_equal(P2(io_poll_pollable_ready)(context, future), 0);
    area = P2(clocks_timezone_display)(context, 0, 0);
    assert_int_equal(component_u32(component, area), 0);
    assert_list(component, area + 4, "UTC");
    assert_int_equal(component_u8(component, area + 12), 0);
    assert_int_equal(P2(clocks_timezone_utc_offset)(context, 0, 0), 0);
}

static void gives_random_numbers(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t area = P2(random_random_get_random_bytes)(context, 70000);
    assert_int_equal(component_u32(component, area + 4), 70000);
    const uint8_t *bytes = (const uint8_t *)component_bytes(component, component_u32(component, area), 70000);
    unsigned set = 0;
    for (uint32_t index = 69000; index < 70000; index++) set += bytes[index] != 0;
    assert_true(set > 900);
    area = P2(random_insecure_get_insecure_random_bytes)(context, 0);
    assert_int_equal(component_u32(component, area + 4), 0);
    assert_true(P2(random_random_get_random_u64)(context) !=
                P2(random_random_get_random_u64)(context));
    assert_true(P2(random_insecure_get_insecure_random_u64)(context) !=
                P2(random_insecure_get_insecure_random_u64)(context));
    area = P2(random_insecure_seed_insecure_seed)(context);
    assert_true(component_u64(component, area) != component_u64(component, area + 8));
}

static void denies_streams(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    uint32_t input = P2(cli_stdin_get_stdin)(context);
    uint32_t area = P2(io_streams_input_stream_blocking_read)(context, input, 1);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), 1);
    uint32_t output = P2(cli_stdout_get_stdout)(context);
    area = P2(io_streams_output_stream_write)(context, output, ARENA_BEGIN, 0);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), 1);
    area = P2(cli_terminal_stdin_get_terminal_stdin)(context);
    assert_int_equal(component_u8(component, area), 0);
    P2(io_streams_drop_output_stream)(context, output);
    P2(io_streams_drop_input_stream)(context, input);
}

static void says_hello(void *argument) {
    struct component *component = argument;
    smelt_p2_adopt_streams(&component->host);
    uint32_t stream = P2(cli_stderr_get_stderr)(&component->context);
    uint32_t text = component_put(component, "hello", 5);
    P2(io_streams_output_stream_blocking_write_and_flush)(&component->context, stream, text, 5);
    P2(io_streams_drop_output_stream)(&component->context, stream);
    // It is still the process's.
    stream = P2(cli_stderr_get_stderr)(&component->context);
    uint32_t area = P2(io_streams_output_stream_write)(&component->context, stream, text, 5);
    P2(cli_exit_exit_with_code)(&component->context, 42 + component_u8(component, area));
}

static void closes_streams(void *argument) {
    struct component *component = argument;
    close(1);
    smelt_p2_adopt_streams(&component->host);
    uint32_t stream = P2(cli_stdout_get_stdout)(&component->context);
    uint32_t area = P2(io_streams_output_stream_check_write)(&component->context, stream);
    P2(cli_exit_exit)(&component->context, component_u8(component, area));
}

static void writes_to_the_process(void **state) {
    char output[64];
    assert_int_equal(run_in_child(says_hello, *state, output, sizeof output), 42);
    assert_string_equal(output, "hellohello");
    assert_int_equal(run_in_child(closes_streams, *state, output, sizeof output), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        COMPONENT_TEST(passes_arguments),     COMPONENT_TEST(passes_what_is_granted),
        COMPONENT_TEST(tells_the_time),       COMPONENT_TEST(gives_random_numbers),
        COMPONENT_TEST(denies_streams),       COMPONENT_TEST(writes_to_the_process),
    };
    return cmocka_run_group_tests_name("components: process", tests, NULL, NULL);
}
