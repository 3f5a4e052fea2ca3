// wasi:sockets/tcp and tcp-create-socket: from an unbound socket to a connection.
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arena.h"
#include "core/system_calls.h"
#include "host/host_calls.h"
#include "host/network.h"
#include "poll.h"
#include "smelt/component_functions.h"
#include "sockets.h"
#include "tcp.h"

enum { DEFAULT_BACKLOG = 128 };

static void end(struct p2_state *state, struct p2_resource *resource) {
    SMELT_CALLS(close);
    (void)state;
    close(resource->u.socket.fd);
}

static void prepare(struct p2_state *state, struct p2_resource *resource, struct p2_wait *wait) {
    (void)state;
    const struct p2_socket *tcp = &resource->u.socket;
    wait->is_ready = tcp->state != P2_CONNECTING && tcp->state != P2_LISTENING;
    wait->fd = wait->is_ready ? -1 : tcp->fd;
    wait->events = tcp->state == P2_CONNECTING ? POLLOUT : POLLIN;
}

const struct p2_class p2_tcp_class = {.name = "tcp-socket", .end = end, .prepare = prepare};

static uint32_t new_tcp(struct p2_state *state, int fd, uint8_t family, uint8_t socket_state) {
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &p2_tcp_class, 0, &resource);
    resource->u.socket = (struct p2_socket){
        .fd = fd, .family = family, .state = socket_state, .backlog = DEFAULT_BACKLOG};
    return result;
}

