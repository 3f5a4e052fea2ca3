// wasi:sockets/udp and udp-create-socket.
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arena.h"
#include "core/system_calls.h"
#include "host/network.h"
#include "poll.h"
#include "smelt/component_functions.h"
#include "sockets.h"

static void end(struct p2_state *state, struct p2_resource *resource) {
    SMELT_CALLS(close);
    (void)state;
    close(resource->u.socket.fd);
}

// Nothing that is started here takes time.
const struct p2_class p2_udp_class = {.name = "udp-socket", .end = end};

static struct p2_socket *udp_of(const struct smelt_context *context, uint32_t representation) {
    return &p2_get(context, representation, &p2_udp_class)->u.socket;
}

uint32_t smelt_p2_sockets_udp_create_socket_create_udp_socket(struct smelt_context *context,
                                                              uint32_t family) {
    struct p2_state *state = p2_state_of(context);
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    int fd = p2_socket_new(state->host, (uint8_t)family, SOCK_DGRAM);
    area[0] = fd < 0;
    if (fd < 0) {
        area[4] = (uint8_t)p2_network_error_of(errno);
        return offset;
    }
    struct p2_resource *resource;
    guest_store_u32(area + 4, p2_new(state, &p2_udp_class, 0, &resource));
    resource->u.socket = (struct p2_socket){.fd = fd, .family = family != 0};
    return offset;
}

uint32_t smelt_p2_sockets_udp_udp_socket_start_bind(struct smelt_context *context, uint32_t self,
                                                    uint32_t network, P2_FLAT_ADDRESS) {
    struct p2_socket *udp = udp_of(context, self);
    const uint32_t flat[P2_FLAT_SIZE] = P2_FLAT_ARRAY;
    union host_address address;
    p2_get(context, network, &p2_network_class);
    p2_address_from_flat(family, flat, &address);
    int error = udp->state == P2_BINDING ? P2_CONCURRENCY_CONFLICT : P2_INVALID_STATE;
    if (udp->state == P2_UNBOUND) {
        error = p2_bind(p2_state_of(context)->host, udp, &address);
        if (error == P2_NETWORK_DONE) udp->state = P2_BINDING;
    }
    return p2_network_outcome(context, error);
}

uint32_t smelt_p2_sockets_udp_udp_socket_finish_bind(struct smelt_context *context,
                                                     uint32_t self) {
    struct p2_socket *udp = udp_of(context, self);
    if (udp->state != P2_BINDING) return p2_network_outcome(context, P2_NOT_IN_PROGRESS);
    udp->state = P2_BOUND;
    return p2_network_outcome(context, P2_NETWORK_DONE);
}

// Streams -----------------------------------------------------------------------------------------

static void prepare_receive(struct p2_state *state, struct p2_resource *resource,
                            struct p2_wait *wait) {
    (void)state;
    wait->fd = resource->u.datagrams.fd;
    wait->events = POLLIN;
}

static void prepare_send(struct p2_state *state, struct p2_resource *resource,
                         struct p2_wait *wait) {
    (void)state;
    wait->fd = resource->u.datagrams.fd;
    wait->events = POLLOUT;
}

static const struct p2_class incoming_class = {.name = "incoming-datagram-stream",
                                               .prepare = prepare_receive};
static const struct p2_class outgoing_class = {.name = "outgoing-datagram-stream",
                                               .prepare = prepare_send};

