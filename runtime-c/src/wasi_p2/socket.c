// What TCP and UDP sockets have in common.
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "host/clocks.h"
#include "host/grants.h"
#include "host/host_calls.h"
#include "host/network.h"
#include "sockets.h"

int p2_socket_new(const struct host_state *host, uint8_t family, int type) {
    SMELT_CALLS_IF(socket, SMELT_CALL_WITH_NETWORK);
    SMELT_CALLS_IF(setsockopt, SMELT_CALL_WITH_NETWORK);
    SMELT_CALLS(close);
    // Making a socket needs what was granted: this brings it (see grants.h).
#if !defined(SMELT_LIBRARY)
    __attribute__((used)) static void (*const needs)(struct host_state *) = smelt_grant_network;
#endif
    if (host->network == NULL) {
        errno = EACCES;
        return -1;
    }
    const int on = 1;
    int domain = family == P2_IPV4 ? AF_INET : AF_INET6;
    int fd = socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) fd = host_lift(fd);
    if (fd < 0) return -1;
    if (family == P2_IPV6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    // A server that is started again must not wait for its old connections to time out.
    if (type == SOCK_STREAM) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return fd;
}

int p2_bind(const struct host_state *host, struct p2_socket *socket,
                              const union host_address *address) {
    SMELT_CALLS_IF(bind, SMELT_CALL_WITH_NETWORK);
    if (!p2_may_be_bound(socket->family, address)) return P2_INVALID_ARGUMENT;
    socket->may_listen = network_may_listen(host->network, address);
    if (!socket->may_listen && address->v4.sin_port != 0) return P2_ACCESS_DENIED;
    if (bind(socket->fd, &address->any, p2_address_size(address)) == 0) return P2_NETWORK_DONE;
    // What the socket has not, or what it is not of.
    return errno == EINVAL ? P2_INVALID_STATE : p2_network_error_of(errno);
}

uint32_t p2_end_of(const struct smelt_context *context, const struct p2_socket *socket,
                   bool is_remote, int error) {
    SMELT_CALLS_IF(getsockname, SMELT_CALL_WITH_NETWORK);
    SMELT_CALLS_IF(getpeername, SMELT_CALL_WITH_NETWORK);
    union host_address address;
    socklen_t size = sizeof address;
    uint32_t offset;
    uint8_t *area = arena_result(context, 4 + P2_ADDRESS_SIZE, 4, &offset);
    if (error == P2_NETWORK_DONE) {
        int result = is_remote ? getpeername(socket->fd, &address.any, &size)
                               : getsockname(socket->fd, &address.any, &size);
        if (result != 0) error = p2_network_error_of(errno);
    }
    area[0] = error != P2_NETWORK_DONE;
    if (error != P2_NETWORK_DONE) {
        area[4] = (uint8_t)error;
    } else {
        p2_address_store(area + 4, &address);
    }
    return offset;
}

uint32_t p2_get_option(const struct smelt_context *context, const struct p2_socket *socket,
                       int level, int option, uint64_t unit, uint8_t size) {
    SMELT_CALLS_IF(getsockopt, SMELT_CALL_WITH_NETWORK);
    int value = 0;
    socklen_t length = sizeof value;
    uint32_t offset;
    uint8_t *area = arena_result(context, 2u * size, size, &offset);
    if (getsockopt(socket->fd, level, option, &value, &length) != 0) {
        area[0] = 1;
        area[size] = (uint8_t)p2_network_error_of(errno);
        return offset;
    }
    uint64_t number = (uint64_t)(value < 0 ? 0 : value) * unit;
    // Linux takes twice the space that it is asked for, and says so.
    if (option == SO_RCVBUF || option == SO_SNDBUF) number /= 2;
    if (size == 1) area[1] = (uint8_t)number;
    else if (size == 4) guest_store_u32(area + 4, (uint32_t)number);
    else guest_store_u64(area + 8, number);
    return offset;
}

uint32_t p2_set_option(const struct smelt_context *context, const struct p2_socket *socket,
                       int level, int option, uint64_t value, uint64_t maximum) {
    SMELT_CALLS_IF(setsockopt, SMELT_CALL_WITH_NETWORK);
    if (value == 0) return p2_network_outcome(context, P2_INVALID_ARGUMENT);
    int number = (int)(value < maximum ? value : maximum);
    int result = setsockopt(socket->fd, level, option, &number, sizeof number);
    return p2_network_outcome(context, result == 0 ? P2_NETWORK_DONE : p2_network_error_of(errno));
}

uint32_t p2_get_hops(const struct smelt_context *context, const struct p2_socket *socket) {
    bool is_v4 = socket->family == P2_IPV4;
    return p2_get_option(context, socket, is_v4 ? IPPROTO_IP : IPPROTO_IPV6,
                         is_v4 ? IP_TTL : IPV6_UNICAST_HOPS, 1, 1);
}

uint32_t p2_set_hops(const struct smelt_context *context, const struct p2_socket *socket,
                     uint32_t value) {
    bool is_v4 = socket->family == P2_IPV4;
    return p2_set_option(context, socket, is_v4 ? IPPROTO_IP : IPPROTO_IPV6,
                         is_v4 ? IP_TTL : IPV6_UNICAST_HOPS, value & 0xff, UINT8_MAX);
}