uint32_t smelt_p2_sockets_tcp_create_socket_create_tcp_socket(struct smelt_context *context,
                                                              uint32_t family) {
    struct p2_state *state = p2_state_of(context);
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    int fd = p2_socket_new(state->host, (uint8_t)family, SOCK_STREAM);
    area[0] = fd < 0;
    if (fd < 0) {
        area[4] = (uint8_t)p2_network_error_of(errno);
    } else {
        guest_store_u32(area + 4, new_tcp(state, fd, family != 0, P2_UNBOUND));
    }
    return offset;
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_start_bind(struct smelt_context *context, uint32_t self,
                                                    uint32_t network, P2_FLAT_ADDRESS) {
    struct p2_socket *tcp = p2_tcp_of(context, self);
    const uint32_t flat[P2_FLAT_SIZE] = P2_FLAT_ARRAY;
    union host_address address;
    p2_get(context, network, &p2_network_class);
    p2_address_from_flat(family, flat, &address);
    int error = P2_INVALID_STATE;
    if (tcp->state == P2_BINDING) error = P2_CONCURRENCY_CONFLICT;
    if (tcp->state == P2_UNBOUND) {
        error = p2_bind(p2_state_of(context)->host, tcp, &address);
        if (error == P2_NETWORK_DONE) tcp->state = P2_BINDING;
    }
    return p2_network_outcome(context, error);
}

// What was started has been done at once.
static uint32_t finish(const struct smelt_context *context, struct p2_socket *tcp,
                       enum p2_socket_state from, enum p2_socket_state to) {
    if (tcp->state != from) return p2_network_outcome(context, P2_NOT_IN_PROGRESS);
    tcp->state = (uint8_t)to;
    return p2_network_outcome(context, P2_NETWORK_DONE);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_finish_bind(struct smelt_context *context,
                                                     uint32_t self) {
    return finish(context, p2_tcp_of(context, self), P2_BINDING, P2_BOUND);
}

static int check_connect(const struct host_state *host,
                                           const struct p2_socket *tcp,
                                           const union host_address *address) {
    if (tcp->state == P2_CONNECTING || tcp->state == P2_BINDING ||
        tcp->state == P2_STARTED_LISTENING) {
        return P2_CONCURRENCY_CONFLICT;
    }
    if (tcp->state != P2_UNBOUND && tcp->state != P2_BOUND) return P2_INVALID_STATE;
    if (!p2_may_be_remote(tcp->family, address)) return P2_INVALID_ARGUMENT;
    return network_may_connect(host->network, address) ? P2_NETWORK_DONE : P2_ACCESS_DENIED;
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_start_connect(struct smelt_context *context,
                                                       uint32_t self, uint32_t network,
                                                       P2_FLAT_ADDRESS) {
    SMELT_CALLS_IF(connect, SMELT_CALL_WITH_NETWORK);
    struct p2_socket *tcp = p2_tcp_of(context, self);
    const uint32_t flat[P2_FLAT_SIZE] = P2_FLAT_ARRAY;
    union host_address address;
    p2_get(context, network, &p2_network_class);
    socklen_t size = p2_address_from_flat(family, flat, &address);
    int error = check_connect(p2_state_of(context)->host, tcp, &address);
    if (error != P2_NETWORK_DONE) return p2_network_outcome(context, error);
    tcp->state = P2_CONNECTING;
    tcp->failure = UINT8_MAX;
    if (connect(tcp->fd, &address.any, size) != 0 && errno != EINPROGRESS) {
        // No address is left for this end; or the error is what finishing tells.
        bool is_end = errno == EADDRNOTAVAIL;
        tcp->failure = (uint8_t)(is_end ? P2_ADDRESS_IN_USE : p2_network_error_of(errno));
    }
    return p2_network_outcome(context, P2_NETWORK_DONE);
}

// How a connection comes along.
static int progress(const struct p2_socket *tcp) {
    SMELT_CALLS_IF(getsockopt, SMELT_CALL_WITH_NETWORK);
    int error = 0;
    socklen_t size = sizeof error;
    if (tcp->failure != UINT8_MAX) return tcp->failure;
    if (!p2_is_fd_ready(tcp->fd, POLLOUT)) return P2_WOULD_BLOCK;
    if (getsockopt(tcp->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    return error == 0 ? P2_NETWORK_DONE : p2_network_error_of(error);
}

// The two streams of a connection.
static void store_streams(struct p2_state *state, uint8_t *place, uint32_t tcp, int fd) {
    struct p2_resource *stream;
    guest_store_u32(place, p2_new_input(state, &p2_input_socket, tcp, &stream));
    stream->u.input.fd = fd;
    guest_store_u32(place + 4, p2_new_output(state, &p2_output_socket, tcp, &stream));
    stream->u.output.fd = fd;
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_finish_connect(struct smelt_context *context,
                                                        uint32_t self) {
    struct p2_socket *tcp = p2_tcp_of(context, self);
    uint32_t offset;
    uint8_t *area = arena_result(context, 12, 4, &offset);
    int error = P2_NOT_IN_PROGRESS;
    if (tcp->state == P2_CONNECTING) {
        error = progress(tcp);
        if (error != P2_WOULD_BLOCK) tcp->state = error == P2_NETWORK_DONE ? P2_CONNECTED : P2_CLOSED;
    }
    area[0] = error != P2_NETWORK_DONE;
    if (error != P2_NETWORK_DONE) {
        area[4] = (uint8_t)error;
    } else {
        store_streams(p2_state_of(context), area + 4, self, tcp->fd);
    }
    return offset;
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_start_listen(struct smelt_context *context,
                                                      uint32_t self) {
    SMELT_CALLS_IF(listen, SMELT_CALL_WITH_NETWORK);
    struct p2_socket *tcp = p2_tcp_of(context, self);
    int error = P2_INVALID_STATE;
    if (tcp->state == P2_BINDING || tcp->state == P2_STARTED_LISTENING ||
        tcp->state == P2_CONNECTING) {
        error = P2_CONCURRENCY_CONFLICT;
    } else if (tcp->state == P2_BOUND && !tcp->may_listen) {
        error = P2_ACCESS_DENIED;
    } else if (tcp->state == P2_BOUND) {
        error = listen(tcp->fd, (int)tcp->backlog) == 0 ? P2_NETWORK_DONE
                                                        : p2_network_error_of(errno);
        if (error == P2_NETWORK_DONE) tcp->state = P2_STARTED_LISTENING;
    }
    return p2_network_outcome(context, error);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_finish_listen(struct smelt_context *context,
                                                       uint32_t self) {
    return finish(context, p2_tcp_of(context, self), P2_STARTED_LISTENING, P2_LISTENING);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_accept(struct smelt_context *context, uint32_t self) {
    SMELT_CALLS_IF(accept4, SMELT_CALL_WITH_NETWORK);
    struct p2_state *state = p2_state_of(context);
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    uint32_t offset;
    uint8_t *area = arena_result(context, 16, 4, &offset);
    area[0] = 1;
    area[4] = P2_INVALID_STATE;
    if (tcp->state != P2_LISTENING) return offset;
    int fd = accept4(tcp->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) fd = host_lift(fd);
    if (fd < 0) {
        area[4] = (uint8_t)p2_network_error_of(errno);
        return offset;
    }
    uint32_t connection = new_tcp(state, fd, tcp->family, P2_CONNECTED);
    area[0] = 0;
    guest_store_u32(area + 4, connection);
    store_streams(state, area + 8, connection, fd);
    return offset;
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_subscribe(struct smelt_context *context, uint32_t self) {
    p2_tcp_of(context, self);
    return p2_subscribe(context, self, 0);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_shutdown(struct smelt_context *context, uint32_t self,
                                                  uint32_t type) {
    SMELT_CALLS(shutdown);
    static const uint8_t how[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    if (type >= sizeof how) return p2_network_outcome(context, P2_INVALID_ARGUMENT);
    if (tcp->state != P2_CONNECTED) return p2_network_outcome(context, P2_INVALID_STATE);
    int result = shutdown(tcp->fd, how[type]);
    return p2_network_outcome(context, result == 0 ? P2_NETWORK_DONE : p2_network_error_of(errno));
}

void smelt_p2_sockets_tcp_drop_tcp_socket(struct smelt_context *context, uint32_t representation) {
    p2_drop(context, representation, &p2_tcp_class);
}