// Has a socket exchange datagrams with one address, or with all again.
static int set_remote(const struct host_state *host, struct p2_socket *udp, bool has_remote,
                      const union host_address *address) {
    SMELT_CALLS_IF(connect, SMELT_CALL_WITH_NETWORK);
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    if (udp->state != P2_BOUND && udp->state != P2_CONNECTED) return P2_INVALID_STATE;
    if (has_remote && !p2_may_be_remote(udp->family, address)) return P2_INVALID_ARGUMENT;
    if (has_remote && !network_may_connect(host->network, address)) return P2_ACCESS_DENIED;
    if (udp->state == P2_CONNECTED) {
        if (connect(udp->fd, &nobody, sizeof nobody) != 0) return p2_network_error_of(errno);
        udp->state = P2_BOUND;
    }
    if (!has_remote) return P2_NETWORK_DONE;
    if (connect(udp->fd, &address->any, p2_address_size(address)) != 0) {
        return p2_network_error_of(errno);
    }
    udp->state = P2_CONNECTED;
    return P2_NETWORK_DONE;
}

uint32_t smelt_p2_sockets_udp_udp_socket_stream(struct smelt_context *context, uint32_t self,
                                                uint32_t has_remote, P2_FLAT_ADDRESS) {
    struct p2_state *state = p2_state_of(context);
    struct p2_socket *udp = udp_of(context, self);
    const uint32_t flat[P2_FLAT_SIZE] = P2_FLAT_ARRAY;
    union host_address address;
    p2_address_from_flat(family, flat, &address);
    uint32_t offset;
    uint8_t *area = arena_result(context, 12, 4, &offset);
    int error = set_remote(state->host, udp, has_remote != 0, &address);
    area[0] = error != P2_NETWORK_DONE;
    if (error != P2_NETWORK_DONE) {
        area[4] = (uint8_t)error;
        return offset;
    }
    struct p2_datagrams datagrams = {.fd = udp->fd,
                                     .family = udp->family,
                                     .has_remote = has_remote != 0,
                                     .may_receive_all = udp->may_listen,
                                     .remote = address};
    struct p2_resource *stream;
    guest_store_u32(area + 4, p2_new(state, &incoming_class, self, &stream));
    stream->u.datagrams = datagrams;
    guest_store_u32(area + 8, p2_new(state, &outgoing_class, self, &stream));
    stream->u.datagrams = datagrams;
    return offset;
}

// Whether a datagram comes from where the guest may hear of.
static bool is_welcome(const struct host_state *host, const struct p2_datagrams *stream,
                       const union host_address *from) {
    if (stream->has_remote) {
        return network_is_same_host(&stream->remote, from) &&
               stream->remote.v4.sin_port == from->v4.sin_port;
    }
    return stream->may_receive_all || network_may_connect(host->network, from);
}

// Datagrams that are passed over are counted, too: whoever sends them must not keep the guest waiting.
enum { DATAGRAM_LIMIT = 65536, DATAGRAMS_AT_ONCE = 16, LOOKED_AT_ONCE = 64, INCOMING_SIZE = 40, OUTGOING_SIZE = 44 };

uint32_t smelt_p2_sockets_udp_incoming_datagram_stream_receive(struct smelt_context *context,
                                                               uint32_t self, uint64_t maximum) {
    SMELT_CALLS_IF(recvfrom, SMELT_CALL_WITH_NETWORK);
    const struct host_state *host = context->wasi;
    const struct p2_datagrams *stream = &p2_get(context, self, &incoming_class)->u.datagrams;
    uint32_t area_offset, list_offset, offset, count = 0;
    uint8_t *area = arena_result(context, 12, 4, &area_offset);
    uint32_t most = maximum < DATAGRAMS_AT_ONCE ? (uint32_t)maximum : DATAGRAMS_AT_ONCE;
    uint8_t *list = arena_result(context, most * INCOMING_SIZE, 4, &list_offset);
    int error = P2_NETWORK_DONE;
    for (uint32_t looked = 0; count < most && looked < LOOKED_AT_ONCE; looked++) {
        union host_address from;
        socklen_t size = sizeof from;
        memset(&from, 0, sizeof from);
        uint8_t *buffer = arena_new(context, DATAGRAM_LIMIT, 1, &offset);
        ssize_t length =
            recvfrom(stream->fd, buffer, DATAGRAM_LIMIT, MSG_DONTWAIT, &from.any, &size);
        bool is_kept = length >= 0 && is_welcome(host, stream, &from);
        arena_trim(context, offset, is_kept ? (uint32_t)length : 0);
        if (length < 0 && errno == EINTR) continue;
        if (length < 0 && errno != EAGAIN && count == 0) error = p2_network_error_of(errno);
        if (length < 0) break;
        if (!is_kept) continue;
        uint8_t *record = list + (size_t)count++ * INCOMING_SIZE;
        guest_store_u32(record, offset);
        guest_store_u32(record + 4, (uint32_t)length);
        p2_address_store(record + 8, &from);
    }
    area[0] = error != P2_NETWORK_DONE;
    if (error != P2_NETWORK_DONE) {
        area[4] = (uint8_t)error;
    } else {
        guest_store_u32(area + 4, list_offset);
        guest_store_u32(area + 8, count);
    }
    return area_offset;
}

