// Streams of connections. Sending never waits unless it is asked to: what the kernel does not take
// is kept, and nothing more is taken until it has been sent.
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "core/system_calls.h"
#include "poll.h"
#include "sockets.h"

// What could not be sent yet. Who keeps to the permit writes no more than there is room for.
struct p2_pending {
    size_t begin, end;
    char bytes[P2_WRITE_PERMIT];
};

static int64_t receive(struct p2_state *state, struct p2_resource *stream, void *buffer,
                       size_t length) {
    SMELT_CALLS(recvfrom);
    (void)state;
    ssize_t result = recv(stream->u.input.fd, buffer, length, MSG_DONTWAIT);
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

const struct p2_input_source p2_input_socket = {
    .origin = P2_ERROR_OF_SOCKET, .read = receive, .prepare = prepare_input};

// Sends what can be sent at once: how much, or an error.
static int64_t send_some(int fd, const void *bytes, size_t length) {
    SMELT_CALLS(sendto);
    ssize_t result;
    do {
        result = send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (result < 0 && errno == EINTR);
    if (result >= 0) return result;
    if (errno == EAGAIN) return 0;
    return errno == EPIPE ? P2_STREAM_ENDED : -errno;
}

static int64_t flush(struct p2_state *state, struct p2_resource *stream, bool blocks) {
    (void)state;
    struct p2_pending *pending = stream->u.output.pending;
    while (pending != NULL && pending->begin < pending->end) {
        int64_t count = send_some(stream->u.output.fd, pending->bytes + pending->begin,
                                  pending->end - pending->begin);
        if (count < 0) return count;
        pending->begin += (size_t)count;
        if (count == 0 && !blocks) return 0;
        if (count == 0) p2_wait_for_fd(stream->u.output.fd, POLLOUT);
    }
    return 0;
}

// Keeps what is left; whether there is room for it.
static bool keep(struct p2_output *output, const char *bytes, size_t length) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    if (output->pending == NULL) {
        void *memory = mmap(NULL, sizeof *output->pending, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return false;
        output->pending = memory;
    }
    struct p2_pending *pending = output->pending;
    if (pending->begin < pending->end || length > sizeof pending->bytes) return false;
    memcpy(pending->bytes, bytes, length);
    pending->begin = 0;
    pending->end = length;
    return true;
}

static int64_t send_all(struct p2_state *state, struct p2_resource *stream, const void *buffer,
                        size_t length) {
    struct p2_output *output = &stream->u.output;
    const char *bytes = buffer;
    // Who did not ask for a permit waits.
    int64_t result = flush(state, stream, true);
    while (result >= 0 && length > 0) {
        result = send_some(output->fd, bytes, length);
        if (result < 0) break;
        bytes += result;
        length -= (size_t)result;
        if (result > 0) continue;
        if (keep(output, bytes, length)) break;
        p2_wait_for_fd(output->fd, POLLOUT);
    }
    return result < 0 ? result : 0;
}

static bool has_pending(const struct p2_output *output) {
    return output->pending != NULL && output->pending->begin < output->pending->end;
}

static int64_t check(struct p2_state *state, struct p2_resource *stream) {
    int64_t result = flush(state, stream, false);
    if (result < 0 || has_pending(&stream->u.output)) return result;
    return p2_is_fd_ready(stream->u.output.fd, POLLOUT) ? P2_WRITE_PERMIT : 0;
}

static void prepare_output(struct p2_state *state, struct p2_resource *stream,
                           struct p2_wait *wait) {
    (void)state;
    wait->fd = stream->u.output.fd;
    wait->events = POLLOUT;
    // Room for some of what is kept is not yet room for more.
    if (has_pending(&stream->u.output)) {
        int64_t result = flush(state, stream, false);
        wait->is_hint = result >= 0 && has_pending(&stream->u.output);
    }
}

// The other side learns that there is no more to come.
static void end_output(struct p2_state *state, struct p2_resource *stream) {
    SMELT_CALLS(shutdown);
    SMELT_CALLS(munmap);
    struct p2_output *output = &stream->u.output;
    if (!output->is_closed) flush(state, stream, true);
    if (output->pending != NULL) munmap(output->pending, sizeof *output->pending);
    output->pending = NULL;
    shutdown(output->fd, SHUT_WR);
}

const struct p2_output_source p2_output_socket = {.origin = P2_ERROR_OF_SOCKET,
                                                  .write = send_all,
                                                  .flush = flush,
                                                  .check = check,
                                                  .prepare = prepare_output,
                                                  .end = end_output};
