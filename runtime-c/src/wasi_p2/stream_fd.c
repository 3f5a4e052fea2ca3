// Streams of descriptors that can only be read and written: pipes, terminals, sockets, whatever
// the process was started with. They may be shared with other processes, so how they wait is not
// changed: what could wait is asked about before.
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "host/host_calls.h"
#include "poll.h"
#include "streams.h"

static int64_t read_fd(struct p2_state *state, struct p2_resource *stream, void *buffer,
                       size_t length) {
    SMELT_CALLS(read);
    (void)state;
    int fd = stream->u.input.fd;
    if (!p2_is_fd_ready(fd, POLLIN)) return 0;
    ssize_t result = read(fd, buffer, length);
    if (result > 0) return result;
    if (result == 0) return P2_STREAM_ENDED;
    return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

static void prepare_input(struct p2_state *state, struct p2_resource *stream,
                          struct p2_wait *wait) {
    (void)state;
    wait->fd = stream->u.input.fd;
    wait->events = POLLIN;
}

const struct p2_input_source p2_input_fd = {.read = read_fd, .prepare = prepare_input};

static int64_t write_fd(struct p2_state *state, struct p2_resource *stream, const void *buffer,
                        size_t length) {
    SMELT_CALLS(write);
    (void)state;
    int fd = stream->u.output.fd;
    const char *position = buffer;
    while (length > 0) {
        uint64_t mask = host_hold_signals();
        ssize_t result = write(fd, position, length);
        host_release_signals(mask, result);
        if (result >= 0) {
            position += result;
            length -= (size_t)result;
        } else if (errno == EAGAIN) {
            p2_wait_for_fd(fd, POLLOUT);
        } else if (errno != EINTR) {
            return errno == EPIPE ? P2_STREAM_ENDED : -errno;
        }
    }
    return 0;
}

static int64_t check_fd(struct p2_state *state, struct p2_resource *stream) {
    (void)state;
    return p2_is_fd_ready(stream->u.output.fd, POLLOUT) ? P2_WRITE_PERMIT : 0;
}

static void prepare_output(struct p2_state *state, struct p2_resource *stream,
                           struct p2_wait *wait) {
    (void)state;
    wait->fd = stream->u.output.fd;
    wait->events = POLLOUT;
}

const struct p2_output_source p2_output_fd = {
    .write = write_fd, .check = check_fd, .prepare = prepare_output};