uint32_t smelt_p2_sockets_udp_outgoing_datagram_stream_check_send(struct smelt_context *context,
                                                                  uint32_t self) {
    const struct p2_datagrams *stream = &p2_get(context, self, &outgoing_class)->u.datagrams;
    uint32_t offset;
    uint8_t *area = arena_result(context, 16, 8, &offset);
    guest_store_u64(area + 8, p2_is_fd_ready(stream->fd, POLLOUT) ? DATAGRAMS_AT_ONCE : 0);
    return offset;
}

// Sends the datagram of a record.
static int send_one(const struct smelt_context *context, const struct p2_datagrams *stream,
                    const uint8_t *record) {
    SMELT_CALLS_IF(sendto, SMELT_CALL_WITH_NETWORK);
    const struct host_state *host = context->wasi;
    uint32_t length = guest_load_u32(record + 4);
    const uint8_t *bytes = arena_at(context, guest_load_u32(record), length);
    union host_address to = stream->remote;
    bool has_address = record[8] != 0;
    if (has_address) p2_address_load(record + 12, &to);
    if (!has_address && !stream->has_remote) return P2_INVALID_ARGUMENT;
    bool is_other = stream->has_remote && (!network_is_same_host(&to, &stream->remote) ||
                                           to.v4.sin_port != stream->remote.v4.sin_port);
    if (is_other || !p2_may_be_remote(stream->family, &to)) return P2_INVALID_ARGUMENT;
    if (!network_may_connect(host->network, &to)) return P2_ACCESS_DENIED;
    const struct sockaddr *address = stream->has_remote ? NULL : &to.any;
    socklen_t size = stream->has_remote ? 0 : p2_address_size(&to);
    ssize_t result;
    do {
        result = sendto(stream->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL, address, size);
    } while (result < 0 && errno == EINTR);
    return result >= 0 ? P2_NETWORK_DONE : p2_network_error_of(errno);
}

uint32_t smelt_p2_sockets_udp_outgoing_datagram_stream_send(struct smelt_context *context,
                                                            uint32_t self, uint32_t list,
                                                            uint32_t count) {
    const struct p2_datagrams *stream = &p2_get(context, self, &outgoing_class)->u.datagrams;
    const uint8_t *records = arena_list(context, list, count, OUTGOING_SIZE);
    uint32_t offset, sent = 0;
    uint8_t *area = arena_result(context, 16, 8, &offset);
    int error = P2_NETWORK_DONE;
    while (sent < count && error == P2_NETWORK_DONE) {
        error = send_one(context, stream, records + (size_t)sent * OUTGOING_SIZE);
        if (error == P2_NETWORK_DONE) sent++;
    }
    // What has been sent is told first; an error of the next one comes with the next call.
    if (error == P2_NETWORK_DONE || error == P2_WOULD_BLOCK || sent > 0) {
        guest_store_u64(area + 8, sent);
    } else {
        area[0] = 1;
        area[8] = (uint8_t)error;
    }
    return offset;
}

