// WASI 0.2: the table of resources, the arena, streams and pollables.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "component.h"
#include "host/clocks.h"
#include "wasi_p2/poll.h"
#include "wasi_p2/streams.h"

static void grows_the_arena(void **state) {
    struct component *component = *state;
    uint32_t first, second, odd;
    arena_new(&component->context, 3, 1, &first);
    arena_new(&component->context, 8, 8, &second);
    assert_int_equal(first, ARENA_BEGIN);
    assert_int_equal(second, ARENA_BEGIN + 8);
    arena_new(&component->context, 1 << 20, 1, &odd);
    assert_true(component->memory.byte_size >= (1 << 20));
    memset(arena_at(&component->context, odd, 1 << 20), 1, 1 << 20);
    component_reset(component);
    arena_new(&component->context, 1, 1, &first);
    assert_int_equal(first, ARENA_BEGIN);
}

static void takes_too_much(void *argument) {
    const struct component *component = argument;
    uint32_t offset;
    arena_new(&component->context, UINT64_C(1) << 31, 1, &offset);
}

static void reads_outside(void *argument) {
    const struct component *component = argument;
    arena_list(&component->context, 0x1000, UINT32_MAX, 16);
}

static void writes_outside(void *argument) {
    struct component *component = argument;
    P2(io_streams_output_stream_write)(&component->context, component_output(component, 2),
                                       (uint32_t)component->memory.byte_size - 1, 2);
}

static void refuses_what_is_outside(void **state) {
    assert_fails(*state, takes_too_much, "no memory");
    assert_fails(*state, reads_outside, "outside of their memory");
    assert_fails(*state, writes_outside, "outside of their memory");
}

static unsigned ended;
static void count_end(struct p2_state *state, struct p2_resource *resource) {
    (void)state;
    (void)resource;
    ended++;
}
static const struct p2_class counted = {.name = "counted", .end = count_end};

static void keeps_parents(void **state) {
    struct component *component = *state;
    struct p2_resource *resource;
    ended = 0;
    uint32_t parent = p2_new(&component->state, &counted, 0, &resource);
    uint32_t child = p2_new(&component->state, &counted, parent, &resource);
    uint32_t grandchild = p2_new(&component->state, &counted, child, &resource);
    p2_drop(&component->context, parent, &counted);
    p2_drop(&component->context, child, &counted);
    assert_int_equal(ended, 0);
    p2_drop(&component->context, grandchild, &counted);
    assert_int_equal(ended, 3);
    // Numbers are used again.
    assert_true(p2_new(&component->state, &counted, 0, &resource) <= grandchild);
    assert_int_equal(component->state.count, 3);
}

static void holds_many_resources(void **state) {
    struct component *component = *state;
    struct p2_resource *resource, *first;
    ended = 0;
    uint32_t begin = p2_new(&component->state, &counted, 0, &first);
    for (uint32_t count = 1; count < 5000; count++) {
        assert_int_equal(p2_new(&component->state, &counted, 0, &resource), begin + count);
    }
    assert_ptr_equal(p2_get(&component->context, begin, &counted), first);
    for (uint32_t count = 0; count < 5000; count++) {
        p2_drop(&component->context, begin + count, &counted);
    }
    assert_int_equal(ended, 5000);
}

static void drops_twice(void *argument) {
    struct component *component = argument;
    struct p2_resource *resource;
    uint32_t parent = p2_new(&component->state, &counted, 0, &resource);
    p2_new(&component->state, &counted, parent, &resource);
    p2_drop(&component->context, parent, &counted);
    p2_drop(&component->context, parent, &counted);
}

static void takes_another_kind(void *argument) {
    struct component *component = argument;
    P2(io_streams_input_stream_read)(&component->context, component_output(component, 1), 1);
}

static void takes_what_is_none(void *argument) {
    struct component *component = argument;
    P2(io_poll_pollable_block)(&component->context, 77);
}

static void takes_zero(void *argument) {
    struct component *component = argument;
    P2(io_streams_drop_input_stream)(&component->context, 0);
}

static void polls_nothing(void *argument) {
    struct component *component = argument;
    P2(io_poll_poll)(&component->context, ARENA_BEGIN, 0);
}

