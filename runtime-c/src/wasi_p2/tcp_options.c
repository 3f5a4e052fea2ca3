// wasi:sockets/tcp: what can be asked about a socket, and set.
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "arena.h"
#include "core/system_calls.h"
#include "host/clocks.h"
#include "smelt/component_functions.h"
#include "tcp.h"

// The most that Linux takes.
enum { TIME_LIMIT = 32767, PROBE_LIMIT = 127 };

uint32_t smelt_p2_sockets_tcp_tcp_socket_local_address(struct smelt_context *context,
                                                       uint32_t self) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    bool is_bound = tcp->state >= P2_BOUND && tcp->state != P2_CLOSED;
    return p2_end_of(context, tcp, false, is_bound ? P2_NETWORK_DONE : P2_INVALID_STATE);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_remote_address(struct smelt_context *context,
                                                        uint32_t self) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    bool is_connected = tcp->state == P2_CONNECTED;
    return p2_end_of(context, tcp, true, is_connected ? P2_NETWORK_DONE : P2_INVALID_STATE);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_is_listening(struct smelt_context *context,
                                                      uint32_t self) {
    return p2_tcp_of(context, self)->state == P2_LISTENING;
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_address_family(struct smelt_context *context,
                                                        uint32_t self) {
    return p2_tcp_of(context, self)->family;
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_set_listen_backlog_size(struct smelt_context *context,
                                                                 uint32_t self, uint64_t value) {
    SMELT_CALLS_IF(listen, SMELT_CALL_WITH_NETWORK);
    struct p2_socket *tcp = p2_tcp_of(context, self);
    if (value == 0) return p2_network_outcome(context, P2_INVALID_ARGUMENT);
    if (tcp->state >= P2_CONNECTING) return p2_network_outcome(context, P2_INVALID_STATE);
    tcp->backlog = value < INT32_MAX ? (uint32_t)value : INT32_MAX;
    if (tcp->state == P2_LISTENING && listen(tcp->fd, (int)tcp->backlog) != 0) {
        return p2_network_outcome(context, p2_network_error_of(errno));
    }
    return p2_network_outcome(context, P2_NETWORK_DONE);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_keep_alive_enabled(struct smelt_context *context,
                                                            uint32_t self) {
    return p2_get_option(context, p2_tcp_of(context, self), SOL_SOCKET, SO_KEEPALIVE, 1, 1);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_set_keep_alive_enabled(struct smelt_context *context,
                                                                uint32_t self, uint32_t value) {
    SMELT_CALLS_IF(setsockopt, SMELT_CALL_WITH_NETWORK);
    int is_enabled = value != 0;
    int result = setsockopt(p2_tcp_of(context, self)->fd, SOL_SOCKET, SO_KEEPALIVE, &is_enabled,
                            sizeof is_enabled);
    return p2_network_outcome(context, result == 0 ? P2_NETWORK_DONE : p2_network_error_of(errno));
}

// Whole seconds, and at least one.
static uint64_t seconds(uint64_t duration) {
    return duration / HOST_SECOND + (duration % HOST_SECOND != 0);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_keep_alive_idle_time(struct smelt_context *context,
                                                              uint32_t self) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    return p2_get_option(context, tcp, IPPROTO_TCP, TCP_KEEPIDLE, HOST_SECOND, 8);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_set_keep_alive_idle_time(struct smelt_context *context,
                                                                  uint32_t self, uint64_t value) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    return p2_set_option(context, tcp, IPPROTO_TCP, TCP_KEEPIDLE, seconds(value), TIME_LIMIT);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_keep_alive_interval(struct smelt_context *context,
                                                             uint32_t self) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    return p2_get_option(context, tcp, IPPROTO_TCP, TCP_KEEPINTVL, HOST_SECOND, 8);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_set_keep_alive_interval(struct smelt_context *context,
                                                                 uint32_t self, uint64_t value) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    return p2_set_option(context, tcp, IPPROTO_TCP, TCP_KEEPINTVL, seconds(value), TIME_LIMIT);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_keep_alive_count(struct smelt_context *context,
                                                          uint32_t self) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    return p2_get_option(context, tcp, IPPROTO_TCP, TCP_KEEPCNT, 1, 4);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_set_keep_alive_count(struct smelt_context *context,
                                                              uint32_t self, uint32_t value) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    return p2_set_option(context, tcp, IPPROTO_TCP, TCP_KEEPCNT, value, PROBE_LIMIT);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_hop_limit(struct smelt_context *context, uint32_t self) {
    return p2_get_hops(context, p2_tcp_of(context, self));
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_set_hop_limit(struct smelt_context *context,
                                                       uint32_t self, uint32_t value) {
    return p2_set_hops(context, p2_tcp_of(context, self), value);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_receive_buffer_size(struct smelt_context *context,
                                                             uint32_t self) {
    return p2_get_option(context, p2_tcp_of(context, self), SOL_SOCKET, SO_RCVBUF, 1, 8);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_set_receive_buffer_size(struct smelt_context *context,
                                                                 uint32_t self, uint64_t value) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    return p2_set_option(context, tcp, SOL_SOCKET, SO_RCVBUF, value, INT32_MAX / 2);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_send_buffer_size(struct smelt_context *context,
                                                          uint32_t self) {
    return p2_get_option(context, p2_tcp_of(context, self), SOL_SOCKET, SO_SNDBUF, 1, 8);
}

uint32_t smelt_p2_sockets_tcp_tcp_socket_set_send_buffer_size(struct smelt_context *context,
                                                              uint32_t self, uint64_t value) {
    const struct p2_socket *tcp = p2_tcp_of(context, self);
    return p2_set_option(context, tcp, SOL_SOCKET, SO_SNDBUF, value, INT32_MAX / 2);
}
