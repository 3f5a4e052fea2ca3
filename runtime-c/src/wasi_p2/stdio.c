// wasi:cli/stdin, stdout, stderr and terminal-*: the streams of the process.
#include <signal.h>
#include <sys/ioctl.h>

#include "adopt.h"
#include "arena.h"
#include "core/message.h"
#include "core/system_calls.h"
#include "host/streams.h"
#include "smelt/component_functions.h"
#include "streams.h"

// A library is granted streams by its host (embed/wasi.c).
#if !defined(SMELT_LIBRARY)

void smelt_p2_adopt_streams(struct host_state *state) {
    for (int fd = 0; fd < HOST_STREAMS; fd++) {
        if (host_adopt_stream(fd) >= 0) state->streams[fd] = fd + 1;
    }
    // A reader that went away is the end of a stream.
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) smelt_fail("cannot ignore SIGPIPE");
}

// Who uses streams brings this (see adopt.h).
#define P2_NEEDS_STREAMS \
    __attribute__((used)) static void (*const needs)(struct host_state *) = smelt_p2_adopt_streams
#else
#define P2_NEEDS_STREAMS (void)0
#endif

static uint32_t output(const struct smelt_context *context, int number) {
    P2_NEEDS_STREAMS;
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *stream;
    uint32_t result = p2_new_output(state, &p2_output_fd, 0, &stream);
    stream->u.output.fd = state->host->streams[number] - 1;
    stream->u.output.is_closed = stream->u.output.fd < 0;
    return result;
}

uint32_t smelt_p2_cli_stdin_get_stdin(struct smelt_context *context) {
    P2_NEEDS_STREAMS;
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *stream;
    uint32_t result = p2_new_input(state, &p2_input_fd, 0, &stream);
    stream->u.input.fd = state->host->streams[0] - 1;
    stream->u.input.is_closed = stream->u.input.fd < 0;
    return result;
}

uint32_t smelt_p2_cli_stdout_get_stdout(struct smelt_context *context) {
    return output(context, 1);
}

uint32_t smelt_p2_cli_stderr_get_stderr(struct smelt_context *context) {
    return output(context, 2);
}

static const struct p2_class terminal_input = {.name = "terminal-input"};
static const struct p2_class terminal_output = {.name = "terminal-output"};

// option<own<terminal>>
static uint32_t terminal(const struct smelt_context *context, int number,
                         const struct p2_class *class) {
    SMELT_CALLS_IF(ioctl, SMELT_CALL_QUESTION);
    P2_NEEDS_STREAMS;
    struct p2_state *state = p2_state_of(context);
    struct p2_resource *resource;
    struct winsize size;
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    int fd = state->host->streams[number] - 1;
    if (fd >= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0) {
        area[0] = 1;
        guest_store_u32(area + 4, p2_new(state, class, 0, &resource));
    }
    return offset;
}

uint32_t smelt_p2_cli_terminal_stdin_get_terminal_stdin(struct smelt_context *context) {
    return terminal(context, 0, &terminal_input);
}

uint32_t smelt_p2_cli_terminal_stdout_get_terminal_stdout(struct smelt_context *context) {
    return terminal(context, 1, &terminal_output);
}

uint32_t smelt_p2_cli_terminal_stderr_get_terminal_stderr(struct smelt_context *context) {
    return terminal(context, 2, &terminal_output);
}

void smelt_p2_cli_terminal_input_drop_terminal_input(struct smelt_context *context,
                                                     uint32_t representation) {
    p2_drop(context, representation, &terminal_input);
}

void smelt_p2_cli_terminal_output_drop_terminal_output(struct smelt_context *context,
                                                       uint32_t representation) {
    p2_drop(context, representation, &terminal_output);
}