static void refuses_wrong_resources(void **state) {
    assert_fails(*state, drops_twice, "counted");
    assert_fails(*state, takes_another_kind, "input-stream");
    assert_fails(*state, takes_what_is_none, "no resource");
    assert_fails(*state, takes_zero, "no resource");
    assert_fails(*state, polls_nothing, "empty list");
}

static void reads_pipes(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    uint32_t input = component_input(component, ends[0]);
    uint32_t pollable = P2(io_streams_input_stream_subscribe)(context, input);
    // Nothing yet.
    uint32_t area = P2(io_streams_input_stream_read)(context, input, 10);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u32(component, area + 8), 0);
    assert_int_equal(P2(io_poll_pollable_ready)(context, pollable), 0);
    assert_int_equal(write(ends[1], "some text", 9), 9);
    assert_int_equal(P2(io_poll_pollable_ready)(context, pollable), 1);
    P2(io_poll_pollable_block)(context, pollable);
    area = P2(io_streams_input_stream_blocking_read)(context, input, 4);
    assert_int_equal(component_u8(component, area), 0);
    assert_list(component, area + 4, "some");
    area = P2(io_streams_input_stream_skip)(context, input, 1);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u64(component, area + 8), 1);
    area = P2(io_streams_input_stream_read)(context, input, UINT64_MAX);
    assert_list(component, area + 4, "text");
    close(ends[1]);
    for (int round = 0; round < 2; round++) {
        area = P2(io_streams_input_stream_blocking_read)(context, input, 4);
        assert_int_equal(component_u8(component, area), 1);
        assert_int_equal(component_u8(component, area + 4), 1);
        area = P2(io_streams_input_stream_blocking_skip)(context, input, 4);
        assert_int_equal(component_u8(component, area), 1);
        assert_int_equal(component_u8(component, area + 8), 1);
    }
    assert_int_equal(P2(io_poll_pollable_ready)(context, pollable), 1);
    P2(io_streams_drop_input_stream)(context, input);
    P2(io_poll_drop_pollable)(context, pollable);
    assert_int_equal(component->state.free, input);
    close(ends[0]);
}

static void writes_pipes(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    char buffer[64];
    assert_int_equal(pipe(ends), 0);
    uint32_t output = component_output(component, ends[1]);
    uint32_t area = P2(io_streams_output_stream_check_write)(context, output);
    assert_int_equal(component_u8(component, area), 0);
    assert_true(component_u64(component, area + 8) > 0);
    uint32_t text = component_put(component, "hello", 5);
    area = P2(io_streams_output_stream_write)(context, output, text, 5);
    assert_int_equal(component_u8(component, area), 0);
    area = P2(io_streams_output_stream_blocking_write_and_flush)(context, output, text, 2);
    assert_int_equal(component_u8(component, area), 0);
    area = P2(io_streams_output_stream_write_zeroes)(context, output, 3);
    assert_int_equal(component_u8(component, area), 0);
    area = P2(io_streams_output_stream_blocking_flush)(context, output);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(read(ends[0], buffer, sizeof buffer), 10);
    assert_memory_equal(buffer, "hellohe\0\0\0", 10);
    // Full: there is nothing to be had until somebody reads.
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], buffer, sizeof buffer) > 0) {
    }
    area = P2(io_streams_output_stream_check_write)(context, output);
    assert_int_equal(component_u64(component, area + 8), 0);
    uint32_t pollable = P2(io_streams_output_stream_subscribe)(context, output);
    assert_int_equal(P2(io_poll_pollable_ready)(context, pollable), 0);
    close(ends[0]);
    area = P2(io_streams_output_stream_write)(context, output, text, 5);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), 1);
    area = P2(io_streams_output_stream_check_write)(context, output);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 8), 1);
    close(ends[1]);
}