uint32_t smelt_p2_sockets_udp_incoming_datagram_stream_subscribe(struct smelt_context *context,
                                                                 uint32_t self) {
    p2_get(context, self, &incoming_class);
    return p2_subscribe(context, self, 0);
}

uint32_t smelt_p2_sockets_udp_outgoing_datagram_stream_subscribe(struct smelt_context *context,
                                                                 uint32_t self) {
    p2_get(context, self, &outgoing_class);
    return p2_subscribe(context, self, 0);
}

void smelt_p2_sockets_udp_drop_incoming_datagram_stream(struct smelt_context *context,
                                                        uint32_t representation) {
    p2_drop(context, representation, &incoming_class);
}

void smelt_p2_sockets_udp_drop_outgoing_datagram_stream(struct smelt_context *context,
                                                        uint32_t representation) {
    p2_drop(context, representation, &outgoing_class);
}

void smelt_p2_sockets_udp_drop_udp_socket(struct smelt_context *context, uint32_t representation) {
    p2_drop(context, representation, &p2_udp_class);
}

// What can be asked about a socket, and set -------------------------------------------------------

uint32_t smelt_p2_sockets_udp_udp_socket_local_address(struct smelt_context *context,
                                                       uint32_t self) {
    const struct p2_socket *udp = udp_of(context, self);
    bool is_bound = udp->state >= P2_BOUND;
    return p2_end_of(context, udp, false, is_bound ? P2_NETWORK_DONE : P2_INVALID_STATE);
}

uint32_t smelt_p2_sockets_udp_udp_socket_remote_address(struct smelt_context *context,
                                                        uint32_t self) {
    const struct p2_socket *udp = udp_of(context, self);
    bool is_connected = udp->state == P2_CONNECTED;
    return p2_end_of(context, udp, true, is_connected ? P2_NETWORK_DONE : P2_INVALID_STATE);
}

uint32_t smelt_p2_sockets_udp_udp_socket_address_family(struct smelt_context *context,
                                                        uint32_t self) {
    return udp_of(context, self)->family;
}

uint32_t smelt_p2_sockets_udp_udp_socket_unicast_hop_limit(struct smelt_context *context,
                                                           uint32_t self) {
    return p2_get_hops(context, udp_of(context, self));
}

uint32_t smelt_p2_sockets_udp_udp_socket_set_unicast_hop_limit(struct smelt_context *context,
                                                               uint32_t self, uint32_t value) {
    return p2_set_hops(context, udp_of(context, self), value);
}

uint32_t smelt_p2_sockets_udp_udp_socket_receive_buffer_size(struct smelt_context *context,
                                                             uint32_t self) {
    return p2_get_option(context, udp_of(context, self), SOL_SOCKET, SO_RCVBUF, 1, 8);
}

uint32_t smelt_p2_sockets_udp_udp_socket_set_receive_buffer_size(struct smelt_context *context,
                                                                 uint32_t self, uint64_t value) {
    const struct p2_socket *udp = udp_of(context, self);
    return p2_set_option(context, udp, SOL_SOCKET, SO_RCVBUF, value, INT32_MAX / 2);
}

uint32_t smelt_p2_sockets_udp_udp_socket_send_buffer_size(struct smelt_context *context,
                                                          uint32_t self) {
    return p2_get_option(context, udp_of(context, self), SOL_SOCKET, SO_SNDBUF, 1, 8);
}

uint32_t smelt_p2_sockets_udp_udp_socket_set_send_buffer_size(struct smelt_context *context,
                                                              uint32_t self, uint64_t value) {
    const struct p2_socket *udp = udp_of(context, self);
    return p2_set_option(context, udp, SOL_SOCKET, SO_SNDBUF, value, INT32_MAX / 2);
}

uint32_t smelt_p2_sockets_udp_udp_socket_subscribe(struct smelt_context *context, uint32_t self) {
    udp_of(context, self);
    return p2_subscribe(context, self, 0);
}