static void tells_what_failed(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    int fd = open("/dev/full", O_WRONLY);
    if (fd < 0) skip();
    uint32_t output = component_output(component, fd);
    uint32_t area =
        P2(io_streams_output_stream_write)(context, output, component_put(component, "x", 1), 1);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), 0);
    uint32_t error = component_u32(component, area + 8);
    area = P2(io_error_error_to_debug_string)(context, error);
    assert_true(component_u32(component, area + 4) > 0);
    P2(io_error_drop_error)(context, error);
    // Once it has failed it is closed.
    area = P2(io_streams_output_stream_flush)(context, output);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 4), 1);
    close(fd);
}

static void splices(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    int from[2], to[2];
    char buffer[64];
    assert_int_equal(pipe(from), 0);
    assert_int_equal(pipe(to), 0);
    uint32_t input = component_input(component, from[0]);
    uint32_t output = component_output(component, to[1]);
    uint32_t area = P2(io_streams_output_stream_splice)(context, output, input, 100);
    assert_int_equal(component_u8(component, area), 0);
    assert_int_equal(component_u64(component, area + 8), 0);
    assert_int_equal(write(from[1], "some text", 9), 9);
    area = P2(io_streams_output_stream_blocking_splice)(context, output, input, 4);
    assert_int_equal(component_u64(component, area + 8), 4);
    area = P2(io_streams_output_stream_splice)(context, output, input, UINT64_MAX);
    assert_int_equal(component_u64(component, area + 8), 5);
    assert_int_equal(read(to[0], buffer, sizeof buffer), 9);
    assert_memory_equal(buffer, "some text", 9);
    close(from[1]);
    area = P2(io_streams_output_stream_blocking_splice)(context, output, input, 4);
    assert_int_equal(component_u8(component, area), 1);
    assert_int_equal(component_u8(component, area + 8), 1);
    close(from[0]);
    close(to[0]);
    close(to[1]);
}

static void polls(void **state) {
    struct component *component = *state;
    struct smelt_context *context = &component->context;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    uint32_t input = component_input(component, ends[0]);
    uint32_t pollables[] = {
        P2(clocks_monotonic_clock_subscribe_duration)(context, UINT64_MAX),
        P2(io_streams_input_stream_subscribe)(context, input),
        P2(clocks_monotonic_clock_subscribe_duration)(context, 20 * HOST_SECOND / 1000),
        P2(clocks_monotonic_clock_subscribe_instant)(context, UINT64_MAX)};
    uint32_t list = component_put(component, pollables, sizeof pollables);
    uint64_t before = P2(clocks_monotonic_clock_now)(context);
    uint32_t area = P2(io_poll_poll)(context, list, 4);
    assert_true(P2(clocks_monotonic_clock_now)(context) - before >= 20 * HOST_SECOND / 1000);
    assert_int_equal(component_u32(component, area + 4), 1);
    assert_int_equal(component_u32(component, component_u32(component, area)), 2);
    // All that is ready is told, also what is there twice.
    assert_int_equal(write(ends[1], "x", 1), 1);
    pollables[0] = pollables[1];
    list = component_put(component, pollables, sizeof pollables);
    area = P2(io_poll_poll)(context, list, 4);
    assert_int_equal(component_u32(component, area + 4), 3);
    for (uint32_t index = 0; index < 3; index++) {
        assert_int_equal(component_u32(component, component_u32(component, area) + 4 * index),
                         index);
    }
    // More than are asked about at once.
    uint32_t many[600];
    for (uint32_t index = 0; index < 600; index++) many[index] = pollables[3];
    many[599] = pollables[1];
    area = P2(io_poll_poll)(context, component_put(component, many, sizeof many), 600);
    assert_int_equal(component_u32(component, area + 4), 1);
    assert_int_equal(component_u32(component, component_u32(component, area)), 599);
    close(ends[0]);
    close(ends[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        COMPONENT_TEST(grows_the_arena),      COMPONENT_TEST(refuses_what_is_outside),
        COMPONENT_TEST(keeps_parents),        COMPONENT_TEST(holds_many_resources),
        COMPONENT_TEST(refuses_wrong_resources), COMPONENT_TEST(reads_pipes),
        COMPONENT_TEST(writes_pipes),         COMPONENT_TEST(tells_what_failed),
        COMPONENT_TEST(splices),              COMPONENT_TEST(polls),
    };
    return cmocka_run_group_tests_name("components: io", tests, NULL, NULL);
}
